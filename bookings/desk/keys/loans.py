"""Give a key, take it back, and which a guest has."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.desk.keys.models import KeyLoan
from bookings.people.models import User


class KeyIsOut(Refusal):
    code = "key_is_out"
    sentence = _("Another guest has this key. Give another one, or take that one back first.")


class NotInHouse(Refusal):
    code = "not_in_house"
    sentence = _("Keys are given to guests who are in the house: check the guest in first.")


def keys_out(stay: Stay) -> QuerySet[KeyLoan]:
    """The keys that a guest has, the first given first."""
    return stay.key_loans.filter(returned_at=None).order_by("given_at", "pk")


@transaction.atomic
def give_key(*, stay: Stay, label: str, by: User, now: dt.datetime) -> KeyLoan:
    """Give a guest a key. The one that this guest has already is not given twice.

    Errors: NotInHouse, KeyIsOut.
    """
    rows = Stay.objects.select_for_update(of=("self",), no_key=True)
    stay = rows.select_related("station").get(pk=stay.pk)
    if stay.status != Stay.Status.ARRIVED:
        raise NotInHouse
    label = label.strip().upper()
    has = stay.key_loans.filter(label=label, returned_at=None).first()
    return has or _give(stay, label, by=by, now=now)


def _give(stay: Stay, label: str, *, by: User, now: dt.datetime) -> KeyLoan:
    try:
        with transaction.atomic():
            loan = KeyLoan.objects.create(
                stay=stay, station=stay.station, label=label, given_by=by, given_at=now
            )
    except IntegrityError as error:
        raise KeyIsOut from error
    audit.record("give key", loan, by=by, now=now, district_id=stay.station.district_id)
    return loan


@transaction.atomic
def take_key_back(*, stay: Stay, loan: int, by: User, now: dt.datetime) -> bool:
    """The guest gives a key back, before or after leaving. False: it was back before.

    Errors: StateChanged (no such key of this stay).
    """
    of_stay = KeyLoan.objects.filter(stay=stay, pk=loan)
    if not of_stay.exists():
        raise StateChanged
    if not of_stay.filter(returned_at=None).update(returned_at=now, returned_by=by):
        return False
    key = of_stay.get()
    audit.record("take key back", key, by=by, now=now, district_id=stay.station.district_id)
    return True
