"""A stay gets longer or shorter: its nights, its bed, its allowance, its message."""

import datetime as dt

import pytest

from bookings import journey
from bookings.beds.models import BedMove, BedNight
from bookings.invariants import breaches
from bookings.journey import BeyondAllowance, CannotStay, ClauseFails, NoNightLeft, StayOver
from bookings.journey.stretch import room_to_change
from bookings.messages.models import Message
from bookings.places.models import Closure
from tests import events
from tests.events import AFTERNOON, stay_of
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def station(district):
    return make_station(district, beds=2)


@pytest.fixture
def coming(station):
    """Promised three nights from today."""
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    return draft


@pytest.fixture
def here(coming, station):
    """The same, arrived."""
    events.scan(station, coming.stay.passes.get().short_code)
    return coming


def other(station, *, arrival=TODAY, nights=3, sex="women", arrived=False):
    draft = make_draft(
        make_person(station.district, sex=sex), station, arrival=arrival, nights=nights
    )
    code = events.promise(draft).short_code
    if arrived:
        events.scan(station, code, nonce=f"other-{draft.pk}")
    return draft


def beds(draft):
    return list(stay_of(draft).bed_nights.order_by("night").values_list("bed", flat=True))


def whole():
    return list(breaches()) == []


# --- longer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["coming", "here"])
def test_more_nights_are_held_counted_decided_and_told(who, request):
    draft = request.getfixturevalue(who)

    events.extend(draft, 2)

    stay = stay_of(draft)
    assert (stay.departure, stay.application.nights) == (TODAY + 5 * DAY, 5)
    assert (len(beds(draft)), len(set(beds(draft)))) == (5, 1)
    assert stay.graduate.nights_taken == 5
    assert draft.decisions.latest().outcome == "approve"
    assert Message.objects.latest("pk").key.startswith("extended")
    assert whole()


def test_pressed_twice_it_is_extended_once(coming):
    for _ in range(2):
        events.extend(coming, 2, seen=TODAY + 3 * DAY)

    assert stay_of(coming).nights == 5


def test_what_was_seen_and_has_changed_is_told(coming):
    with pytest.raises(journey.StateChanged):
        events.extend(coming, 2, seen=TODAY + 2 * DAY)


def test_all_that_is_left_may_be_asked_for_and_not_a_night_more(here):
    with pytest.raises(BeyondAllowance) as refusal:
        events.extend(here, 5)

    assert "4" in str(refusal.value.sentence)
    events.extend(here, 4)
    assert stay_of(here).graduate.nights_taken == 7
    with pytest.raises(BeyondAllowance):
        events.extend(here, 1)


def test_a_yearly_allowance_counts_the_stay_once(district, station):
    district.policies.update(period="year", stays=1)
    draft = other(station)

    events.extend(draft, 4)

    found = draft.decisions.latest().findings
    values = next(one["values"] for one in found if one["clause"] == "allowance")
    assert [values[name] for name in ("nights", "taken", "stays_taken")] == [7, 0, 0]
    assert whole()


def test_who_is_suspended_meanwhile_stays_no_longer(here):
    here.graduate.suspensions.create(until=TODAY + 30 * DAY, reason="示例", by=events.reviewer())

    with pytest.raises(ClauseFails):
        events.extend(here, 1)

    assert here.decisions.count() == 2


def test_a_guest_who_is_here_keeps_the_bed_and_others_move_around(here, station):
    bed = beds(here)[0]
    late = other(station, arrival=TODAY + 3 * DAY)
    BedNight.objects.filter(stay=stay_of(late)).update(bed=bed)

    events.extend(here, 2)

    assert set(beds(here)) == {bed}
    assert set(beds(late)) != {bed}
    assert whole()


def test_a_promised_stay_may_get_another_bed_for_all_its_nights(coming, station):
    close_after(station, coming)
    bed = beds(coming)[0]

    events.extend(coming, 2)

    assert len(set(beds(coming))) == 1
    assert bed not in beds(coming)
    assert whole()


def close_after(station, draft):
    """From the day of departure on the bed is closed; the other one is free."""
    bed = station.rooms.get().beds.get(pk=beds(draft)[0])
    Closure.objects.create(bed=bed, first_night=TODAY + 3 * DAY, until=TODAY + 9 * DAY, reason="x")


