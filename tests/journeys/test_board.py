"""What staff do on the board: move, swap, undo, close beds; by the rules of the house."""

import datetime as dt

import pytest

from bookings import journey
from bookings.beds.allocate import NotDecided, bed_of
from bookings.beds.models import BedMove, BedNight
from bookings.beds.planner import Undecided
from bookings.beds.relocate import GuestIsHere, InTheWay, Moved, NothingToMove
from bookings.core.audit import AuditEntry
from bookings.invariants import breaches
from bookings.messages.models import Message
from bookings.places.models import Bed, Closure, Room
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SOON = TODAY + 5 * DAY


@pytest.fixture
def station():
    """Two flexible rooms of two beds: 101-1, 101-2, 102-1, 102-2."""
    one = make_station(make_district(), beds=2)
    other = Room.objects.create(station=one, name="102")
    for name in ("1", "2"):
        Bed.objects.create(room=other, name=name)
    return one


@pytest.fixture
def beds(station):
    return {str(bed): bed for bed in Bed.objects.select_related("room")}


def promised(station, *, arrival=SOON, nights=3, **more):
    draft = make_draft(
        make_person(station.district, **more), station, arrival=arrival, nights=nights
    )
    events.promise(draft)
    return draft


def arrived(station, **more):
    draft = promised(station, arrival=TODAY, **more)
    code = events.own(draft).stay.passes.get().short_code
    events.scan(station, code, nonce=code)
    return draft


def bed(draft):
    return str(bed_of(events.own(draft).stay))


def put(draft, where, **more):
    """Move there first, whatever the planner chose."""
    if bed(draft) != str(where):
        return events.move_to(draft, where, **more)
    return None


# --- moves ---------------------------------------------------------------------------------------


def test_a_stay_moves_with_all_its_nights_and_the_act_is_kept(station, beds):
    draft = promised(station)
    before = bed(draft)
    free = next(one for name, one in beds.items() if name != before)

    batch = events.move_to(draft, free)

    assert bed(draft) == str(free)
    assert BedNight.objects.filter(bed=free).count() == 3
    move = BedMove.objects.get(batch=batch)
    assert (str(move.from_bed), move.to_bed, move.first_night) == (before, free, SOON)
    assert list(breaches()) == []


def test_the_same_move_sent_twice_moves_once(station, beds):
    draft = promised(station)
    here = bed_of(events.own(draft).stay)
    put(draft, beds["102-2"])

    assert events.move_to(draft, beds["102-2"], seen=here) is None
    assert BedMove.objects.count() == 1


def test_a_stay_seen_elsewhere_is_not_moved(station, beds):
    draft = promised(station)
    seen = bed_of(events.own(draft).stay)
    put(draft, beds["102-1"])

    with pytest.raises(Moved):
        events.move_to(draft, beds["102-2"], seen=seen)


def test_of_two_stays_in_each_others_bed_both_move(station, beds):
    one, other = promised(station), promised(station)
    put(one, beds["101-1"])
    put(other, beds["102-1"])

    batch = events.move_to(one, beds["102-1"])

    assert (bed(one), bed(other)) == ("102-1", "101-1")
    assert BedMove.objects.filter(batch=batch).count() == 2
    assert list(breaches()) == []


def test_a_woman_does_not_move_into_a_room_of_men(station, beds):
    man, woman = promised(station, sex="men"), promised(station)
    put(man, beds["101-1"])
    put(woman, beds["102-1"])

    with pytest.raises(InTheWay) as told:
        events.move_to(woman, beds["101-2"])

    assert events.own(man).reference in str(told.value.sentence)
    assert bed(woman) == "102-1"


def test_nobody_moves_into_a_closed_bed(station, beds):
    draft = promised(station)
    closed = next(one for name, one in beds.items() if name != bed(draft))
    Closure.objects.create(bed=closed, first_night=SOON, until=SOON + DAY, reason="修理")

    with pytest.raises(InTheWay):
        events.move_to(draft, closed)


def test_nobody_moves_into_a_room_for_the_other_sex(station, beds):
    draft = promised(station)
    other = next(one for one in beds.values() if one.room != bed_of(events.own(draft).stay).room)
    Room.objects.filter(pk=other.room_id).update(sex="men")

    with pytest.raises(InTheWay):
        events.move_to(draft, other)


def test_nobody_moves_into_a_bed_that_lacks_what_they_need(station, beds):
    Bed.objects.exclude(pk=beds["101-1"].pk).update(kind="upper")
    draft = make_draft(make_person(station.district), station, arrival=SOON)
    type(draft).objects.filter(pk=draft.pk).update(needs=["lower_bunk"])
    events.promise(draft)

    with pytest.raises(InTheWay):
        events.move_to(draft, beds["102-1"])


