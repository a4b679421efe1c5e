"""The manager's page of messages that did not go, and one's own page of how to be told."""

import datetime as dt
import re

import pytest
from django.test import Client

from bookings.core.audit import AuditEntry
from bookings.messages import contact
from bookings.messages.models import Contact, Message
from bookings.messages.send import queue
from bookings.people.models import Role
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station
from tests.people.world import it_is_me, member

pytestmark = pytest.mark.django_db
ADDRESS = "guest@example.test"
PAGE, MINE = "/staff/messages/", "/me/messages/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def guest(district):
    return make_person(district).user


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def stuck(user, district, key="key", status="failed", **more):
    message = queue(
        kind="refused",
        key=key,
        params={"link": "http://127.0.0.1:8000/secret/"},
        user=user,
        district_id=district.pk,
        now=NOW - HOUR,
        **more,
    )
    Message.objects.filter(pk=message.pk).update(status=status, reason="address")
    return message


@pytest.fixture
def manager(district):
    return browser(member(district, Role.MANAGER))


def rows(client):
    return [row.pk for row in client.get(PAGE).context["rows"]]


def test_a_manager_sees_what_failed_or_is_late_of_their_district_only(manager, guest, district):
    failed, late = stuck(guest, district), stuck(guest, district, "late", "queued")
    stuck(guest, district, "gone", "given_up")
    stuck(guest, make_district("370829"), "elsewhere")

    assert rows(manager) == [failed.pk, late.pk]


def test_neither_number_nor_text_is_shown(manager, guest, district):
    stuck(guest, district)

    page = manager.get(PAGE).content.decode()

    assert f"139****{guest.phone[-4:]}" in page
    assert guest.phone.removeprefix("+86") not in page and "secret" not in page


def test_of_an_address_the_first_letter_and_the_host_are_shown(manager, district):
    mail = {"kind": "new_password", "params": {"link": "x"}, "to": "somebody@example.test"}
    queue(key="mail", district_id=district.pk, now=NOW - HOUR, **mail)

    (row,) = manager.get(PAGE).context["rows"]

    assert row.to == "s****@example.test"


def act(client, message, what):
    return client.post(f"{PAGE}{message.pk}/", {"act": what})


@pytest.mark.parametrize(("what", "state"), [("resend", "queued"), ("give_up", "given_up")])
def test_a_message_is_tried_again_or_given_up_once(manager, guest, district, what, state):
    message = stuck(guest, district)

    act(manager, message, what)
    act(manager, message, what)

    assert Message.objects.get(pk=message.pk).status == state
    assert AuditEntry.objects.filter(subject=f"message:{message.pk}").count() == 1


def test_an_unknown_act_does_nothing(manager, guest, district):
    message = stuck(guest, district)

    assert act(manager, message, "burn").status_code == 302
    assert Message.objects.get(pk=message.pk).status == "failed"


def test_a_message_of_no_use_any_more_can_only_be_given_up(manager, guest, district):
    message = stuck(guest, district, until=NOW)

    assert [row.may_resend for row in manager.get(PAGE).context["rows"]] == [False]
    act(manager, message, "resend")
    assert Message.objects.get(pk=message.pk).status == "failed"


def test_costs_are_those_of_the_district(manager, guest, district):
    for place, key in ((district, "here"), (make_district("370829"), "there")):
        message = stuck(guest, place, key)
        sent = {"status": "sent", "sent_at": NOW, "carrier": "alibaba", "parts": 2, "cost": 9}
        Message.objects.filter(pk=message.pk).update(**sent)

    (cost,) = manager.get(PAGE).context["costs"]

    assert (cost.messages, cost.parts, str(cost.yuan)) == (1, 2, "0.09")


# --- one's own ------------------------------------------------------------------------------------


@pytest.fixture
def own(guest):
    client = browser(guest)
    it_is_me(client)
    return client


def give_email(client, address=ADDRESS):
    return client.post(MINE, {"act": "email", "email": address})


