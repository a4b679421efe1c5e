"""The statistics' pages, one subject each, their Excel files, and the rows behind a number."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from bookings.applications.models import Application
from bookings.core.clock import local_date, now
from bookings.core.paging import stretch_of
from bookings.core.sheets import MEDIA_TYPE
from bookings.people.requests import StaffRequest
from bookings.people.roles import may, staff_only
from bookings.statistics.how_many import how_many
from bookings.statistics.pages import decisions as decisions_page
from bookings.statistics.pages import districts as districts_page
from bookings.statistics.pages import funnel as funnel_page
from bookings.statistics.pages import nights as nights_page
from bookings.statistics.pages import retention as retention_page
from bookings.statistics.pages import services as services_page
from bookings.statistics.pages.asked import HORIZONS, Asked, asked
from bookings.statistics.pages.retention import BREAKDOWNS
from bookings.statistics.rows import Behind, rows_of
from bookings.statistics.tables import Section
from bookings.statistics.workbook import build


class Subject(NamedTuple):
    """A page: its address's name, its title, what stands on it, and the horizons to choose from."""

    name: str
    title: object
    sections: Callable[[Asked], list[Section]]
    definitions: Callable[[Asked], list[str]]
    horizons: Callable[[Asked], tuple[int, ...]] = lambda asked: ()


FUNNEL = Subject(
    "statistics",
    gettext_lazy("From application to staying on"),
    funnel_page.sections,
    lambda asked: funnel_page.definitions(asked.funnel_horizon),
    lambda asked: asked.funnel_horizons,
)
RETENTION = Subject(
    "statistics_retention",
    gettext_lazy("Staying on for work"),
    retention_page.sections,
    lambda asked: retention_page.definitions(),
    lambda asked: HORIZONS,
)
NIGHTS = Subject(
    "statistics_nights",
    gettext_lazy("Beds and nights"),
    nights_page.sections,
    lambda asked: nights_page.definitions(),
)
DECISIONS = Subject(
    "statistics_decisions",
    gettext_lazy("Decisions and waiting"),
    decisions_page.sections,
    lambda asked: decisions_page.definitions(),
)
SERVICES = Subject(
    "statistics_services",
    gettext_lazy("Services used"),
    services_page.sections,
    services_page.definitions,
)
DISTRICTS = Subject(
    "statistics_districts",
    gettext_lazy("Districts side by side"),
    districts_page.sections,
    districts_page.definitions,
    lambda asked: asked.funnel_horizons,
)
SUBJECTS = (FUNNEL, RETENTION, NIGHTS, DECISIONS, SERVICES, DISTRICTS)
COUNTED_OTHERWISE = (SERVICES, DISTRICTS)  # for the page itself; on several days


SHOWN = (  # of the rows behind a number: nothing else is read of them, or decrypted
    *["status", "submitted_at", "arrival", "nights", "graduate__name", "stay__status"],
    *["station__name_zh", "station__name_en", "channel__name"],
)


def _asked(request: StaffRequest) -> Asked:
    return asked(request.GET, request.membership, today=local_date(now()))


def _tabs(request: StaffRequest, wish: Asked) -> list[tuple[str, object, bool]]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    shown = SUBJECTS if len(wish.districts) > 1 else SUBJECTS[:-1]
    subjects = [(f"{reverse(s.name)}?{wish.query}", s.title, s.name == here) for s in shown]
    return [*subjects, (reverse("reports"), gettext_lazy("Reports"), False)]


def _page(request: StaffRequest, subject: Subject, **more: object) -> HttpResponse:
    wish = _asked(request)
    context = {
        "asked": wish,
        "tabs": _tabs(request, wish),
        "title": subject.title,
        "kept": subject not in COUNTED_OTHERWISE,
        "sections": subject.sections(wish),
        "definitions": subject.definitions(wish),
        "horizons": subject.horizons(wish),
        "file": f"{reverse(f'{subject.name}_xlsx')}?{wish.query}",
        "may_channels": may(request.membership, "channels"),
        **more,
    }
    return render(request, "bookings/statistics/page.html", context)


def _file(request: StaffRequest, subject: Subject) -> HttpResponse:
    wish = replace(_asked(request), is_file=True)
    content = build(subject.sections(wish), definitions=subject.definitions(wish))
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    name = f"youth-station-{subject.name.replace('_', '-')}-{wish.scope.today:%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@staff_only("statistics")
def dashboard(request: StaffRequest) -> HttpResponse:
    return _page(request, FUNNEL)


@require_GET
@staff_only("statistics")
def retention(request: StaffRequest) -> HttpResponse:
    return _page(request, RETENTION, breakdowns=BREAKDOWNS.items())


@require_GET
@staff_only("statistics")
def nights(request: StaffRequest) -> HttpResponse:
    return _page(request, NIGHTS)


@require_GET
@staff_only("statistics")
def decisions(request: StaffRequest) -> HttpResponse:
    return _page(request, DECISIONS)


@require_GET
@staff_only("statistics")
def services(request: StaffRequest) -> HttpResponse:
    return _page(request, SERVICES)


@require_GET
@staff_only("statistics")
def districts(request: StaffRequest) -> HttpResponse:
    return _page(request, DISTRICTS)


@require_GET
@staff_only("statistics")
def workbook(request: StaffRequest, subject: str) -> HttpResponse:
    return _file(request, next(one for one in SUBJECTS if one.name == subject))


def behind(wish: Asked, data: Mapping[str, str]) -> Behind:
    """The number whose rows a link of the statistics' pages asks for."""
    return Behind(data.get("of", "applied"), wish.scope, wish.horizon, wish.by, data.get("key"))


@require_GET
@staff_only("statistics_rows")
def rows(request: StaffRequest) -> HttpResponse:
    """The applications behind a number: of the viewer's district, names masked."""
    wish = _asked(request)
    number = behind(wish, request.GET)
    try:
        found = rows_of(number)
    except KeyError as error:
        raise Http404("no such number") from error
    counted = how_many(number) if wish.counted_at else None
    if counted == 0:
        found = found.none()  # the whole district would be searched
    stretch = stretch_of(found, request)  # of keys alone: they are soon in order
    if counted is not None:  # some may have come since
        counted = max(counted, len(stretch.keys))
    shown = Application.objects.filter(pk__in=stretch.keys).order_by("pk")
    kept = {k: str(value) for k, value in request.GET.items() if k not in ("after", "before")}
    context = {
        "asked": wish,
        "stretch": stretch,
        "how_many": len(stretch.keys) if stretch.is_all else counted,
        "applications": shown.select_related("graduate", "station", "stay", "channel").only(*SHOWN),
        "query": urlencode(kept),
        "tabs": _tabs(request, wish),
        "may_review": may(request.membership, "review"),
        "may_channels": may(request.membership, "channels"),
    }
    return render(request, "bookings/statistics/rows.html", context)
