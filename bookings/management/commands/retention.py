import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.core.clock import local_date, now
from bookings.places.models import District
from bookings.statistics.retention import BY, DEFINITION, Cohort, retention


class Command(BaseCommand):
    help = (
        "Who stayed for work, by month of leaving: numerator, denominator, silent, declined, the rate "
        "and its bounds. Months that are not mature at a horizon are left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", required=True, metavar="YYYY-MM")
        parser.add_argument("--to", dest="last", required=True, metavar="YYYY-MM")
        parser.add_argument("--by", choices=list(BY), default="month")
        parser.add_argument("--district", help="GB/T 2260 code; all districts unless given")
        parser.add_argument("--json", action="store_true", help="a JSON object instead of a table")

    def handle(
        self, *, first: str, last: str, by: str, district: str | None, **options: Any
    ) -> None:
        districts = District.objects.filter(code=district) if district else None
        if districts is not None and not districts.exists():
            raise CommandError(f"There is no district {district}.")
        begin, end = _month(first), _month(last)
        if begin > end:
            raise CommandError("--from lies after --to.")
        cohorts = retention(
            first=begin, last=end, today=local_date(now()), by=by, districts=districts
        )
        rows = [_row(cohort) for cohort in cohorts]
        if options["json"]:
            text = json.dumps(
                {"definition": DEFINITION, "rows": rows}, ensure_ascii=False, indent=1
            )
            self.stdout.write(text)
            return
        self.stdout.write(DEFINITION)
        for row in rows:
            self.stdout.write("  ".join(f"{name} {value}" for name, value in row.items()))


def _month(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise CommandError(f"{text!r} is no month such as 2026-07.") from error


def _row(cohort: Cohort) -> dict[str, object]:
    return {
        "key": cohort.key,
        "horizon": cohort.horizon,
        "numerator": cohort.numerator,
        "denominator": cohort.denominator,
        "silent": cohort.silent,
        "declined": cohort.declined,
        "rate": cohort.rate,
        "low": cohort.low,
        "high": cohort.high,
    }
