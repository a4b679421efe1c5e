"""What the page of a stay sends."""

from django import forms


class LongerForm(forms.Form):
    """Nights more, after the day of departure that the page showed."""

    nights = forms.IntegerField(min_value=1, max_value=60)
    seen = forms.DateField()


class ShorterForm(forms.Form):
    departure = forms.DateField()