def test_a_guest_in_house_moves_from_tonight_on_and_only_on_purpose(station, beds):
    draft = arrived(station)
    first = bed(draft)
    target = next(one for name, one in beds.items() if name != first)
    tomorrow = NOW + DAY

    with pytest.raises(GuestIsHere):
        events.move_to(draft, target, now=tomorrow)
    events.move_to(draft, target, sure=True, now=tomorrow)

    slept = BedNight.objects.filter(stay=draft.stay).order_by("night")
    assert [str(row.bed) for row in slept] == [first, str(target), str(target)]
    assert list(breaches()) == []


def test_a_guest_who_will_change_beds_moves_from_that_night_on(station, beds):
    draft = arrived(station)
    first = bed(draft)
    target, last = [one for name, one in beds.items() if name != first][:2]
    events.move_to(draft, target, sure=True, now=NOW + 2 * DAY)

    events.move_to(draft, last, sure=True, now=NOW + DAY)

    slept = BedNight.objects.filter(stay=draft.stay).order_by("night")
    assert [str(row.bed) for row in slept] == [first, first, str(last)]


def test_a_stay_that_is_over_does_not_move(station, beds):
    draft = arrived(station)
    code = events.own(draft).stay.passes.get().short_code
    target = next(one for name, one in beds.items() if name != bed(draft))
    events.scan(station, code, "leave", nonce="leave", at=NOW + DAY)

    with pytest.raises(NothingToMove):
        events.move_to(draft, target, now=NOW + DAY)


# --- undo ----------------------------------------------------------------------------------------


def test_a_swap_is_undone_whole_and_once(station, beds):
    one, other = promised(station), promised(station)
    put(one, beds["101-1"])
    put(other, beds["102-1"])
    batch = events.move_to(one, beds["102-1"])

    events.undo_move(one, batch)
    events.undo_move(one, batch)

    assert (bed(one), bed(other)) == ("101-1", "102-1")
    assert not BedMove.objects.filter(batch=batch, undone_at=None).exists()


def test_what_has_been_moved_on_is_not_undone(station, beds):
    draft = promised(station)
    put(draft, beds["101-1"])
    batch = events.move_to(draft, beds["102-1"])
    events.move_to(draft, beds["102-2"])

    with pytest.raises(Moved):
        events.undo_move(draft, batch)


def test_into_a_bed_taken_meanwhile_nobody_goes_back(station, beds):
    draft = promised(station)
    put(draft, beds["101-1"])
    batch = events.move_to(draft, beds["102-1"])
    newcomer = promised(station)
    put(newcomer, beds["101-1"])

    with pytest.raises(InTheWay):
        events.undo_move(draft, batch)


def test_a_guest_in_house_goes_back_to_the_bed_of_before(station, beds):
    draft = arrived(station)
    first = bed(draft)
    target = next(one for name, one in beds.items() if name != first)
    batch = events.move_to(draft, target, sure=True, now=NOW + DAY)

    events.undo_move(draft, batch, now=NOW + DAY)

    assert {str(row.bed) for row in BedNight.objects.filter(stay=draft.stay)} == {first}
    assert list(breaches()) == []


def test_who_has_arrived_since_is_not_put_back_without_a_word(station, beds):
    draft = promised(station, arrival=TODAY)
    put(draft, beds["101-1"])
    batch = events.move_to(draft, beds["102-1"])
    events.scan(station, events.own(draft).stay.passes.get().short_code)

    with pytest.raises(GuestIsHere):
        events.undo_move(draft, batch, now=events.AFTERNOON)

    assert bed(draft) == "102-1"


def test_two_guests_in_house_do_not_swap_on_one_word(station, beds):
    one, other = arrived(station), arrived(station)
    target = bed_of(events.own(other).stay)

    with pytest.raises(InTheWay):
        events.move_to(one, target, sure=True)


def test_each_stay_of_a_swap_is_in_the_log_with_its_beds(station, beds):
    one, other = promised(station), promised(station)
    put(one, beds["101-1"])
    put(other, beds["102-1"])

    events.move_to(one, beds["102-1"])

    entries = AuditEntry.objects.filter(action="move").order_by("-pk")[:2]
    assert {entry.subject for entry in entries} == {
        f"stay:{draft.stay.pk}" for draft in (one, other)
    }
    assert {entry.details["to"] for entry in entries} == {beds["101-1"].pk, beds["102-1"].pk}


