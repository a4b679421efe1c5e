"""What is over is forgotten, in time or at one's wish; what stays says nothing of anybody."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from bookings import journey, tasks
from bookings.applications.evidence import add_evidence
from bookings.applications.models import Application, Evidence
from bookings.desk.incidents.models import Complaint
from bookings.desk.register.models import Registration
from bookings.eligibility.models import Decision
from bookings.invariants import breaches
from bookings.messages.models import Message
from bookings.people.graduate import save_person
from bookings.people.models import Graduate, Membership, Role, User
from bookings.retention.models import FollowUp, Proof
from bookings.statistics.retention import retention
from tests import events
from tests.factories import (
    NOW,
    TODAY,
    make_district,
    make_draft,
    make_person,
    make_proof,
    make_station,
    pdf,
)
from tests.people.world import it_is_me

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LEFT = NOW + DAY
LAST_QUESTION = LEFT + 90 * DAY  # the factories' policy asks after 30 and 90 days
FORGOTTEN = LAST_QUESTION + 181 * DAY


@pytest.fixture
def station():
    return make_station(make_district(), beds=3)


@pytest.fixture
def guest(station):
    """Somebody who came with a paper, stayed a night, and answered once."""
    person = make_person(station.district)
    draft = make_draft(person, station, evidence=())
    paper = SimpleUploadedFile("degree.pdf", pdf())
    add_evidence(application=draft, kind="degree", upload=paper, now=NOW)
    code = events.promise(draft).short_code
    events.scan(station, code)
    events.scan(station, code, "leave", nonce="n-2", at=LEFT)
    question = FollowUp.objects.get(horizon=30)
    told = {"kind": "employed_here", "source": "self", "by": None, "employer": "示例公司"}
    journey.answer(follow_up=question, now=LEFT + 31 * DAY, **told)
    return person


def test_where_one_works_and_what_was_said_on_the_telephone_is_forgotten(guest):
    question = FollowUp.objects.get(horizon=30)
    make_proof(question)
    told = {"result": "no_answer", "note": "晚上再打", "by": events.reviewer(), "at": LEFT}
    question.attempts.create(number=1, **told)

    journey.forget_person(person=guest, by=None, now=FORGOTTEN)

    assert set(question.outcomes.values_list("employer", "post")) == {(None, None)}
    assert question.attempts.get().note is None
    assert not Proof.objects.exists()


def test_a_paper_that_nobody_looked_at_goes_with_the_others(guest):
    make_proof(FollowUp.objects.get(horizon=30))

    journey.forget_due(now=NOW + 91 * DAY)

    assert not Proof.objects.exists()


def everything_written():
    """The text of every column of every table, as a dump would show it, encrypted ones opened."""
    texts = [
        str(row)
        for model in (Graduate, User, Application, Decision, Message)
        for row in model.objects.values_list()
    ]
    return "\n".join(texts)


def test_papers_go_some_weeks_after_the_stay(guest):
    file = Evidence.objects.get().file

    assert journey.forget_due(now=LEFT + 89 * DAY)["papers"] == 0
    assert file.storage.exists(file.name)
    assert journey.forget_due(now=LEFT + 91 * DAY)["papers"] == 1
    assert not Evidence.objects.exists()


def test_the_file_is_gone_once_that_is_certain(guest, django_capture_on_commit_callbacks):
    file = Evidence.objects.get().file

    with django_capture_on_commit_callbacks(execute=True):
        journey.forget_due(now=LEFT + 91 * DAY)

    assert not file.storage.exists(file.name)


def test_who_it_was_goes_some_months_after_the_last_question(guest):
    number, phone, name = guest.doc_number, guest.user.phone, guest.name
    assert number in everything_written()
    assert journey.forget_due(now=FORGOTTEN - 2 * DAY)["people"] == 0

    assert journey.forget_due(now=FORGOTTEN)["people"] == 1
    assert journey.forget_due(now=FORGOTTEN)["people"] == 0

    text = everything_written()
    for personal in (number, phone, name, "2002, 5, 1", "2002-05-01", "示例公司"):
        assert personal not in text
    assert not User.objects.get(pk=guest.user.pk).is_active
    assert Graduate.objects.get().hukou_code == "110000"  # the province stays, for the statistics
    assert list(breaches()) == []


def test_the_numbers_stay_as_they_were(guest):
    asked = {"first": TODAY, "last": TODAY, "today": FORGOTTEN.date()}
    before = retention(**asked)

    journey.forget_due(now=FORGOTTEN)

    assert retention(**asked) == before
    assert [cohort.silent for cohort in before] == [0, 1]


def test_who_comes_again_is_the_same_person_with_the_nights_of_before(guest, station):
    facts = {
        name: getattr(guest, name)
        for name in [
            "name",
            "doc_type",
            "doc_number",
            "sex",
            "birth_date",
            "hukou_code",
            "degree",
            "university",
        ]
    }
    facts |= {"graduation_date": guest.graduation_date, "has_home": False}
    journey.forget_due(now=FORGOTTEN)

    user = User.objects.sign_up("+8613900777777")
    again = save_person(user=user, district=station.district, facts=facts, now=FORGOTTEN)

    assert (again.pk, again.nights_taken, again.forgotten_at) == (guest.pk, 1, None)
    assert list(breaches()) == []


def test_the_hash_goes_when_they_could_not_come_again(guest):
    journey.forget_due(now=FORGOTTEN)
    assert len(Graduate.objects.get().doc_hash) == 64

    journey.forget_due(now=NOW + 3 * 365 * DAY)

    assert Graduate.objects.get().doc_hash == f"gone {guest.pk}"


def test_nobody_is_forgotten_while_something_is_left_to_do(station):
    person = make_person(station.district)
    events.promise(make_draft(person, station))

    assert journey.forget_due(now=NOW + 1000 * DAY)["people"] == 0
    with pytest.raises(journey.StillNeeded):
        journey.forget_person(person=person, by=person.user, now=NOW)


def test_a_draft_and_its_account_do_not_stay_for_ever(station):
    person = make_person(station.district)
    make_draft(person, station)

    assert journey.forget_due(now=NOW + 29 * DAY)["drafts"] == 0
    gone = journey.forget_due(now=NOW + 31 * DAY)
    assert (gone["drafts"], gone["people"]) == (1, 1)  # its papers went with it and are not counted


def test_messages_are_not_kept(guest):
    assert Message.objects.exists()

    journey.forget_due(now=LEFT + 91 * DAY)

    assert not Message.objects.exists()


def test_nobody_forgotten_is_asked_or_called(guest):
    journey.forget_due(now=FORGOTTEN)

    assert tasks.ask_follow_ups() == 0
    assert not FollowUp.objects.askable().exists()


def test_nobody_is_forgotten_whom_the_police_must_still_be_told_of(client, guest):
    with pytest.raises(journey.StillNeeded) as refused:
        journey.forget_person(person=guest, by=guest.user, now=LEFT)

    assert refused.value.code == "register_owed"


def test_who_was_never_registered_is_forgotten_in_time(guest):
    journey.forget_due(now=FORGOTTEN)

    assert Graduate.objects.get().forgotten_at
    assert list(breaches()) == []


def test_what_the_desk_asked_for_goes_too(guest):
    guardian = {"guardian_name": "示例家长", "guardian_phone": "+8613911112222"}
    Graduate.objects.update(nationality="RUS", address="示例路1号", **guardian)
    Registration.objects.update(refusal="姓名有误：测试甲")

    events.forget(guest)

    gone = ["nationality", "address", *guardian]
    assert Graduate.objects.values_list(*gone).get() == ("", None, None, None)
    assert Registration.objects.get().refusal is None


def test_at_ones_own_wish_it_happens_at_once(client, guest, noon):
    noon.move_to(LEFT + DAY)
    events.send_by_hand(guest.applications.get(), now=LEFT)
    client.force_login(guest.user)
    it_is_me(client)
    page = client.get("/me/data/number/").content.decode()
    assert guest.doc_number in page

    client.post("/me/data/forget/")
    assert Graduate.objects.get().forgotten_at is None  # no tick
    client.post("/me/data/forget/", {"sure": "yes"})

    assert Graduate.objects.get().forgotten_at
    assert client.get("/me/").status_code == 302  # signed out
    assert set(FollowUp.objects.values_list("horizon", "status")) == {
        (30, "answered"),
        (90, "declined"),
    }


def test_consent_can_be_taken_back(client, guest):
    client.force_login(guest.user)

    client.post("/me/data/consent/")

    assert FollowUp.objects.get(horizon=90).status == "declined"
    assert FollowUp.objects.get(horizon=30).status == "answered"


def test_the_file_holds_all_and_who_looked(client, guest, station):
    by = Membership(user=events.reviewer(), district=station.district, role=Role.REVIEWER)
    journey.note_look(guest, what="document number", reason="compare", by=by, now=NOW)
    client.force_login(guest.user)
    it_is_me(client)

    data = json.loads(client.get("/me/data.json").content)

    assert data["person"]["doc_number"] == guest.doc_number
    assert data["applications"][0]["papers"][0]["kind"] == "degree"
    assert data["questions"][0]["outcomes"][0]["employer"] == "示例公司"
    assert [look["what"] for look in data["looks"]] == ["document number"]


def test_an_appeal_and_what_staff_wrote_about_it_go_too(station):
    person = make_person(station.district)
    draft = make_draft(person, station)
    events.submit(draft)
    events.refuse(draft)
    events.appeal(draft)
    events.refuse(draft, by="second")
    asked = events.own(draft)
    asked.overrides.create(
        clause="degree", reason="另有说明", proposed_by=events.reviewer(), proposed_at=NOW
    )

    journey.forget_person(person=person, by=person.user, now=NOW)

    assert [one.reason for one in asked.appeals.all()] == [""]
    assert not asked.overrides.exists()


@pytest.fixture
def warned(guest):
    """An incident of the guest's, against which they appealed: one answered, one not."""
    draft = guest.applications.get()
    first, second = (events.incident(draft, "warning", nonce=number) for number in "12")
    said, _ = events.complain(first), events.complain(second)
    Complaint.objects.filter(pk=said.pk).update(
        answer="upheld", reply="已核实", answered_by=events.reviewer(), answered_at=NOW
    )
    return first


def test_what_was_written_about_the_house_rules_goes_too(guest, warned):
    journey.forget_due(now=FORGOTTEN)

    warned.refresh_from_db()
    assert (warned.what, warned.sanction) == ("", "warning")
    assert [(one.reason, one.reply) for one in Complaint.objects.all()] == [("", None)]


def test_the_file_holds_what_was_written_about_the_house_rules(guest, warned):
    [first, second] = journey.portrait(user=guest.user)["incidents"]

    assert (first["what"], first["appeal"]["reply"]) == ("晚上喧哗", "已核实")
    assert second["appeal"]["answer"] == ""


def test_ones_own_data_ask_as_much_for_two_applications_as_for_one(guest, client, station):
    client.force_login(guest.user)

    def queries():
        with connection.execute_wrapper(lambda execute, *rest: counted.append(1) or execute(*rest)):
            client.get("/me/data/")
        return len(counted)

    counted = []
    queries()
    counted.clear()
    one = queries()
    events.submit(make_draft(guest, station, arrival=TODAY + 5 * DAY, nights=1))
    counted.clear()

    assert queries() == one
