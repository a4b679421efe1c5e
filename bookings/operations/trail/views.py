"""The audit log's page and its Excel file. Who reads it leaves an entry too: once a search."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bookings.core import audit as log
from bookings.core.clock import local_date, now
from bookings.core.sheets import MEDIA_TYPE
from bookings.operations.trail.forms import SearchForm
from bookings.operations.trail.rows import shown
from bookings.operations.trail.search import Found, Key, Wanted, find, staff_of
from bookings.operations.trail.sheet import MOST, build
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only


def _shown(request: StaffRequest, found: Found) -> list[Any]:
    staff = set(staff_of(request.membership.district))
    return [shown(entry, staff) for entry in found.entries]


def _note(request: StaffRequest, action: str, wanted: Wanted) -> None:
    district = request.membership.district
    log.record(
        action, district, by=request.user, now=now(), district_id=district.pk, **wanted.told()
    )


@require_GET
@never_cache
@staff_only("audit")
def audit(request: StaffRequest) -> HttpResponse:
    """A page of what was looked for; nothing is looked for before one has asked."""
    district = request.membership.district
    asked = request.GET.copy()
    before = Key.read(asked.pop("before", [""])[-1])
    form = SearchForm(asked or None, district=district)
    context: dict[str, Any] = {"form": form, "query": asked.urlencode()}
    if form.is_valid():
        found = find(district, form.wanted(), before=before)
        context |= {"rows": _shown(request, found), "after": found.after, "before": before}
        if before is None:  # the pages after the first belong to the same search
            _note(request, "look at audit log", form.wanted())
    status = 400 if form.errors else 200
    return render(request, "bookings/operations/audit.html", context, status=status)


@require_GET
@never_cache
@staff_only("audit")
def audit_xlsx(request: StaffRequest) -> HttpResponse:
    """What was looked for, as a file: the newest MOST entries."""
    district = request.membership.district
    form = SearchForm(request.GET, district=district)
    if not form.is_valid():
        context = {"form": form, "query": ""}
        return render(request, "bookings/operations/audit.html", context, status=400)
    found = find(district, form.wanted(), rows=MOST)
    file = build(_shown(request, found), cut=found.after is not None)
    _note(request, "export audit log", form.wanted())
    response = HttpResponse(file, content_type=MEDIA_TYPE)
    name = f"audit-{local_date(now()):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
