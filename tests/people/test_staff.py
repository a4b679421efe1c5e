"""A manager's staff: invited, changed, ended; nobody makes themselves more."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from bookings.core.audit import AuditEntry
from bookings.core.transitions import StateChanged
from bookings.messages.models import Message
from bookings.people.models import Membership, Role, User
from bookings.people.roles import districts_of
from bookings.people.staff.invite import (
    BadInvitation,
    InvitedAlready,
    MemberAlready,
    WorksElsewhere,
    accept,
    forget_invitations,
    invite,
    link,
    open_invitation,
    send_again,
    withdraw_invitation,
)
from bookings.people.staff.members import (
    OwnMembership,
    StationsNeeded,
    change_member,
    deactivate_member,
    reactivate_member,
    reset_second_factor,
)
from bookings.people.staff.models import Invitation
from bookings.people.staff.password import (
    BadPasswordLink,
    open_password_link,
    send_password_link,
)
from tests.factories import NOW, make_district, make_person, make_station
from tests.people.houses import client
from tests.people.world import member

pytestmark = pytest.mark.django_db
PASSWORD = "three plain words"
DAY = dt.timedelta(days=1)


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def manager(district):
    return member(district, Role.MANAGER)


@pytest.fixture
def clerk(district):
    return member(district, Role.CLERK, make_station(district)).membership


def invited(by, *, role=Role.OBSERVER, email="new@example.test", stations=(), now=NOW):
    about = {"email": email, "name": "新同事", "role": role, "stations": stations}
    return invite(district=by.membership.district, by=by, now=now, **about)


def token_of(invitation):
    return link(invitation).rstrip("/").rsplit("/", 1)[1]


# --- invite ---------------------------------------------------------------------------------------


def test_a_manager_invites_by_mail_and_the_link_makes_the_account(manager, district):
    station = make_station(district)
    sent = {"email": "New@Example.test", "name": "新同事", "role": "clerk", "stations": station.pk}

    client(manager).post("/staff/people/", sent)

    mail = Message.objects.get(to__isnull=False)
    assert mail.to == "new@example.test"
    address = re.search(r"/invitations/\S+", mail.text).group()
    Client().post(address, {"password": PASSWORD})
    made = User.objects.get(email="new@example.test")
    assert made.check_password(PASSWORD)
    assert (made.membership.role, list(made.membership.stations.all())) == ("clerk", [station])


def test_the_link_is_good_once(manager):
    invitation = invited(manager)
    address = f"/invitations/{token_of(invitation)}/"
    Client().post(address, {"password": PASSWORD})

    assert Client().get(address).status_code == 410
    with pytest.raises(BadInvitation):
        accept(invitation=invitation, user=None, password=PASSWORD, now=NOW)
    assert User.objects.filter(email="new@example.test").count() == 1


def test_the_link_is_good_for_seven_days(manager):
    invitation = invited(manager)

    assert open_invitation(token_of(invitation), now=NOW + 7 * DAY - DAY / 24) == invitation
    with pytest.raises(BadInvitation):
        open_invitation(token_of(invitation), now=NOW + 7 * DAY)


def test_sent_again_it_is_good_for_seven_days_more(manager):
    invitation = invited(manager)

    send_again(invitation=invitation, by=manager, now=NOW + 6 * DAY)

    assert open_invitation(token_of(invitation), now=NOW + 12 * DAY) == invitation
    assert Message.objects.count() == 2


def test_withdrawn_it_opens_nothing(manager):
    invitation = invited(manager)

    withdraw_invitation(invitation=invitation, by=manager, now=NOW)

    with pytest.raises(BadInvitation):
        open_invitation(token_of(invitation), now=NOW)
    with pytest.raises(StateChanged):
        send_again(invitation=invitation, by=manager, now=NOW)


@pytest.mark.parametrize("token", ["forged", "", "a:b:c"])
def test_a_forged_link_opens_nothing(token):
    with pytest.raises(BadInvitation):
        open_invitation(token, now=NOW)


def test_a_weak_password_is_told_beside_its_box(manager):
    page = Client().post(f"/invitations/{token_of(invited(manager))}/", {"password": "12345678"})

    assert "password" in page.context["form"].errors
    assert Membership.objects.count() == 1


def test_who_is_a_member_or_invited_already_is_not_invited(manager, clerk):
    with pytest.raises(MemberAlready):
        invited(manager, email=clerk.user.email.upper())
    invited(manager)
    with pytest.raises(InvitedAlready):
        invited(manager, email="NEW@example.test")


def test_nobody_learns_by_inviting_whether_an_address_has_an_account_elsewhere(manager):
    elsewhere = member(make_district("370829"), Role.CLERK)
    people = client(manager)

    answers = [
        people.post("/staff/people/", {"email": email, "name": "某", "role": "observer"})
        for email in (elsewhere.email, "unknown@example.test")
    ]

    assert [(one.status_code, one.url) for one in answers] == [(302, "/staff/people/")] * 2


def test_who_has_an_account_signs_in_to_it_first(manager):
    User.objects.create_user("new@example.test", PASSWORD)
    address = f"/invitations/{token_of(invited(manager))}/"

    Client().post(address, {"password": "another good password"})
    assert not Membership.objects.filter(user__email="new@example.test").exists()

    client(User.objects.get(email="new@example.test")).post(address)
    assert Membership.objects.get(user__email="new@example.test").role == Role.OBSERVER


def test_nobody_works_with_two_districts(manager):
    elsewhere = member(make_district("370829"), Role.CLERK)
    invitation = invited(manager, email=elsewhere.email)

    with pytest.raises(WorksElsewhere):
        accept(invitation=invitation, user=elsewhere, password="", now=NOW)

    invitation.refresh_from_db()
    assert invitation.status == "open"


@pytest.fixture
def observer(manager):
    """Who observes another district, and since an invitation this one too."""
    above = member(make_district("370829"), Role.OBSERVER)
    accept(invitation=invited(manager, email=above.email), user=above, password="", now=NOW)
    return above.membership


def test_an_observer_is_invited_by_several_districts(district, observer, manager):
    assert [*districts_of(observer)] == [district, observer.district]
    with pytest.raises(MemberAlready):
        invited(manager, email=observer.user.email)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MANAGER])
def test_an_observer_elsewhere_is_nothing_but_that_here(manager, role):
    above = member(make_district("370829"), Role.OBSERVER)

    with pytest.raises(WorksElsewhere):
        accept(
            invitation=invited(manager, email=above.email, role=role),
            user=above,
            password="",
            now=NOW,
        )


def test_an_observer_from_elsewhere_is_shown_and_sent_away(district, manager, observer):
    page = client(manager).get(f"/staff/people/{observer.pk}/").content.decode()
    assert re.findall(r'name="act" value="(\w+)"', page) == ["stop"]

    client(manager).post(f"/staff/people/{observer.pk}/", {"act": "stop"})

    assert [*districts_of(observer)] == [observer.district]
    assert observer.is_active
    assert AuditEntry.objects.get(action="stop observing").district_id == district.pk


@pytest.mark.parametrize("act", ["change", "deactivate", "reset", "password"])
def test_an_observer_from_elsewhere_is_looked_after_there(manager, observer, act):
    answer = client(manager).post(
        f"/staff/people/{observer.pk}/", {"act": act, "role": Role.REVIEWER}
    )

    assert answer.status_code == 200
    observer.refresh_from_db()
    assert (observer.is_active, observer.role) == (True, Role.OBSERVER)
    assert not Message.objects.filter(kind="new_password").exists()


def test_another_role_sees_one_district(observer):
    there = member(observer.district, Role.MANAGER)

    change_member(member=observer, role=Role.REVIEWER, stations=[], by=there, now=NOW)
    change_member(member=observer, role=Role.OBSERVER, stations=[], by=there, now=NOW)

    assert [*districts_of(observer)] == [observer.district]


def test_an_old_invitation_is_forgotten(manager):
    invited(manager, now=NOW - 31 * DAY)
    invited(manager, email="recent@example.test")

    assert forget_invitations(now=NOW) == 1

    assert Invitation.objects.get().email == "recent@example.test"


# --- change, end ----------------------------------------------------------------------------------


def test_a_role_is_changed_and_noted(manager, clerk):
    change_member(member=clerk, role=Role.REVIEWER, stations=[], by=manager, now=NOW)

    clerk.refresh_from_db()
    assert (clerk.role, clerk.stations.count()) == (Role.REVIEWER, 0)
    noted = AuditEntry.objects.get(action="change member")
    assert (noted.by, noted.details["before"]) == (manager, "clerk")


def test_a_clerk_has_stations(manager, clerk):
    with pytest.raises(StationsNeeded):
        change_member(member=clerk, role=Role.CLERK, stations=[], by=manager, now=NOW)


def test_stations_of_another_district_are_no_choice(manager, clerk):
    far = make_station(make_district("370829"), slug="far")
    sent = {"act": "change", "role": "clerk", "stations": far.pk}

    page = client(manager).post(f"/staff/people/{clerk.pk}/", sent)

    assert "stations" in page.context["form"].errors
    assert not clerk.stations.filter(pk=far.pk).exists()


VERBS = [
    lambda one, by: send_password_link(member=one, by=by, now=NOW),
    lambda one, by: change_member(member=one, role=Role.OBSERVER, stations=[], by=by, now=NOW),
    lambda one, by: deactivate_member(member=one, by=by, now=NOW),
    lambda one, by: reactivate_member(member=one, by=by, now=NOW),
    lambda one, by: reset_second_factor(member=one, by=by, now=NOW),
]


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_changes_their_own(district, manager, verb):
    member(district, Role.MANAGER)

    with pytest.raises(OwnMembership):
        verb(manager.membership, manager)


@pytest.mark.parametrize("verb", VERBS)
def test_who_is_no_manager_any_more_changes_nobody(district, manager, clerk, verb):
    Membership.objects.filter(user=manager).update(is_active=False)

    with pytest.raises(StateChanged):
        verb(clerk, manager)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CLERK, Role.OBSERVER])
def test_the_verbs_want_a_manager(district, clerk, role):
    with pytest.raises(StateChanged):
        deactivate_member(member=clerk, by=member(district, role), now=NOW)


def test_two_managers_who_end_each_other_leave_one(district, manager):
    other = member(district, Role.MANAGER)
    deactivate_member(member=other.membership, by=manager, now=NOW)

    with pytest.raises(StateChanged):
        deactivate_member(member=manager.membership, by=other, now=NOW)

    assert Membership.objects.get(user=manager).is_active


def test_deactivated_one_is_out_at_once(manager, clerk):
    clerk.user.set_password(PASSWORD)
    clerk.user.save()
    desk = Client()
    desk.post("/accounts/login/", {"login": clerk.user.email, "password": PASSWORD})
    assert desk.get("/desk/").status_code == 302

    client(manager).post(f"/staff/people/{clerk.pk}/", {"act": "deactivate"})

    assert desk.get("/me/").url.startswith("/accounts/login/")
    assert AuditEntry.objects.get(action="deactivate member").details["sessions"] == 1


def test_pressed_twice_it_is_ended_once(manager, clerk):
    deactivate_member(member=clerk, by=manager, now=NOW)

    with pytest.raises(StateChanged):
        deactivate_member(member=clerk, by=manager, now=NOW)
    reactivate_member(member=clerk, by=manager, now=NOW)
    clerk.refresh_from_db()
    assert clerk.is_active


def test_a_lost_second_factor_is_removed_and_noted(manager, clerk):
    for kind in ("totp", "recovery_codes", "webauthn"):
        Authenticator.objects.create(user=clerk.user, type=kind, data={})

    client(manager).post(f"/staff/people/{clerk.pk}/", {"act": "reset"})

    assert not Authenticator.objects.filter(user=clerk.user).exists()
    assert AuditEntry.objects.get(action="reset second factor").details["removed"] == 3


@pytest.mark.parametrize("act", ["change", "deactivate", "reactivate", "reset"])
def test_a_manager_elsewhere_reaches_nobody_here(clerk, act):
    far = member(make_district("370829"), Role.MANAGER)

    answer = client(far).post(f"/staff/people/{clerk.pk}/", {"act": act, "role": "observer"})

    assert answer.status_code == 404
    clerk.refresh_from_db()
    assert (clerk.is_active, clerk.role) == (True, Role.CLERK)


def test_a_refusal_is_told_on_the_page(manager):
    page = client(manager).post(f"/staff/people/{manager.membership.pk}/", {"act": "deactivate"})

    assert page.status_code == 200
    assert Membership.objects.get(user=manager).is_active


def test_a_password_signed_in_long_ago_is_asked_again(manager, clerk):
    manager.set_password(PASSWORD)
    manager.save()
    old = Client()
    old.force_login(manager)
    assert old.get(f"/staff/people/{clerk.pk}/").status_code == 200

    asked = old.post(f"/staff/people/{clerk.pk}/", {"act": "deactivate"})
    assert asked.url.startswith("/accounts/reauthenticate/")
    assert Membership.objects.get(pk=clerk.pk).is_active

    old.post(asked.url, {"password": PASSWORD})
    assert not Membership.objects.get(pk=clerk.pk).is_active


def test_what_is_wrong_in_a_form_sent_on_after_the_password_goes_back_to_its_own_page(manager):
    manager.set_password(PASSWORD)
    manager.save()
    old = Client()
    old.force_login(manager)
    asked = old.post("/staff/people/", {"email": "new@example.test", "role": "clerk"})

    page = old.post(asked.url, {"password": PASSWORD})

    assert "stations" in page.context["form"].errors
    assert '<form method="post" action="/staff/people/"' in page.content.decode()


def password_link_of(member_):
    return re.search(r"/new-password/\S+", Message.objects.get(to__isnull=False).text).group()


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_is_good_once(manager, clerk):
    desk = client(clerk.user)
    client(manager).post(f"/staff/people/{clerk.pk}/", {"act": "password"})
    address = password_link_of(clerk)

    answers = [Client().post(address, {"password": PASSWORD}).status_code for _ in range(2)]

    assert answers == [302, 410]
    assert User.objects.get(pk=clerk.user_id).check_password(PASSWORD)
    assert desk.get("/me/").status_code == 302  # another password, another session


def test_the_link_to_a_new_password_is_good_for_three_days(manager, clerk, noon):
    send_password_link(member=clerk, by=manager, now=NOW)
    address = password_link_of(clerk)
    assert Client().get(address).status_code == 200

    noon.shift(3 * DAY + DAY / 24)

    assert Client().get(address).status_code == 410


@pytest.mark.parametrize("token", ["forged", "a:b:c"])
def test_a_forged_password_link_opens_nothing(token):
    with pytest.raises(BadPasswordLink):
        open_password_link(token)


def test_a_guest_is_not_among_the_staff(manager, district):
    make_person(district)

    page = client(manager).get("/staff/people/")

    assert [one.user for one in page.context["members"]] == [manager]
