"""The statistics page and its Excel file."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bookings.core.clock import local_date, now
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only
from bookings.statistics.funnel import Row, funnel, total
from bookings.statistics.services import services_given
from bookings.statistics.workbook import build, headings, service_headings

HORIZONS = (30, 90, 180, 365)


def _asked(request: StaffRequest) -> dict[str, Any]:
    asked = request.GET.get("horizon", "")
    horizon = int(asked) if asked in {str(days) for days in HORIZONS} else HORIZONS[0]
    district = request.membership.district
    rows = funnel(district, horizon=horizon, today=local_date(now()))
    return {
        "horizon": horizon,
        "rows": rows,
        "services": services_given(district, now=now()),
        "definitions": definitions(horizon),
    }


def definitions(horizon: int) -> list[str]:
    return [
        _("Applied: applications sent in the month, at the station."),
        _("Approved: of those, approved; later no-shows included, withdrawn ones not."),
        _("Arrived: of those, checked in at the desk."),
        _("Asked about: of those, left at least %(days)s days ago.") % {"days": horizon},
        _("Stayed on: of those, whose latest answer is “working in the district”."),
        _("Did not answer and declined: the rest of those asked about; never counted as stayed."),
        _("Uses: how often a service was used in the month; guests: by how many people."),
        _("Booked: places held when their slot began; taken up: of those, used."),
    ]


@dataclass(frozen=True)
class Bar:
    """One line of the funnel: a count, of how many, drawn against a scale."""

    label: str
    value: int
    scale: int
    of: int | None = None

    @property
    def share(self) -> str:
        return f"{self.value / self.of:.1%}" if self.of else "—"


def bars(sums: Row) -> list[Bar]:
    scale = max(sums.applied, 1)
    return [
        Bar(_("Applied"), sums.applied, scale),
        Bar(_("Approved"), sums.approved, scale, sums.applied),
        Bar(_("Arrived"), sums.arrived, scale, sums.approved),
        Bar(_("Stayed on for work"), sums.stayed_on, max(sums.mature, 1), sums.mature),
    ]


@require_GET
@staff_only("statistics")
def dashboard(request: StaffRequest) -> HttpResponse:
    asked = _asked(request)
    whole = total(asked["rows"])
    context = {
        **asked,
        "total": whole,
        "bars": bars(whole),
        "headings": headings(asked["horizon"]),
        "service_headings": service_headings(),
        "horizons": HORIZONS,
    }
    return render(request, "bookings/statistics/dashboard.html", context)


@require_GET
@staff_only("statistics")
def workbook(request: StaffRequest) -> HttpResponse:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(build(**_asked(request)), content_type=kind)
    name = f"youth-station-{local_date(now()):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
