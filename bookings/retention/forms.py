"""The follow-up question, as the guest answers it: one press, then what they like to add."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.people.forms import DateInput
from bookings.retention.models import Outcome


class AnswerForm(forms.Form):
    """One press of one button."""

    kind = forms.ChoiceField(label=_("What do you do now?"), choices=Outcome.Kind.choices)


class WorkForm(forms.Form):
    """What may be said of somebody's work; nothing of it has to be."""

    employer = forms.CharField(label=_("Employer"), max_length=80, required=False)
    employer_code = forms.CharField(
        label=_("Its social credit code"),
        help_text=_("18 characters, on the business licence."),
        max_length=18,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    post = forms.CharField(label=_("Job title"), max_length=40, required=False)
    industry = forms.ChoiceField(
        label=_("Industry"), choices=[("", "—"), *Outcome.Industry.choices], required=False
    )
    contract_start = forms.DateField(
        label=_("Start of the contract"), required=False, widget=DateInput()
    )

    @property
    def work(self) -> dict[str, Any]:
        """The details as an Outcome keeps them."""
        return {name: self.cleaned_data[name] for name in Outcome.DETAILS}


class MoreForm(WorkForm):
    """With a paper that shows it."""

    file = forms.FileField(
        label=_("A paper that shows it"),
        help_text=_(
            "A photo or a PDF of the contract, if you like. A staff member looks at it once; then it "
            "is deleted."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )
