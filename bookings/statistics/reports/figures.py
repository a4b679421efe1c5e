"""What stands in a report: the pages' sections over its months, and the key figures in words.

Both audiences read what the pages would tell them; outside that is whole years alone.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from bookings.core.clock import local_date
from bookings.core.one_moment import of_one_moment
from bookings.places.models import District, Station
from bookings.statistics.forms import PeriodForm
from bookings.statistics.pages import decisions, funnel, nights, retention, services
from bookings.statistics.pages.asked import HORIZONS, Asked
from bookings.statistics.reports.models import LANGUAGES, Audience, Report
from bookings.statistics.reports.snapshot import Plain, plain
from bookings.statistics.scope import Period, Scope, next_month
from bookings.statistics.tables import Section

HORIZON = 180  # of the funnel and of what is broken down
BROKEN_DOWN = ("station", "degree", "purpose")


def months_of(kind: str, period: dt.date) -> Period:
    """The months that a report covers."""
    return Period(period, next_month(period, 11) if kind == Report.Kind.YEAR else period)


def leavers_of(kind: str, period: dt.date) -> list[Period]:
    """The months of leaving whose guests it says more of: they have been gone for long enough."""
    if kind == Report.Kind.MONTH:
        return [Period(next_month(period, -11), period)]
    return [months_of(kind, first) for first in (period, next_month(period, -12))]


def figures(
    *,
    district: District,
    kind: str,
    period: dt.date,
    audience: str,
    as_of: dt.datetime,
) -> dict[str, Plain]:
    """Everything that is printed, by language: of one moment, so that each says the same."""
    told = {}
    asked = asked_for(district, kind, period, audience, today=local_date(as_of))
    with of_one_moment():
        for language, _name in LANGUAGES:
            with translation.override(language):
                told[language] = _told(asked, leavers_of(kind, period))
    return told


def asked_for(
    district: District, kind: str, period: dt.date, audience: str, *, today: dt.date
) -> Asked:
    """What the pages are asked for, to tell it to an audience."""
    scope = Scope(district, months_of(kind, period), today)
    form = PeriodForm({}, stations=Station.objects.none(), today=today)
    return Asked(scope, HORIZON, "month", audience == Audience.OUTSIDE, form)


def _told(asked: Asked, leavers: list[Period]) -> Plain:
    applied, *of_funnel = funnel.sections(asked)
    slept, missed = nights.sections(asked)
    stayed = [one for months in leavers for one in _stayed(asked, months)]
    refused, decided, waited = decisions.sections(asked)
    found = [applied, *of_funnel, *(section for *_, section in stayed), *_more(asked, leavers)]
    found += [slept, missed, refused, decided, waited, *services.sections(asked)]
    return {
        "district": asked.scope.district.name,
        "issuer": asked.scope.district.issuer,
        "words": [*_in_words(applied, slept, decided), *_rates(stayed)],
        "sections": [plain(section) for section in found if section.table.rows],
        "definitions": [
            [_("From application to staying on"), funnel.definitions(asked.funnel_horizon)],
            [_("Staying on for work"), retention.definitions()],
            [_("Beds and nights"), nights.definitions()],
            [_("Decisions and waiting"), decisions.definitions()],
            [_("Services used"), services.definitions(asked)],
        ],
    }


def named(months: Period) -> str:
    """2026-01 – 2026-12."""
    if months.first_day == months.last:
        return f"{months.last:%Y-%m}"
    return f"{months.first_day:%Y-%m} – {months.last:%Y-%m}"


def _of(asked: Asked, months: Period, **more: Any) -> Asked:
    return replace(asked, scope=replace(asked.scope, period=months), **more)


Stayed = tuple[str, int, Section]  # the months of leaving, days after it, month by month


def _stayed(asked: Asked, months: Period) -> Iterator[Stayed]:
    """Month by month who stayed on, for each horizon at which a month of them counts."""
    for days in HORIZONS:
        section, *_rest = retention.sections(_of(asked, months, horizon=days))
        if section.table.rows:
            yield named(months), days, _titled(section, months)


def _titled(section: Section, months: Period) -> Section:
    words = {"title": section.title, "months": named(months)}
    return replace(section, title=_("%(title)s: left %(months)s") % words)


def _more(asked: Asked, leavers: list[Period]) -> Iterator[Section]:
    """Broken down, on what evidence, for how long."""
    for months in leavers:
        for by in BROKEN_DOWN:
            section = retention.broken_down(_of(asked, months, by=by))
            title = f"{section.table.headings[0]} · {section.title}"
            yield _titled(replace(section, title=title), months)
        for section in retention.sections(_of(asked, months))[1:]:
            yield _titled(section, months)


def _in_words(applied: Section, slept: Section, decided: Section) -> Iterator[str]:
    _sum, _all, sent, approved, arrived, *_rest = [cell.shown for cell in applied.table.footer]
    yield _(
        "%(sent)s applications were sent, %(approved)s of them were approved, %(arrived)s guests arrived."
    ) % {"sent": sent, "approved": approved, "arrived": arrived}
    _sum, occupancy, given, _asked, _promised, used, *_rest = [
        cell.shown for cell in slept.table.footer
    ]
    yield _("Guests slept in %(used)s of the %(given)s nights given: %(share)s.") % {
        "used": used,
        "given": given,
        "share": occupancy,
    }
    _sum, by_people, _in_time, _late, overdue, share, _hours = [
        cell.shown for cell in decided.table.footer
    ]
    yield _(
        "People decided %(count)s applications, %(overdue)s more are overdue; of all these %(share)s were "
        "decided in the time promised."
    ) % {"count": by_people, "overdue": overdue, "share": share}


def _rates(stayed: list[Stayed]) -> Iterator[str]:
    """A sentence for each, but for those of which nothing may be told."""
    for months, days, section in stayed:
        if not section.table.footer[1].is_hidden:
            yield _rate(months, days, section)


def _rate(months: str, days: int, section: Section) -> str:
    _sum, rate, low, high, _from, _to, stayed, known, silent, declined, _guests = [
        cell.shown for cell in section.table.footer
    ]
    return _(
        "Left %(months)s, %(days)s days after: of %(known)s known, %(stayed)s work in the district "
        "(%(rate)s). If all who did not answer have gone it is %(low)s, if all have stayed %(high)s. "
        "%(silent)s did not answer, %(declined)s declined to be asked."
    ) % {
        "months": months,
        "days": days,
        "known": known,
        "stayed": stayed,
        "rate": rate,
        "low": low,
        "high": high,
        "silent": silent,
        "declined": declined,
    }
