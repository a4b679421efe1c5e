"""Partners: their code, whom it brings, their poster."""

import pytest
from django.test import Client

from bookings.applications.channel import note_channel, remember
from bookings.applications.models import Application
from bookings.core.audit import AuditEntry
from bookings.people.models import Role
from bookings.places.channels import NameTaken, channel_of, close_channel, open_channel
from tests.events import reviewer
from tests.factories import NOW, make_channel, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def draft(district):
    return make_draft(make_person(district), make_station(district))


def opened(district, name="示例大学"):
    return open_channel(district=district, name=name, kind="university", by=reviewer(), now=NOW)


def test_opening_gives_a_code_and_leaves_a_trace(district):
    channel = opened(district)

    assert len(channel.code) == 8 and channel_of(channel.code) == channel
    assert AuditEntry.objects.get(action="open channel").subject == f"channel:{channel.pk}"


def test_a_name_is_given_once_in_a_district(district):
    opened(district)

    with pytest.raises(NameTaken):
        opened(district)
    assert opened(make_district("370829"))


def test_closing_twice_is_closing_once(district):
    channel = opened(district)

    assert close_channel(channel=channel, by=reviewer(), now=NOW)
    assert not close_channel(channel=channel, by=reviewer(), now=NOW)
    assert channel_of(channel.code) is None


def test_a_code_is_known_as_people_type_it(district):
    channel = make_channel(district, code="1EST0001")

    assert channel_of("lest-oo01") == channel
    assert channel_of("nonsense!") is None


def test_a_visit_keeps_the_code_in_the_session_and_nothing_else(client, district):
    make_channel(district)

    answer = client.get("/from/TEST0001/")

    assert answer.url == "/check/370811/"
    assert dict(client.session) == {"channel": "TEST0001"}


def test_an_unknown_code_is_a_plain_welcome(client):
    assert client.get("/from/TEST0099/").url == "/"
    assert dict(client.session) == {}


def test_the_next_application_of_the_visitor_knows_the_channel(district):
    channel, person = make_channel(district), make_person(district)
    client = Client()
    client.get("/from/TEST0001/")
    client.force_login(person.user)  # the session goes on

    client.get("/apply/")

    assert Application.objects.get(user=person.user).channel == channel


def test_only_the_next_one_knows_it(draft):
    make_channel(draft.district)
    session = {}
    remember(session, "TEST0001")

    note_channel(draft=draft, session=session)

    assert session == {} and draft.channel


def test_the_first_partner_stays_the_one(draft):
    first = make_channel(draft.district)
    make_channel(draft.district, code="TEST0002", name="样例大学")

    for code in ("TEST0001", "TEST0002"):
        note_channel(draft=draft, session={"channel": code})

    assert Application.objects.get(pk=draft.pk).channel == first


def test_another_districts_code_is_not_taken(draft):
    make_channel(make_district("370829"))

    note_channel(draft=draft, session={"channel": "TEST0001"})

    assert Application.objects.get(pk=draft.pk).channel is None


def test_what_was_sent_keeps_its_channel(draft):
    make_channel(draft.district)
    Application.objects.filter(pk=draft.pk).update(
        status="withdrawn", submitted_at=NOW, commitment_version="1"
    )

    note_channel(draft=draft, session={"channel": "TEST0001"})

    assert Application.objects.get(pk=draft.pk).channel is None


@pytest.fixture
def manager(district):
    client = Client()
    client.force_login(member(district, Role.MANAGER))
    return client


def test_a_manager_opens_a_channel_and_prints_its_poster(manager, district):
    manager.post("/channels/", {"name": "示例大学", "kind": "university"})

    channel = district.channels.get()
    assert manager.get(f"/channels/{channel.pk}/poster.pdf").content.startswith(b"%PDF")
    assert manager.get(f"/channels/{channel.pk}/code.png").content.startswith(b"\x89PNG")


def test_a_name_taken_is_told_beside_the_field(manager, district):
    make_channel(district)

    page = manager.post("/channels/", {"name": "示例大学", "kind": "university"})

    assert page.context["form"].errors["name"] == [str(NameTaken.sentence)]
