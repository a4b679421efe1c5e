"""A list is confirmed by one, written once whatever happens meanwhile, and taken back as a whole."""

import datetime as dt

import pytest

from bookings import journey, tasks
from bookings.applications.draft import facts_of_person, known_of
from bookings.core.audit import AuditEntry
from bookings.core.transitions import StateChanged
from bookings.invariants import breaches
from bookings.journey.bureau import DayToCome, SameList
from bookings.retention.bureau import write as writing
from bookings.retention.models import FollowUp, Outcome
from bookings.statistics.funnel import funnel, total
from bookings.statistics.retention import retention
from tests import events
from tests.factories import NOW, make_district, resident_number
from tests.people.world import member
from tests.racing import errors, race
from tests.retention import bureau
from tests.retention.bureau import CODE, LATER, left, question, read, row, ruling, text, written

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MUCH_LATER = LATER + 100 * DAY


@pytest.fixture
def house():
    return bureau.make_house()


@pytest.fixture
def guest(house):
    return left(house)


def test_confirmed_it_answers_each_question_with_the_registers_word(house, guest):
    written(house, text(row(guest, code=CODE)))

    one, other = Outcome.objects.order_by("follow_up__horizon")
    assert (one.kind, one.source, one.level) == ("employed_here", "register", "social_insurance")
    assert (one.employer, one.employer_code) == ("示例公司", CODE)
    assert (one.by, one.at) == (house.manager, LATER)
    assert other.follow_up.horizon == 90
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"answered"}


def test_insurance_rules_over_what_was_said_before_and_since(house, guest):
    told = {"kind": "looking", "source": "self", "by": None}
    journey.answer(follow_up=question(guest), now=LATER, **told)
    written(house, text(row(guest)))
    journey.answer(follow_up=question(guest), now=MUCH_LATER, **told)

    assert ruling(guest) == "employed_here"
    assert question(guest).outcomes.count() == 3


def test_what_was_written_is_no_longer_kept_beside(house, guest):
    done = written(house, text(row(guest)))

    assert (done.status, done.answers, done.written, done.not_written) == ("written", 2, 2, 0)
    assert not done.matches.exists()


def test_each_act_leaves_a_trace_without_the_people(house, guest):
    done = written(house, text(row(guest)))
    bureau.undo(done, house)

    entries = AuditEntry.objects.filter(subject=f"bureaulist:{done.pk}").order_by("pk")
    assert [(entry.action, entry.by) for entry in entries] == [
        ("receive bureau list", house.manager),
        ("read bureau list", None),
        ("confirm bureau list", house.manager),
        ("write bureau list", None),
        ("undo bureau list", house.manager),
    ]
    assert entries[3].details == {"written": 2}


def test_a_list_is_confirmed_once(house, guest):
    ready = read(house, text(row(guest)))
    bureau.confirm(ready, house)

    with pytest.raises(StateChanged):
        bureau.confirm(ready, house)


def test_consent_taken_back_after_the_reading_is_respected(house, guest):
    other = left(house)
    ready = read(house, text(row(guest), row(other)))
    bureau.confirm(ready, house)
    FollowUp.objects.filter(stay__graduate=guest).update(status="declined")

    done = bureau.write(ready)

    assert (ruling(guest), ruling(other)) == (None, "employed_here")
    assert (done.written, done.not_written) == (2, 2)


@pytest.mark.parametrize("field", ["doc_number", "name"])
@pytest.mark.parametrize("where", ["desk", "my data"])
def test_what_a_list_said_of_a_number_that_was_corrected_is_not_written(house, guest, where, field):
    stay = guest.stays.get()
    ready = bureau.read(house, text(row(guest)))
    told = {field: {"doc_number": resident_number(), "name": "测试乙"}[field]}
    if where == "desk":
        events.correct(stay.application, **told)
    else:
        events.send_by_hand(stay.application)
        facts = {**facts_of_person(known_of(guest)), **told}
        journey.keep_person(user=guest.user, district=house.district, facts=facts, now=LATER)
    bureau.confirm(ready, house)

    assert bureau.write(ready).written == (0 if field == "doc_number" else 2)


class Killed(BaseException):
    """The process is gone: nothing catches this."""


def test_writing_killed_in_the_middle_and_run_again_ends_in_the_same_state(
    house, guest, monkeypatch
):
    guests = [guest, left(house), left(house)]
    ready = read(house, text(*map(row, guests)))
    bureau.confirm(ready, house)
    monkeypatch.setattr("bookings.journey.bureau.WRITE_ROWS", 2)
    ticks = iter([LATER, LATER, LATER, LATER])

    with pytest.raises(StopIteration):  # after its second transaction
        journey.write_list(bureau_list=bureau.own(ready), clock=lambda: next(ticks))
    assert Outcome.objects.count() == 4
    done = bureau.write(ready)

    assert (done.status, done.written) == ("written", 6)
    assert Outcome.objects.count() == 6
    assert list(breaches()) == []


