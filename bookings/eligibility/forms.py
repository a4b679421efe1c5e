"""The pre-check's five questions, and the reviewer's form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Purpose
from bookings.eligibility.wording import TITLES
from bookings.people.forms import DateInput
from bookings.people.models import Degree

YES_NO = [("no", _("No")), ("yes", _("Yes"))]


def _yes(word: str) -> bool:
    return word == "yes"


class PrecheckForm(forms.Form):
    """Five questions; nothing is stored."""

    local = forms.TypedChoiceField(
        label=_("Is your hukou registered in this district?"),
        choices=YES_NO,
        coerce=_yes,
        widget=forms.RadioSelect,
    )
    has_home = forms.TypedChoiceField(
        label=_("Do you or your parents have a fixed home in the district?"),
        choices=YES_NO,
        coerce=_yes,
        widget=forms.RadioSelect,
    )
    degree = forms.ChoiceField(
        label=_("Your highest degree"), choices=[("", _("Choose")), *Degree.choices]
    )
    graduation_date = forms.DateField(label=_("When did you graduate?"), widget=DateInput())
    purpose = forms.ChoiceField(
        label=_("Why do you come?"), choices=Purpose.choices, widget=forms.RadioSelect
    )


class ReviewForm(forms.Form):
    """One of three acts; a refusal names its clause and says why, a request says what for."""

    act = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("approve", _("Approve: the papers prove what is to be checked")),
            ("ask", _("Ask for a paper (the bed stays held)")),
            ("refuse", _("Refuse")),
        ],
        widget=forms.RadioSelect,
    )
    clause = forms.ChoiceField(
        label=_("Clause (for a refusal)"), choices=[("", "—"), *TITLES.items()], required=False
    )
    note = forms.CharField(
        label=_("What the applicant should know"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        act = data.get("act")
        if act == "refuse" and not data.get("clause"):
            self.add_error("clause", _("Say which clause does not hold."))
        if act in ("refuse", "ask") and not data.get("note"):
            self.add_error("note", _("Write it in a sentence: the applicant reads it."))
        return data
