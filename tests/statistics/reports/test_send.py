"""A version goes once to each subscriber, by a link that opens for 30 days."""

import datetime as dt

import pytest
import time_machine
from django.core import signing
from django.test import Client

from bookings import tasks
from bookings.messages.models import Message
from bookings.people.models import Membership, Role
from bookings.statistics.reports import send as mailing
from bookings.statistics.reports.models import Report, Subscription
from tests.events import reviewer
from tests.factories import NOW, make_district, make_report
from tests.people.world import member

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def district():
    return make_district()


def subscribed(district, email="city@example.test", audience="outside", language="en"):
    told = {"audience": audience, "language": language}
    return mailing.subscribe(district=district, email=email, by=reviewer(), now=NOW, **told)


def address(link):
    return "/" + link.split("/", 3)[3]


def test_each_subscriber_gets_a_version_once(district):
    subscribed(district)
    subscribed(district, "bureau@example.test")
    report = make_report(district)

    assert [mailing.send(report=report, now=NOW) for _ in range(2)] == [2, 0]
    Message.objects.all().delete()
    assert mailing.send(report=report, now=NOW) == 0


def test_who_was_added_since_waits_for_the_next_one(district):
    report = make_report(district)
    Subscription.objects.filter(pk=subscribed(district).pk).update(added_at=NOW + SECOND)

    assert mailing.send(report=report, now=NOW + 2 * SECOND) == 0


def test_who_is_outside_is_sent_only_what_is_for_outside(district):
    subscribed(district)

    assert mailing.send(report=make_report(district, audience="internal"), now=NOW) == 0


def test_another_districts_subscribers_get_nothing(district):
    subscribed(make_district("370829"))

    assert mailing.send(report=make_report(district), now=NOW) == 0


def test_the_districts_own_report_goes_only_to_who_works_there(district):
    observer = member(district, Role.OBSERVER)
    for email in ("city@example.test", observer.email):
        with pytest.raises(mailing.NotOfTheDistrict) as refused:
            subscribed(district, email, "internal")

    assert refused.value.code == "not_of_the_district"


def test_who_has_left_the_district_opens_its_own_report_no_more(district):
    manager = member(district, Role.MANAGER)
    one = subscribed(district, manager.email, "internal")
    link = address(mailing.link(make_report(district, audience="internal"), one))
    assert Client().get(link).status_code == 200

    Membership.objects.update(is_active=False)

    assert Client().get(link).status_code == 410


def test_an_address_is_subscribed_once(district):
    subscribed(district)

    with pytest.raises(mailing.SubscribedAlready) as refused:
        subscribed(district, "City@example.test")

    assert refused.value.code == "subscribed_already"


def test_the_link_opens_the_files_without_signing_in(district):
    report = make_report(district)
    link = address(mailing.link(report, subscribed(district)))

    page = Client().get(link)
    file = Client().get(f"{link}{report.files.get().pk}/")

    assert page.status_code == 200
    assert file.content.startswith(b"%PDF") and "no-store" in file["Cache-Control"]


@pytest.mark.parametrize(
    ("chosen", "language"), [({}, "en"), ({"django_language": "zh-hans"}, "zh-hans")]
)
def test_the_link_speaks_the_language_of_the_mail_unless_another_is_chosen(
    district, chosen, language
):
    one, client = subscribed(district), Client()
    client.cookies.load(chosen)

    for link in (mailing.link(make_report(district), one), mailing.stop_link(one)):
        page = client.get(address(link))
        assert page["Content-Language"] == language
        assert f'<html lang="{language}"' in page.content.decode().lower()


def test_the_link_of_one_report_opens_no_other_ones_file(district):
    other = make_report(district, version=2)
    link = address(mailing.link(make_report(district), subscribed(district)))

    assert Client().get(f"{link}{other.files.get().pk}/").status_code == 404


def test_after_thirty_days_the_link_says_what_to_do(district):
    link = address(mailing.link(make_report(district), subscribed(district)))

    with time_machine.travel(NOW + dt.timedelta(days=31)):
        page = Client().get(link)

    assert page.status_code == 410
    assert page.context["sentence"] == mailing.OldReportLink.sentence


@pytest.mark.parametrize("salt", ["report link", "end of a subscription"])
def test_a_forged_link_opens_nothing(district, salt):
    forged = signing.dumps([make_report(district).pk, subscribed(district).pk], salt="other")

    for at in (f"/reports/{forged}/", "/reports/forged/", f"/reports/stop/{forged}/"):
        assert Client().get(at).status_code == 410


def test_a_link_for_outside_cannot_open_the_districts_own_report(district):
    link = mailing.link(make_report(district, audience="internal"), subscribed(district))

    assert Client().get(address(link)).status_code == 410


def test_a_look_ends_nothing_and_a_press_does(district):
    one = subscribed(district)
    stop = address(mailing.stop_link(one))

    Client().get(stop)
    one.refresh_from_db()
    assert one.ended_at is None
    Client().post(stop)
    one.refresh_from_db()

    assert (one.ended_at is None, one.email, one.email_hash) == (False, None, None)
    assert mailing.send(report=make_report(district), now=NOW) == 0


def test_who_has_ended_it_may_subscribe_anew_and_end_it_twice(district):
    one = subscribed(district)

    told = [mailing.unsubscribe(subscription=one, by=None, now=NOW) for _ in range(2)]

    assert told == [True, False]
    assert subscribed(district).pk != one.pk


def test_what_is_in_the_mail(district):
    one = subscribed(district)
    mailing.send(report=make_report(district), now=NOW)

    [letter] = Message.objects.all()

    assert letter.to == "city@example.test"
    assert "/reports/" in letter.text and mailing.stop_link(one) in letter.text
    assert "2025" in letter.text.splitlines()[0]


def test_a_scheduled_version_that_a_dead_worker_did_not_send_is_sent(district):
    subscribed(district)
    make_report(district)

    tasks.go_on_with_reports()
    tasks.go_on_with_reports()

    assert Message.objects.count() == 1


def test_a_version_asked_for_by_hand_is_sent_by_hand(district):
    subscribed(district)
    make_report(district, requested_by=reviewer())

    tasks.go_on_with_reports()

    assert Message.objects.count() == 0
    assert Report.objects.get().mailings.count() == 0
