"""Telling the police: a batch is made, its file downloaded, marked as sent, and answered.

Who is in a batch is fixed when it is made: the file and the mark speak of the same guests. A guest who
is put into a newer batch before the former was marked belongs to the newer one alone. Each act looks
its guests up under a lock, so that of two desks one is first and the other is told.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.desk.register.facts import Guest
from bookings.desk.register.keep import guest_of
from bookings.desk.register.models import BY_HAND, RegisterBatch, Registration, RegistrationQuerySet
from bookings.people.models import User
from bookings.places.models import Station

State = Registration.State


class NobodyChosen(Refusal):
    code = "nobody_chosen"
    sentence = _("Nobody is chosen of whom this can be done. Tick the guests first.")


class NotDownloaded(Refusal):
    code = "not_downloaded"
    sentence = _("Download the file first and hand it to the police system; then mark it as sent.")


class BatchReplaced(Refusal):
    code = "batch_replaced"
    sentence = _(
        "These guests were put into a newer file since, or corrected since. Send the newest file, and "
        "mark it; who is in none is to be sent."
    )


class AnsweredAlready(Refusal):
    code = "answered_already"
    sentence = _("The police have answered for some of these guests: it cannot be undone any more.")


def _chosen(station: Station, pks: Collection[int]) -> RegistrationQuerySet:
    """The chosen registrations of a station, to oneself until the transaction ends."""
    here = Registration.objects.of(station).filter(pk__in=pks).order_by("pk")
    locked = here.select_for_update(of=("self",), no_key=True)
    return Registration.objects.filter(pk__in=[row.pk for row in locked])


@transaction.atomic
def make_batch(
    *, station: Station, chosen: Collection[int], format: str, by: User, now: dt.datetime
) -> RegisterBatch:
    """Put guests to be registered, and guests whose departure is to be reported, into one batch.

    Errors: NobodyChosen (none of them is due for either).
    """
    batch = RegisterBatch.objects.create(station=station, format=format, made_at=now, made_by=by)
    rows = _chosen(station, chosen)
    arrivals = rows.filter(state=State.TO_SEND)
    departures = rows.filter(
        Q(state=State.TO_SEND) | Q(state__in=Registration.TOLD),
        departure_sent_at=None,
        stay__in=Stay.objects.filter(status=Stay.Status.LEFT, station=station),
    )
    if not departures.update(departure_batch=batch) + arrivals.update(batch=batch):
        raise NobodyChosen
    _note("make register batch", batch, by=by, now=now)
    return batch


def export(
    *, station: Station, chosen: Collection[int], by: User, now: dt.datetime
) -> RegisterBatch:
    """A batch for a file in the district's format. Errors: NobodyChosen."""
    told = station.district.register_format
    return make_batch(station=station, chosen=chosen, format=told, by=by, now=now)


@transaction.atomic
def send_by_hand(*, station: Station, chosen: Collection[int], by: User, now: dt.datetime) -> int:
    """They were typed in at the police terminal. How many guests. Errors: NobodyChosen."""
    batch = make_batch(station=station, chosen=chosen, format=BY_HAND, by=by, now=now)
    return mark_sent(batch=batch, by=by, now=now)


def members(batch: RegisterBatch) -> RegistrationQuerySet:
    """Who is in a batch now, in the order of arrival."""
    rows = Registration.objects.filter(Q(batch=batch) | Q(departure_batch=batch))
    return rows.order_by("stay__arrived_at", "pk")


@transaction.atomic
def download(*, batch: RegisterBatch, by: User, now: dt.datetime) -> list[Guest]:
    """The guests of a batch, for its file; the look at each one's document is written down.

    Errors: BatchReplaced (nobody is left in it).
    """
    district = batch.station.district_id
    rows = list(members(batch).select_related("stay__graduate"))
    if not rows:
        raise BatchReplaced
    for row in rows:
        person, number = row.stay.graduate, {"batch": batch.pk}
        audit.record(
            "look at guest register", person, by=by, now=now, district_id=district, **number
        )
    RegisterBatch.objects.filter(pk=batch.pk).update(downloaded_at=now)
    return [_as_in(batch, row) for row in rows]