def test_killed_within_a_transaction_nothing_of_it_is_there(house, guest, monkeypatch):
    ready = read(house, text(row(guest)))
    bureau.confirm(ready, house)

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(writing, "_outcome", die)
        with pytest.raises(Killed):
            bureau.write(ready)
    assert (Outcome.objects.count(), ready.matches.count()) == (0, 2)

    assert bureau.write(ready).written == 2


def test_writing_twice_writes_once(house, guest):
    done = written(house, text(row(guest)))

    assert not journey.write_list(bureau_list=done, clock=lambda: LATER)
    assert Outcome.objects.count() == 2


def test_a_long_list_is_written_on_in_another_task(house, guest, monkeypatch):
    ready = read(house, text(row(guest)))
    bureau.confirm(ready, house)
    monkeypatch.setattr("bookings.journey.bureau.WRITE_ROWS", 1)
    clock = iter([LATER, LATER, LATER + DAY]).__next__

    assert not journey.write_list(bureau_list=bureau.own(ready), clock=clock)
    assert Outcome.objects.count() == 1
    assert bureau.write(ready).written == 2


def test_what_a_dead_worker_left_is_gone_on_with(house, guest, noon):
    received = bureau.receive(house, text(row(guest)))
    noon.move_to(LATER + dt.timedelta(minutes=4))
    assert tasks.go_on_with_bureau_lists() == 0

    noon.move_to(LATER + dt.timedelta(minutes=6))
    assert tasks.go_on_with_bureau_lists() == 1

    assert bureau.own(received).status == "ready"


def test_the_tasks_read_and_write(house, guest):
    received = bureau.receive(house, text(row(guest)))

    tasks.read_bureau_list(received.pk)
    bureau.confirm(received, house)
    tasks.write_bureau_list(received.pk)

    assert bureau.own(received).status == "written"


# --- the same again -------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["reading", "ready", "written"])
def test_the_same_file_is_refused_while_it_stands(house, guest, when):
    content = text(row(guest))
    {"reading": bureau.receive, "ready": read, "written": written}[when](house, content)

    with pytest.raises(SameList):
        bureau.receive(house, content)


def test_the_same_file_of_another_district_is_another_list(house, guest):
    content = text(row(guest))
    read(house, content)
    other = make_district("370829")
    elsewhere = type(house)(district=other, manager=member(other, "manager"))

    assert bureau.counts(read(elsewhere, content)) == {"unmatched": 1}


def again(guest):
    """The same rows in another file."""
    return text(row(guest), encoding="gb18030")


def test_the_same_rows_in_another_file_change_no_figure(house, guest):
    written(house, text(row(guest)))
    before = figures(house)

    second = written(house, again(guest))

    assert bureau.counts(second) == {"known": 1}
    assert (second.answers, second.written, second.not_written) == (2, 2, 0)
    assert figures(house) == before


def test_what_two_lists_say_stands_until_both_are_taken_back(house, guest):
    lists = [read(house, text(row(guest))), read(house, again(guest))]
    for one in lists:
        bureau.confirm(one, house)
        bureau.write(one)
    found = []

    for one in lists:
        bureau.undo(one, house)
        found.append((ruling(guest), question(guest).status))

    assert found == [("employed_here", "answered"), (None, "due")]


def test_what_a_list_says_rules_again_when_a_later_one_repeats_it(house, guest):
    elsewhere = text([*row(guest), "370202"], header=[*bureau.HEADER, "参保地"])
    written(house, text(row(guest)))
    written(house, elsewhere, now=LATER + DAY)

    written(house, again(guest), now=MUCH_LATER)

    assert ruling(guest) == "employed_here"


def test_a_later_list_that_says_otherwise_rules(house, guest):
    written(house, text(row(guest)))
    header = [*bureau.HEADER, "参保地"]
    written(house, text([*row(guest), "370202"], header=header), now=MUCH_LATER)

    assert ruling(guest) == "employed_elsewhere"


def test_a_list_drawn_up_tomorrow_is_refused(house, guest):
    with pytest.raises(DayToCome):
        bureau.receive(house, text(row(guest)), as_of=LATER.date() + DAY)


# --- taken back -----------------------------------------------------------------------------------


