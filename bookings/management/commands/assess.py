import csv
import io
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.core.clock import local_date, now
from bookings.eligibility.decide import rules_of
from bookings.eligibility.prescreen import BadHeader, Unreadable, assess, bounded
from bookings.places.load import NoSuchDistrict, shipped_policy
from bookings.places.models import District, Policy

NO_REGION = "99"  # a sample district: it is meant only where it is named


class Command(BaseCommand):
    help = (
        "Pre-screen a list of people (CSV with a header) by a district's policy in force. Judges the "
        "person, not the moment. Verdicts go to standard output, reasons of invalid lines to "
        "standard error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--district", help="GB/T 2260 code; needed where there are several")

    def handle(self, *, file: Path, district: str | None, **options: Any) -> None:
        policy = _policy(district)
        if isinstance(sys.stdout, io.TextIOWrapper):  # what is no UTF-8 goes out as it came in
            sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
        write = csv.writer(self.stdout, lineterminator="\n").writerow
        write(["ref", "outcome", "failed", "unproven", "policy"])
        try:
            with file.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
                for one in assess(bounded(lines), rules_of(policy), today=local_date(now())):
                    failed, unproven = ";".join(one.failed), ";".join(one.unproven)
                    write([one.ref, one.outcome, failed, unproven, policy])
                    if one.reason:
                        self.stderr.write(f"line {one.line}: {one.reason}")
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except (BadHeader, Unreadable) as error:
            raise CommandError(f"{file}: {error}") from error


def _policy(code: str | None) -> Policy:
    """The policy in force today; a shipped district's own where the database has none of it yet."""
    today = local_date(now())
    real = District.objects.exclude(code__startswith=NO_REGION)
    known = District.objects.filter(code=code) if code else real[:2]
    districts = list(known)
    if len(districts) > 1:
        raise CommandError("There are several districts: say which with --district CODE.")
    if districts:
        return Policy.objects.in_force(districts[0], today)
    try:
        return shipped_policy(code or "370811")
    except NoSuchDistrict as error:
        raise CommandError(f"There is no district {code}.") from error
