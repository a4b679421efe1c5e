"""What the page of a stay at the desk sends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Evidence
from bookings.applications.stretch.forms import LongerForm as Longer
from bookings.applications.stretch.forms import ShorterForm

__all__ = ["AgainForm", "LaterForm", "LongerForm", "PapersForm", "ReplaceForm", "ShorterForm"]


class LongerForm(Longer):
    """Staff may agree with the guest to change beds."""

    move_if_needed = forms.BooleanField(required=False)


class LaterForm(forms.Form):
    """The hours on the page are a few, each as an instant."""

    until = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S%z"])


class AgainForm(forms.Form):
    departure = forms.DateField(required=False)


class ReplaceForm(forms.Form):
    """Which pass the page showed, so that the same press twice makes one new code."""

    seen = forms.UUIDField()


class PapersForm(forms.Form):
    """Which papers the clerk has in hand."""

    kinds = forms.MultipleChoiceField(
        choices=Evidence.Kind.choices,
        error_messages={"required": _("Tick the papers that you have in hand.")},
    )
