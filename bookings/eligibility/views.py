"""The pre-check, open to all, and the reviewers' queue."""

import dataclasses

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bookings import journey
from bookings.applications.models import Application
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.core.paging import page_of
from bookings.eligibility.decide import rules_of
from bookings.eligibility.forms import PrecheckForm, ReviewForm
from bookings.eligibility.rules import Facts, conclude, judge
from bookings.eligibility.wording import tell
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only
from bookings.places import regions
from bookings.places.models import District, Policy

PERSONAL = {"non_local", "recent_graduate", "degree", "no_home", "for_work"}


@login_not_required
@require_GET
def precheck(request: HttpRequest) -> HttpResponse:
    """Can I apply? Answers travel in the address, nothing is stored."""
    district = District.objects.serving(local_date(now()))
    if district is None:
        raise Http404("no district has a policy in force")
    policy = Policy.objects.in_force(district, local_date(now()))
    form = PrecheckForm(request.GET or None)
    context: dict[str, object] = {"form": form, "district": district, "policy": policy}
    if request.GET and form.is_valid():
        answers = form.cleaned_data
        facts = Facts(
            doc_type="resident_id",
            hukou_code=district.code if answers["local"] else regions.far_from(district.code),
            degree=answers["degree"],
            graduation_date=answers["graduation_date"],
            arrival=local_date(now()),
            has_home=answers["has_home"],
            purpose=answers["purpose"],
        )
        findings = tuple(f for f in judge(facts, rules_of(policy)) if f.clause in PERSONAL)
        context["findings"] = tell(dataclasses.asdict(finding) for finding in findings)
        context["outcome"] = conclude(findings)
    return render(request, "bookings/eligibility/precheck.html", context)


@require_GET
@staff_only("review")
def queue(request: StaffRequest) -> HttpResponse:
    """What waits for review, first what is due first."""
    waiting = (
        Application.objects.filter(
            district=request.membership.district,
            status__in=Application.OPEN,
        )
        .select_related("graduate", "station")
        .annotate(papers=Count("evidence"))
        .order_by("review_due", "arrival", "pk")
    )
    page = page_of(waiting, request)
    context = {
        "page": page,
        "applications": page.object_list,
        "count": page.paginator.count,
        "today": local_date(now()),
    }
    return render(request, "bookings/eligibility/queue.html", context)


@never_cache  # going back is another look
@staff_only("review")
def review(request: StaffRequest, pk: int) -> HttpResponse:
    applications = Application.objects.select_related("graduate", "station", "district", "stay")
    application = get_object_or_404(
        applications.exclude(status="draft"),
        pk=pk,
        district=request.membership.district,
    )
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _reviewed(request, application, form):
        return redirect("review_queue")
    journey.note_look(application, what="application", by=request.membership, now=now())
    decisions = list(application.decisions.select_related("by", "policy"))
    context = {
        "application": application,
        "person": application.graduate,
        "hukou": regions.name(application.graduate.hukou_code) if application.graduate else "",
        "papers": application.evidence.all(),
        "decisions": decisions,
        "findings": tell(decisions[-1].findings),
        "form": form if application.status in Application.OPEN else None,
    }
    return render(request, "bookings/eligibility/review.html", context)


def _reviewed(request: StaffRequest, application: Application, form: ReviewForm) -> bool:
    data, by = form.cleaned_data, request.user
    try:
        if data["act"] == "approve":
            journey.approve(application=application, by=by, now=now(), note=data["note"])
        elif data["act"] == "ask":
            journey.ask_for_more(application=application, text=data["note"], by=by, now=now())
        else:
            journey.refuse(
                application=application,
                clause=data["clause"],
                note=data["note"],
                by=by,
                now=now(),
            )
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    messages.success(request, _("Done: %(reference)s") % {"reference": application.reference})
    return True
