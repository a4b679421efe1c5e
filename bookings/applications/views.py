"""The first page, one's own stay, an application once sent, its papers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bookings import journey
from bookings.applications.forms import AppealForm, EvidenceForm
from bookings.applications.models import Application, Evidence
from bookings.applications.paper_address import is_for
from bookings.applications.steps.views import took_evidence
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.core.headers import PICTURE_POLICY
from bookings.people.models import Membership
from bookings.people.requests import SignedIn
from bookings.people.roles import may
from bookings.places.models import District, Policy, Station

TOLD = ("warning", "leave_early", "suspension")  # sanctions that a guest is told of (step 5)


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Open to all: what the station gives, to whom, and how to begin."""
    district = District.objects.serving(local_date(now()))
    policy = Policy.objects.in_force(district, local_date(now())) if district else None
    stations = Station.objects.filter(is_open=True).select_related("district")
    context = {"district": district, "policy": policy, "stations": stations}
    return render(request, "bookings/applications/home.html", context)


@require_GET
def after_login(request: SignedIn) -> HttpResponse:
    return redirect("staff_home" if request.membership else "my_stay")


@require_GET
def my_stay(request: SignedIn) -> HttpResponse:
    """The person's own applications, the draft first."""
    mine = Application.objects.filter(user=request.user).select_related("station", "stay")
    applications = list(mine.order_by("-pk"))
    drafts = [application for application in applications if application.status == "draft"]
    context = {
        "applications": applications,
        "may_apply_again": applications and not drafts,
        "alerts": request.user.alerts.filter(told_at=None),
        "has_notices": mine.filter(stay__incidents__sanction__in=TOLD).exists(),
    }
    return render(request, "bookings/applications/my_stay.html", context)


def _mine(request: SignedIn, pk: int) -> Application:
    mine = Application.objects.filter(user=request.user)
    mine = mine.select_related("station", "graduate", "stay")
    return get_object_or_404(mine.exclude(status="draft"), pk=pk)


def application(request: SignedIn, pk: int) -> HttpResponse:
    """What was decided and why, what happens next; the place to add papers or to withdraw."""
    asked = _mine(request, pk)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if asked.asked_kinds:  # only what was asked for
        kinds = [one for one in Evidence.Kind.choices if one[0] in asked.asked_kinds]
        form.fields["kind"].choices = kinds  # type: ignore[attr-defined]
    may_add = asked.status in Application.OPEN
    if may_add and took_evidence(request, asked, form):
        return redirect("application", asked.pk)
    return _told(request, asked, form=form if may_add else None, appeal_form=AppealForm())


def _told(request: SignedIn, asked: Application, **forms: Any) -> HttpResponse:
    story = journey.story(application=asked, now=now())
    context = {"application": asked, "papers": asked.evidence.all(), **story, **forms}
    return render(request, "bookings/applications/application.html", context)


@require_POST
def appeal(request: SignedIn, pk: int) -> HttpResponse:
    """A refused applicant asks for another look; what cannot be taken is told, with what was typed."""
    asked = _mine(request, pk)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _told(request, asked, appeal_form=form)
    try:
        reason = form.cleaned_data["reason"]
        journey.appeal(application=asked, reason=reason, by=request.user, now=now())
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _told(request, _mine(request, pk), appeal_form=form)
    messages.success(request, _("Your appeal is with us. Another person looks at it."))
    return redirect("application", pk)


@require_POST
def resubmit(request: SignedIn, pk: int) -> HttpResponse:
    return _event(request, pk, journey.resubmit, _("Sent. A reviewer looks at it next."))


@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    return _event(request, pk, journey.withdraw, _("Withdrawn. Your nights are yours again."))


def _event(request: SignedIn, pk: int, event: Any, done: str) -> HttpResponse:
    try:
        event(application=_mine(request, pk), by=request.user, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, done)
    return redirect("application", pk)


@require_GET
def evidence_file(request: SignedIn, pk: int) -> HttpResponse:
    """A paper, to its owner and, once sent, to the district's reviewers (who leave a trace), at an
    address made for them a few minutes ago."""
    paper = get_object_or_404(Evidence.objects.select_related("application"), pk=pk)
    membership = request.membership
    reviews = membership is not None and _reviews(membership, paper.application)
    if not reviews and paper.application.user_id != request.user.pk:
        raise Http404  # the same page as for a number that no paper has
    try:
        if not is_for(paper, request.user, request.GET.get("key", "")):
            raise Http404
    except Refusal as refusal:
        return render(request, "gone.html", {"sentence": refusal.sentence}, status=410)
    if membership and reviews:
        journey.note_look(paper, what="evidence", by=membership, now=now())
    response = HttpResponse(paper.file.read(), content_type=paper.content_type)
    response["Content-Disposition"] = f'inline; filename="{paper.kind}-{paper.pk}"'
    response["Cache-Control"] = "private, no-store"
    if paper.is_picture:
        response["Content-Security-Policy"] = PICTURE_POLICY
    return response


def _reviews(membership: Membership, asked: Application) -> bool:
    """Whether the application has been sent, and to this member's district."""
    return (
        may(membership, "review")
        and asked.district_id == membership.district_id
        and asked.status != Application.Status.DRAFT
    )
