"""Outside, a year is told when it is settled, and no part of one. That a line then stays as it is:
test_pages.py."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.eligibility.models import PrecheckCount
from bookings.people.models import Role
from bookings.places.models import District
from bookings.statistics.forms import YearForm
from bookings.statistics.pages import funnel, retention
from bookings.statistics.pages.asked import asked
from bookings.statistics.pages.services import line_outside
from bookings.statistics.reports.build import audiences_of
from bookings.statistics.scope import last_year_told
from bookings.statistics.services import Altogether
from bookings.statistics.tables import HIDDEN
from bookings.statistics.tallies.models import Tally
from tests.factories import NOW, TODAY, make_district
from tests.people.world import member


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (dt.date(2026, 1, 1), 2024),
        (dt.date(2026, 3, 31), 2024),
        (dt.date(2026, 4, 1), 2025),
        (dt.date(2026, 12, 31), 2025),
    ],
)
def test_a_year_is_told_from_april_of_the_next_on(today, year):
    assert last_year_told(today) == year


@given(st.dates(dt.date(2022, 1, 1), dt.date(2099, 1, 1)), st.integers(2019, 2100))
def test_whatever_is_asked_for_is_told_of_a_year_that_is_settled(today, year):
    own = District(code="370811")
    form = YearForm({"year": str(year)}, districts=District.objects.none(), own=own, today=today)
    form.is_valid()

    period = form.period(today)

    assert len(period.months) == 12
    assert dt.date(period.last.year + 1, 4, 1) <= today


@pytest.mark.parametrize("month", range(1, 13))
def test_no_month_is_reported_outside_however_long_ago_it_was(month):
    period = dt.date(2024, month, 1)

    assert audiences_of("month", period, today=dt.date(2027, 1, 1)) == ["internal"]


def told(*, gone, declined):
    """What the page tells of guests of whom 60 stayed and three were silent."""
    of_guests = {"numerator": 60, "denominator": 60 + gone, "silent": 3, "declined": declined}
    counts = {
        "guests month 30": [["", part, n] for part, n in of_guests.items()],
        "levels": [[30, "self_report", True, 60], [30, "self_report", False, gone]],
        "ends": [[30, True, gone], [30, False, 60]],
    }
    kept = {"day": TODAY, "seal": 0, "counted_at": NOW, "counts": counts}
    district = make_district()
    Tally.objects.create(district=district, month=dt.date(2024, 3, 1), **kept)
    observer = member(district, Role.OBSERVER).membership
    return [one.table for one in retention.sections(asked({"year": "2024"}, observer, today=TODAY))]


@pytest.mark.django_db
def test_what_the_sums_tell_of_answers_is_told_of_the_evidence_and_the_curve():
    cohorts, evidence, curve = told(gone=32, declined=5)

    assert [cell.shown for cell in cohorts.footer[6:10]] == ["60", "92", HIDDEN, HIDDEN]
    assert len(evidence.rows) == 1 == len(curve.rows)


@pytest.mark.django_db
def test_what_the_sums_hide_of_answers_cannot_be_added_up_from_the_evidence_or_the_curve():
    cohorts, evidence, curve = told(gone=20, declined=80)

    assert [cell.shown for cell in cohorts.footer[6:10]] == ["60", HIDDEN, HIDDEN, "80"]
    assert evidence.rows == curve.rows == []


def parts(stayed, gone, silent, declined):
    return {
        "numerator": stayed,
        "denominator": stayed + gone,
        "silent": silent,
        "declined": declined,
    }


# the same guests after 30 and after 90 days: at first fewer than five are silent
UNIVERSITIES = {
    30: {
        "示例大学": parts(30, 8, 2, 5),
        "演示大学": parts(28, 7, 4, 6),
        "样例大学": parts(40, 9, 9, 9),
    },
    90: {
        "示例大学": parts(25, 8, 7, 5),
        "演示大学": parts(24, 7, 8, 6),
        "样例大学": parts(35, 9, 14, 9),
    },
}


@pytest.mark.django_db
@pytest.mark.parametrize("days", [30, 90])
def test_what_one_horizon_hides_another_does_not_give_away(days):
    counts = {
        f"guests {by} {horizon}": [
            [name if by == "university" else "", part, n]
            for name, of_guests in lines.items()
            for part, n in of_guests.items()
        ]
        for horizon, lines in UNIVERSITIES.items()
        for by in ("month", "university")
    }
    kept = {"day": TODAY, "seal": 0, "counted_at": NOW, "counts": counts}
    district = make_district()
    Tally.objects.create(district=district, month=dt.date(2024, 3, 1), **kept)
    observer = member(district, Role.OBSERVER).membership
    data = {"year": "2024", "by": "university", "horizon": str(days)}

    table = retention.broken_down(asked(data, observer, today=TODAY)).table

    for row in table.rows:
        _name, *_rates, stayed, known, silent, declined, guests = [cell.shown for cell in row]
        hides = row[0].value != "样例大学"
        assert [one == HIDDEN for one in (silent, declined, guests)] == [hides] * 3
        assert HIDDEN not in (stayed, known)


@pytest.mark.parametrize(
    ("counts", "people", "told"),
    [
        ((30, 12, 12), (20, 20, 12, 0), ["30", "12", "12"]),
        ((30, 19, 12), (20, 20, 12, 7), ["30", "19", "12"]),
        ((9, 7, 7), (9, 2, 7, 0), ["9", HIDDEN, HIDDEN]),
        ((30, 14, 12), (20, 20, 12, 2), ["30", HIDDEN, HIDDEN]),
        ((30, 12, 12), (20, 20, 4, 0), ["30", HIDDEN, HIDDEN]),
        ((40, 20, 20), (4, 4, 4, 0), [HIDDEN, HIDDEN, HIDDEN]),
        ((0, 3, 0), (0, 0, 0, 3), ["0", HIDDEN, HIDDEN]),
        ((0, 0, 0), (0, 0, 0, 0), ["0", "0", "0"]),
    ],
)
def test_of_a_service_no_use_of_a_few_people_can_be_reckoned(counts, people, told):
    uses, booked, taken_up = counts
    guests, unbooked, came, missed = people
    row = Altogether("早餐", uses, booked, taken_up, guests, unbooked, came, missed)

    assert [cell.shown for cell in line_outside(row)] == ["早餐", *told]


def page_of(district, year):
    observer = member(district, Role.OBSERVER).membership
    return asked({"year": f"{year}"}, observer, today=TODAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("valid_from", "longest"),
    [(None, 7), (dt.date(2026, 1, 1), 7), (dt.date(2025, 12, 31), 30), (dt.date(2024, 6, 1), 30)],
)
def test_only_a_policy_in_force_in_the_year_makes_more_nights_too_few_to_tell(valid_from, longest):
    district = make_district()
    rules = {"minimum_degree": "bachelor", "evidence": {}}
    district.policies.create(version=2, valid_from=valid_from, nights=30, **rules)

    assert page_of(district, 2025).smallest_nights == 5 * longest


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((40, 8, 12), ["40", "8", "12", "60"]),
        ((40, 3, 12), ["40", HIDDEN, HIDDEN, "55"]),
        ((40, 3, 2), ["40", HIDDEN, HIDDEN, "45"]),
        ((0, 3, 0), ["0", HIDDEN, "0", HIDDEN]),
    ],
)
def test_few_pre_checks_are_not_told(counts, told):
    district = make_district()
    for outcome, count in zip(("approve", "review", "refuse"), counts, strict=True):
        if count:
            PrecheckCount.objects.create(
                district=district, day=dt.date(2025, 5, 1), outcome=outcome, count=count
            )

    table = funnel.sections(page_of(district, 2025))[-1].table

    assert [row[1].shown for row in [*table.rows, table.footer]] == told
