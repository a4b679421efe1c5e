"""What was deleted: a manager's list by day, and each day as a paper."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bookings.core.paging import page_of
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only
from bookings.statistics.deletions import paper
from bookings.statistics.deletions.certificate import certificates, days


@require_GET
@staff_only("deletions")
def deletions(request: StaffRequest) -> HttpResponse:
    district = request.membership.district
    page = page_of(days(district), request)
    context = {"page": page, "certificates": certificates(district, list(page.object_list))}
    return render(request, "bookings/statistics/deletions.html", context)


@require_GET
@staff_only("deletions")
def certificate(request: StaffRequest, day: str) -> HttpResponse:
    try:
        wanted = dt.date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    found = certificates(request.membership.district, [wanted])
    if not found:
        raise Http404
    content = paper.render(found[0], fonts=settings.FONT_DIR)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="deletions-{wanted}.pdf"'
    return response
