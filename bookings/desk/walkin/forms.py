"""What a clerk fills in for somebody who stands at the desk: one page, the card beside it."""

import datetime as dt
import secrets
from copy import deepcopy
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Evidence, Purpose
from bookings.core.clock import local_date, now
from bookings.desk.register.facts import GUARDIAN
from bookings.desk.register.forms import check_guardian, guardian_fields
from bookings.desk.verdict import is_under_age
from bookings.desk.walkin.guest import AtTheDesk
from bookings.people.documents import read_document
from bookings.people.fields import PhoneField
from bookings.people.models import DegreeProof, DocumentType
from bookings.people.person_forms import DegreeForm, HomeForm, PersonForm

FOR_A_MINOR = _("Only for a guest under 18.")
NEVER_ASKED = {"chsi_code": None, "chsi_until": None, "certificate_number": None}
OF_THE_PERSON = [
    *["name", "doc_type", "doc_number", "doc_until", "sex", "birth_date", "hukou_code"],
    *["degree", "university", "graduation_date", "has_home"],
]


class WalkInForm(PersonForm):
    """Sex and date of birth are read from the number where it tells them."""

    purpose = forms.ChoiceField(label=_("Why does the guest come?"), choices=Purpose.choices)
    nights = forms.TypedChoiceField(label=_("Nights from tonight"), coerce=int)
    seen = forms.MultipleChoiceField(
        label=_("Papers that you have seen"),
        help_text=_("Tick what is in your hands. It is kept that you saw it, and when; no copy."),
        choices=[one for one in Evidence.Kind.choices if one[0] != Evidence.Kind.OTHER],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    to_reviewer = forms.BooleanField(
        label=_(
            "A reviewer decides while the guest waits: a paper is missing, or the guest is under 18."
        ),
        required=False,
    )
    phone = PhoneField(
        label=_("Mobile number (if there is one)"),
        help_text=_("Read it back to the guest: whoever has this number can sign in as the guest."),
        required=False,
    )
    language = forms.ChoiceField(label=_("Language of the guest"), choices=settings.LANGUAGES)
    committed = forms.BooleanField(
        label=_("The guest has read the commitment and signed it on paper."),
        error_messages={"required": _("Have the commitment signed first, then tick this.")},
    )
    follow_up_consent = forms.BooleanField(
        label=_("The guest may be asked later about work here (no condition of a bed)."),
        required=False,
    )
    nonce = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, nights: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {**DegreeForm.base_fields, **HomeForm.base_fields}
        for name in ("degree", "university", "graduation_date", "hukou_code", "has_home"):
            self.fields[name] = deepcopy(asked[name])
        for name in ("sex", "birth_date", "hukou_code"):
            self.fields[name].required = False
        told = _("Only where the number does not tell it: passports and travel permits.")
        self.fields["sex"].help_text = self.fields["birth_date"].help_text = told
        counts = [(n, n) for n in range(1, nights + 1)]
        self.fields["nights"].choices = counts  # type: ignore[attr-defined]
        self.fields["nights"].initial = nights
        self.fields["nonce"].initial = secrets.token_urlsafe(12)
        self.fields["hukou_code"].label = _("Where the hukou is registered")
        self.fields["has_home"].label = _(
            "Has the guest, or a parent, a fixed home in the district?"
        )
        self.fields |= guardian_fields()
        for name in GUARDIAN:
            self.fields[name].required, self.fields[name].help_text = False, FOR_A_MINOR
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.attrs |= {"placeholder": "", "autocomplete": "off"}

    clean_graduation_date = DegreeForm.clean_graduation_date

    def clean_birth_date(self) -> dt.date | None:  # type: ignore[override]
        return super().clean_birth_date() if self.cleaned_data.get("birth_date") else None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        reading = read_document(data.get("doc_type", ""), data.get("doc_number", ""))
        data["birth_date"] = data.get("birth_date") or reading.birth_date
        data["sex"] = data.get("sex") or reading.sex
        for name in ("sex", "birth_date"):
            if not data[name] and not self.errors.get("doc_number") and name not in self.errors:
                self.add_error(name, _("The number does not tell it: enter it as on the document."))
        if data.get("doc_type") != DocumentType.RESIDENT_ID:  # nobody else has a hukou
            data["hukou_code"] = ""
        elif not data.get("hukou_code") and "hukou_code" not in self.errors:
            self.add_error("hukou_code", _("Choose the county of the hukou, as on the card."))
        born = data.get("birth_date")
        minor = bool(born and is_under_age(born, local_date(now())))
        if born and not minor:  # nobody's guardian is asked for
            data |= dict.fromkeys(GUARDIAN, "")
        check_guardian(self, needed=minor)
        return data

    def guest(self) -> AtTheDesk:
        """What was typed, once it is right."""
        data = self.cleaned_data
        seen = frozenset(data["seen"])
        proof = DegreeProof.DIPLOMA if Evidence.Kind.DEGREE in seen else ""
        person = {name: data[name] for name in OF_THE_PERSON}
        if data["guardian_name"]:
            person |= {name: data[name] for name in GUARDIAN}
        return AtTheDesk(
            person={**person, "degree_proof": proof, **NEVER_ASKED},
            purpose=data["purpose"],
            nights=data["nights"],
            seen=seen,
            nonce=data["nonce"],
            phone=data["phone"],
            language=data["language"],
            follow_up_consent=data["follow_up_consent"],
            to_reviewer=data["to_reviewer"],
        )