def _as_in(batch: RegisterBatch, row: Registration) -> Guest:
    """The guest with the departure only where this batch reports it."""
    stay = row.stay
    if row.departure_batch_id != batch.pk:
        stay.left_at = None
    return guest_of(stay, room=row.room)


@transaction.atomic
def mark_sent(*, batch: RegisterBatch, by: User, now: dt.datetime) -> int:
    """The police have been told. How many guests; 0 where it was marked before.

    Errors: NotDownloaded, BatchReplaced.
    """
    batch = _locked(batch)
    if batch.sent_at:
        return 0
    if not (batch.downloaded_at or batch.is_by_hand):
        raise NotDownloaded
    count = members(batch).count()
    arrivals = batch.arrivals.filter(state=State.TO_SEND)
    sent = arrivals.update(state=State.SENT, sent_at=now, sent_by=by)
    left = batch.departures.filter(state__in=Registration.TOLD, departure_sent_at=None)
    if not sent + left.update(departure_sent_at=now, departure_sent_by=by):
        raise BatchReplaced
    RegisterBatch.objects.filter(pk=batch.pk).update(sent_at=now, sent_by=by)
    _note("mark register sent", batch, by=by, now=now, guests=count)
    return count


@transaction.atomic
def undo_sent(*, batch: RegisterBatch, by: User, now: dt.datetime) -> int:
    """It was not sent after all: its file is to be downloaded again. How many guests; 0 where that was
    undone before.

    Errors: AnsweredAlready.
    """
    batch = _locked(batch)
    if not batch.sent_at:
        return 0
    count = members(batch).count()
    not_told = dict.fromkeys(["departure_sent_at", "departure_sent_by"])
    batch.departures.update(**not_told)
    batch.arrivals.filter(state=State.SENT).update(
        state=State.TO_SEND, sent_at=None, sent_by=None, **not_told
    )
    if batch.arrivals.exclude(state=State.TO_SEND).exists():
        raise AnsweredAlready
    RegisterBatch.objects.filter(pk=batch.pk).update(sent_at=None, sent_by=None, downloaded_at=None)
    _note("undo register sent", batch, by=by, now=now, guests=count)
    return count


@transaction.atomic
def confirm(
    *, station: Station, chosen: Collection[int], reference: str, by: User, now: dt.datetime
) -> int:
    """The police have taken them, under a reference where there is one. How many guests.

    Errors: NobodyChosen, StateChanged (none of them is as it was shown).
    """
    told = {"confirmed_at": now, "confirmed_by": by, "reference": reference}
    return _answer(station, chosen, State.CONFIRMED, told, by=by, now=now)


@transaction.atomic
def refuse(
    *, station: Station, chosen: Collection[int], reason: str, by: User, now: dt.datetime
) -> int:
    """The police did not take them, for a reason. How many guests. Errors: as for `confirm`."""
    return _answer(station, chosen, State.REFUSED, {"refusal": reason}, by=by, now=now)


def _answer(
    station: Station,
    chosen: Collection[int],
    state: str,
    told: dict[str, Any],
    *,
    by: User,
    now: dt.datetime,
) -> int:
    if not chosen:
        raise NobodyChosen
    rows = list(_chosen(station, chosen).filter(state=State.SENT))
    if not rows:
        raise StateChanged
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, **told)
    for row in rows:
        audit.record(f"registration {state}", row, by=by, now=now, district_id=station.district_id)
    return len(rows)


def _locked(batch: RegisterBatch) -> RegisterBatch:
    """The batch and its guests as they are now, to oneself until the transaction ends."""
    rows = RegisterBatch.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("station").get(pk=batch.pk)
    list(members(locked).order_by("pk").select_for_update(of=("self",), no_key=True))
    return locked


def _note(
    action: str, batch: RegisterBatch, *, by: User, now: dt.datetime, **details: object
) -> None:
    district = batch.station.district_id
    audit.record(action, batch, by=by, now=now, district_id=district, **details)
