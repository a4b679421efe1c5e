"""What a subscriber sees who opens the link of an e-mail: the report's files, and the way out."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.statistics.reports.models import Report, Subscription
from bookings.statistics.reports.send import (
    open_link,
    open_stop_link,
    stop_link,
    unsubscribe,
)
from bookings.statistics.reports.views import as_download


def _linked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open to whoever holds the link: it was signed for one report and one subscriber."""

    @login_not_required
    @never_cache
    @require_GET
    @wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: int) -> HttpResponse:
        try:
            report, subscription = open_link(token)
        except Refusal as refusal:
            return render(request, "gone.html", {"sentence": refusal.sentence}, status=410)
        return view(request, report, subscription=subscription, token=token, **kwargs)

    return opened


def _in_language_of(
    subscription: Subscription, request: HttpRequest, template: str, context: dict[str, object]
) -> HttpResponse:
    """In the language of the e-mail that led here, unless the visitor has chosen one."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    language = str(get_language() if chosen else subscription.language)
    with translation.override(language):
        response = render(request, f"bookings/statistics/reports/{template}", context)
    response["Content-Language"] = language
    return response


@_linked
def opened(request: HttpRequest, report: Report, **more: object) -> HttpResponse:
    subscription = more["subscription"]
    context = {
        "one": report,
        "district": subscription.district,  # type: ignore[attr-defined]
        "files": report.files.all(),
        "token": more["token"],
        "stop": stop_link(subscription),  # type: ignore[arg-type]
    }
    return _in_language_of(subscription, request, "opened.html", context)  # type: ignore[arg-type]


@_linked
def file(request: HttpRequest, report: Report, *, pk: int, **more: object) -> HttpResponse:
    return as_download(get_object_or_404(report.files.select_related("report"), pk=pk))


@login_not_required
@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more reports: at a press, not at a look, for programs open the links of an e-mail too."""
    try:
        subscription = open_stop_link(token)
    except Refusal as refusal:
        return render(request, "gone.html", {"sentence": refusal.sentence}, status=410)
    if request.method == "POST":
        unsubscribe(subscription=subscription, by=None, now=now())
        subscription.refresh_from_db()
    return _in_language_of(subscription, request, "stop.html", {"one": subscription})
