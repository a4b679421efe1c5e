"""By which way one wants to be told, and the e-mail address for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.messages.models import Channel

WAYS = {
    Channel.SMS: _("SMS to your mobile number"),
    Channel.MAIL: _("E-mail; by SMS where it does not arrive"),
    Channel.WECHAT: _("WeChat; by SMS where it does not arrive"),
}


class WayForm(forms.Form):
    channel = forms.ChoiceField(label=_("How shall we tell you?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, ways: list[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["channel"]
        field.choices = [(way.value, WAYS[way]) for way in ways]


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We send a link there; open it, and we tell you by e-mail from then on."),
        max_length=254,
        required=False,
    )
