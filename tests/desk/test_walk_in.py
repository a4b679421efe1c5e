"""Somebody stands at the desk without an application."""

import datetime as dt

import pytest
from django.test import Client

from bookings import journey
from bookings.applications.models import Application
from bookings.applications.seen import PaperSeen
from bookings.beds.allocate import NoBed
from bookings.beds.models import Stay
from bookings.core.audit import AuditEntry
from bookings.desk.models import Scan
from bookings.desk.walkin.guest import AtTheDesk
from bookings.desk.walkin.models import WalkIn
from bookings.invariants import breaches
from bookings.messages.models import Message
from bookings.people.models import Graduate, Role, User
from tests import events
from tests.factories import (
    NOW,
    TODAY,
    make_district,
    make_draft,
    make_person,
    make_station,
    resident_number,
)
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PHONE = "+8613911112222"


@pytest.fixture
def station():
    return make_station(make_district(), beds=2)


def facts(number=None, **changes):
    known = {
        "name": "测试乙",
        "doc_type": "resident_id",
        "doc_number": number or resident_number(),
        "doc_until": dt.date(2036, 5, 1),
        "sex": "women",
        "birth_date": dt.date(2002, 5, 1),
        "hukou_code": "110101",
        "degree": "bachelor",
        "university": "示例大学",
        "graduation_date": dt.date(2025, 7, 1),
        "degree_proof": "diploma",
        "chsi_code": None,
        "chsi_until": None,
        "certificate_number": None,
        "has_home": False,
    }
    return {**known, **changes}


def of(person):
    """What a clerk types of somebody who is known."""
    names = facts()
    return {name: getattr(person, name) for name in names}


def at_the_desk(person=None, **more):
    wish = {"purpose": "job_seeking", "nights": 3, "seen": frozenset({"degree"}), "nonce": "n-1"}
    return AtTheDesk(person=person or facts(), **{**wish, **more})


def walks_in(station, person=None, *, now=NOW, **more):
    guest, clerk = at_the_desk(person, **more), events.reviewer("clerk")
    return journey.walk_in(station=station, guest=guest, by=clerk, now=now)


def kept():
    """Everything that a walk-in writes about a person."""
    return [model.objects.count() for model in (Application, Graduate, Stay, PaperSeen, Message)]


# --- the act --------------------------------------------------------------------------------------


def test_whose_papers_are_in_order_has_arrived_in_one_act(station):
    application = walks_in(station)

    stay = Stay.objects.get()
    assert (stay.status, stay.arrival, stay.nights) == ("arrived", TODAY, 3)
    assert Scan.objects.get().stay == stay
    assert application.decisions.get().by == events.reviewer("clerk")
    assert list(breaches()) == []


def test_what_is_kept_of_the_press_does_not_lead_to_the_document(station):
    walks_in(station)

    assert Graduate.objects.get().doc_hash[:16] not in WalkIn.objects.get().nonce


def test_who_saw_which_paper_is_kept(station):
    walks_in(station, seen=frozenset({"degree", "contract"}))

    seen = PaperSeen.objects.order_by("kind").values_list("kind", "by__email", "at")
    clerk = "clerk@example.test"
    assert list(seen) == [("contract", clerk, NOW), ("degree", clerk, NOW)]


def test_what_the_clerk_has_not_seen_goes_to_a_reviewer_with_the_bed_held(station):
    application = walks_in(station, seen=frozenset())

    stay = application.stay
    assert (application.status, stay.status) == ("in_review", "requested")
    assert stay.bed_nights.count() == 3
    assert not Scan.objects.exists()


def test_a_bed_is_held_for_the_reviewer_however_late_it_is(station):
    late = NOW + dt.timedelta(hours=11)  # 23:00, past the cut-off

    stay = walks_in(station, seen=frozenset(), now=late).stay

    assert stay.hold_until == stay.cutoff_at == late + dt.timedelta(hours=1)


