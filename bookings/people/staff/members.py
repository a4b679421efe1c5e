"""Change what a member may do, end it, give it back, take away a lost second factor.

Managers act on others of their district only, one at a time. So nobody makes themselves more, and a
district that has a manager keeps one: whoever ends another is a manager still, and cannot end
themselves.
"""

import datetime as dt
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.people.models import Membership, Role, User
from bookings.people.sessions import end_sessions
from bookings.places.models import District, Station


class OwnMembership(Refusal):
    code = "own_membership"
    sentence = _("You cannot change your own role or end it. Another manager can.")


class StationsNeeded(Refusal):
    code = "stations_needed"
    sentence = _("Choose the stations where this clerk works.")
    field = "stations"


@transaction.atomic
def change_member(
    *, member: Membership, role: str, stations: Iterable[Station], by: User, now: dt.datetime
) -> None:
    """Errors: OwnMembership, StationsNeeded, StateChanged."""
    chosen = list(stations) if role == Role.CLERK else []
    if role == Role.CLERK and not chosen:
        raise StationsNeeded
    member = locked(member, by=by)
    before = member.role
    Membership.objects.filter(pk=member.pk).update(role=role)
    member.stations.set(chosen)
    if role != Role.OBSERVER:
        member.observes.clear()
    named = sorted(station.slug for station in chosen)
    _log("change member", member, by=by, now=now, before=before, role=role, stations=named)


@transaction.atomic
def deactivate_member(*, member: Membership, by: User, now: dt.datetime) -> None:
    """No staff page from this moment, and all sessions ended. Errors: OwnMembership, StateChanged."""
    member = locked(member, by=by)
    if not Membership.objects.filter(pk=member.pk, is_active=True).update(is_active=False):
        raise StateChanged
    ended = end_sessions(user=member.user)
    _log("deactivate member", member, by=by, now=now, sessions=ended)


@transaction.atomic
def reactivate_member(*, member: Membership, by: User, now: dt.datetime) -> None:
    """Errors: OwnMembership, StateChanged."""
    member = locked(member, by=by)
    if not Membership.objects.filter(pk=member.pk, is_active=False).update(is_active=True):
        raise StateChanged
    _log("reactivate member", member, by=by, now=now)


@transaction.atomic
def stop_observing(*, member: Membership, by: User, now: dt.datetime) -> None:
    """An observer of another district sees the totals of this manager's no more. Errors:
    StateChanged."""
    district = District.objects.filter(
        members__user=by, members__role=Role.MANAGER, members__is_active=True
    ).first()
    if district is None or not member.observes.filter(pk=district.pk).exists():
        raise StateChanged
    member.observes.remove(district)
    audit.record("stop observing", member, by=by, now=now, district_id=district.pk)


@transaction.atomic
def reset_second_factor(*, member: Membership, by: User, now: dt.datetime) -> None:
    """For a lost telephone: app, passkeys and recovery codes are gone, all sessions ended; the next
    sign-in sets one up anew. Errors: OwnMembership, StateChanged."""
    member = locked(member, by=by)
    removed, _rows = Authenticator.objects.filter(user=member.user).delete()
    ended = end_sessions(user=member.user)
    _log("reset second factor", member, by=by, now=now, removed=removed, sessions=ended)


def locked(member: Membership, *, by: User) -> Membership:
    """The member as it is now, with the district's staff held still until the end: of two managers
    who end each other at once, the second is none any more."""
    if member.user_id == by.pk:
        raise OwnMembership
    District.objects.select_for_update().get(pk=member.district_id)
    managers = Membership.objects.filter(role=Role.MANAGER, is_active=True)
    if not managers.filter(district=member.district_id, user=by).exists():
        raise StateChanged
    return Membership.objects.select_related("user").get(pk=member.pk)


def _log(action: str, member: Membership, *, by: User, now: dt.datetime, **details: object) -> None:
    audit.record(action, member, by=by, now=now, district_id=member.district_id, **details)