def test_where_the_bed_cannot_be_kept_another_is_offered_to_staff(here, station):
    close_after(station, here)

    with pytest.raises(CannotStay) as refusal:
        events.extend(here, 2)

    assert (refusal.value.fewer, refusal.value.elsewhere) == (0, True)
    assert stay_of(here).nights == 3


def test_staff_may_move_the_guest_for_the_added_nights(here, station):
    close_after(station, here)
    bed = beds(here)[0]

    move = events.extend(here, 2, by=events.reviewer(), move_if_needed=True)

    assert beds(here) == [bed] * 3 + [move.to_bed_id] * 2
    assert (BedMove.objects.get(), move.first_night) == (move, TODAY + 3 * DAY)
    assert whole()


def test_a_guest_who_was_moved_keeps_the_new_bed_after_that(here, station):
    close_after(station, here)
    events.extend(here, 1, move_if_needed=True)

    assert events.extend(here, 1, move_if_needed=True) is None

    assert beds(here)[-2:] == [BedMove.objects.get().to_bed_id] * 2
    assert whole()


def test_fewer_nights_are_named_where_they_are_free(here, station):
    for _ in range(2):
        other(station, arrival=TODAY + 4 * DAY)

    with pytest.raises(CannotStay) as refusal:
        events.extend(here, 3)

    assert (refusal.value.fewer, refusal.value.elsewhere) == (1, False)


def test_a_house_that_is_full_keeps_a_promised_stay_as_it_is(coming, station):
    for _ in range(2):
        other(station, arrival=TODAY + 3 * DAY)

    with pytest.raises(CannotStay) as refusal:
        events.extend(coming, 1)

    assert (refusal.value.elsewhere, stay_of(coming).nights) == (False, 3)


def test_on_the_day_of_departure_one_may_still_stay_and_the_day_after_no_more(here):
    events.extend(here, 1, now=NOW + 3 * DAY)

    with pytest.raises(StayOver):
        events.extend(here, 1, now=NOW + 5 * DAY)


@pytest.mark.parametrize("end", ["withdrawn", "left", "in review"])
def test_what_has_ended_or_is_not_promised_is_not_extended(station, end):
    draft = make_draft(make_person(station.district), station)
    events.submit(draft)
    if end != "in review":
        code = events.approve(draft).short_code
    if end == "withdrawn":
        events.withdraw(draft)
    if end == "left":
        events.scan(station, code)
        events.scan(station, code, "leave", nonce="nonce-2")

    with pytest.raises(StayOver):
        events.extend(draft, 1)


# --- shorter --------------------------------------------------------------------------------------


def test_the_last_nights_go_back_to_the_house_and_to_the_allowance(coming):
    assert events.shorten(coming, TODAY + DAY)
    assert not events.shorten(coming, TODAY + DAY)

    stay = stay_of(coming)
    assert (stay.nights, stay.application.nights, stay.graduate.nights_taken) == (1, 1, 1)
    assert (len(beds(coming)), stay.station.freed) == (1, 1)
    assert Message.objects.latest("pk").key.startswith("shortened")
    assert whole()


@pytest.mark.parametrize(
    ("who", "days", "first"),
    [("coming", 0, 1), ("here", 0, 1), ("here", 1, 1), ("here", 2, 2), ("here", 3, 3)],
)
def test_how_early_one_may_leave(who, days, first, request):
    draft, now = request.getfixturevalue(who), NOW + days * DAY

    room = room_to_change(stay=stay_of(draft), now=now)

    days_offered = [TODAY + n * DAY for n in range(first, 3)]
    assert room.earlier == days_offered
    with pytest.raises(NoNightLeft):
        events.shorten(draft, TODAY + (first - 1) * DAY, now=now)


def test_a_day_after_the_end_is_no_shortening(coming):
    with pytest.raises(journey.StateChanged):
        events.shorten(coming, TODAY + 4 * DAY)


def test_the_hour_to_come_stays_within_the_nights(coming):
    events.come_later(coming, AFTERNOON + DAY)

    events.shorten(coming, TODAY + DAY)

    assert stay_of(coming).cutoff_at == NOW + dt.timedelta(hours=11, minutes=59)


def test_what_was_given_back_may_be_taken_again(here):
    events.shorten(here, TODAY + DAY)

    events.extend(here, 6)

    assert stay_of(here).nights == 7
    assert whole()
