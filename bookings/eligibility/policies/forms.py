"""The forms of a policy draft: its rules, the period to try it out on, the day to publish it from."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Evidence, Purpose
from bookings.eligibility.policies.compare import FIELDS
from bookings.people.forms import DateInput
from bookings.people.models import Degree
from bookings.places.models import Policy

PLAIN = [name for name in FIELDS if name not in ("evidence", "follow_up_days")]


class RulesForm(forms.ModelForm):
    """Every rule of a draft. The value in force stands beside each."""

    minimum_degree = forms.ChoiceField(choices=Degree.choices)
    follow_up_days = forms.CharField(help_text=_("Whole numbers with commas: 30, 90, 180"))

    class Meta:
        model = Policy
        fields = PLAIN
        widgets = {"arrival_cutoff": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("minimum_degree", "follow_up_days"):
            field: Any = Policy._meta.get_field(name)
            self.fields[name].label = capfirst(field.verbose_name)
        self.initial["follow_up_days"] = ", ".join(map(str, self.instance.follow_up_days))
        kinds = [choice for choice in Evidence.Kind.choices if choice[0] != Evidence.Kind.DEGREE]
        for purpose, label in Purpose.choices:
            accepted = purpose in self.instance.evidence
            self.fields[f"accept_{purpose}"] = forms.BooleanField(
                label=label, required=False, initial=accepted
            )
            self.fields[f"kinds_{purpose}"] = forms.MultipleChoiceField(
                label=_("Papers of which one is needed"),
                help_text=_("None ticked: no paper is needed."),
                required=False,
                choices=kinds,
                initial=self.instance.evidence.get(purpose, []),
                widget=forms.CheckboxSelectMultiple,
            )

    def clean_follow_up_days(self) -> list[int]:
        words = self.cleaned_data["follow_up_days"].replace("，", ",").split(",")
        try:
            days = sorted({int(word) for word in words if word.strip()})
        except ValueError as error:
            raise forms.ValidationError(_("Write whole numbers with commas between.")) from error
        if not days or not 1 <= days[0] <= days[-1] <= 1_100:
            raise forms.ValidationError(_("Write one to 1,100 days for each question."))
        return days

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        lowest, highest = data.get("minimum_age"), data.get("maximum_age")
        if lowest is not None and highest is not None and highest < lowest:
            self.add_error("maximum_age", _("The highest age is below the lowest one."))
        if not any(data.get(f"accept_{purpose}") for purpose in Purpose.values):
            self.add_error(None, _("Accept one purpose at least, or nobody can come."))
        return data

    def rules(self) -> dict[str, Any]:
        """The rules as they were typed, by a Policy's fields."""
        data = self.cleaned_data
        evidence = {
            purpose: data[f"kinds_{purpose}"]
            for purpose in Purpose.values
            if data[f"accept_{purpose}"]
        }
        names = [*PLAIN, "follow_up_days"]
        return {**{name: data[name] for name in names}, "evidence": evidence}

    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in [*PLAIN, "follow_up_days"]]

    def purposes(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"accept_{one}"], self[f"kinds_{one}"]) for one in Purpose.values]


class TrialForm(forms.Form):
    """On whom a draft is tried out: a past period's applications, or a list."""

    since = forms.DateField(label=_("Applications sent from"), widget=DateInput())
    until = forms.DateField(label=_("until"), widget=DateInput())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        return data


class PublishForm(forms.Form):
    valid_from = forms.DateField(
        label=_("In force from"),
        help_text=_("Applications sent from this day on are decided by it; earlier ones are not."),
        widget=DateInput(),
    )

    def __init__(self, *args: Any, tomorrow: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].widget.attrs["min"] = tomorrow.isoformat()
