"""Who stays on for work, broken down; on what evidence; for how long."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import groupby
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.applications.models import Purpose
from bookings.people.models import Degree
from bookings.places.models import Channel, Station
from bookings.retention.models import Outcome
from bookings.statistics.arithmetic import Interval
from bookings.statistics.charts import Range, curve, ranges
from bookings.statistics.lasting import Evidence, evidence
from bookings.statistics.lasting import curve as lasting
from bookings.statistics.pages.asked import HORIZONS, Asked, month_name
from bookings.statistics.retention import BY, NO_CHANNEL, Cohort, together
from bookings.statistics.retention import cohorts as cohorts_of
from bookings.statistics.tables import Cell, Section, Shown, Table, text

BREAKDOWNS = {
    "month": gettext_lazy("Month of leaving"),
    "station": gettext_lazy("Station"),
    "university": gettext_lazy("University"),
    "degree": gettext_lazy("Degree"),
    "purpose": gettext_lazy("Purpose"),
    "channel": gettext_lazy("Partner"),
}
assert BREAKDOWNS.keys() == BY.keys()
LARGEST = 30  # lines; smaller cohorts are one line together
# of Cohort.parts: stayed, known to be elsewhere, silent, declined
STAYED, GONE, SILENT, DECLINED = range(4)


def definitions() -> list[str]:
    return [
        _("Counted are guests by the month they left; a month once all of it is long enough ago."),
        _("Stayed: of whom the best evidence says that they work in the district."),
        _("Known: of whom anything was learnt. Rate: stayed of known."),
        _("At least, at most: the rate if all who did not answer are gone, or have all stayed."),
        _("By chance: within which the rate of so few may lie by chance alone (95%, Wilson)."),
        _(
            "Declined to be asked: they were never asked; they are in no rate, and are always shown."
        ),
        _(
            "The curve: of those of whom something is known, who works here still. It falls when "
            "somebody is first known not to; who is heard of no more leaves it without a fall "
            "(Kaplan and Meier)."
        ),
    ]


def cohorts(asked: Asked) -> list[Cohort]:
    """The lines of the page: at its horizon, the largest ones, the smaller ones together."""
    if not asked.tells_after(asked.horizon):
        return []
    found = cohorts_of(asked.scope, by=asked.by, horizon=asked.horizon)
    if asked.by == "month" or len(found) <= LARGEST:
        return found
    order = sorted(found, key=lambda cohort: (-cohort.size, cohort.key))
    return [*order[:LARGEST], together(order[LARGEST:], OTHERS, asked.horizon)]


OTHERS = "\N{HORIZONTAL ELLIPSIS}"  # no key of ours


def sections(asked: Asked) -> list[Section]:
    tells_known = cache(partial(_tells_known, asked))  # both tables ask it of the same horizons
    return [broken_down(asked), _by_evidence(asked, tells_known), _curve(asked, tells_known)]


def broken_down(asked: Asked) -> Section:
    every = cohorts(asked)
    shown = _shown(asked, every)
    if asked.is_private:
        _hide_declined(asked, shown)
    found = [
        together([every[n] for n in line], every[line[0]].key, asked.horizon)
        for line in shown.lines
    ]
    names = _names(asked, found)
    if asked.by == "month":
        names |= {one.key: month_name(_month(one), shown.grain) for one in found}
    lines = [
        _line(asked, shown, number, cohort, names[cohort.key])
        for number, cohort in enumerate(found)
    ]
    whole = together(every, "", asked.horizon)
    table = Table(_headings(asked), lines, _line(asked, shown, -1, whole, _("Sum")))
    drawn = [
        Range(names[one.key], one.bounds, one.rate, note(one))
        for number, one in enumerate(found)
        if one.bounds and shown.whole(number)
    ]
    title = _("Who stayed on for work, %(days)s days after leaving") % {"days": asked.horizon}
    lead = _("Dot: the rate of those known. Line: from all who are silent gone to all stayed.")
    return Section(title, lead, table, ranges(drawn, title=title) if drawn else None)


def _shown(asked: Asked, every: list[Cohort]) -> Shown:
    months = [_month(cohort) for cohort in every] if asked.by == "month" else []
    return Shown([cohort.parts for cohort in every], private=asked.is_private, months=months)


def _hide_declined(asked: Asked, shown: Shown) -> None:
    """In the lines of which the table of one horizon or another hides who declined, as it does to hide the
    silent. Who declines does so for all horizons, and the guests are as many: were they told in one table,
    the silent could be reckoned in another."""
    others = (days for days in HORIZONS if days != asked.horizon and asked.tells_after(days))
    tables = [shown, *(_shown(asked, cohorts(replace(asked, horizon=days))) for days in others)]
    shown.hide({line for table in tables for line in table.hiding(DECLINED)}, SILENT, DECLINED)


def _month(cohort: Cohort) -> dt.date:
    return dt.date.fromisoformat(f"{cohort.key}-01")


def _headings(asked: Asked) -> list[str]:
    return [
        str(BREAKDOWNS[asked.by]),
        *[_("Rate"), _("At least"), _("At most"), _("By chance from"), _("By chance to")],
        *[_("Stayed"), _("Known"), _("Did not answer"), _("Declined to be asked"), _("Guests")],
    ]


def _line(asked: Asked, shown: Shown, number: int, cohort: Cohort, name: str) -> list[Cell]:
    is_told = shown.whole(number)

    def share(value: float | None) -> Cell:
        return Cell(value, "share", is_hidden=not is_told)

    def link(of: str) -> str:
        if number < 0:
            return asked.link(of)
        if asked.by == "month":
            return asked.link(of, month=_month(cohort))
        return asked.link(of, {"by": asked.by, "key": cohort.key})

    def count(of: str, *parts: int) -> Cell:
        has_rows = cohort.key != OTHERS
        return shown.count(number, *parts, href=link(of) if has_rows else "")

    low_high = cohort.bounds or (None, None)
    chance: Interval | tuple[None, None] = cohort.interval or (None, None)
    return [
        text(name),
        *[share(cohort.rate), *map(share, low_high), *map(share, chance)],
        count("cohort_stayed", STAYED),
        count("cohort_known", STAYED, GONE),
        count("cohort_silent", SILENT),
        count("cohort_declined", DECLINED),
        count("cohort", STAYED, GONE, SILENT, DECLINED),
    ]


def note(cohort: Cohort) -> str:
    rate = "—" if cohort.rate is None else f"{cohort.rate:.1%}"
    return f"{rate} ({cohort.numerator}/{cohort.denominator})"


def _names(asked: Asked, found: list[Cohort]) -> dict[str, str]:
    """What the keys are called."""
    known: dict[str, str] = {}
    here = asked.scope.district
    if asked.by == "station":
        known = Station.objects.filter(district=here).names()
    elif asked.by == "channel":
        known = dict(Channel.objects.filter(district=here).values_list("code", "name"))
        known[NO_CHANNEL] = _("By no partner")
    elif asked.by in ("degree", "purpose"):
        choices = Degree.choices if asked.by == "degree" else Purpose.choices
        known = {str(value): str(label) for value, label in choices}
    known[OTHERS] = _("All others together")
    return {one.key: known.get(one.key, one.key) for one in found}


def _by_evidence(asked: Asked, tells_known: Callable[[int], bool]) -> Section:
    lines = [
        line
        for days, found in groupby(evidence(asked.scope), key=attrgetter("horizon"))
        if tells_known(days)
        for line in _of_evidence(list(found), asked)
    ]
    columns = [_("Days after leaving"), _("Evidence"), _("Stayed"), _("Known"), _("Rate")]
    lead = _("What the answers rest on, of all those known.")
    return Section(_("On what evidence"), lead, Table(columns, lines))


def _tells_known(asked: Asked, days: int) -> bool:
    """Whether a table may add up to all who stayed and all who are gone: outside, where the cohorts'
    sums tell them. Else those who are silent or declined would be the rest."""
    if not asked.is_private:
        return True
    if not asked.tells_after(days):
        return False
    whole = together(cohorts_of(asked.scope, by="month", horizon=days), "", days)
    return not Shown([whole.parts], private=True).count(-1, STAYED, GONE).is_hidden


def _of_evidence(found: list[Evidence], asked: Asked) -> Iterator[list[Cell]]:
    """The lines of a horizon; the next horizon, which is told later, hides nothing of it."""
    parts = [[one.stayed, one.known - one.stayed] for one in found]
    shown = Shown(parts, private=asked.is_private)
    for number, one in enumerate(found):
        rate = one.stayed / one.known if one.known else None
        yield [
            text(_("after %(days)s days") % {"days": one.horizon}),
            text(str(Outcome.Level(one.level).label)),
            shown.count(number, 0),
            shown.count(number, 0, 1),
            Cell(rate, "share", is_hidden=not shown.whole(number)),
        ]


def _curve(asked: Asked, tells_known: Callable[[int], bool]) -> Section:
    is_open = all(map(tells_known, HORIZONS))
    steps = lasting(asked.scope) if is_open else []
    parts = []
    for number, step in enumerate(steps):
        next_risk = steps[number + 1].at_risk if number + 1 < len(steps) else 0
        parts.append([step.ended, step.at_risk - step.ended - next_risk])
    shown = Shown(parts, private=asked.is_private)
    is_told = all(shown.whole(number) for number in range(len(steps)))
    lines = [
        [
            text(_("%(days)s days") % {"days": step.time}),
            Cell(step.share, "share", is_hidden=not is_told),
            Cell(step.at_risk, is_hidden=not is_told),
            shown.count(number, 0),
            shown.count(number, 1),
        ]
        for number, step in enumerate(steps)
    ]
    columns = [
        *[_("After leaving"), _("Work here still"), _("Followed until then")],
        *[_("First known not to"), _("Heard of no more")],
    ]
    title = _("How long they work on here")
    lead = _(
        "Of those of whom something is known; an estimate by Kaplan and Meier. Whoever was once known "
        "to be gone stays gone here, and who is known to be here later was here before: so these are "
        "not the rates above."
    )
    drawn = curve(steps, title=title, unit=_("days after leaving")) if steps and is_told else None
    return Section(title, lead, Table(columns, lines), drawn)
