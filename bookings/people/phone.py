"""An account's mobile number: set, changed by its owner, or moved by a manager when it is lost."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from bookings.core import audit
from bookings.core.crypto import keyed_hash
from bookings.core.errors import Refusal
from bookings.messages.send import queue
from bookings.people.documents import compact
from bookings.people.graduate import district_id_of
from bookings.people.models import Graduate, User
from bookings.people.sessions import end_sessions
from bookings.people.wechat.bind import unbind_wechat
from bookings.places.models import District


class NumberTaken(Refusal):
    code = "number_taken"
    sentence = gettext_lazy("Another person has applied with this number. Ask for the right one.")
    field = "phone"


class NoSuchPerson(Refusal):
    code = "no_such_person"
    sentence = gettext_lazy(
        "Nobody with an account has this name and document number here. Compare both with the "
        "document."
    )
    field = "doc_number"


@transaction.atomic
def change_phone(*, user: User, phone: str, verified: bool, by: User, now: dt.datetime) -> None:
    """Set the number (E.164); a former one is told by SMS. Errors: NumberTaken."""
    former = user.phone if user.phone != phone else None
    user.phone, user.phone_hash = phone, keyed_hash(phone, "phone")
    user.phone_verified = verified
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "phone_hash", "phone_verified"])
    except IntegrityError as error:
        raise NumberTaken from error
    if former:
        audit.record("change phone", user, by=by, now=now, district_id=None)
        _tell(user, "left", former, now=now)


@transaction.atomic
def move_account(
    *,
    district: District,
    doc_number: str,
    name: str,
    phone: str,
    by: User,
    now: dt.datetime,
) -> None:
    """The account of a person of this district gets another number, the old one being lost. Both
    are told, all sessions end, WeChat is unbound, and the new one proves itself at the next sign-in.

    The caller has the document before them: its number and name must be those that we keep.
    Errors: NoSuchPerson, NumberTaken.
    """
    person = _person(district, doc_number, name)
    assert person.user
    if person.user.phone == phone:
        return
    _let_go(phone)
    change_phone(user=person.user, phone=phone, verified=False, by=by, now=now)
    end_sessions(user=person.user)
    unbind_wechat(user=person.user, by=by, now=now)  # it was on the lost phone
    audit.record("move account", person, by=by, now=now, district_id=district.pk)
    _tell(person.user, "moved", phone, now=now)


def _person(district: District, doc_number: str, name: str) -> Graduate:
    people = Graduate.objects.filter(district=district, forgotten_at=None, user__isnull=False)
    digest = keyed_hash(compact(doc_number), "document")
    person = people.select_related("user").filter(doc_hash=digest).first()
    if person is None or person.name != name.strip():
        raise NoSuchPerson
    return person


def _let_go(phone: str) -> None:
    """Who lost a phone has often tried the new number first: that empty account gives it up."""
    other = User.objects.by_phone(phone)
    if other is None:
        return
    if other.email or hasattr(other, "graduate") or other.applications.exists():
        raise NumberTaken
    end_sessions(user=other)
    gone = {"phone": None, "phone_hash": None, "phone_verified": False, "is_active": False}
    User.objects.filter(pk=other.pk).update(**gone)


def _tell(user: User, what: str, phone: str, *, now: dt.datetime) -> None:
    """The number that was left, or the one that the account has moved to."""
    with translation.override(user.language):
        queue(
            kind=f"number_{what}",
            key=f"number-{what}:{user.pk}:{now:%Y%m%d%H%M%S%f}",
            params={},
            user=user,
            to=phone,
            district_id=district_id_of(user),
            now=now,
        )