def test_the_reviewers_approval_makes_the_pass(station):
    application = walks_in(station, seen=frozenset())

    shown = events.approve(application)

    assert events.scan(station, shown.short_code).result == "ok"


def test_the_paper_seen_counts_when_nights_are_added(station):
    application = walks_in(station, nights=1)

    events.extend(application, 1, by=events.reviewer("clerk"))

    assert events.stay_of(application).nights == 2


def test_who_does_not_fit_is_told_every_clause_and_nothing_is_kept(station):
    with pytest.raises(journey.NotEligible) as refused:
        walks_in(station, facts(hukou_code="370811", has_home=True))

    fails = [f["clause"] for f in refused.value.findings if f["outcome"] == "fail"]
    assert fails == ["non_local", "no_home"]
    assert kept() == [0, 0, 0, 0, 0]


def test_a_refusal_of_somebody_known_leaves_a_trace_with_them(station):
    person = make_person(station.district, hukou="370811")

    with pytest.raises(journey.NotEligible):
        walks_in(station, of(person))

    assert AuditEntry.objects.filter(subject=f"graduate:{person.pk}", action__startswith="look")


def test_the_same_press_twice_is_one_registration(station):
    person = facts()

    first, second = (walks_in(station, person) for _ in range(2))

    assert (first, Stay.objects.count(), Scan.objects.count()) == (second, 1, 1)


def test_the_page_used_again_for_the_next_guest_is_another_registration(station):
    first, second = walks_in(station), walks_in(station)

    assert first != second


def test_a_full_house_keeps_nothing(station):
    walks_in(station)
    walks_in(station)
    before = kept()

    with pytest.raises(NoBed):
        walks_in(station)

    assert kept() == before


def test_what_is_free_instead_is_found_and_nothing_is_kept(station):
    other = make_station(station.district, slug="other")
    clerk = events.reviewer("clerk")

    found = journey.walk_in_alternatives(station=station, guest=at_the_desk(), by=clerk, now=NOW)

    assert (found[0].station, found[0].arrival, found[0].nights) == (other, TODAY, 3)
    assert kept() == [0, 0, 0, 0, 0]


def test_those_who_wait_come_before_who_walks_in(station):
    small = make_station(station.district, slug="small")
    held, waiting = (make_draft(make_person(station.district), small) for _ in range(2))
    events.submit(held)
    events.wait(waiting, take_it=True)
    events.withdraw(held)

    with pytest.raises(NoBed):
        walks_in(small)

    assert events.stay_of(waiting).status == "requested"


# --- whose data -----------------------------------------------------------------------------------


def test_a_known_person_keeps_the_account_and_the_nights_used(station):
    person = make_person(station.district)
    former = make_draft(person, station, nights=5)
    code = events.promise(former).short_code
    events.scan(station, code)
    events.scan(station, code, "leave", nonce="n-2", at=NOW + 5 * DAY)

    with pytest.raises(journey.NotEligible) as refused:
        walks_in(station, of(person), now=NOW + 5 * DAY)

    fails = [f for f in refused.value.findings if f["outcome"] == "fail"]
    assert [(f["clause"], f["values"]["left"]) for f in fails] == [("allowance", 2)]


def test_a_known_persons_own_data_is_judged_not_what_was_typed(station):
    person = make_person(station.district)
    Graduate.objects.filter(pk=person.pk).update(has_home=True)

    with pytest.raises(journey.NotEligible):
        walks_in(station, of(person))

    assert Graduate.objects.get().has_home


def test_a_known_persons_application_is_in_their_own_account(station):
    person = make_person(station.district)

    application = walks_in(station, of(person), phone=PHONE)

    assert application.user == person.user
    assert User.objects.by_phone(PHONE) is None


def test_a_known_document_under_another_name_is_not_gone_on_with(station):
    person = make_person(station.district)

    with pytest.raises(journey.NameDiffers):
        walks_in(station, {**of(person), "name": "测试丙"})

    assert not Stay.objects.exists()


