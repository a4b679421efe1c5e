"""Somebody corrects what is kept about them, on a page of its own: no application begins by it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bookings import journey
from bookings.applications.draft import (
    ABOUT_THE_PERSON,
    Answers,
    keep_answers,
    known_of,
    step_form,
)
from bookings.applications.models import Application
from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.people.graduate import look_for_another
from bookings.people.models import Graduate
from bookings.people.requests import SignedIn


@never_cache
def correct(request: SignedIn) -> HttpResponse:
    """Person, degree and home together. What a bed was given for cannot be changed while it is held or
    the police are still to be told. The document number is not shown: left empty it stays as it is."""
    person = get_object_or_404(Graduate.objects.select_related("district"), user=request.user)
    fixed, answers = journey.fixed_of(person), known_of(person)
    sent = request.method == "POST"
    if sent:
        answers = _typed(request, answers, fixed)
    asked = {
        step: step_form(step, answers, answers[step] if sent else None) for step in ABOUT_THE_PERSON
    }
    if sent and all(form.is_valid() for form in asked.values()) and _kept(person, asked):
        draft = Application.objects.filter(user=request.user, status="draft").first()
        if draft:
            keep_answers(draft=draft, answers=answers)
        messages.success(request, _("Corrected. What was decided before stays as it is."))
        return redirect("my_data")
    _hide(asked["person"], request, fixed)
    told = {"asked": asked.values(), "fixed": fixed, "person": person}
    return render(request, "bookings/applications/correct.html", told)


def _typed(request: SignedIn, known: Answers, fixed: tuple[str, ...]) -> Answers:
    """What was sent, step by step; of what is fixed, and of an empty number, what is known."""
    same = fixed if request.POST.get("doc_number") else {*fixed, "doc_number"}
    return {
        step: {
            name: known[step][name] if name in same else request.POST.get(name, "")[:500]
            for name in form.base_fields
        }
        for step, form in ABOUT_THE_PERSON.items()
    }


def _hide(form: forms.Form, request: SignedIn, fixed: tuple[str, ...]) -> None:
    """Show no number but one that was typed just now, and ask for nothing that is fixed."""
    form.is_valid()  # judged with what is known, before it is hidden
    form.initial["doc_number"] = ""
    if form.is_bound:
        form.data = {**form.data, "doc_number": request.POST.get("doc_number", "")}
    form.fields["doc_number"].help_text = _("Leave it empty if it is right as it is.")
    for name in fixed:
        del form.fields[name]


def _kept(person: Graduate, asked: dict[str, forms.Form]) -> bool:
    """Keep it; a refusal is told beside its field."""
    facts = {name: value for form in asked.values() for name, value in form.cleaned_data.items()}
    assert person.user
    try:
        number = facts["doc_number"]
        look_for_another(user=person.user, district=person.district, doc_number=number)
        journey.keep_person(user=person.user, district=person.district, facts=facts, now=now())
    except Refusal as refusal:
        asked["person"].add_error(refusal.field, refusal.sentence)
        return False
    return True
