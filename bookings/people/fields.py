"""Form fields about people."""

import re
from typing import Any

from allauth.account.fields import PhoneField as AllauthPhoneField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LOCAL = re.compile(r"1[3-9]\d{9}")
INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")


class PhoneField(AllauthPhoneField):
    """A mobile number as people write it; cleaned to E.164. Mainland numbers need no +86."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Mobile number"))
        super().__init__(**kwargs)
        self.widget.attrs.pop("placeholder", None)  # the label says it

    def clean(self, value: Any) -> str:
        number = re.sub(r"[\s\-()]", "", str(value or ""))
        if LOCAL.fullmatch(number):
            return f"+86{number}"
        if number.startswith("+86") and not LOCAL.fullmatch(number[3:]):
            number = ""
        if INTERNATIONAL.fullmatch(number):
            return number
        if not value and not self.required:
            return ""
        raise ValidationError(
            _("Type an 11-digit mobile number, or a number abroad with + and country code.")
        )
