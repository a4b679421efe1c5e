"""The forms of an application."""

import datetime as dt
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application, Evidence, Need, Purpose
from bookings.core.clock import local_date, now
from bookings.core.short_code import in_two
from bookings.people.forms import DateInput
from bookings.places.models import MOST_NIGHTS, District, Station


class PurposeForm(forms.Form):
    """Why somebody comes."""

    purpose = forms.ChoiceField(
        label=_("Why do you come?"), choices=Purpose.choices, widget=forms.RadioSelect
    )
    needed_on = forms.DateField(
        label=_("Day of your interview or first working day, if you know it"),
        required=False,
        widget=DateInput(),
    )

    def clean_needed_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["needed_on"]
        if day and day < local_date(now()):
            raise forms.ValidationError(_("This day is over. Give the day to come, or none."))
        return day


class WishForm(forms.Form):
    """Which nights, where."""

    station = forms.ModelChoiceField(
        label=_("Station"),
        queryset=Station.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    arrival = forms.DateField(label=_("Day of arrival"), widget=DateInput())
    nights = forms.IntegerField(
        label=_("Nights"),
        min_value=1,
        max_value=MOST_NIGHTS,
        error_messages={
            "min_value": _("Choose at least one night."),
            "max_value": _("That is more nights than a stay can have."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    needs = forms.MultipleChoiceField(
        label=_("What must your bed have?"),
        help_text=_("Tick only what you cannot do without: fewer beds fit."),
        choices=Need.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    friend = forms.CharField(
        label=_("Code of a friend whose room you would like to share"),
        help_text=_(
            "Optional; women with women, men with men. It stands on your friend's application. "
            "We try to, but cannot promise it."
        ),
        max_length=20,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def __init__(
        self, *args: Any, district: District, draft: Application, nights_left: int, **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "initial",
            {
                "station": draft.station_id,
                "arrival": draft.arrival,
                "nights": draft.nights or nights_left or None,
                "needs": draft.needs,
                "friend": in_two(draft.friend.friend_code or "") if draft.friend else "",
            },
        )
        super().__init__(*args, **kwargs)
        stations = Station.objects.filter(district=district, is_open=True)
        self.fields["station"].queryset = stations  # type: ignore[attr-defined]


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; each is judged by itself, by whoever keeps it."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = list(data or [])
        if not files:
            super().clean(None, initial)
        return files


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label=_("What does the paper show?"), choices=Evidence.Kind.choices)
    file = FilesField(
        label=_("Photos or PDF"),
        help_text=_(
            "Several at a time if you like: photos (JPEG, PNG, WebP, HEIC) or PDF, each up to 10 MB. "
            "Stored encrypted, without the place where a photo was taken."
        ),
        widget=FilesInput(attrs={"accept": "image/*,.heic,.heif,application/pdf"}),
    )


class AppealForm(forms.Form):
    """Why the refusal is wrong, in the applicant's own words."""

    reason = forms.CharField(
        label=_("Why should we look again?"),
        help_text=_("Say what is wrong or what we did not know. Another person reads it."),
        max_length=1000,
        error_messages={"required": _("Write it in a sentence or two.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