def test_the_card_tells_until_when_it_is_valid(station):
    person = make_person(station.district)
    Graduate.objects.filter(pk=person.pk).update(doc_until=TODAY - DAY)

    walks_in(station, of(person))

    assert Graduate.objects.get().doc_until == person.doc_until


def test_who_was_forgotten_is_the_same_person_with_the_nights_of_before(station):
    person = make_person(station.district)
    former = make_draft(person, station, nights=2)
    known = of(person)
    code = events.promise(former).short_code
    events.scan(station, code)
    events.scan(station, code, "leave", nonce="n-2", at=NOW + 2 * DAY)
    events.forget(person, now=NOW + 3 * DAY)

    application = walks_in(station, known, now=NOW + 4 * DAY)

    assert application.graduate.pk == person.pk
    assert Graduate.objects.get().nights_taken == 5


def test_a_document_of_another_district_is_nobodys_here(station):
    far = make_district("370829")
    person = make_person(far)

    application = walks_in(station, of(person))

    assert application.graduate != person
    assert application.user != person.user
    assert not person.applications.exists()


def test_who_has_no_phone_has_an_account_that_nobody_can_open(station):
    user = walks_in(station).user

    assert (user.phone, user.email, user.has_usable_password()) == (None, None, False)
    assert not Message.objects.exists()


def test_a_new_number_is_the_guests(station):
    user = walks_in(station, phone=PHONE, language="en").user

    assert (User.objects.by_phone(PHONE), user.language) == (user, "en")
    assert Message.objects.get().text.startswith("Youth Station: your stay")


def test_a_number_of_somebody_elses_account_joins_nothing(station):
    other = make_person(station.district).user

    application = walks_in(station, phone=other.phone)

    assert application.user != other
    assert application.user.phone is None
    assert not Message.objects.exists()


def test_two_numbers_typed_for_one_person_change_nothing_of_the_account(station):
    application = walks_in(station, phone=PHONE, nights=1)
    code = application.stay.passes.get().short_code
    events.scan(station, code, "leave", nonce="n-9", at=NOW + DAY)

    other, later = "+8613911113333", NOW + 2 * DAY
    walks_in(station, of(Graduate.objects.get()), phone=other, nonce="n-2", now=later)

    assert User.objects.get(pk=application.user.pk).phone == PHONE


# --- the page -------------------------------------------------------------------------------------

TYPED = {
    "name": "测试乙",
    "doc_type": "resident_id",
    "doc_until": "2036-05-01",
    "hukou_code": "110101",
    "has_home": "no",
    "degree": "bachelor",
    "university": "示例大学",
    "graduation_date": "2025-07-01",
    "purpose": "job_seeking",
    "nights": "3",
    "seen": ["degree"],
    "language": "zh-hans",
    "committed": "on",
    "nonce": "n-1",
}


@pytest.fixture
def desk(station):
    client = Client()
    client.force_login(member(station.district, Role.CLERK, station))
    return client


def send(desk, **changes):
    typed = {"doc_number": resident_number(), **TYPED, **changes}
    return desk.post("/desk/sample/walk-in/", typed)


def test_the_number_tells_sex_and_birth(desk):
    page = send(desk)

    person = Graduate.objects.get()
    assert page.url == f"/desk/sample/walk-in/{Stay.objects.get().pk}/"
    assert (person.sex, person.birth_date) == ("women", dt.date(2002, 5, 1))


def test_a_passport_tells_neither(desk):
    page = send(desk, doc_type="passport", doc_number="E12345678")

    assert {*page.context["form"].errors} == {"sex", "birth_date"}


def test_a_passport_needs_no_hukou(desk):
    typed = {"doc_type": "passport", "doc_number": "E12345678", "hukou_code": ""}

    send(desk, **typed, sex="men", birth_date="2001-01-01")

    assert Stay.objects.get().status == "arrived"


