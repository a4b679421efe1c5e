"""Apply, one thing a page: person, nights, papers, check and sign; then the application's own page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bookings import journey
from bookings.applications.draft import draft_of, set_person, set_wish
from bookings.applications.evidence import add_evidence
from bookings.applications.evidence import remove_evidence as drop_evidence
from bookings.applications.forms import AppealForm, CommitmentForm, EvidenceForm, WishForm
from bookings.applications.models import Application, Evidence
from bookings.applications.uploads import SKIPPED
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.people.forms import PersonForm
from bookings.people.models import Graduate, Membership, User
from bookings.people.requests import SignedIn
from bookings.people.roles import may
from bookings.places.models import District, Policy, Station


def _district(user: User) -> District:
    """The one a person has begun with, whichever takes new people now: all is of one district."""
    drafts = Application.objects.filter(user=user, status="draft")
    begun = Graduate.objects.filter(user=user).first() or drafts.first()
    district = begun.district if begun else District.objects.serving(local_date(now()))
    if district is None:
        raise Http404("no district has a policy in force")
    return district


def _refused(form: Any, refusal: Refusal) -> None:
    """Put a refusal beside the field it is about, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


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
    context = {"applications": applications, "may_apply_again": applications and not drafts}
    return render(request, "bookings/applications/my_stay.html", context)


def person(request: SignedIn) -> HttpResponse:
    district = _district(request.user)
    draft = draft_of(request.user, district)
    known = Graduate.objects.filter(user=request.user).first()
    form = PersonForm(request.POST or None, graduate=known)
    if request.method == "POST" and form.is_valid():
        try:
            saved = journey.keep_person(
                user=request.user,
                district=district,
                facts=form.cleaned_data,
                now=now(),
            )
        except Refusal as refusal:
            _refused(form, refusal)
        else:
            set_person(draft=draft, person=saved)
            return redirect("apply_wish")
    return render(request, "bookings/applications/person.html", {"form": form, "number": 1})


def wish(request: SignedIn) -> HttpResponse:
    district = _district(request.user)
    draft = draft_of(request.user, district)
    if draft.graduate is None:
        return redirect("apply_person")
    left = journey.nights_left(application=draft, now=now())
    form = WishForm(request.POST or None, district=district, draft=draft, nights_left=left)
    if request.method == "POST" and form.is_valid():
        set_wish(draft=draft, **form.cleaned_data)
        draft.refresh_from_db()
        for field, sentence in journey.slips(application=draft, now=now()):
            form.add_error(field, sentence)
        if form.is_valid():
            return redirect("apply_evidence")
    context = {
        "form": form,
        "number": 2,
        "nights_left": left,
        "free": journey.free_nights(district=district, sex=draft.graduate.sex, now=now()),
    }
    return render(request, "bookings/applications/wish.html", context)


def evidence(request: SignedIn) -> HttpResponse:
    """Papers are kept as soon as they are sent, one or several."""
    draft = draft_of(request.user, _district(request.user))
    if not draft.arrival or draft.graduate is None:
        return redirect("apply_wish")
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if _took_evidence(request, draft, form):
        return redirect("apply_evidence")
    context = {
        "form": form,
        "number": 3,
        "papers": draft.evidence.all(),
        "needed": journey.papers_needed(application=draft, now=now()),
    }
    return render(request, "bookings/applications/evidence.html", context)


def _took_evidence(request: SignedIn, application: Application, form: EvidenceForm) -> bool:
    """Keep the good ones of the files sent; each of the others has its sentence."""
    if request.method != "POST" or not form.is_valid():
        return False
    skipped, kept = request.META.get(SKIPPED), 0
    files = [file for file in form.cleaned_data["file"] if file.size or not skipped]
    for file in files:
        try:
            add_evidence(
                application=application, kind=form.cleaned_data["kind"], upload=file, now=now()
            )
            kept += 1
        except Refusal as refusal:
            told = {"name": file.name, "sentence": refusal.sentence}
            text = _("%(name)s: %(sentence)s") % told if len(files) > 1 else refusal.sentence
            form.add_error("file", text)
    if skipped:
        form.add_error("file", _("Some files were too many for one go. Send up to ten at a time."))
    if form.errors:
        if kept:
            messages.success(request, _("%(n)s papers are kept, the others are not.") % {"n": kept})
        return False
    messages.success(request, _("The paper is kept.") if kept == 1 else _("The papers are kept."))
    return True


@require_POST
def remove_evidence(request: SignedIn, pk: int) -> HttpResponse:
    paper = get_object_or_404(
        Evidence, pk=pk, application__user=request.user, application__status="draft"
    )
    drop_evidence(paper=paper)
    return redirect("apply_evidence")


def check(request: SignedIn) -> HttpResponse:
    """Check all, sign, send. Sending twice shows what the first sending did."""
    draft = (
        Application.objects.filter(user=request.user, status="draft")
        .select_related("graduate", "station")
        .first()
    )
    if draft is None:
        return redirect("my_stay")
    if draft.graduate is None or draft.arrival is None:
        return redirect("apply_person")
    form = CommitmentForm(request.POST or None, name=draft.graduate.name)
    if request.method == "POST" and form.is_valid():
        request.user.language = get_language()
        request.user.save(update_fields=["language"])
        try:
            journey.submit(
                application=draft,
                signature=form.cleaned_data["signature"],
                follow_up_consent=form.cleaned_data["follow_up_consent"],
                by=request.user,
                now=now(),
            )
        except journey.StateChanged:
            return redirect("application", draft.pk)
        except Refusal as refusal:
            _refused(form, refusal)
        else:
            return redirect("application", draft.pk)
    context = {
        "form": form,
        "number": 4,
        "draft": draft,
        "findings": journey.preview(application=draft, now=now()),
        "papers": draft.evidence.all(),
    }
    return render(request, "bookings/applications/check.html", context)


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
    if may_add and _took_evidence(request, asked, form):
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
    """A paper, to its owner and, once sent, to the district's reviewers (who leave a trace)."""
    paper = get_object_or_404(Evidence.objects.select_related("application"), pk=pk)
    membership = request.membership
    if membership and _reviews(membership, paper.application):
        journey.note_look(paper, what="evidence", by=membership, now=now())
    elif paper.application.user_id != request.user.pk:
        raise Http404  # the same page as for a number that no paper has
    response = HttpResponse(paper.file.read(), content_type=paper.content_type)
    response["Content-Disposition"] = f'inline; filename="{paper.kind}-{paper.pk}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _reviews(membership: Membership, asked: Application) -> bool:
    """Whether the application has been sent, and to this member's district."""
    return (
        may(membership, "review")
        and asked.district_id == membership.district_id
        and asked.status != Application.Status.DRAFT
    )
