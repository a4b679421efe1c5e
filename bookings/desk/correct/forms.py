"""What the document says otherwise, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.desk.number_form import ReasonForm, reason_field, words_field
from bookings.people.documents import compact, read_document
from bookings.people.looks import Correction, NoReasonToCorrect
from bookings.people.models import Graduate
from bookings.people.person_forms import PROBLEMS, ValidityForm

PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class CorrectForm(ValidityForm, ReasonForm):
    """A field left empty keeps what is known, which is shown masked beside it. A new document has a
    new last day."""

    name = forms.CharField(
        label=_("Name as on the document"),
        max_length=40,
        required=False,
        widget=forms.TextInput(PLAIN),
    )
    doc_number = forms.CharField(
        label=_("Number as on the document"),
        max_length=30,
        required=False,
        widget=forms.TextInput(PLAIN),
    )
    reason = reason_field(_("Why is it corrected?"), Correction, missing=NoReasonToCorrect.sentence)
    words = words_field(
        _("Something else: what?"), missing=_("Write in a few words why it is corrected.")
    )
    field_order = ("name", "doc_number", "reason", "words", "doc_until", "long_term")

    def __init__(self, *args: Any, person: Graduate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doc_type, self.has_last_day = person.doc_type, person.doc_until is not None
        self.fields["doc_until"].label = _("A new document: valid until")
        kept = {"name": person.masked_name, "doc_number": person.masked_number}
        for field, masked in kept.items():
            hint = gettext("We keep %(masked)s. Leave it empty if it is right.") % {
                "masked": masked
            }
            self.fields[field].help_text = hint

    def clean_doc_number(self) -> str:
        number = compact(self.cleaned_data["doc_number"])
        problem = number and read_document(self.doc_type, number).problem
        if problem:
            raise forms.ValidationError(PROBLEMS[problem])
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        typed = bool(data.get("doc_until") or data.get("long_term"))
        is_new = data.get("reason") == Correction.RENEWED
        if is_new and (typed or self.has_last_day):
            self.check_validity(data)
        elif typed:
            self.add_error(
                "doc_until",
                _(
                    "Only a new document has a new last day: choose that reason, or leave this empty."
                ),
            )
        data.pop("long_term", None)
        return data
