"""The scan page, and what makes it an app that opens without a network."""

import json
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from bookings.core.headers import uses
from bookings.desk.scanner import files
from bookings.desk.scanner.words import words
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only, stations_of
from bookings.places.models import Station

# the operations of the API by the names that the page has for them
API = {
    "looks": "post_look",
    "scans": "post_scan",
    "sync": "post_sync",
    "snapshot": "snapshot",
    "pulse": "pulse",
    "search": "find_stays",
}


@csp_update({"script-src": ["'wasm-unsafe-eval'"]})  # the QR decoder is WebAssembly
@uses("camera")
@never_cache
@ensure_csrf_cookie
@require_GET
@staff_only("desk")
def scanner(request: StaffRequest, slug: str) -> HttpResponse:
    """One page for every code, with the network or without. It holds nobody's data itself."""
    station = get_object_or_404(stations_of(request.membership), slug=slug)
    context = {"station": station, "config": _config(station), "words": words(slug)}
    return render(request, "bookings/desk/scanner/scanner.html", context)


def _config(station: Station) -> dict[str, Any]:
    own = {name: reverse(f"api-1:{operation}") for name, operation in API.items()}
    number = reverse("desk_number", args=[station.slug, 0])
    return {
        "urls": {**own, "number": number, "wasm": static("npm/zxing_reader.wasm")},
        "station": station.slug,
        "cookie": settings.CSRF_COOKIE_NAME,
        "zone": settings.TIME_ZONE,
        "worker": reverse("scanner_worker"),
    }


@login_not_required  # it holds no data; browsers fetch it by themselves
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it lies here so that it may serve the desk's pages."""
    kept = files.addresses()
    context = {"files": json.dumps(kept), "version": files.version(kept)}
    return render(
        request, "bookings/desk/scanner/worker.js", context, content_type="text/javascript"
    )


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """How the scan page is installed on a tablet."""
    icon = {"src": static("core/brand/icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse(
        {
            "name": _("Youth Station desk"),
            "short_name": _("Desk"),
            "start_url": reverse("desk"),
            "scope": "/desk/",
            "display": "standalone",
            "background_color": "#faf9f6",
            "theme_color": "#0f5c5c",
            "icons": [{**icon, "purpose": "any"}, {**icon, "purpose": "maskable"}],
        },
        content_type="application/manifest+json",
    )
