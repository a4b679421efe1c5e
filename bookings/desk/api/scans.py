"""Scans and looks, one by one, or a batch of a desk that was without the network."""

import hashlib
import json
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from ninja import Router

from bookings import journey
from bookings.core.clock import now
from bookings.core.sentences import in_a_row
from bookings.desk.api.schemas import (
    KeptIn,
    LookIn,
    LookOut,
    ScanIn,
    ScanOut,
    SyncIn,
    SyncOut,
    Trouble,
)
from bookings.desk.api.scope import ApiRequest, station_of
from bookings.desk.card import card
from bookings.desk.conflicts.models import Conflict
from bookings.desk.labels import sender
from bookings.desk.models import Action, Reason, Scan
from bookings.desk.scan import Sent
from bookings.desk.services.shown import given_at
from bookings.desk.wording import sentence, title, tone
from bookings.people.models import User
from bookings.places.models import Station

router = Router()
NOT_OK = dict.fromkeys((400, 401, 403, 404, 422, 429), Trouble)


@router.post("/scans", response={200: ScanOut, **NOT_OK})
def post_scan(request: ApiRequest, payload: ScanIn) -> dict[str, Any]:
    """Take one scan. The same nonce again gets the same answer."""
    station = station_of(request, payload.station)
    taken = journey.scan(sent=_scan(request, station, payload), now=now())
    return _answer(request, station, taken, service=payload.service)


@router.post("/looks", response={200: LookOut, **NOT_OK})
def post_look(request: ApiRequest, payload: LookIn) -> dict[str, Any]:
    """Say what a code is and what is due, and change nothing but the record of having looked."""
    station = station_of(request, payload.station)
    sent = _sent(request, station, payload, action=Action.CHECK)
    taken = journey.scan(sent=sent, now=now())
    answer = _answer(request, station, taken)
    seen = answer["stay"] and isinstance(request.auth, User) and taken.stay
    return {**answer, "name": seen.graduate.name if seen else None}


@router.post("/sync", response={200: SyncOut, **NOT_OK})
def post_sync(request: ApiRequest, payload: SyncIn) -> dict[str, Any]:
    """Take what a desk kept while the network was away, in the order in which it happened. Each scan
    is answered for itself, in the order sent; the whole batch again gets the same answers."""
    station, moment = station_of(request, payload.station), now()
    batch = [_offline(request, station, one) for one in payload.scans]
    answers: dict[int, dict[str, Any]] = {}
    for place in sorted(range(len(batch)), key=lambda place: batch[place].at):
        sent = batch[place]
        taken = journey.scan(sent=sent, now=moment)
        answers[place] = {
            "nonce": sent.nonce,
            **_answer(request, station, taken, service=sent.service),
        }
    return {"answers": [answers[place] for place in range(len(batch))]}


def _scan(request: ApiRequest, station: Station, payload: ScanIn, **more: Any) -> Sent:
    offline = more.pop("offline", payload.offline)
    return _sent(
        request,
        station,
        payload,
        action=payload.action,
        service=payload.service,
        offline=offline,
        told=payload.told or ("ok" if offline else ""),
        told_bed=payload.bed,
    )


def _sent(request: ApiRequest, station: Station, payload: LookIn, **more: Any) -> Sent:
    by = request.auth
    return Sent(
        station=station,
        device=sender(by),
        nonce=payload.nonce,
        code=payload.code,
        at=payload.at,
        by=by if isinstance(by, User) else None,
        **more,
    )


def _offline(request: ApiRequest, station: Station, one: Any) -> Sent:
    """One scan of a batch. One of another station, or that cannot be read, is kept as such: refused,
    never dropped, and a conflict unless the guest was refused there and then."""
    if isinstance(one, KeptIn) and one.station in ("", station.slug):
        return _scan(request, station, one, offline=True)
    plain = one.model_dump(mode="json") if isinstance(one, KeptIn) else one
    raw = json.dumps(plain, sort_keys=True)
    said = plain if isinstance(plain, dict) else {}
    digest = hashlib.sha256(raw.encode()).hexdigest()
    nonce = said.get("nonce")
    readable = isinstance(nonce, str) and 0 < len(nonce) <= 64 and nonce.isprintable()
    return Sent(
        station=station,
        device=sender(request.auth),
        nonce=str(nonce) if readable else digest,
        code=digest,
        action=said["action"] if said.get("action") in Action.values else Action.CHECK,
        at=now(),
        offline=True,
        by=request.auth if isinstance(request.auth, User) else None,
        told="refused" if said.get("told") == "refused" else "ok",
        unreadable=True,
    )


def _answer(
    request: ApiRequest, station: Station, taken: Scan, *, service: str = ""
) -> dict[str, Any]:
    stay = card(taken, station=station, by=request.auth)
    told = sentence(taken, hours=given_at(scan=taken, code=service))
    return {
        "result": taken.result,
        "reason": taken.reason,
        "title": title(taken),
        "tone": tone(taken),
        "message": in_a_row([told, _since(taken, stay)]),
        "conflict": _conflict(taken),
        "stay": stay,
    }


def _since(taken: Scan, stay: dict[str, Any] | None) -> str:
    """When and at which desk a guest arrived who is said to have arrived already."""
    if stay is None or taken.reason != Reason.ALREADY_ARRIVED or not stay["arrived_at"]:
        return ""
    at = date_format(timezone.localtime(stay["arrived_at"]), "DATETIME_FORMAT")
    told = {"at": at, "desk": stay["arrived_at_desk"]}
    return _("Arrived %(at)s, at: %(desk)s.") % told


def _conflict(taken: Scan) -> int | None:
    if not taken.offline:
        return None
    found = Conflict.objects.filter(scan=taken).values_list("pk", flat=True)
    return found.first()
