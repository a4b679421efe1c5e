"""The site with one address more: a view that reads one row and changes one, behind the same
middleware. What scans are measured against."""

from station.wsgi import application  # noqa: I001 what loads the models comes first

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from bookings import urls
from bookings.beds.models import Stay
from bookings.core.clock import now

__all__ = ["application"]


@csrf_exempt
@login_not_required
def bare(request: HttpRequest, pk: int) -> JsonResponse:
    stay = Stay.objects.get(pk=pk)
    Stay.objects.filter(pk=stay.pk).update(reminded_at=now())
    return JsonResponse({"arrival": stay.arrival})


urls.urlpatterns.append(path("bare/<int:pk>/", bare))
