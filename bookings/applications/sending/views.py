"""Check all, sign, send; where no bed is free, choose another or wait."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from bookings import journey
from bookings.applications.draft import next_step
from bookings.applications.models import Application
from bookings.applications.sending.forms import CommitmentForm, WaitForm
from bookings.applications.steps.views import refused, show_step
from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.people.requests import SignedIn


def check(request: SignedIn) -> HttpResponse:
    """Check all, sign, send. Sending twice shows what the first sending did."""
    drafts = Application.objects.filter(user=request.user, status="draft")
    draft = drafts.select_related("graduate", "station", "friend", "district").first()
    if draft is None:
        return redirect("my_stay")
    if draft.graduate is None or next_step(draft) not in ("papers", "check"):
        return redirect("apply")  # something is missing, or is not right any more
    form = CommitmentForm(request.POST or None, name=draft.graduate.name)
    waits, no_bed = "wait" in request.POST, False
    wait_form = WaitForm(
        request.POST if waits else None,
        draft=draft,
        latest=journey.latest_arrival(district=draft.district, now=now()),
        prefix="wait",
    )
    if request.method == "POST" and all([form.is_valid(), not waits or wait_form.is_valid()]):
        try:
            _send(request, draft, form.cleaned_data, wait_form.cleaned_data if waits else None)
            return redirect("application", draft.pk)
        except journey.StateChanged:
            return redirect("application", draft.pk)
        except Refusal as refusal:
            refused(form, refusal)
            no_bed = refusal.code == "no_bed"
    told = {
        "draft": draft,
        "findings": journey.preview(application=draft, now=now()),
        "papers": draft.evidence.all(),
        "instead": journey.alternatives(application=draft, now=now()) if no_bed else [],
        "wait_form": wait_form if waits or no_bed else None,
    }
    return show_step(request, "check", "check", form=form, **told)


def _send(
    request: SignedIn, draft: Application, signed: dict[str, Any], wish: dict[str, Any] | None
) -> None:
    request.user.language = get_language()
    request.user.save(update_fields=["language"])
    journey.submit(
        application=draft,
        signature=signed["signature"],
        follow_up_consent=signed["follow_up_consent"],
        by=request.user,
        now=now(),
        wish=journey.WaitWish(**wish) if wish else None,
    )
