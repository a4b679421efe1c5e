"""Apply, one thing a page: person, degree, home, purpose, nights, papers. The last step is in sending/."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bookings import journey
from bookings.applications.channel import note_channel
from bookings.applications.draft import (
    ABOUT_THE_PERSON,
    answers_of,
    draft_of,
    facts_of_person,
    keep_answers,
    next_step,
    set_person,
    set_purpose,
    set_wish,
    step_form,
)
from bookings.applications.draft import discard as discard_draft
from bookings.applications.evidence import add_evidence, papers_of_before, take_over
from bookings.applications.evidence import remove_evidence as drop_evidence
from bookings.applications.forms import EvidenceForm, PurposeForm, WishForm
from bookings.applications.models import Application, Evidence, Purpose
from bookings.applications.uploads import SKIPPED
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.core.limits import limited
from bookings.people.graduate import look_for_another
from bookings.people.models import Graduate, User
from bookings.people.requests import SignedIn
from bookings.places.models import District

# step → the name of its address and its title
STEPS = {
    "person": ("apply_person", gettext_lazy("Who are you?")),
    "degree": ("apply_degree", gettext_lazy("Your degree")),
    "home": ("apply_home", gettext_lazy("Where is your home?")),
    "purpose": ("apply_purpose", gettext_lazy("Why do you come?")),
    "stay": ("apply_wish", gettext_lazy("Which nights?")),
    "papers": ("apply_evidence", gettext_lazy("Your papers")),
    "check": ("apply_check", gettext_lazy("Check and sign")),
}
ORDER = list(STEPS)


def _district(user: User, asked: str = "") -> District:
    """The one a person has begun with, whichever takes new people now: all is of one district."""
    drafts = Application.objects.filter(user=user, status="draft")
    begun = Graduate.objects.filter(user=user).first() or drafts.first()
    today = local_date(now())
    district = begun.district if begun else District.objects.serving(today, code=asked)
    if district is None:
        raise Http404("no district has a policy in force")
    return district


def refused(form: Any, refusal: Refusal) -> None:
    """Put a refusal beside the field it is about, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def show_step(request: SignedIn, at: str, template: str, **context: Any) -> HttpResponse:
    number = ORDER.index(at) + 1
    return render(
        request,
        f"bookings/applications/{template}.html",
        {
            "number": number,
            "total": len(ORDER),
            "title": STEPS[at][1],
            "before": STEPS[ORDER[number - 2]][0] if number > 1 else "",
            **context,
        },
    )


def _onward(request: SignedIn, step: str) -> HttpResponse:
    """To the step that follows, or back to where all is checked if one came from there."""
    back = "back" in request.GET
    return redirect("apply_check" if back else STEPS[ORDER[ORDER.index(step) + 1]][0])


def begin(request: SignedIn) -> HttpResponse:
    """Go on with the draft where it lacks something. Answers of the pre-check, in the address, are
    taken along where nothing has been answered yet."""
    draft = draft_of(request.user, _district(request.user, request.GET.get("district", "")))
    note_channel(draft=draft, session=request.session)
    answers = answers_of(draft)
    asked = {"degree": ("degree", "graduation_date"), "home": ("has_home",)}
    given = {
        step: {name: request.GET[name][:40] for name in names if name in request.GET}
        for step, names in asked.items()
        if not any(answers.get(step, {}).get(name) for name in names)
    }
    keep_answers(draft=draft, answers={step: fields for step, fields in given.items() if fields})
    purpose = request.GET.get("purpose")
    if purpose in Purpose.values and not draft.purpose:
        set_purpose(draft=draft, purpose=purpose)
        draft.purpose = purpose
    return redirect(STEPS[next_step(draft)][0])


def person(request: SignedIn) -> HttpResponse:
    return _about_the_person(request, "person")


def degree(request: SignedIn) -> HttpResponse:
    return _about_the_person(request, "degree")


def home(request: SignedIn) -> HttpResponse:
    return _about_the_person(request, "home")


def _about_the_person(request: SignedIn, step: str) -> HttpResponse:
    """What is typed is kept at once, right or wrong; one goes on once it is right."""
    district = _district(request.user)
    draft = draft_of(request.user, district)
    answers = answers_of(draft)
    form = step_form(step, answers, request.POST or None)
    if request.method == "POST":
        names = ABOUT_THE_PERSON[step].base_fields
        keep_answers(draft=draft, answers={step: {n: request.POST.get(n, "")[:500] for n in names}})
        if form.is_valid() and _kept(request.user, draft, form):
            return _onward(request, step)
    return show_step(request, step, "about_you", form=form, step=step)


