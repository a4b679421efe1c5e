"""Who had a document before is found by it: a new number gives no nights and ends no suspension."""

import datetime as dt
import time
from functools import partial
from threading import Event

import pytest
from django.db import transaction

from bookings import journey
from bookings.applications.draft import facts_of_person, known_of
from bookings.invariants import breaches
from bookings.journey.correct import NumberKnown
from bookings.people.former import FormerDocument
from bookings.people.graduate import DocumentTaken, look_for_another, save_person
from bookings.people.models import Graduate, Suspension, User
from tests import events
from tests.desk.test_register import arrive, leave
from tests.desk.test_walk_in import of, walks_in
from tests.factories import (
    NOW,
    TODAY,
    make_district,
    make_person,
    make_station,
    resident_number,
)
from tests.racing import errors, race

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LATER = NOW + 3 * DAY
FORGOTTEN = NOW + 400 * DAY


@pytest.fixture
def station():
    return make_station(make_district(), beds=4)


@pytest.fixture
def here(station):
    return arrive(station)


@pytest.fixture
def gone(here):
    """Somebody who has stayed, of whom the police know all."""
    leave(here)
    events.send_by_hand(here, now=LATER)
    return Graduate.objects.get(pk=here.graduate_id)


def corrects(person, number, *, now=LATER):
    """Under My data, by the guest."""
    facts = {**facts_of_person(known_of(person)), "doc_number": number}
    journey.keep_person(user=person.user, district=person.district, facts=facts, now=now)
    person.refresh_from_db()


def signs_up(district, number, *, phone="+8613800000001", now=LATER):
    """Somebody with another mobile number says that this is their document."""
    facts = {**of(make_person(make_district("370829"))), "doc_number": number}
    user = User.objects.sign_up(phone)
    return save_person(user=user, district=district, facts=facts, now=now)


def test_a_number_changed_after_a_stay_lets_nobody_sign_up_by_the_former(gone):
    former = gone.doc_number

    corrects(gone, resident_number())

    stranger = User.objects.sign_up("+8613800000002")
    with pytest.raises(DocumentTaken):
        look_for_another(user=stranger, district=gone.district, doc_number=former)
    with pytest.raises(DocumentTaken):
        signs_up(gone.district, former)
    look_for_another(user=gone.user, district=gone.district, doc_number=former)
    assert list(breaches()) == []


@pytest.mark.parametrize(("reason", "kept"), [("renewed", 1), ("other", 1), ("typed", 0)])
def test_at_the_desk_a_slip_never_was_theirs(here, reason, kept):
    former = here.graduate.doc_number

    events.correct(here, doc_number=resident_number(), reason=reason, words="已换证")

    assert here.graduate.former_documents.count() == kept
    if kept:
        with pytest.raises(DocumentTaken):
            signs_up(here.district, former)
    else:
        assert signs_up(here.district, former) != here.graduate


@pytest.mark.parametrize("suspended", [True, False])
def test_of_whom_nothing_hangs_on_it_no_former_number_is_kept(station, suspended):
    person = make_person(station.district)
    if suspended:
        by = events.reviewer()
        Suspension.objects.create(graduate=person, until=TODAY, reason="喧哗", by=by)

    corrects(person, resident_number())

    assert person.former_documents.exists() is suspended


def test_a_number_that_comes_back_is_former_no_more(gone):
    first, second = gone.doc_number, resident_number()

    for number in (second, first):
        corrects(gone, number)

    with pytest.raises(DocumentTaken):
        signs_up(gone.district, second)
    assert gone.former_documents.count() == 1


def test_the_same_former_number_in_another_district_is_nobodys(gone):
    former = gone.doc_number
    corrects(gone, resident_number())

    assert signs_up(make_district("370830"), former) != gone


def test_at_the_desk_nobody_gets_what_was_anothers(station, gone):
    former = gone.doc_number
    corrects(gone, resident_number())
    other = arrive(station)

    with pytest.raises(NumberKnown):
        events.correct(other, doc_number=former)

    assert Graduate.objects.get(pk=other.graduate_id).doc_number == other.graduate.doc_number


def test_who_walks_in_with_it_is_the_same_person_and_the_card_in_force_stays(station, gone):
    old_card = {**of(gone), "doc_until": TODAY + 9 * DAY}
    corrects(gone, resident_number())

    application = walks_in(station, old_card, now=LATER)

    assert application.graduate == gone
    after = Graduate.objects.get(pk=gone.pk)
    assert (after.doc_number, after.doc_until) == (gone.doc_number, gone.doc_until)
    assert after.nights_taken == gone.nights_taken + 3


def test_who_was_forgotten_comes_back_by_it_with_the_nights_of_before(gone):
    former = gone.doc_number
    corrects(gone, resident_number())
    events.forget(gone, now=LATER)

    again = signs_up(gone.district, former)

    assert (again.pk, again.nights_taken, again.forgotten_at) == (gone.pk, gone.nights_taken, None)
    assert list(breaches()) == []


def test_it_is_forgotten_once_they_could_not_come_again(gone):
    corrects(gone, resident_number())

    journey.forget_due(now=FORGOTTEN)
    assert FormerDocument.objects.exists()
    journey.forget_due(now=NOW + 3 * 365 * DAY)

    assert not FormerDocument.objects.exists()


def test_ones_own_data_say_that_a_former_document_is_known(gone):
    told = [journey.portrait(user=gone.user)["person"]["former_document"]]

    corrects(gone, resident_number())

    assert [*told, journey.portrait(user=gone.user)["person"]["former_document"]] == [False, True]


@pytest.mark.django_db(transaction=True)
def test_who_signs_up_by_it_at_that_moment_waits_and_is_told(here):
    events.reviewer("clerk")
    written = Event()

    def renew():
        with transaction.atomic():
            events.correct(here, doc_number=resident_number(), reason="renewed")
            written.set()
            time.sleep(0.1)  # the other one waits for this to be kept

    def sign_up(number):
        written.wait(10)
        return signs_up(here.district, number)

    results = race(renew, partial(sign_up, here.graduate.doc_number))

    assert errors(results) == [DocumentTaken]
    assert Graduate.objects.filter(district=here.district).count() == 1
