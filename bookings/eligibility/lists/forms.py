"""The form that takes a list."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("Excel (.xlsx) or CSV file"),
        help_text=_("Up to 5,000 rows and 5 MB. It is judged and sent back; nothing is kept."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
