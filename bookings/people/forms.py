"""Sign-in forms: one box for people, e-mail and password for staff; and the date box of all forms."""

from typing import Any

from allauth.account.forms import LoginForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.people.models import User


class PhoneForm(RequestLoginCodeForm):
    """Sign in or sign up: a number we do not know becomes an account, verified by its code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("email", None)
        self.fields["phone"].required = True
        self.fields["phone"].help_text = _("We send a six-digit code to this number.")

    def clean_phone(self) -> str:
        phone = str(super().clean_phone() or "")
        if phone and not self._user:
            self._user: User | None = User.objects.sign_up(phone)
        return phone


class StaffLoginForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")
