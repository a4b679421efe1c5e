"""Which questions a row answers, and what of it is kept before anybody confirms."""

import datetime as dt

import pytest
from django.db import connection

from bookings import journey
from bookings.retention.bureau.models import BureauList
from bookings.retention.bureau.write import summary
from bookings.retention.models import FollowUp, Outcome
from bookings.statistics.retention import retention
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, resident_number
from tests.retention import bureau
from tests.retention.bureau import HEADER, LATER, counts, left, question, read, row, text

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
FIRST = (NOW + 31 * DAY).date()  # the days that the two questions ask about
SECOND = (NOW + 91 * DAY).date()
PLACED = [*HEADER, "参保地"]


@pytest.fixture
def house():
    return bureau.make_house()


@pytest.fixture
def guest(house):
    return left(house)


def kinds(bureau_list):
    """What would be written, by horizon."""
    rows = bureau_list.matches.order_by("follow_up__horizon")
    return list(rows.values_list("follow_up__horizon", "kind"))


@pytest.mark.parametrize(
    ("since", "until", "horizons"),
    [
        (FIRST, "", [30, 90]),
        (FIRST + DAY, "", [90]),
        (FIRST, FIRST, [30]),
        (FIRST - DAY, FIRST - DAY, []),
        (FIRST + DAY, SECOND - DAY, []),
        (SECOND + DAY, "", []),
    ],
)
def test_a_question_is_answered_where_its_day_lies_in_the_days_insured(
    house, guest, since, until, horizons
):
    found = read(house, text(row(guest, since=str(since), until=str(until))))

    assert [horizon for horizon, _ in kinds(found)] == horizons
    assert counts(found) == {"matched" if horizons else "outside": 1}


def test_a_guest_is_found_by_a_former_document_too(house, guest):
    known = row(guest, since=str(FIRST))
    events.correct(guest.stays.get().application, doc_number=resident_number(), reason="renewed")

    assert counts(read(house, text(known))) == {"matched": 1}


def test_nothing_is_claimed_beyond_the_day_on_which_the_list_was_drawn_up(house, guest):
    found = read(house, text(row(guest)), as_of=SECOND - DAY)

    assert kinds(found) == [(30, "employed_here")]


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("370811", "employed_here"),
        ("370802", "employed_here"),  # merged into it
        ("任城区", "employed_here"),
        ("济宁市", "employed_city"),
        ("370829", "employed_city"),
        ("370202", "employed_elsewhere"),
        ("北京市海淀区", "employed_elsewhere"),
    ],
)
def test_where_somebody_is_insured_says_where_they_work(house, guest, place, kind):
    found = read(house, text([*row(guest), place], header=PLACED))

    assert kinds(found) == [(30, kind), (90, kind)]


def test_an_empty_place_is_not_taken_for_ours(house, guest):
    found = read(house, text([*row(guest), ""], header=PLACED))

    assert found.slips == [[2, "place"]]


def test_of_two_jobs_on_a_day_the_one_that_began_last_holds(house, guest, monkeypatch):
    monkeypatch.setattr("bookings.journey.bureau.READ_ROWS", 1)
    rows = [
        [*row(guest, since="2026-11-02"), "370829"],
        [*row(guest, since="2026-11-03"), "370202"],
        [*row(guest, since="2026-11-01"), "370811"],
    ]

    found = read(house, text(*rows, header=PLACED))

    assert {kind for _, kind in kinds(found)} == {"employed_elsewhere"}
    assert counts(found) == {"matched": 3}


def test_who_did_not_consent_is_counted_and_nothing_else(house):
    found = read(house, text(row(left(house, consent=False), since="去年")))

    assert counts(found) == {"declined": 1}
    assert not found.matches.exists()


def test_who_took_back_the_consent_is_not_linked_even_where_they_had_answered(house, guest):
    told = {"kind": "looking", "source": "self", "by": None, "now": LATER}
    journey.answer(follow_up=question(guest), **told)
    journey.withdraw_consent(person=guest, by=guest.user, now=LATER)

    assert counts(read(house, text(row(guest)))) == {"declined": 1}


def test_what_would_be_written_goes_with_the_consent(house, guest):
    found = read(house, text(row(guest)))

    journey.withdraw_consent(person=guest, by=guest.user, now=LATER)

    assert not found.matches.exists()


def test_somebody_forgotten_is_nobody_we_know(house, guest):
    journey.forget_person(person=guest, by=None, now=LATER)

    assert counts(read(house, text(row(guest)))) == {"unmatched": 1}


def test_forgetting_somebody_takes_what_a_list_says_of_them(house, guest):
    found = read(house, text(row(guest)))

    journey.forget_person(person=guest, by=None, now=LATER)

    assert not found.matches.exists()


