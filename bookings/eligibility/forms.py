"""The pre-check's five questions, and the reviewer's forms, one an act."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Evidence, Purpose
from bookings.eligibility.claims import PROVES
from bookings.eligibility.wording import TITLES
from bookings.people.forms import DateInput
from bookings.people.models import Degree, User
from bookings.people.roles import MAY
from bookings.places.models import District

YES_NO = [("no", _("No")), ("yes", _("Yes"))]


def _yes(word: str) -> bool:
    return word == "yes"


class PrecheckForm(forms.Form):
    """Five questions; nothing is stored."""

    local = forms.TypedChoiceField(
        label=_("Is your hukou registered in this district?"),
        choices=YES_NO,
        coerce=_yes,
        widget=forms.RadioSelect,
    )
    has_home = forms.TypedChoiceField(
        label=_("Do you or your parents have a fixed home in the district?"),
        choices=YES_NO,
        coerce=_yes,
        widget=forms.RadioSelect,
    )
    degree = forms.ChoiceField(
        label=_("Your highest degree"), choices=[("", _("Choose")), *Degree.choices]
    )
    graduation_date = forms.DateField(label=_("When did you graduate?"), widget=DateInput())
    purpose = forms.ChoiceField(
        label=_("Why do you come?"), choices=Purpose.choices, widget=forms.RadioSelect
    )


TELL = _("What the applicant should know")
NOTHING_SHOWS = _(
    "No paper shows: %(clauses)s. Ask for it, let the desk see the original, or write here why it may "
    "pass all the same: the applicant reads it."
)
SAY_IT = _("Write it in a sentence: the applicant reads it.")


def _sentence(label: Any, **options: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=300, widget=area, **options)


class ApproveForm(forms.Form):
    """`bare` are the clauses beside which nothing stands: they pass only with a reason, or once the
    desk has seen the original."""

    note = _sentence(TELL, required=False)
    to_see = forms.MultipleChoiceField(
        label=_("Originals that the desk should see on arrival"),
        help_text=_("The clerk is reminded at the scan, and it is noted who saw them."),
        choices=Evidence.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, bare: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bare = bare

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        at_the_desk = {PROVES.get(kind) for kind in data.get("to_see", [])}
        missing = [str(TITLES[clause]) for clause in self.bare if clause not in at_the_desk]
        if missing and not data.get("note"):
            told = {"clauses": _("; ").join(missing)}
            self.add_error("note", NOTHING_SHOWS % told)
        return data


class RefuseForm(forms.Form):
    """A refusal names its clause and says why."""

    clause = forms.ChoiceField(
        label=_("Which clause does not hold?"),
        choices=list(TITLES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say which clause does not hold.")},
    )
    note = _sentence(TELL, error_messages={"required": SAY_IT})


class RevokeForm(RefuseForm):
    """An automatic approval is taken back as a refusal is given."""


class AskForm(forms.Form):
    """Exactly which papers are wanted; one of another kind is described in words."""

    kinds = forms.MultipleChoiceField(
        label=_("Which papers?"),
        choices=Evidence.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what you want to see.")},
    )
    text = _sentence(_("In words: what should it show?"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if Evidence.Kind.OTHER in data.get("kinds", []) and not data.get("text"):
            self.add_error("text", _("Describe the other paper: the applicant reads it."))
        return data


class ProposeForm(forms.Form):
    """Which failed clause should pass, and why; a second person reads the reason."""

    clause = forms.ChoiceField(label=_("Which clause should pass?"), widget=forms.RadioSelect)
    reason = _sentence(
        _("Why is the system wrong here?"),
        error_messages={"required": _("Write the reason: a second person decides by it.")},
    )

    def __init__(self, *args: Any, clauses: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(clause, TITLES[clause]) for clause in clauses]
        self.fields["clause"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["clause"].initial = choices[0][0]


class AssignForm(forms.Form):
    """Who of the district's reviewers should have the case."""

    to = forms.ModelChoiceField(
        label=_("Give it to"), queryset=User.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(
            is_active=True,
            membership__is_active=True,
            membership__district=district,
            membership__role__in=MAY["review"],
        )
        self.fields["to"].queryset = colleagues.order_by("name", "pk")  # type: ignore[attr-defined]


class PlainForm(forms.Form):
    """An act that needs nothing said: a button."""
