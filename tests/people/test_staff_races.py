"""Two managers at one moment: a district keeps a manager."""

import pytest

from bookings.core.transitions import StateChanged
from bookings.people.models import Membership, Role
from bookings.people.staff import members
from bookings.people.staff.invite import BadInvitation, accept, invite
from tests.factories import NOW, make_district
from tests.people.world import member
from tests.racing import errors, race

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_end_each_other_one_stays():
    district = make_district()
    one, other = (member(district, Role.MANAGER) for _ in range(2))

    results = race(
        lambda: members.deactivate_member(member=other.membership, by=one, now=NOW),
        lambda: members.deactivate_member(member=one.membership, by=other, now=NOW),
    )

    assert errors(results) == [StateChanged]
    assert Membership.objects.filter(is_active=True).count() == 1


def test_an_invitation_accepted_twice_at_once_makes_one_member():
    manager = member(make_district(), Role.MANAGER)
    about = {"email": "new@example.test", "name": "新同事", "role": Role.OBSERVER, "stations": []}
    made = invite(district=manager.membership.district, by=manager, now=NOW, **about)

    def press():
        return accept(invitation=made, user=None, password="three plain words", now=NOW)

    assert errors(race(press, press)) == [BadInvitation]
    assert Membership.objects.filter(role=Role.OBSERVER).count() == 1
