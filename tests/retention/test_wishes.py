"""A guest's wish holds whatever happens in that moment: to be forgotten, not to be asked any more."""

import datetime as dt
from functools import partial

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bookings import journey, tasks
from bookings.applications.models import Application, Evidence
from bookings.core.audit import AuditEntry
from bookings.core.transitions import StateChanged
from bookings.messages.models import Message
from bookings.people.models import Role
from bookings.retention.calls import queue
from bookings.retention.follow_up import BadLink, link, open_link, token_of
from bookings.retention.models import FollowUp, Outcome, Proof
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station, pdf
from tests.people.world import member
from tests.racing import errors, race

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LEFT, ANSWERED, DUE = NOW + DAY, NOW + 32 * DAY, NOW + 31 * DAY
WORK = {"kind": "employed_here", "employer": "示例公司"}


@pytest.fixture
def stay():
    """Of a guest who is here."""
    station = make_station(make_district())
    draft = make_draft(make_person(station.district), station)
    events.submit(draft)
    events.scan(station, events.approve(draft).short_code)
    return events.stay_of(draft)


@pytest.fixture
def question(stay):
    """Of a guest who has left and has answered it."""
    journey.leave(stay=stay, by=None, now=LEFT)
    asked = own(stay.follow_ups.get(horizon=30))
    answer(asked)
    return asked


def own(question):
    """The question as each request loads it for itself."""
    rows = FollowUp.objects.select_related("stay__graduate", "stay__application__user")
    return rows.get(pk=question.pk)


def answer(question):
    journey.answer(follow_up=question, source="self", by=None, now=ANSWERED, **WORK)


def more(question):
    paper = SimpleUploadedFile("contract.pdf", pdf())
    journey.tell_more(follow_up=question, paper=paper, now=ANSWERED, employer="示例公司")


def call(question, result, **told):
    by = events.reviewer()
    journey.call(follow_up=question, result=result, number=1, by=by, now=ANSWERED, **told)


def heard(question):
    call(question, "reached", answer={**WORK, "source": "phone", "level": "self_report"})


def withdraw(stay):
    journey.withdraw_consent(person=stay.graduate, by=stay.graduate.user, now=NOW)


# --- to be forgotten ------------------------------------------------------------------------------


def test_the_link_of_somebody_forgotten_is_closed(question):
    events.forget(question.stay.graduate)

    pages = [Client().post(link(question) + step, {"kind": "looking"}) for step in ("", "more/")]

    assert [page.status_code for page in pages] == [410, 410]
    assert "0537-0000000" in pages[0].content.decode()
    assert question.outcomes.get().employer is None


def test_the_link_of_a_leaving_that_was_undone_is_closed(stay):
    journey.leave(stay=stay, by=None, now=LEFT)
    token = token_of(stay.follow_ups.get(horizon=30))
    stay.follow_ups.all().delete()

    with pytest.raises(BadLink):
        open_link(token)


@pytest.mark.parametrize(
    "act",
    [
        answer,
        more,
        heard,
        partial(call, result="no_answer", note="很热情"),
    ],
)
def test_nothing_is_kept_of_whom_was_forgotten_since_the_page_was_opened(question, act):
    events.forget(question.stay.graduate)

    with pytest.raises(StateChanged):
        act(question)

    assert not question.attempts.exists()
    assert question.outcomes.get().employer is None


@pytest.mark.parametrize("event", [journey.confirm_proof, journey.decline_proof])
def test_a_paper_of_somebody_forgotten_is_not_judged(question, event):
    more(question)
    proof = Proof.objects.select_related("outcome__follow_up__stay__station").get()
    events.forget(question.stay.graduate)

    with pytest.raises(StateChanged):
        event(proof=proof, by=events.reviewer(), now=ANSWERED)

    assert not Outcome.objects.exclude(employer=None).exists()


def test_the_staffs_page_of_somebody_forgotten_is_gone(question):
    client = Client()
    client.force_login(member(question.stay.station.district, Role.REVIEWER))
    assert client.get(f"/follow-ups/{question.pk}/").status_code == 200

    events.forget(question.stay.graduate)

    assert client.get(f"/follow-ups/{question.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_answering_and_being_forgotten_at_once_leaves_no_employer(question):
    Evidence.objects.all().delete()  # the factories' papers have no files
    person = question.stay.graduate

    results = race(partial(events.forget, person), lambda: heard(own(question)))

    assert set(errors(results)) <= {StateChanged}
    assert not Outcome.objects.exclude(employer=None).exists()


# --- not to be asked any more ---------------------------------------------------------------------


@pytest.fixture
def withdrawn(stay):
    """Consent was taken back while leaving was being recorded, which had read it before."""
    withdraw(stay)
    journey.leave(stay=stay, by=None, now=LEFT)
    assert stay.follow_ups.filter(status="due").count() == 2
    return stay


def test_consent_taken_back_while_leaving_is_recorded_ends_what_was_scheduled(withdrawn):
    with time_machine.travel(DUE):
        assert tasks.ask_follow_ups() == 0
        assert tasks.ask_follow_ups() == 0

    assert set(withdrawn.follow_ups.values_list("status", flat=True)) == {"declined"}
    assert not Message.objects.filter(kind="follow_up").exists()
    assert AuditEntry.objects.filter(action="end question").count() == 2


def test_a_question_that_is_due_is_not_sent_without_consent(withdrawn):
    question = withdrawn.follow_ups.get(horizon=30)

    assert not journey.ask(follow_up=question, now=DUE)

    assert own(question).status == "declined"


@pytest.mark.parametrize("state", ["asked", "unreachable"])
def test_what_is_open_without_consent_is_not_called_and_ends(withdrawn, state):
    withdrawn.follow_ups.update(status=state, asked_at=LEFT)

    with time_machine.travel(DUE):
        assert not queue.to_call(withdrawn.station.district, DUE).exists()
        assert tasks.ask_follow_ups() == 0

    assert set(withdrawn.follow_ups.values_list("status", flat=True)) == {"declined"}


def test_what_was_answered_before_stays(question):
    Application.objects.update(follow_up_consent=False)

    tasks.ask_follow_ups()

    assert own(question).status == "answered"