def link():
    text = Message.objects.filter(kind="confirm_email").latest("pk").text
    return re.search(r"/me/messages/\S+", text).group()


def way_of(user):
    return Contact.objects.get(user=user).channel


def test_somebody_who_signed_in_a_while_ago_is_asked_who_they_are(guest):
    assert "/me/is-it-you/" in give_email(browser(guest)).url
    assert not Contact.objects.exists()


def test_an_address_is_used_once_it_is_confirmed(own, guest):
    give_email(own)
    assert way_of(guest) == "sms"

    own.post(link())

    assert way_of(guest) == "mail"
    assert contact.reach(guest, "refused") == ("mail", ADDRESS)


def test_to_open_the_link_confirms_nothing_by_itself(own, guest):
    give_email(own)

    assert own.get(link()).status_code == 200

    assert way_of(guest) == "sms"


def test_the_link_goes_by_mail_to_the_new_address(own):
    give_email(own)

    message = Message.objects.get()
    assert (message.channel, message.to) == ("mail", ADDRESS)


def test_a_link_opens_for_its_owner_only(own, district):
    give_email(own)

    other = browser(make_person(district).user)

    assert other.post(link()).status_code == 410
    assert not Contact.objects.exclude(email_confirmed_at=None).exists()


def test_a_link_of_a_former_address_opens_nothing(own):
    give_email(own)
    former = link()
    give_email(own, "other@example.test")

    assert own.post(former).status_code == 410


def test_a_link_is_good_for_three_days(own, noon):
    give_email(own)

    noon.shift(dt.timedelta(days=3, seconds=1))

    assert own.post(link()).status_code == 410


def test_so_many_links_a_day_and_no_more(own):
    for number in range(contact.A_DAY):
        give_email(own, f"guest{number}@example.test")

    refused = give_email(own, "another@example.test")

    assert refused.context["email"].errors
    assert Message.objects.count() == contact.A_DAY


def test_the_confirmed_address_sent_again_stays_confirmed(own, guest):
    give_email(own)
    own.post(link())

    give_email(own)

    assert way_of(guest) == "mail"
    assert Message.objects.count() == 1


def test_an_address_is_removed_and_one_is_told_by_sms_again(own, guest):
    give_email(own)
    own.post(link())

    give_email(own, "")

    kept = Contact.objects.get(user=guest)
    assert (kept.channel, kept.email, kept.email_confirmed_at) == ("sms", None, None)


def test_a_way_that_is_not_there_cannot_be_chosen(own, guest):
    refused = own.post(MINE, {"act": "way", "channel": "mail"})

    assert refused.context["way"].errors
    with pytest.raises(contact.NotThere):
        contact.choose_way(user=guest, channel="mail", now=NOW)


def test_one_goes_back_to_sms(own, guest):
    give_email(own)
    own.post(link())

    own.post(MINE, {"act": "way", "channel": "sms"})

    assert way_of(guest) == "sms"


def test_wechat_is_offered_where_it_is_bound_and_set_up(own, guest, settings):
    Contact.objects.create(user=guest, openid="openid-1")
    assert contact.ways(guest.contact) == ["sms"]

    settings.WECHAT_CARRIER = "wechat"
    own.post(MINE, {"act": "way", "channel": "wechat"})

    assert way_of(guest) == "wechat"


def test_a_message_about_a_stay_goes_the_chosen_way(own, guest, district):
    give_email(own)
    own.post(link())
    draft = make_draft(guest.graduate, make_station(district))

    events.promise(draft)

    message = Message.objects.latest("pk")
    assert (message.kind, message.channel, message.district) == ("approved", "mail", district)


def test_what_is_kept_of_it_is_in_ones_data_and_is_forgotten(own, guest):
    give_email(own)
    assert own.get("/me/data.json").json()["told_by"]["email"] == ADDRESS

    events.forget(guest.graduate)

    assert not Contact.objects.exists()
