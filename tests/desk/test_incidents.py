"""House rules: what is recorded, who may impose what, what the guest may say, and who answers."""

import datetime as dt

import pytest
from django.test import Client

from bookings import journey
from bookings.desk.incidents.models import Complaint, Incident
from bookings.invariants import breaches
from bookings.journey import AppealedBefore
from bookings.messages.models import Message
from bookings.people.models import Role, Suspension
from tests import events
from tests.factories import TODAY, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
A_MONTH_ON = TODAY + 30 * DAY


@pytest.fixture
def station():
    return make_station(make_district(), beds=3)


def arrive(station, person=None):
    draft = make_draft(person or make_person(station.district), station)
    code = events.promise(draft).short_code
    events.scan(station, code, nonce=code)
    return draft


@pytest.fixture
def guest(station):
    return arrive(station)


@pytest.fixture
def manager(station):
    return member(station.district, Role.MANAGER)


@pytest.fixture
def colleague(station):
    return member(station.district, Role.MANAGER)


def suspend(guest, manager, **more):
    return events.incident(guest, "suspension", by=manager, until=A_MONTH_ON, **more)


# --- recording ------------------------------------------------------------------------------------


def test_a_note_is_the_houses_own(guest):
    before = Message.objects.count()

    note = events.incident(guest)

    assert (note.expires_on, Message.objects.count()) == (None, before)


def test_a_warning_counts_for_half_a_year_and_is_told(guest):
    warning = events.incident(guest, "warning")

    assert warning.expires_on == TODAY + 180 * DAY
    assert Message.objects.filter(key=f"house rules notice:{warning.pk}").exists()


def test_the_same_press_twice_is_one_incident(guest):
    first, second = (events.incident(guest, "warning") for _ in range(2))

    assert (first, Incident.objects.count()) == (second, 1)


def test_what_happened_is_sealed(guest):
    events.incident(guest)

    assert list(breaches()) == []


@pytest.mark.parametrize("sanction", ["leave_early", "suspension"])
def test_a_clerk_imposes_no_more_than_a_warning(guest, sanction):
    with pytest.raises(journey.ManagersOnly):
        events.incident(guest, sanction, until=A_MONTH_ON)

    assert not Suspension.objects.exists()


def test_a_suspension_bars_the_next_stay(station, guest, manager):
    suspend(guest, manager)

    [suspension] = guest.graduate.suspensions.all()
    assert (suspension.until, suspension.by) == (A_MONTH_ON, manager)


@pytest.mark.parametrize("until", [None, TODAY])
def test_a_suspension_ends_on_a_day_to_come(guest, manager, until):
    with pytest.raises(journey.NoLastDay):
        events.incident(guest, "suspension", by=manager, until=until)


def test_who_has_not_come_has_no_incident(station):
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)

    with pytest.raises(journey.NotAGuest):
        events.incident(draft)


# --- proposals ------------------------------------------------------------------------------------


def test_a_manager_answers_a_proposal_once(guest, manager, colleague):
    proposal = events.incident(guest, "warning", proposed="suspension")
    suspend(guest, manager, answers=proposal, nonce="n-2")

    with pytest.raises(journey.StateChanged):
        suspend(guest, colleague, answers=proposal, nonce="n-3")

    assert Suspension.objects.count() == 1


def test_a_clerk_answers_no_proposal(guest):
    proposal = events.incident(guest, proposed="leave_early")

    with pytest.raises(journey.ManagersOnly):
        events.incident(guest, answers=proposal, nonce="n-2")


def test_what_waits_for_a_manager(guest, manager):
    proposal = events.incident(guest, proposed="leave_early")
    warning = events.incident(guest, "warning", nonce="n-2")
    events.complain(warning)
    events.incident(guest, by=manager, answers=proposal, nonce="n-3")

    assert [*Incident.objects.to_decide()] == [warning]


