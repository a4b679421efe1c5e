"""The search for a county: open data, nothing of anybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from bookings.places.region_search import search


@login_not_required
@require_GET
@cache_control(public=True, max_age=86_400)
def regions(request: HttpRequest) -> JsonResponse:
    """`?q=` a part of a name, pinyin or initials: up to twenty counties, former ones too."""
    found = search(request.GET.get("q", "")[:40])
    return JsonResponse({"found": [{"code": one.code, "label": one.label} for one in found]})
