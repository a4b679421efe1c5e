"""Invite somebody by e-mail; the link makes the account, or joins it to the district.

Whether an address has an account already is told to nobody but to who reads mail there.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from bookings.core import audit
from bookings.core.clock import local_date
from bookings.core.deleting import delete
from bookings.core.errors import Refusal
from bookings.core.transitions import swap
from bookings.messages.send import queue
from bookings.people.models import Membership, Role, User
from bookings.people.staff.models import Invitation
from bookings.places.models import District, Station

SALT = "bookings.invitation"
Status = Invitation.Status


class MemberAlready(Refusal):
    code = "member_already"
    sentence = gettext_lazy("This person works with you already. Open them in the list below.")
    field = "email"


class InvitedAlready(Refusal):
    code = "invited_already"
    sentence = gettext_lazy("This address is invited already. Send the invitation again below.")
    field = "email"


class BadInvitation(Refusal):
    code = "bad_invitation"
    sentence = gettext_lazy(
        "This invitation does not open: it was used, withdrawn, is over seven days old, or the link "
        "was cut off. Ask your manager for another one."
    )


class WorksElsewhere(Refusal):
    code = "works_elsewhere"
    sentence = gettext_lazy(
        "Your account works with another district. Ask the manager there to remove you first."
    )


@transaction.atomic
def invite(
    *,
    district: District,
    email: str,
    name: str,
    role: str,
    stations: Iterable[Station],
    by: User,
    now: dt.datetime,
) -> Invitation:
    """Send a link that is good once, for seven days. Errors: MemberAlready, InvitedAlready."""
    email = email.strip().lower()
    here = Q(district=district) | Q(observes=district)
    if Membership.objects.filter(here, user__email__iexact=email).exists():
        raise MemberAlready
    invitation = Invitation(
        district=district, email=email, name=name, role=role, by=by, sent_at=now
    )
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:
        raise InvitedAlready from error
    invitation.stations.set(stations if role == Role.CLERK else [])
    _log("invite", invitation, by=by, now=now, role=role)
    _mail(invitation, now=now)
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation, by: User, now: dt.datetime) -> None:
    """Another e-mail, and seven days more. Errors: StateChanged."""
    swap(invitation, "status", old={Status.OPEN}, new=Status.OPEN, sent_at=now)
    _log("invite again", invitation, by=by, now=now)
    _mail(invitation, now=now)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, now: dt.datetime) -> None:
    """Its links open nothing any more. Errors: StateChanged."""
    swap(invitation, "status", old={Status.OPEN}, new=Status.WITHDRAWN)
    _log("withdraw invitation", invitation, by=by, now=now)


def link(invitation: Invitation) -> str:
    token = signing.dumps(invitation.pk, salt=SALT)
    return str(settings.SITE_URL) + reverse("invitation", args=[token])


def open_invitation(token: str, *, now: dt.datetime) -> Invitation:
    """Errors: BadInvitation, whatever is wrong with it."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise BadInvitation from error
    open_ones = Invitation.objects.filter(pk=key, status=Status.OPEN).select_related("district")
    invitation = open_ones.first()
    if invitation is None or now >= invitation.until:
        raise BadInvitation
    return invitation


def account_of(invitation: Invitation) -> User | None:
    """The account that the invited address has already, which has to sign in first."""
    return User.objects.filter(email__iexact=invitation.email).first()


@transaction.atomic
def accept(
    *, invitation: Invitation, user: User | None, password: str, now: dt.datetime
) -> Membership:
    """The membership, of a new account with this password, or of the user of that address.

    An observer elsewhere sees the totals of this district too. Errors: BadInvitation (of two presses
    one wins), WorksElsewhere.
    """
    if user is None:
        user = _new_account(invitation, password)
    used = Invitation.objects.filter(pk=invitation.pk, status=Status.OPEN)
    if used.update(status=Status.ACCEPTED, user=user) != 1:
        raise BadInvitation
    known = Membership.objects.select_for_update().filter(user=user).first()
    member = _observes_too(known, invitation) if known else _new_member(user, invitation)
    _log("accept invitation", invitation, by=user, now=now, role=invitation.role)
    return member


@transaction.atomic
def forget_invitations(*, now: dt.datetime) -> int:
    """Remove those last sent long ago, used or not: who works here is a member. How many."""
    old = now - dt.timedelta(days=settings.KEEP_DRAFTS_DAYS)
    if count := delete(Invitation.objects.filter(sent_at__lt=old)):
        told = {"count": count, "before": local_date(old).isoformat(), "rule": "KEEP_DRAFTS_DAYS"}
        audit.record("delete", "invitations", by=None, now=now, district_id=None, **told)
    return count


def _new_member(user: User, invitation: Invitation) -> Membership:
    member = Membership.objects.create(
        user=user, district_id=invitation.district_id, role=invitation.role
    )
    member.stations.set(invitation.stations.all())
    return member


def _observes_too(member: Membership, invitation: Invitation) -> Membership:
    """Only an observer has to do with several districts: somebody above them, who sees totals."""
    if not (member.is_active and member.role == invitation.role == Role.OBSERVER):
        raise WorksElsewhere
    member.observes.add(invitation.district_id)
    return member


def _new_account(invitation: Invitation, password: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(invitation.email, password, name=invitation.name)
    except IntegrityError as error:  # pressed twice
        raise BadInvitation from error


def _mail(invitation: Invitation, *, now: dt.datetime) -> None:
    told = {
        "district": invitation.district.name,
        "name": invitation.name,
        "by": str(invitation.by),
        "role": invitation.get_role_display(),
        "link": link(invitation),
    }
    key = f"invitation:{invitation.pk}:{now:%Y%m%d%H%M%S}"
    queue(
        kind="invitation",
        key=key,
        params=told,
        to=invitation.email,
        district_id=invitation.district_id,
        now=now,
    )


def _log(
    action: str, invitation: Invitation, *, by: User, now: dt.datetime, **details: object
) -> None:
    district = invitation.district_id
    audit.record(action, invitation, by=by, now=now, district_id=district, **details)