def test_two_warnings_in_force_propose_a_suspension_and_impose_none(station, guest):
    clerk = Client()
    clerk.force_login(member(station.district, Role.CLERK, station))
    address = f"/desk/sample/stays/{guest.stay.pk}/incident/"
    events.incident(guest, "warning")
    one = clerk.get(address).context

    events.incident(guest, "warning", nonce="n-2")

    two = clerk.get(address).context
    assert (one["warnings"], one["propose"]) == (1, False)
    assert (two["warnings"], two["propose"]) == (2, True)
    assert two["form"]["proposed"].value() == "suspension"
    assert not Suspension.objects.exists()


def test_warnings_that_are_over_or_lifted_count_no_more(guest, manager):
    person = guest.graduate
    events.incident(guest, "warning")
    lifted = events.incident(guest, "warning", nonce="n-2")
    events.answer_complaint(events.complain(lifted), "lifted", by=manager)

    assert Incident.objects.warnings(person, TODAY).count() == 1
    assert Incident.objects.warnings(person, TODAY + 180 * DAY).count() == 0


# --- the guest's say ------------------------------------------------------------------------------


def test_lifting_ends_the_suspension(guest, manager, colleague):
    said = events.complain(suspend(guest, manager))

    events.answer_complaint(said, "lifted", by=colleague)

    assert not guest.graduate.suspensions.filter(until__gt=TODAY).exists()
    assert Message.objects.filter(key=f"house rules answer:{said.incident_id}").exists()


def test_upholding_leaves_it(guest, manager, colleague):
    said = events.complain(suspend(guest, manager))

    events.answer_complaint(said, "upheld", by=colleague)

    assert guest.graduate.suspensions.get().until == A_MONTH_ON


def test_nobody_judges_what_they_imposed(guest, manager):
    said = events.complain(suspend(guest, manager))

    with pytest.raises(journey.OwnSanction):
        events.answer_complaint(said, "upheld", by=manager)


def test_a_clerk_judges_no_appeal(guest):
    said = events.complain(events.incident(guest, "warning"))

    with pytest.raises(journey.ManagersOnly):
        events.answer_complaint(said, "lifted", by=events.reviewer("other clerk"))


def test_an_appeal_is_answered_once(guest, manager, colleague):
    said = events.complain(events.incident(guest, "warning"))
    events.answer_complaint(said, "upheld", by=manager)

    with pytest.raises(journey.StateChanged):
        events.answer_complaint(said, "lifted", by=colleague)


def test_one_appeals_once(guest):
    warning = events.incident(guest, "warning")
    first = events.complain(warning)

    with pytest.raises(AppealedBefore):
        events.complain(warning, reason="再说一次")

    assert events.complain(warning) == first  # the same press twice


def test_there_is_nothing_to_say_against_a_note(guest):
    with pytest.raises(journey.NothingImposed):
        events.complain(events.incident(guest))


# --- the pages ------------------------------------------------------------------------------------


def client(user):
    one = Client()
    one.force_login(user)
    return one


TYPED = {"kind": "noise", "at": "2026-11-23T12:00", "what": "晚上喧哗", "nonce": "n-1"}


def test_a_clerk_warns_from_the_stays_page(station, guest):
    clerk = client(member(station.district, Role.CLERK, station))
    address = f"/desk/sample/stays/{guest.stay.pk}/incident/"

    page = clerk.post(address, {**TYPED, "sanction": "warning"})

    assert page.url == "/desk/sample/incidents/"
    assert Incident.objects.get().sanction == "warning"


def test_a_clerks_form_does_not_offer_what_is_a_managers(station, guest):
    clerk = client(member(station.district, Role.CLERK, station))
    address = f"/desk/sample/stays/{guest.stay.pk}/incident/"

    page = clerk.post(address, {**TYPED, "sanction": "suspension", "until": A_MONTH_ON})

    assert {*page.context["form"].errors} == {"sanction"}


