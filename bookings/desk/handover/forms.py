"""What the hand-over page sends."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("For the next shift"),
        help_text=_("What to know or to do. Name a guest by the reference, never by the number."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write what the next shift should know.")},
    )
