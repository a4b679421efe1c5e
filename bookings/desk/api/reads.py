"""What a desk reads: the snapshot to work offline with, whether something changed, a search."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from ninja import Query, Router

from bookings.core.clock import local_date, now
from bookings.desk.api.schemas import Found, Pulse, Snapshot, Text, Trouble
from bookings.desk.api.scope import ApiRequest, station_of
from bookings.desk.labels import sender
from bookings.desk.offline import snapshot as taken
from bookings.desk.offline.search import AT_LEAST, search
from bookings.desk.offline.version import version_of
from bookings.people.models import User

router = Router()
NOT_OK = dict.fromkeys((401, 403, 404, 422, 429), Trouble)


@router.get("/snapshot", response={200: Snapshot, 304: None, **NOT_OK})
def snapshot(request: ApiRequest, response: HttpResponse, station: Text = "") -> Any:
    """What is needed to go on without the network for a day and a half. With the former answer's ETag
    in If-None-Match: 304 where nothing has changed, and what one has is as good as new."""
    here, moment = station_of(request, station), now()
    version = version_of(here)
    who = sender(request.auth)
    etag = f'"{version}-{local_date(moment):%m%d}-{get_language()}-{who.replace(" ", "")}"'
    unchanged = _unchanged(request, etag)
    if unchanged is not None:
        return unchanged
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return taken.snapshot(here, sender=who, version=version, now=moment)


def _unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    answer = get_conditional_response(request, etag=etag)
    return answer if isinstance(answer, HttpResponse) and answer.status_code == 304 else None


@router.get("/pulse", response={200: Pulse, **NOT_OK})
def pulse(request: ApiRequest, response: HttpResponse, station: Text = "") -> dict[str, str]:
    """Whether something may have changed since: the same text, nothing has."""
    response["Cache-Control"] = "no-store"
    return {"version": version_of(station_of(request, station))}


@router.get("/search", response={200: Found, **NOT_OK})
def find_stays(
    request: ApiRequest,
    q: Text = Query(min_length=AT_LEAST, max_length=20),  # noqa: B008 as ninja wants it
    station: Text = "",
) -> dict[str, Any]:
    """Stays by the last digits of a telephone number, a reference, or the beginning of a code."""
    by = request.auth if isinstance(request.auth, User) else None
    return {"stays": search(station_of(request, station), q, by=by, now=now())}
