"""The form that takes a bureau's list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.people.forms import DateInput


class BureauForm(forms.Form):
    file = forms.FileField(
        label=_("Excel (.xlsx) or CSV file"),
        help_text=_("Up to 100 MB; a million rows as CSV. Larger lists are sent in parts."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,text/csv"}),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
    as_of = forms.DateField(
        label=_("Drawn up on"),
        help_text=_("Who is still insured counts as insured until this day."),
        widget=DateInput(),
    )