def _kept(user: User, draft: Application, form: forms.Form) -> bool:
    """Keep the person once all three steps are right."""
    district, number = draft.district, form.cleaned_data.get("doc_number")
    facts = facts_of_person(answers_of(draft))
    try:
        if number:
            look_for_another(user=user, district=district, doc_number=number)
        if facts:
            saved = journey.keep_person(user=user, district=district, facts=facts, now=now())
            set_person(draft=draft, person=saved)
    except Refusal as refusal:
        refused(form, refusal)
        return False
    return True


def purpose(request: SignedIn) -> HttpResponse:
    draft = draft_of(request.user, _district(request.user))
    known = {"purpose": draft.purpose, "needed_on": draft.needed_on}
    form = PurposeForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        set_purpose(draft=draft, **form.cleaned_data)
        return _onward(request, "purpose")
    return show_step(request, "purpose", "purpose", form=form)


@limited("pages")
def wish(request: SignedIn) -> HttpResponse:
    district = _district(request.user)
    draft = draft_of(request.user, district)
    if draft.graduate is None or not draft.purpose:
        return redirect("apply")
    left, instead = journey.nights_left(application=draft, now=now()), None
    form = WishForm(request.POST or None, district=district, draft=draft, nights_left=left)
    if request.method == "POST" and form.is_valid():
        friend = _friend(form, draft)
        set_wish(draft=draft, friend=friend, **form.cleaned_data)
        draft.refresh_from_db()
        for field, sentence in journey.slips(application=draft, now=now()):
            form.add_error(field, sentence)
        if form.is_valid() and "anyway" not in request.POST:
            instead = journey.instead(application=draft, now=now())
        if form.is_valid() and instead is None:
            return _onward(request, "stay")
    free = journey.free_nights(district=district, sex=draft.graduate.sex, now=now())
    told = {"nights_left": left, "free": free, "draft": draft, "instead": instead}
    return show_step(request, "stay", "wish", form=form, **told)


def _friend(form: WishForm, draft: Application) -> Application | None:
    """Whose room is wished for; a code that does not help is told beside its field."""
    code = form.cleaned_data.pop("friend")
    if not code:
        return None
    try:
        return journey.find_friend(code=code, application=draft)
    except Refusal as refusal:
        refused(form, refusal)
        return None


def evidence(request: SignedIn) -> HttpResponse:
    """Papers are kept as soon as they are sent, one or several."""
    draft = draft_of(request.user, _district(request.user))
    if not draft.arrival or draft.graduate is None:
        return redirect("apply")
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if "again" in request.POST:
        _use_again(request, draft)
        return redirect(request.get_full_path())
    if took_evidence(request, draft, form):
        return redirect(request.get_full_path())
    needed, kind = journey.papers_needed(application=draft, now=now())
    form.initial["kind"] = kind
    told = {"papers": draft.evidence.all(), "former": papers_of_before(draft), "needed": needed}
    return show_step(request, "papers", "evidence", form=form, draft=draft, **told)


def _use_again(request: SignedIn, draft: Application) -> None:
    """Take over the papers of before that are ticked."""
    ticked = [int(pk) for pk in request.POST.getlist("paper") if pk.isdecimal() and len(pk) < 19]
    try:
        if ticked:  # pressed twice, the second time there is nothing left to do
            take_over(application=draft, chosen=ticked, now=now())
            messages.success(request, _("The papers are kept."))
        else:
            messages.error(request, _("Tick the papers to be used again."))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))


def took_evidence(request: SignedIn, application: Application, form: EvidenceForm) -> bool:
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
def discard(request: SignedIn) -> HttpResponse:
    """The draft goes, with its papers."""
    draft = Application.objects.filter(user=request.user, status="draft").first()
    if draft and discard_draft(draft=draft):
        messages.success(request, _("The draft is deleted."))
    return redirect("my_stay")


@require_POST
def remove_evidence(request: SignedIn, pk: int) -> HttpResponse:
    paper = get_object_or_404(
        Evidence, pk=pk, application__user=request.user, application__status="draft"
    )
    drop_evidence(paper=paper)
    return redirect("apply_evidence")
