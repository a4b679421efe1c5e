"""The follow-up question, as the guest and as a staff member answer it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.retention.models import Outcome


class AnswerForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What do you do now?"), choices=Outcome.Kind.choices, widget=forms.RadioSelect
    )
    employer = forms.CharField(label=_("Employer (if you like)"), max_length=80, required=False)
    employer_code = forms.CharField(
        label=_("Its social credit code (if you know it)"), max_length=18, required=False
    )


class RecordForm(AnswerForm):
    source = forms.ChoiceField(
        label=_("How we know"),
        choices=[c for c in Outcome.Source.choices if c[0] != "self"],
        widget=forms.RadioSelect,
    )
    level = forms.ChoiceField(
        label=_("Evidence"), choices=Outcome.Level.choices, widget=forms.RadioSelect
    )
