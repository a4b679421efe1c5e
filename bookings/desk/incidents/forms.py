"""What is said about an incident: by the desk, by a manager, by the guest."""

import datetime as dt
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.core.clock import now
from bookings.desk.incidents.models import Complaint, Incident
from bookings.people.forms import DateInput

Sanction = Incident.Sanction
SAY_IT = _("Write it in a sentence or two: the guest may read it.")


def _words(label: Any, **options: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    errors = {"required": SAY_IT}
    return forms.CharField(
        label=label, max_length=1000, widget=area, error_messages=errors, **options
    )


class SanctionForm(forms.Form):
    """What follows from an incident. Clerks note, warn and propose; managers may do more at once."""

    what = _words(
        _("What happened?"),
        help_text=_(
            "Facts only, no names of other guests. Stored encrypted; the guest may ask for it."
        ),
    )
    sanction = forms.ChoiceField(label=_("What follows?"), widget=forms.RadioSelect)
    until = forms.DateField(
        label=_("Suspended until"),
        help_text=_("Only for a suspension: the first day on which the guest may stay again."),
        required=False,
        widget=DateInput(),
    )
    nonce = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, manager: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [one for one in Sanction.choices if manager or one[0] not in Incident.BY_MANAGERS]
        self.fields["sanction"].choices = free  # type: ignore[attr-defined]
        self.fields["nonce"].initial = secrets.token_urlsafe(12)
        if not manager:
            del self.fields["until"]


class IncidentForm(SanctionForm):
    """An incident as the desk records it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *Incident.Kind.choices])
    at = forms.DateTimeField(
        label=_("When?"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    proposed = forms.ChoiceField(
        label=_("Propose more to a manager?"),
        choices=[("", _("No")), *[c for c in Sanction.choices if c[0] in Incident.BY_MANAGERS]],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, manager: bool, **kwargs: Any) -> None:
        super().__init__(*args, manager=manager, **kwargs)
        self.order_fields(["kind", "at", "what", "sanction", "until", "proposed"])
        if manager:
            del self.fields["proposed"]

    def clean_at(self) -> dt.datetime:
        at: dt.datetime = self.cleaned_data["at"]
        if at > now():
            raise forms.ValidationError(_("This lies in the future. Enter when it happened."))
        return at


class AnswerForm(forms.Form):
    """A manager's answer to an appeal; the guest reads it."""

    answer = forms.ChoiceField(
        label=_("Your answer"), choices=Complaint.Answer.choices, widget=forms.RadioSelect
    )
    reply = _words(_("Why? The guest reads it."))


class ComplaintForm(forms.Form):
    reason = _words(
        _("Why do you not agree?"),
        help_text=_("You can do this once. A manager who did not decide this reads it."),
    )
