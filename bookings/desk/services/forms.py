"""What a manager writes of a service and of a series of slots; which slot a guest chooses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.core.clock import local_date, now
from bookings.desk.models import Service
from bookings.desk.services.catalogue import Series
from bookings.people.forms import DateInput

EVERY = [(1, _("Every day")), (7, _("Every week"))]


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class ServiceForm(forms.ModelForm):
    """`seen` is the version that the page showed, so that nobody writes over a colleague's change."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    class Meta:
        model = Service
        fields = [
            *["name_zh", "name_en", "description_zh", "description_en"],
            *["uses_per_day", "uses_per_stay", "opens", "closes"],
            *["by_appointment", "is_active", "order"],
        ]
        widgets = {"opens": TimeInput(), "closes": TimeInput()}
        labels = {
            "name_zh": _("Name in Chinese"),
            "name_en": _("Name in English"),
            "description_zh": _("What one gets, in Chinese"),
            "description_en": _("What one gets, in English"),
            "uses_per_day": _("Free uses a day"),
            "uses_per_stay": _("Free uses a stay"),
            "opens": _("Opens"),
            "closes": _("Closes"),
            "by_appointment": _("By appointment only"),
            "is_active": _("Given at present"),
            "order": _("Place in the list"),
        }
        help_texts = {
            "uses_per_stay": _("Leave it empty where there is no limit."),
            "opens": _("Leave both hours empty where it is always open."),
        }

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opens, closes = data.get("opens"), data.get("closes")
        if "opens" in data and "closes" in data:
            if bool(opens) != bool(closes):
                empty = "closes" if opens else "opens"
                self.add_error(empty, _("Give both hours, or neither."))
            elif opens and closes and closes <= opens:
                self.add_error("closes", _("This is not after the hour at which it opens."))
        return data


class SlotsForm(forms.Form):
    first_day = forms.DateField(label=_("First day"), widget=DateInput())
    every = forms.TypedChoiceField(label=_("How often"), choices=EVERY, coerce=int, initial=1)
    times = forms.IntegerField(label=_("How many times"), min_value=1, max_value=60, initial=1)
    starts = forms.TimeField(label=_("Begins"), widget=TimeInput())
    ends = forms.TimeField(label=_("Ends"), widget=TimeInput())
    capacity = forms.IntegerField(label=_("Places"), min_value=1, max_value=500)
    title_zh = forms.CharField(
        label=_("Title in Chinese"),
        help_text=_("For a talk or a job fair. Leave both titles empty for everyday hours."),
        max_length=60,
        required=False,
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    place = forms.CharField(label=_("Where"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("first_day") and data["first_day"] < local_date(now()):
            self.add_error("first_day", _("This day is over. Choose today or a later one."))
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", _("This is not after the hour at which it begins."))
        if bool(data.get("title_zh")) != bool(data.get("title_en")):
            empty = "title_en" if data.get("title_zh") else "title_zh"
            self.add_error(empty, _("Give the title in both languages, or in neither."))
        return data

    def series(self) -> Series:
        return Series(**self.cleaned_data)


class ChoiceForm(forms.Form):
    slot = forms.IntegerField()