def test_a_manager_suspends_at_once_and_must_say_until_when(guest, manager):
    address = f"/desk/sample/stays/{guest.stay.pk}/incident/"
    sent = {**TYPED, "sanction": "suspension"}

    page = client(manager).post(address, sent)
    client(manager).post(address, {**sent, "until": A_MONTH_ON})

    assert {*page.context["form"].errors} == {"until"}
    assert Suspension.objects.get().until == A_MONTH_ON


def test_nothing_happened_in_the_future(guest, manager):
    address = f"/desk/sample/stays/{guest.stay.pk}/incident/"

    page = client(manager).post(address, {**TYPED, "sanction": "note", "at": "2026-11-24T12:00"})

    assert {*page.context["form"].errors} == {"at"}


def test_a_manager_decides_on_a_proposal_on_its_page(guest, manager):
    proposal = events.incident(guest, proposed="suspension")
    decision = {"act": "decide", "what": "同意", "sanction": "suspension", "until": A_MONTH_ON}

    client(manager).post(f"/desk/sample/incidents/{proposal.pk}/", {**decision, "nonce": "n-2"})

    proposal = Incident.objects.get(pk=proposal.pk)
    assert (proposal.answer.sanction, proposal.answer.by) == ("suspension", manager)


def test_a_manager_answers_an_appeal_on_its_page(guest, manager):
    warning = events.incident(guest, "warning")
    events.complain(warning)
    answer = {"act": "answer", "answer": "lifted", "reply": "已核实"}

    client(manager).post(f"/desk/sample/incidents/{warning.pk}/", answer)

    assert Complaint.objects.get().answer == "lifted"


def test_a_clerk_sends_no_answer(station, guest):
    warning = events.incident(guest, "warning")
    events.complain(warning)
    answer = {"act": "answer", "answer": "lifted", "reply": "已核实"}

    clerk = client(member(station.district, Role.CLERK, station))
    clerk.post(f"/desk/sample/incidents/{warning.pk}/", answer)

    assert Complaint.objects.get().answer == ""


def test_a_station_lists_its_own_incidents(station, guest, manager):
    near = make_station(station.district, slug="near")
    other = arrive(near)
    mine, theirs = events.incident(guest), events.incident(other, nonce="n-2")

    lists = [client(manager).get(f"/desk/{slug}/incidents/").context for slug in ("sample", "near")]

    assert [[*page["incidents"]] for page in lists] == [[mine], [theirs]]
    assert client(manager).get(f"/desk/near/incidents/{mine.pk}/").status_code == 404


def test_a_guest_reads_warnings_and_no_notes_and_nobody_elses(station, guest):
    events.incident(guest)
    warning = events.incident(guest, "warning", nonce="n-2")
    events.incident(arrive(station), "warning", nonce="n-3")

    page = client(guest.user).get("/me/notices/")

    assert [(one, counts) for one, counts, _ in page.context["rows"]] == [(warning, True)]
    assert client(guest.user).get("/me/").context["has_notices"]


def test_a_guest_appeals_on_the_page(guest):
    warning = events.incident(guest, "warning")

    page = client(guest.user).post(f"/me/notices/{warning.pk}/appeal/", {"reason": "并非本人"})

    assert page.url == "/me/notices/"
    assert Complaint.objects.get().reason == "并非本人"


def test_a_second_appeal_keeps_what_was_typed(guest):
    warning = events.incident(guest, "warning")
    events.complain(warning)

    page = client(guest.user).post(f"/me/notices/{warning.pk}/appeal/", {"reason": "再说一次"})

    assert page.context["form"].errors
    assert page.context["form"]["reason"].value() == "再说一次"


def test_nobody_appeals_for_another(station, guest):
    warning = events.incident(guest, "warning")

    page = client(arrive(station).user).post(f"/me/notices/{warning.pk}/appeal/", {"reason": "x"})

    assert page.status_code == 404
    assert not Complaint.objects.exists()
