"""What the page of a stay sends about keys."""

from django import forms


class GiveForm(forms.Form):
    label = forms.CharField(max_length=20)


class BackForm(forms.Form):
    loan = forms.IntegerField(min_value=1, max_value=2**63 - 1)