def test_a_guest_of_another_district_is_nobody_we_know(house):
    other = make_person(make_district("370829"))

    assert counts(read(house, text(row(other)))) == {"unmatched": 1}


def test_a_guest_still_in_house_has_no_question(house):
    draft = make_draft(make_person(house.district), house.station)
    events.scan(house.station, events.promise(draft).short_code)

    assert counts(read(house, text(row(draft.graduate)))) == {"outside": 1}


def test_what_contradicts_is_shown_with_what_was_said(house, guest):
    told = {"source": "self", "by": None, "now": LATER}
    journey.answer(follow_up=question(guest), kind="employed_elsewhere", **told)
    journey.answer(follow_up=question(guest, 90), kind="employed_here", **told)

    found = read(house, text(row(guest)))

    [against] = found.matches.contradicting()
    assert (against.follow_up.horizon, against.said) == (30, "employed_elsewhere")
    assert summary(found)["against"] == 1


def test_reading_writes_nothing_to_the_outcomes(house, guest):
    district = {"first": NOW.date(), "last": NOW.date(), "today": LATER.date() + 99 * DAY}
    before = retention(**district)

    found = read(house, text(row(guest)))

    assert found.status == "ready"
    assert not Outcome.objects.exists()
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"due"}
    assert retention(**district) == before


def test_what_is_kept_of_others_is_a_count(house, guest):
    found = read(house, text(row(guest), *[row(f"E1234567{n}") for n in range(9)]))

    assert (found.rows, found.matched, found.unmatched) == (10, 1, 9)
    assert found.matches.count() == 2  # one a question
    assert not found.parts.exists()


def test_the_employer_is_ciphertext_until_it_is_confirmed(house, guest):
    found = read(house, text(row(guest)))

    with connection.cursor() as cursor:
        cursor.execute("SELECT employer FROM bookings_bureaumatch")
        sealed = bytes(cursor.fetchone()[0])
    assert "示例".encode() not in sealed
    assert found.matches.first().employer == "示例公司"


def test_reading_killed_in_the_middle_goes_on_where_it_was(house, guest, monkeypatch):
    monkeypatch.setattr("bookings.journey.bureau.READ_ROWS", 3)
    content = text(*[row(f"E123456{n}") for n in range(7)], row(guest))
    received = bureau.receive(house, content)
    ticks = iter([LATER, LATER, LATER])  # the clock stops the worker in its second transaction

    with pytest.raises(StopIteration):
        journey.read_list(bureau_list=bureau.own(received), clock=lambda: next(ticks))
    assert bureau.own(received).rows == 3
    journey.read_list(bureau_list=bureau.own(received), clock=lambda: LATER)

    assert counts(bureau.own(received)) == {"unmatched": 7, "matched": 1}
    assert bureau.own(received).answers == 2


def test_two_workers_at_one_list_read_it_once(house, guest, monkeypatch):
    monkeypatch.setattr("bookings.journey.bureau.READ_ROWS", 1)
    received = bureau.receive(house, text(row("E1234567"), row(guest)))
    late = bureau.own(received)
    journey.read_list(bureau_list=bureau.own(received), clock=lambda: LATER)

    assert not journey.read_list(bureau_list=late, clock=lambda: LATER)
    assert counts(bureau.own(received)) == {"unmatched": 1, "matched": 1}


def test_a_long_list_is_read_on_in_another_task(house, monkeypatch):
    monkeypatch.setattr("bookings.journey.bureau.READ_ROWS", 1)
    received = bureau.receive(house, text(row("E1234567"), row("E1234568")))
    clock = iter([LATER, LATER, LATER + DAY]).__next__

    assert not journey.read_list(bureau_list=bureau.own(received), clock=clock)
    assert bureau.own(received).rows == 1
    assert journey.read_list(bureau_list=bureau.own(received), clock=lambda: LATER)


def test_a_list_thrown_away_is_read_no_more_and_nothing_of_it_is_kept(house, guest):
    received = bureau.receive(house, text(row(guest)))
    reading = bureau.own(received)
    journey.discard_list(bureau_list=bureau.own(received), by=house.manager, now=LATER)

    assert not journey.read_list(bureau_list=reading, clock=lambda: LATER)
    assert not BureauList.objects.filter(status="reading").exists()
    assert not received.matches.exists()
    assert not received.parts.exists()


def test_what_nobody_confirms_is_thrown_away_in_time(house, guest):
    found = read(house, text(row(guest)))

    assert journey.forget_due(now=LATER + 29 * DAY)["lists"] == 0
    assert journey.forget_due(now=LATER + 31 * DAY)["lists"] == 1

    assert bureau.own(found).status == "discarded"
    assert not found.matches.exists()