def figures(house):
    """All the published figures of the district, as if long after."""
    today = MUCH_LATER.date() + 99 * DAY
    cohorts = retention(first=NOW.date(), last=NOW.date(), today=today)
    sums = total(funnel(house.district, horizon=30, today=today))
    return [(one.numerator, one.denominator, one.silent) for one in cohorts], sums.parts


def test_taken_back_no_figure_counts_it_and_its_rows_stay(house, guest):
    before = figures(house)
    done = written(house, text(row(guest)))
    assert figures(house) != before

    bureau.undo(done, house)

    assert figures(house) == before
    assert ruling(guest) is None
    assert Outcome.objects.count() == 2


def test_taken_back_the_invariants_hold(house, guest, noon):
    bureau.undo(written(house, text(row(guest))), house)
    noon.move_to(MUCH_LATER)

    assert list(breaches()) == []


def call(question, result, *, number=1, now=LATER):
    by = events.reviewer()
    journey.call(follow_up=question, result=result, number=number, by=by, now=now)


def test_taken_back_questions_are_what_they_were(house, guest):
    asked, due = question(guest, 30), question(guest, 90)
    journey.ask(follow_up=asked, now=LATER)
    answered, gone, silent = left(house), left(house), left(house)
    told = {"kind": "looking", "source": "self", "by": None, "now": LATER}
    journey.answer(follow_up=question(answered), **told)
    call(question(answered, 90), "wrong_number")
    for number in (1, 2, 3):
        call(question(silent), "no_answer", number=number, now=LATER + number * DAY)
    call(question(silent, 90), "no_answer")
    done = written(house, text(*map(row, [guest, answered, gone, silent])))
    journey.withdraw_consent(person=gone, by=gone.user, now=MUCH_LATER)

    bureau.undo(done, house)

    assert (question(guest, 30).status, question(guest, 90).status) == ("asked", "due")
    assert (question(answered).status, question(answered, 90).status) == ("answered", "unreachable")
    assert (question(silent).status, question(silent, 90).status) == ("unreachable", "due")
    assert ruling(answered) == "looking"
    assert question(gone).status == "declined"
    assert due.stay.graduate == guest


def test_a_list_is_taken_back_once_and_only_when_written(house, guest):
    ready = read(house, text(row(guest)))
    with pytest.raises(StateChanged):
        bureau.undo(ready, house)
    bureau.confirm(ready, house)
    bureau.write(ready)
    bureau.undo(ready, house)

    with pytest.raises(StateChanged):
        bureau.undo(ready, house)


def test_taken_back_it_can_be_received_again(house, guest):
    content = text(row(guest))
    bureau.undo(written(house, content), house)

    written(house, content, now=MUCH_LATER)

    assert ruling(guest) == "employed_here"
    assert Outcome.objects.count() == 4


def test_taken_back_the_other_lists_word_holds(house, guest):
    header = [*bureau.HEADER, "参保地"]
    written(house, text(row(guest)))
    second = written(house, text([*row(guest), "370202"], header=header), now=MUCH_LATER)

    bureau.undo(second, house)

    assert ruling(guest) == "employed_here"
    assert question(guest).status == "answered"


def test_ones_own_data_tell_what_the_register_told(house, guest):
    done = written(house, text(row(guest)))
    bureau.undo(done, house)

    told = journey.portrait(user=guest.user)["questions"][0]["outcomes"]

    assert [(one["source"], one["employer"], one["taken_back"]) for one in told] == [
        ("register", "示例公司", True)
    ]


def test_ones_own_data_tell_what_waits_to_be_confirmed(house, guest):
    read(house, text(row(guest)))

    waiting = journey.portrait(user=guest.user)["questions"][0]["to_be_confirmed"]

    assert waiting == [{"kind": "employed_here", "employer": "示例公司", "source": "register"}]


# --- at once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_confirm_at_once_one_is_told(house, guest):
    ready = read(house, text(row(guest)))

    results = race(*[lambda: bureau.confirm(ready, house)] * 2)

    assert errors(results) == [StateChanged]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_answer_once(house, guest, monkeypatch):
    monkeypatch.setattr("bookings.journey.bureau.WRITE_ROWS", 1)
    ready = read(house, text(*map(row, [guest, left(house), left(house)])))
    bureau.confirm(ready, house)

    results = race(*[lambda: bureau.write(ready)] * 2)

    assert errors(results) == []
    assert (bureau.own(ready).status, bureau.own(ready).written) == ("written", 6)
    assert Outcome.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_the_same_file_received_twice_at_once_is_one_list(house, guest):
    content = text(row(guest))

    results = race(*[lambda: bureau.receive(house, content)] * 2)

    assert errors(results) == [SameList]
    assert house.district.bureau_lists.count() == 1
