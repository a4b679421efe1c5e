"""The document at the desk says another name or number: it is corrected, and what hangs on it follows."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.applications.draft import answers_of, draft_of, keep_answers
from bookings.core.audit import AuditEntry
from bookings.core.crypto import keyed_hash
from bookings.desk.register.lists import batches
from bookings.desk.register.models import Registration
from bookings.desk.register.send import BatchReplaced
from bookings.invariants import breaches
from bookings.journey import correct
from bookings.messages.models import Message
from bookings.people.looks import LookWords, NoReason
from bookings.people.models import LONG_TERM, Graduate, Role, User
from tests import events
from tests.desk.test_register import LATER, arrive, confirm, downloaded, leave, mark, refuse, state
from tests.events import registration_of
from tests.factories import (
    NOW,
    make_district,
    make_draft,
    make_person,
    make_station,
    resident_number,
)
from tests.people.test_query_counts import queries
from tests.people.world import member

pytestmark = pytest.mark.django_db
RIGHT = "测试乙"


@pytest.fixture
def station():
    return make_station(make_district(), beds=4)


@pytest.fixture
def expected(station):
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    return draft


@pytest.fixture
def here(station):
    return arrive(station)


@pytest.fixture
def abroad(station):
    return arrive(station, doc_type="passport", doc_number="TEST00001", nationality="RUS")


def person_of(draft):
    return Graduate.objects.get(pk=draft.graduate_id)


def refused(kind, draft, **said):
    """It is refused, and nothing has changed."""
    before = Graduate.objects.filter(pk=draft.graduate_id).values().get()
    with pytest.raises(kind) as told:
        events.correct(draft, **said)
    assert Graduate.objects.filter(pk=draft.graduate_id).values().get() == before
    return told.value


# --- the event --------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["expected", "here"])
def test_a_name_is_corrected_before_and_after_the_guest_has_come(request, when):
    draft = request.getfixturevalue(when)

    assert not events.correct(draft, name=f" {RIGHT} ")

    assert person_of(draft).name == RIGHT
    assert list(breaches()) == []


def test_a_number_is_found_by_its_new_hash(here):
    number = resident_number()

    events.correct(here, doc_number=f"{number[:6]} {number[6:].lower()}")

    person = person_of(here)
    assert (person.doc_number, person.doc_hash) == (number, keyed_hash(number, "document"))
    assert person.name == "测试甲"


def test_a_passport_says_neither_sex_nor_birth(abroad):
    events.correct(abroad, doc_number="TEST00002")

    assert person_of(abroad).doc_number == "TEST00002"


@pytest.mark.parametrize(
    "number",
    [
        resident_number(sex="men"),
        resident_number(born=NOW.date().replace(year=2001)),
        "110101200205010000",
        "TEST00002",
    ],
)
def test_a_card_of_another_sex_or_birth_is_another_persons(here, number):
    assert refused(correct.AnotherPerson, here, doc_number=number).field == "doc_number"


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_number_that_somebody_else_has_is_not_taken_and_they_read_of_the_look(
    station, here, forgotten
):
    other = make_person(station.district)
    number, told = other.doc_number, (correct.NumberKnown, correct.NumberOfForgotten)[forgotten]
    if forgotten:
        events.forget(other)

    refusal = refused(told, here, doc_number=number)

    assert (type(refusal), refusal.field) == (told, "doc_number")
    look = AuditEntry.objects.get(action="look at person at the desk")
    assert (look.subject, look.by.email) == (f"graduate:{other.pk}", "clerk@example.test")


def test_name_and_number_that_tells_no_birth_are_corrected_together_by_a_manager(abroad):
    both = {"name": RIGHT, "doc_number": "TEST00002"}

    assert refused(correct.BothAtOnce, abroad, **both).field == "doc_number"
    events.correct(abroad, **both, by=member(abroad.district, Role.MANAGER))

    assert (person_of(abroad).name, person_of(abroad).doc_number) == tuple(both.values())


def test_name_and_number_that_tells_the_birth_are_corrected_together_by_a_clerk(here):
    events.correct(here, name=RIGHT, doc_number=resident_number())

    assert person_of(here).name == RIGHT


def test_a_new_document_has_a_new_last_day(here):
    number = {"doc_number": resident_number(), "reason": "renewed"}

    assert refused(correct.LastDayMissing, here, **number, doc_until=None).field == "doc_until"
    events.correct(here, **number)

    assert person_of(here).doc_until == dt.date(2037, 5, 1)


def test_of_whom_no_last_day_is_kept_none_is_asked_for(here):
    Graduate.objects.filter(pk=here.graduate_id).update(doc_until=None)

    events.correct(here, doc_number=resident_number(), reason="renewed", doc_until=None)

    assert person_of(here).doc_until is None


def test_the_same_number_in_another_district_is_nobody_elses(here):
    other = make_person(make_district("370829"))

    events.correct(here, doc_number=other.doc_number)

    assert person_of(here).doc_number == other.doc_number


def test_the_same_twice_is_corrected_once(here):
    events.correct(here, name=RIGHT)

    refused(correct.NothingToCorrect, here, name=RIGHT)

    assert Message.objects.filter(kind="corrected").count() == 1


@pytest.mark.parametrize("same", [{}, {"name": " "}, {"name": "测试甲"}])
def test_where_nothing_differs_that_is_said(here, same):
    number = person_of(here).doc_number

    refused(correct.NothingToCorrect, here, **same)
    refused(correct.NothingToCorrect, here, **same, doc_number=number)


@pytest.mark.parametrize("reason", [{"reason": ""}, {"reason": "so"}, {"reason": "other"}])
def test_nothing_is_corrected_without_a_reason(here, reason):
    refused(NoReason, here, name=RIGHT, **reason)


def test_a_stay_of_which_all_is_told_is_not_corrected(here):
    leave(here)
    events.correct(here, name=RIGHT)  # the police do not know of it yet
    events.send_by_hand(here)

    refused(correct.ToldAlready, here, name="测试丙")


@pytest.mark.parametrize("end", [events.withdraw, None])
def test_nor_one_that_came_to_nothing_or_whose_guest_is_forgotten(station, expected, end):
    if end:
        end(expected)
    else:
        events.scan(station, expected.stay.passes.get().short_code)
        leave(expected)
        events.forget(expected.graduate)

    refused(correct.ToldAlready, expected, name=RIGHT)


# --- the register -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("then", "knew"), [(None, True), (confirm, True), (refuse, False)])
def test_the_police_are_told_again(here, then, knew):
    events.send_by_hand(here)
    if then:
        then(here)

    assert events.correct(here, name=RIGHT) is knew

    row = registration_of(here)
    assert (row.state, row.sent_at, row.confirmed_at, row.reference) == ("to_send", None, None, "")


def test_it_is_in_no_file_any_more(here):
    batch = downloaded(here)

    assert events.correct(here, name=RIGHT)  # the file may have been handed in

    assert not batch.arrivals.exists()
    with pytest.raises(BatchReplaced):
        mark(batch)


def test_a_file_that_nobody_has_downloaded_has_told_nobody(here):
    batch = events.make_batch(here)

    assert not events.correct(here, name=RIGHT)

    assert not batch.arrivals.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a row lock")
def test_nobody_marks_a_guest_as_sent_while_that_is_judged(here):
    with CaptureQueriesContext(connection) as asked:
        events.correct(here, name=RIGHT)

    assert any('FOR NO KEY UPDATE OF "bookings_registration"' in one["sql"] for one in asked)


def test_a_batch_that_became_empty_is_not_listed(station, here):
    mark(downloaded(here))
    listed = [batches(station, now=LATER).count()]

    events.correct(here, name=RIGHT)

    assert [*listed, batches(station, now=LATER).count()] == [1, 0]


def test_a_departure_told_by_file_is_told_with_the_arrival_again(here):
    events.send_by_hand(here)
    leave(here)
    downloaded(here)

    assert events.correct(here, name=RIGHT)

    row = registration_of(here)
    assert (row.state, row.batch, row.departure_batch) == ("to_send", None, None)


def test_what_is_missing_stays_missing(station):
    guest = arrive(station, doc_type="passport", doc_number="TEST00001")

    events.correct(guest, name=RIGHT)

    assert (state(guest), registration_of(guest).missing) == ("incomplete", ["nationality"])


def test_a_stay_of_before_stays_as_it_was_told(station, here):
    leave(here)
    events.send_by_hand(here)
    next_one = make_draft(here.graduate, station, arrival=NOW.date().replace(day=27))
    events.promise(next_one)

    assert not events.correct(next_one, name=RIGHT)

    assert state(here) == "sent"


def test_a_guest_from_before_the_register_is_not_in_it(here):
    Registration.objects.update(state="earlier")

    events.correct(here, name=RIGHT)

    assert state(here) == "earlier"


# --- what else follows ------------------------------------------------------------------------------


PASSPORT = {"doc_type": "passport", "doc_number": "TEST00001", "doc_until": "2036-05-01"}


@pytest.mark.parametrize(
    ("typed", "follows"),
    [
        ({}, {"name": RIGHT, "doc_number": "TEST00002", "doc_until": "2037-05-01"}),
        ({"name": " 测试甲"}, {"name": RIGHT, "doc_number": "TEST00002"}),
        ({"name": "测试丙"}, {"name": "测试丙", "doc_number": "TEST00002"}),
        ({**PASSPORT, "name": ""}, {"name": RIGHT, "doc_number": "TEST00002"}),
        ({**PASSPORT, "doc_type": "taiwan_travel_permit"}, {"doc_number": "TEST00001"}),
        ({"doc_until": "2039-01-01"}, {"doc_until": "2039-01-01"}),
    ],
)
def test_a_next_application_begun_says_the_same_where_it_said_the_same(abroad, typed, follows):
    keep_answers(draft=draft_of(abroad.user, abroad.district), answers={"person": typed})

    by = member(abroad.district, Role.MANAGER)
    events.correct(abroad, name=RIGHT, doc_number="TEST00002", reason="renewed", by=by)

    says = answers_of(draft_of(abroad.user, abroad.district))["person"]
    assert {name: says[name] for name in follows} == follows


def test_the_log_has_fields_and_reason_and_no_values(here):
    number = resident_number()

    events.correct(here, name=RIGHT, doc_number=number, reason="other", words="户口簿上也是")

    entry = AuditEntry.objects.get(action="correct person")
    assert entry.details == {"fields": ["name", "doc_number"], "reason": "other"}
    assert (entry.subject, entry.district) == (f"graduate:{here.graduate_id}", here.district)
    assert LookWords.objects.get(entry=entry).text == "户口簿上也是"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"name": RIGHT}, "姓名"),
        ({"doc_number": "TEST00002"}, "证件号码"),
        ({"name": RIGHT, "doc_number": "TEST00002"}, "姓名和证件号码"),
    ],
)
def test_the_guest_is_messaged_and_reads_it_under_my_data(abroad, said, told):
    events.correct(abroad, **said, reason="renewed", by=member(abroad.district, Role.MANAGER))

    client = Client()
    client.force_login(abroad.user)
    page = client.get("/me/data/", headers={"accept-language": "zh-hans"})
    assert f"更正您的{told}。" in Message.objects.get(kind="corrected").text
    (_at, what, _role, why) = page.context["looks"][0]
    assert (str(what).removeprefix("您的").split("：")[0], str(why)) == (told, "证件已换新")


# --- the page ---------------------------------------------------------------------------------------


def address_of(draft, station="sample"):
    return f"/desk/{station}/stays/{events.stay_of(draft).pk}/correct/"


def test_the_page_shows_what_is_kept_masked_and_is_linked(desk, here):
    address, person = address_of(here), person_of(here)

    page = desk.get(address).content.decode()

    assert person.masked_number in page and person.masked_name in page
    assert person.doc_number not in page and person.name not in page
    registration = f"/desk/sample/register/{registration_of(here).pk}/"
    for where in (address.removesuffix("correct/"), registration):
        assert address in desk.get(where).content.decode()


def test_who_compares_document_and_application_is_led_to_it(desk, expected):
    number = f"/desk/sample/number/{events.stay_of(expected).pk}/"
    code = {"code": expected.reference}

    compared = desk.post(number, {"reason": "compare"}).content.decode()
    scanned = desk.post("/desk/sample/scan/", code).content.decode()

    assert address_of(expected) in compared and address_of(expected) in scanned


def test_the_page_corrects_and_says_that_the_police_are_told_again(desk, here):
    events.send_by_hand(here)

    answer = desk.post(address_of(here), {"name": RIGHT, "reason": "typed"}, follow=True)

    assert person_of(here).name == RIGHT
    assert [one.level_tag for one in answer.context["messages"]] == ["success", "warn"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "name"),
        ({"doc_number": "123"}, "doc_number"),
        ({"doc_number": resident_number(sex="men")}, "doc_number"),
        ({"name": RIGHT, "reason": ""}, "reason"),
        ({"name": RIGHT, "reason": "other"}, "words"),
        ({"name": "测" * 41}, "name"),
        ({"name": RIGHT, "reason": "renewed"}, "doc_until"),
        ({"name": RIGHT, "reason": "renewed", "doc_until": "2020-01-01"}, "doc_until"),
        ({"name": RIGHT, "doc_until": "2037-05-01"}, "doc_until"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_stays_typed(desk, here, typed, field):
    before = person_of(here).name

    form = desk.post(address_of(here), {"reason": "typed", **typed}).context["form"]

    assert list(form.errors) == [field]
    assert all(form[name].value() == value for name, value in typed.items())
    assert person_of(here).name == before


def test_a_clerk_keeps_what_was_typed_where_only_a_manager_may(desk, abroad):
    typed = {"name": RIGHT, "doc_number": "TEST00002", "reason": "typed"}

    form = desk.post(address_of(abroad), typed).context["form"]

    assert list(form.errors) == ["doc_number"]
    assert {name: form[name].value() for name in typed} == typed


def test_a_new_documents_last_day_may_be_none(desk, here):
    typed = {"doc_number": resident_number(), "reason": "renewed", "long_term": "on"}

    desk.post(address_of(here), typed)

    assert person_of(here).doc_until == LONG_TERM


@pytest.mark.parametrize("phone", [True, False])
def test_the_page_says_whether_the_guest_is_messaged(desk, here, phone):
    if not phone:
        User.objects.filter(pk=here.user_id).update(phone=None, phone_hash=None)

    page = desk.get(address_of(here)).content.decode()

    assert ("将发消息告知住客" in page, "请您当面告知" in page) == (phone, not phone)


def test_where_nothing_is_to_be_corrected_the_stays_page_says_so(desk, here):
    leave(here)
    events.send_by_hand(here)

    for answer in (desk.get(address_of(here)), desk.post(address_of(here), {"name": RIGHT})):
        assert answer.url == address_of(here).removesuffix("correct/")
    assert "correct/" not in desk.get(address_of(here).removesuffix("correct/")).content.decode()


def test_another_stations_guest_is_not_there(desk, station):
    there = arrive(make_station(station.district, slug="other"))

    for where in ("sample", "other"):
        assert desk.post(address_of(there, where), {"name": RIGHT}).status_code == 404
    assert person_of(there).name != RIGHT


def test_the_page_asks_as_much_in_a_full_house(clerk, station, here):
    alone = queries(clerk, address_of(here))

    arrive(station)
    make_draft(here.graduate, station)

    assert queries(clerk, address_of(here)) == alone