# --- closures ------------------------------------------------------------------------------------


def test_closing_a_bed_moves_who_has_not_arrived(station, beds):
    draft = promised(station)
    put(draft, beds["101-1"])

    events.close_beds(station, bed=beds["101-1"], first=SOON, until=SOON + DAY)

    assert bed(draft) != "101-1"
    assert Closure.objects.count() == 1
    assert list(breaches()) == []


def test_what_is_shown_writes_nothing(station, beds):
    draft = promised(station)
    before = bed(draft)
    closure = Closure(bed=beds[before], first_night=SOON, until=SOON + DAY, reason="修理")

    effect = journey.effect_of(closure=closure, station=station)

    assert list(effect.closing.moves) == [events.own(draft).stay.pk]
    assert bed(draft) == before
    assert not Closure.objects.exists()


def test_a_bed_with_a_guest_in_house_is_not_closed(station):
    draft = arrived(station)

    with pytest.raises(journey.GuestsHere):
        events.close_beds(
            station,
            bed=bed_of(events.own(draft).stay),
            first=TODAY + DAY,
            until=TODAY + 2 * DAY,
        )

    assert not Closure.objects.exists()


def full(station):
    return [promised(station) for _ in range(4)]


def test_a_bed_that_somebody_would_lose_is_closed_on_purpose_only(station, beds):
    full(station)
    nights = {"bed": beds["101-1"], "first": SOON, "until": SOON + DAY}

    with pytest.raises(journey.WouldLose):
        events.close_beds(station, **nights)
    assert not Closure.objects.exists()
    events.close_beds(station, **nights, lose=True)

    waiting = [one for one in Message.objects.all() if one.key.startswith("displaced")]
    assert len(waiting) == 1
    assert list(breaches()) == []


def test_who_lost_the_bed_gets_the_next_one_without_asking(station, beds):
    drafts = full(station)
    events.close_beds(station, bed=beds["101-1"], first=SOON, until=SOON + DAY, lose=True)
    lost = next(one for one in drafts if events.own(one).stay.status == "waitlisted")
    leaving = next(one for one in drafts if one != lost)

    events.withdraw(leaving)
    journey.serve(station=station, now=NOW)

    assert events.own(lost).stay.status == "promised"


def test_a_plan_that_is_another_one_by_now_is_not_written(station, beds):
    nights = {"bed": beds["101-1"], "first": SOON, "until": SOON + DAY}
    closure = Closure(bed=beds["101-1"], first_night=SOON, until=SOON + DAY, reason="修理")
    mark = journey.effect_of(closure=closure, station=station).mark
    draft = promised(station)
    put(draft, beds["101-1"])

    with pytest.raises(journey.Otherwise):
        events.close_beds(station, **nights, mark=mark)


def test_what_was_shown_for_one_bed_does_not_close_another(station, beds):
    closure = Closure(bed=beds["101-1"], first_night=SOON, until=SOON + DAY, reason="修理")
    mark = journey.effect_of(closure=closure, station=station).mark

    with pytest.raises(journey.Otherwise):
        events.close_beds(station, bed=beds["102-2"], first=SOON, until=SOON + 300 * DAY, mark=mark)


def test_what_cannot_be_decided_in_time_takes_nobodys_bed(station, beds, monkeypatch):
    def give_up(*args, **kwargs):
        raise Undecided

    draft = promised(station)
    put(draft, beds["101-1"])
    monkeypatch.setattr("bookings.beds.closing.plan", give_up)

    with pytest.raises(NotDecided):
        events.close_beds(station, bed=beds["101-1"], first=SOON, until=SOON + DAY, lose=True)

    assert bed(draft) == "101-1"


def test_a_bed_in_use_again_is_offered_to_those_who_wait(station, beds):
    full(station)
    closure = events.close_beds(station, bed=beds["101-1"], first=SOON, until=SOON + DAY, lose=True)
    station.refresh_from_db()

    for _twice in range(2):
        journey.end_closure(
            closure=closure, station=station, by=events.reviewer("manager"), now=NOW
        )
    assert journey.serve(station=station, now=NOW) == 1

    assert not Closure.objects.exists()


def test_a_closure_that_has_begun_ends_today(station, beds):
    closure = events.close_beds(station, bed=beds["101-1"], first=TODAY, until=SOON)

    journey.end_closure(
        closure=closure, station=station, by=events.reviewer("manager"), now=NOW + DAY
    )

    assert Closure.objects.get().until == TODAY + DAY
