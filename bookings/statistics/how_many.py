"""How many rows are behind a number: what the page with the number says, read from the same counts."""

from collections.abc import Callable

from bookings.statistics.decisions import refusals, reviews, waits
from bookings.statistics.funnel import Row, by_month, total
from bookings.statistics.nights import arrivals
from bookings.statistics.retention import Cohort, cohorts, together
from bookings.statistics.rows import Behind

Figure = Callable[[Behind], int]


def how_many(number: Behind) -> int | None:
    """None where the page tells nights: those of its rows."""
    figure = FIGURES.get(number.of)
    return figure(number) if figure else None


def _of_funnel(name: str) -> Figure:
    def figure(number: Behind) -> int:
        sums: Row = total(by_month(number.scope, horizon=number.horizon))
        return int(getattr(sums, name))

    return figure


def _of_cohort(name: str) -> Figure:
    def figure(number: Behind) -> int:
        by = number.by if number.key is not None else "month"
        found = cohorts(number.scope, by=by, horizon=number.horizon)
        of_it = [one for one in found if by == "month" or one.key == number.key]
        whole: Cohort = together(of_it, "", number.horizon)
        return int(getattr(whole, name))

    return figure


def _expected(number: Behind) -> int:
    return sum(month.expected for month in arrivals(number.scope))


def _missed(number: Behind) -> int:
    return sum(month.missed for month in arrivals(number.scope))


def _of_refusals(name: str) -> Figure:
    return lambda number: sum(
        getattr(one, name) for one in refusals(number.scope) if one.clause == number.key
    )


def _of_reviews(name: str) -> Figure:
    return lambda number: sum(getattr(month, name) for month in reviews(number.scope))


def _waits(number: Behind) -> int:
    return sum(
        count
        for month in waits(number.scope)
        for name, count in month.items()
        if name != "month" and number.key in (None, "", name)
    )


FIGURES: dict[str, Figure] = {
    **{name: _of_funnel(name) for name in ("applied", "approved", "arrived")},
    **{name: _of_funnel(name) for name in ("mature", "stayed_on", "silent", "declined")},
    "cohort": _of_cohort("size"),
    "cohort_stayed": _of_cohort("numerator"),
    "cohort_known": _of_cohort("denominator"),
    "cohort_silent": _of_cohort("silent"),
    "cohort_declined": _of_cohort("declined"),
    "expected": _expected,
    "missed": _missed,
    "refused": _of_refusals("applications"),
    "refused_alone": _of_refusals("alone"),
    **{name: _of_reviews(name) for name in ("decided", "in_time", "late", "overdue")},
    "waits": _waits,
}
