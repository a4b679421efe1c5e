"""What the board sends: a stay, the bed it was seen in, the bed it shall have."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.places.models import Bed, Station


class MoveForm(forms.Form):
    stay = forms.ModelChoiceField(queryset=Stay.objects.none(), widget=forms.HiddenInput)
    seen = forms.ModelChoiceField(queryset=Bed.objects.none(), widget=forms.HiddenInput)
    to = forms.ModelChoiceField(label=_("To which bed?"), queryset=Bed.objects.none())
    sure = forms.BooleanField(
        label=_("The guest is here and knows that the bed changes from tonight on."),
        required=False,
    )

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beds = Bed.objects.filter(room__station=station).select_related("room")
        beds = beds.order_by("room__floor", "room__name", "name")
        fields: dict[str, Any] = self.fields
        fields["seen"].queryset = fields["to"].queryset = beds
        fields["stay"].queryset = Stay.objects.filter(station=station).select_related(
            "station", "graduate", "application"
        )