@pytest.mark.parametrize("missing", ["committed", "hukou_code", "doc_until", "name", "degree"])
def test_what_is_missing_is_told_beside_its_field(desk, missing):
    page = send(desk, **{missing: ""})

    assert {*page.context["form"].errors} == {missing}


def test_a_refused_guests_page_keeps_what_was_typed(desk):
    page = send(desk, has_home="yes")

    assert page.context["findings"][0].clause == "no_home"
    assert page.context["form"]["university"].value() == "示例大学"
    assert not Application.objects.exists()


def test_a_full_house_tells_what_is_free_instead(desk, station):
    other = make_station(station.district, slug="other")
    for number in ("n-1", "n-2"):
        send(desk, nonce=number)

    page = send(desk, nonce="n-3")

    assert page.context["instead"][0].station == other


def test_the_result_tells_clause_by_clause(desk):
    send(desk)

    page = desk.get(f"/desk/sample/walk-in/{Stay.objects.get().pk}/")

    assert {finding.outcome for finding in page.context["findings"]} == {"pass"}
    assert [paper.kind for paper in page.context["seen"]] == ["degree"]


def test_the_pass_is_printed_and_that_is_logged(desk):
    send(desk, language="en")
    stay = Stay.objects.get()

    page = desk.get(f"/desk/sample/stays/{stay.pk}/pass.pdf")

    assert page.content.startswith(b"%PDF")
    subject = f"application:{stay.application_id}"
    assert AuditEntry.objects.filter(action="look at pass", subject=subject).count() == 1


def test_a_tick_forgotten_is_asked_for_before_anything_is_kept(desk):
    page = send(desk, seen=[])

    assert [*page.context["form"].errors] == ["seen"]
    assert not Stay.objects.exists()


def test_who_has_no_paper_goes_to_a_reviewer_where_the_clerk_says_so(desk):
    send(desk, seen=[], to_reviewer="on")

    assert Stay.objects.get().application.status == "in_review"


def test_who_waits_for_a_reviewer_has_no_pass_to_print(desk):
    send(desk, seen=[], to_reviewer="on")

    page = desk.get(f"/desk/sample/stays/{Stay.objects.get().pk}/pass.pdf")

    assert page.status_code == 404


def test_a_stay_that_was_no_walk_in_has_no_such_page(desk, station):
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)

    assert desk.get(f"/desk/sample/walk-in/{draft.stay.pk}/").status_code == 404


def test_another_stations_clerk_registers_nobody_here(station):
    other = make_station(station.district, slug="other")
    client = Client()
    client.force_login(member(station.district, Role.CLERK, other))

    assert send(client).status_code == 404
    assert not Application.objects.exists()


def test_a_minors_guardian_is_asked_for_and_kept(desk):
    minor = {"doc_number": resident_number(born=dt.date(2009, 5, 1)), "to_reviewer": "on"}
    guardian = {"guardian_name": "示例家长", "guardian_phone": "13911112222"}

    asked = send(desk, **minor)
    send(desk, **minor, **guardian)

    assert {*asked.context["form"].errors} >= {*guardian}
    kept = Graduate.objects.get()
    assert (kept.guardian_name, kept.guardian_phone) == ("示例家长", "+8613911112222")


def test_that_a_reviewer_decides_of_a_minor_is_told_beside_its_tick(desk):
    minor = {"doc_number": resident_number(born=dt.date(2009, 5, 1))}
    guardian = {"guardian_name": "示例家长", "guardian_phone": "13911112222"}

    page = send(desk, **minor, **guardian)

    assert {*page.context["form"].errors} == {"to_reviewer"}
    assert 'name="to_reviewer"' in page.content.decode()
    assert not Application.objects.exists()


def test_nobodys_guardian_is_kept_of_who_is_of_age(desk):
    send(desk, guardian_name="示例家长", guardian_phone="13911112222")

    kept = Graduate.objects.get()
    assert (kept.guardian_name, kept.guardian_phone) == (None, None)
