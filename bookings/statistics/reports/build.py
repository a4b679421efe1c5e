"""Ask for a report, build it once, keep it as a version; take up again what a dead worker left.

Of several workers at one report the one whose claim is the latest may finish it: each claim raises
`attempts`, and only the holder of that number writes.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_q.tasks import async_task

from bookings.core import audit
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.people.models import User
from bookings.places.models import District
from bookings.statistics.reports import pdf
from bookings.statistics.reports.figures import figures
from bookings.statistics.reports.models import (
    LANGUAGES,
    STOPPED,
    Audience,
    Report,
    ReportFile,
)
from bookings.statistics.reports.snapshot import Plain, digest_of, opened, tells_of_few
from bookings.statistics.scope import SETTLING, last_year_told, next_month
from bookings.statistics.workbook import build as workbook

logger = logging.getLogger(__name__)
State = Report.State
MAX_ATTEMPTS = 3
Clock = Callable[[], dt.datetime]


class NotOver(Refusal):
    code = "not_over"
    sentence = gettext_lazy("Choose a month or a year that is over.")
    field = "period"


@transaction.atomic
def request_reports(
    *, district: District, kind: str, period: dt.date, by: User | None, now: dt.datetime
) -> list[Report]:
    """The reports of a period that is over, one for each audience, for the worker; what is being built
    already is not asked for twice. Errors: NotOver."""
    after = period.replace(year=period.year + 1) if kind == Report.Kind.YEAR else next_month(period)
    if after > local_date(now):
        raise NotOver
    return [
        _requested(district, kind, period, audience, by=by, now=now)
        for audience in audiences_of(kind, period, today=local_date(now))
    ]


def audiences_of(kind: str, period: dt.date, *, today: dt.date) -> list[Audience]:
    """Whom a report is built for. Outside are told years alone, and those when they are settled: who
    has two that differ by a month learns what was in it."""
    is_told = kind == Report.Kind.YEAR and period.year <= last_year_told(today)
    return [Audience.INTERNAL, Audience.OUTSIDE] if is_told else [Audience.INTERNAL]


@transaction.atomic
def _requested(
    district: District,
    kind: str,
    period: dt.date,
    audience: str,
    *,
    by: User | None,
    now: dt.datetime,
) -> Report:
    of = {"district": district, "kind": kind, "period": period, "audience": audience}
    report = Report(**of, requested_by=by, requested_at=now, moved_at=now)
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        return Report.objects.get(**of, state__in=Report.OPEN)
    audit.record("request report", report, by=by, now=now, district_id=district.pk)
    async_task("bookings.tasks.build_report", report.pk)
    return report


def request_due(*, now: dt.datetime) -> int:
    """The reports of the month that is over, and those of last year when it is over and when it is told
    outside, where there are none yet. How many were asked for."""
    today = local_date(now)
    due = [(Report.Kind.MONTH, next_month(today.replace(day=1), -1))]
    if today.month in (1, 1 + SETTLING):
        due.append((Report.Kind.YEAR, dt.date(today.year - 1, 1, 1)))
    asked = 0
    for district in District.objects.filter(stations__isnull=False).distinct():
        for kind, period in due:
            there = Report.objects.filter(district=district, kind=kind, period=period)
            standing = set(there.exclude(state=State.FAILED).values_list("audience", flat=True))
            for audience in audiences_of(kind, period, today=today):
                if audience not in standing:
                    _requested(district, kind, period, audience, by=None, now=now)
                    asked += 1
    return asked


def stopped(*, now: dt.datetime) -> QuerySet[Report]:
    """What waits or stands still for so long that its worker must have died."""
    return Report.objects.filter(state__in=Report.OPEN, moved_at__lt=now - STOPPED)


def claim(report: Report, *, now: dt.datetime) -> bool:
    """Take a report to build it; of two who try, one gets it. One whose worker has died may be taken
    again."""
    free = Q(state=State.QUEUED) | Q(state=State.BUILDING, moved_at__lt=now - STOPPED)
    mine = Report.objects.filter(free, pk=report.pk, attempts=report.attempts)
    return bool(mine.update(state=State.BUILDING, attempts=F("attempts") + 1, moved_at=now, done=0))


def build(*, report: Report, clock: Clock) -> Report | None:
    """Build a report that waits or whose worker has died. What it became: itself, the version that
    stands where nothing has changed (or outside, too little to be told), or None where another worker has it or it came to nothing."""
    if report.attempts >= MAX_ATTEMPTS:
        _give_up(report, now=clock())
        return None
    if not claim(report, now=clock()):
        return None
    report.refresh_from_db()
    as_of = clock()
    found = figures(
        district=report.district,
        kind=report.kind,
        period=report.period,
        audience=report.audience,
        as_of=as_of,
    )
    _moved(report, now=clock())
    digest = digest_of(found)
    former = latest(report)
    if former and (former.digest == digest or _tells_of_few(former, found)):
        return _unchanged(report, former, now=as_of)
    report.data_as_of, report.version = as_of, former.version + 1 if former else 1  # type: ignore[operator]
    report.digest = digest
    made = _files(report, found, clock)
    return _keep(report, found, made, now=clock())


def _tells_of_few(former: Report, found: dict[str, Plain]) -> bool:
    """Whether who is outside and has both versions would learn of a few people."""
    language = LANGUAGES[0][0]
    return former.audience == Audience.OUTSIDE and tells_of_few(
        (former.figures or {})[language], found[language]
    )


def _give_up(report: Report, *, now: dt.datetime) -> None:
    open_ones = Report.objects.filter(pk=report.pk, state__in=Report.OPEN)
    if open_ones.update(state=State.FAILED, moved_at=now):
        logger.error("report %s was begun %s times and never finished", report.pk, MAX_ATTEMPTS)


def _mine(report: Report) -> QuerySet[Report]:
    """The row while this claim holds."""
    return Report.objects.filter(pk=report.pk, state=State.BUILDING, attempts=report.attempts)


def _moved(report: Report, *, now: dt.datetime) -> None:
    _mine(report).update(done=F("done") + 1, moved_at=now)


def latest(report: Report) -> Report | None:
    """The newest version of the same period for the same audience."""
    return versions(report).order_by("-version").first()


def versions(report: Report) -> QuerySet[Report]:
    """All versions of the same period for the same audience, the newest first."""
    return Report.objects.filter(
        district=report.district_id,
        kind=report.kind,
        period=report.period,
        audience=report.audience,
        state=State.READY,
    ).order_by("-version")


@transaction.atomic
def _unchanged(report: Report, former: Report, *, now: dt.datetime) -> Report | None:
    """Nothing new to keep: the version that stands has been looked at again."""
    if not _mine(report).delete()[0]:
        return None
    Report.objects.filter(pk=former.pk).update(checked_at=now)
    return former


class Made(NamedTuple):
    language: str
    kind: str
    content: bytes


def _files(report: Report, found: dict[str, Plain], clock: Clock) -> list[Made]:
    made = []
    for language, _name in LANGUAGES:
        told = found[language]
        with translation.override(language):
            cover = cover_of(report, told)
            paper = pdf.render(cover, told, fonts=settings.FONT_DIR)
            made.append(Made(language, ReportFile.Kind.PDF, paper))
            _moved(report, now=clock())
            sections = [opened(kept) for kept in told["sections"]]
            lines = [line for _title, lines in told["definitions"] for line in lines]
            first = [cover.title, cover.period, cover.issuer, *cover.facts, *told["words"]]
            sheets = workbook(sections, definitions=lines, cover=first)
            made.append(Made(language, ReportFile.Kind.XLSX, sheets))
            _moved(report, now=clock())
    return made


def cover_of(report: Report, told: Plain) -> pdf.Cover:
    """The title page's words, in the active language; no moment is among them, so that the same figures
    are the same paper, whenever it is made."""
    facts = [
        str(Audience(report.audience).label),
        _("Version %(number)s, check number %(digest)s")
        % {"number": report.version, "digest": report.check_number},
    ]
    if report.audience == Audience.OUTSIDE:
        facts.append(
            _("Counts of one to four people, and those that would tell them, are not told: *")
        )
    title = _("Youth Station of %(district)s: report") % {"district": told["district"]}
    return pdf.Cover(told["issuer"], title, report.period_name, facts)


def _keep(
    report: Report, found: dict[str, Plain], made: list[Made], *, now: dt.datetime
) -> Report | None:
    """Row and files together, if the claim still holds; files of a row that cannot be go too."""
    rows = [_file(report, one) for one in made]
    kept = False
    try:
        with transaction.atomic():
            newest = versions(report).aggregate(Max("version"))["version__max"] or 0
            kept = newest + 1 == report.version and bool(
                _mine(report).update(
                    state=State.READY,
                    version=report.version,
                    figures=found,
                    digest=report.digest,
                    data_as_of=report.data_as_of,
                    moved_at=now,
                )
            )
            if kept:
                ReportFile.objects.bulk_create(rows)
                _log(report, now=now)
    finally:
        if not kept:
            for row in rows:
                row.file.storage.delete(str(row.file.name))
    if not kept:
        return None
    report.refresh_from_db()
    return report


def _file(report: Report, made: Made) -> ReportFile:
    row = ReportFile(
        report=report,
        language=made.language,
        kind=made.kind,
        size=len(made.content),
        sha256=hashlib.sha256(made.content).hexdigest(),
    )
    row.file.save(f"{report.pk}-{made.language}.{made.kind}", ContentFile(made.content), save=False)
    return row


def _log(report: Report, *, now: dt.datetime) -> None:
    told = {"version": report.version, "digest": report.digest}
    audit.record("build report", report, by=None, now=now, district_id=report.district_id, **told)
