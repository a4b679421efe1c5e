"""The register as the desk reads it: who is due, by tabs, and how many."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.desk.register.models import RegisterBatch, Registration, RegistrationQuerySet
from bookings.places.models import Station

State = Registration.State
GONE = "gone"  # the tab of departures to report
TABS: Mapping[str, Any] = {
    State.INCOMPLETE: State.INCOMPLETE.label,
    State.TO_SEND: State.TO_SEND.label,
    State.SENT: State.SENT.label,
    State.REFUSED: State.REFUSED.label,
    GONE: _("Departure to report"),
    State.CONFIRMED: State.CONFIRMED.label,
}
TO_DO = tuple(str(state) for state in (State.TO_SEND, State.INCOMPLETE, State.REFUSED))
MISSING: Mapping[str, Any] = {
    "name": _("Name"),
    "doc_number": _("Document number"),
    "nationality": _("Nationality"),
    "home": _("Home address"),
    "guardian": _("Guardian"),
}
BATCHES = 5
SHOWN_FOR = dt.timedelta(days=2)  # a batch that was sent, so that it can be undone


def due(station: Station, *, now: dt.datetime) -> dict[str, int]:
    """How many are to be registered, and of these, how many are overdue; one query."""
    overdue = Count("pk", filter=Q(due_at__lt=now))
    rows = Registration.objects.of(station).to_do()
    return rows.aggregate(to_do=Count("pk"), overdue=overdue)


def counts(station: Station) -> dict[str, int]:
    """How many stand on each tab; one query."""
    gone = Q(state__in=Registration.TOLD, departure_sent_at=None, stay__status=Stay.Status.LEFT)
    of_state = {str(state): Count("pk", filter=Q(state=state)) for state in TABS if state != GONE}
    return Registration.objects.of(station).aggregate(
        **of_state, **{GONE: Count("pk", filter=gone)}
    )


def rows(station: Station, tab: str) -> RegistrationQuerySet:
    """Those on a tab, the most urgent first; of the confirmed, the newest."""
    here = Registration.objects.of(station).select_related(
        "stay__graduate", "stay__application", "sent_by", "confirmed_by"
    )
    if tab == GONE:
        return here.gone().order_by("stay__left_at", "pk")
    last_first = tab == State.CONFIRMED
    return here.filter(state=tab).order_by("-confirmed_at" if last_first else "due_at", "pk")


def batches(station: Station, *, now: dt.datetime) -> QuerySet[RegisterBatch]:
    """Batches to be marked as sent, and those that can still be undone, the newest first."""
    guests = {
        "to_send": Count("arrivals", filter=Q(arrivals__state=State.TO_SEND), distinct=True),
        "arriving": Count("arrivals", distinct=True),
        "sent": Count("arrivals", filter=Q(arrivals__state=State.SENT), distinct=True),
        "leaving": Count("departures", distinct=True),
    }
    found = station.register_batches.select_related("made_by", "sent_by").annotate(**guests)
    waiting = Q(sent_at=None) & (Q(to_send__gt=0) | Q(leaving__gt=0))
    lately = Q(sent_at__gt=now - SHOWN_FOR, sent=F("arriving"))
    somebody = Q(arriving__gt=0) | Q(leaving__gt=0)
    return found.filter(somebody & (waiting | lately)).order_by("-pk")[:BATCHES]
