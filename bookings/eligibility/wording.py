"""What each finding says to a person, in the reader's language, and what would mend it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Evidence
from bookings.core.sentences import in_a_row

Text = str | Promise

TITLES: dict[str, Text] = {
    "identity": _("Identity document"),
    "valid_document": _("Validity of the document"),
    "of_age": _("Age"),
    "non_local": _("Registered home (hukou)"),
    "recent_graduate": _("Time since graduation"),
    "degree": _("Degree"),
    "no_home": _("No fixed home in the district"),
    "for_work": _("Coming for work"),
    "allowance": _("Nights"),
    "booking_window": _("Date of arrival"),
    "overlap": _("Other stays"),
    "standing": _("Standing"),
}
OUTCOMES: dict[str, Text] = {
    "pass": _("Fits"),
    "fail": _("Does not fit"),
    "unproven": _("To be checked"),
}
URGENCY = {"fail": 0, "unproven": 1, "pass": 2}
MISSING = _("Something we need to know is missing.")
CONFIRMED = _("A reviewer has checked the papers.")
REJECTED = _("The papers do not show this.")
OVERRIDDEN = _("Two people here looked at it and let it pass.")

SENTENCES: dict[tuple[str, str], Text] = {
    ("identity", "fits"): _("The number is well formed and agrees with your birth date and sex."),
    ("identity", "form"): _("This is not a number of the kind of document you chose."),
    ("identity", "check_digit"): _("The number has a slip: its check digit does not agree."),
    ("identity", "birth_date"): _("The number holds a date of birth that does not exist."),
    ("identity", "birth_date_differs"): _("The date of birth differs from the one in the number."),
    ("identity", "sex_differs"): _("The sex differs from the one in the number."),
    ("identity", "born_in_future"): _("The date of birth lies in the future."),
    ("valid_document", "valid"): _("Your document is valid on the day of arrival."),
    ("valid_document", "for_good"): _("Your document is valid for good."),
    ("valid_document", "expires"): _("Your document ends on %(until)s, before you arrive."),
    ("valid_document", "not_judged"): _("Not judged here."),
    ("of_age", "of_age"): _("You are %(minimum)s or older on the day of arrival."),
    ("of_age", "minor"): _("You are under %(minimum)s on the day of arrival."),
    ("of_age", "too_old"): _("The programme ends at the age of %(maximum)s."),
    ("non_local", "registered_elsewhere"): _("Your home is registered outside the district."),
    ("non_local", "no_mainland_registration"): _("With this document you have no hukou here."),
    ("non_local", "registered_here"): _("Your home is registered in this district."),
    ("non_local", "unknown_code"): _("We do not know this place of registration."),
    ("non_local", "too_coarse"): _(
        "Your place of registration is named too widely: the district lies in it."
    ),
    ("recent_graduate", "recent"): _(
        "You graduated on %(graduation_date)s; you may arrive until %(last_day)s."
    ),
    ("recent_graduate", "too_long_ago"): _(
        "You graduated on %(graduation_date)s. %(years)s years ended on %(last_day)s, "
        "before your arrival on %(arrival)s."
    ),
    ("recent_graduate", "not_graduated"): _(
        "You will graduate on %(graduation_date)s, after your arrival on %(arrival)s."
    ),
    ("degree", "enough"): _("Your degree is within the programme."),
    ("degree", "too_low"): _("The programme begins at a higher degree."),
    ("degree", "no_paper"): _("Your degree certificate or CHSI report is not here yet."),
    ("degree", "code_expired"): _("Your CHSI code expired on %(chsi_until)s."),
    ("no_home", "declared_none"): _("You declare that you have no fixed home in the district."),
    ("no_home", "has_home"): _("You have a fixed home in the district."),
    ("for_work", "for_work"): _("You come for work."),
    ("for_work", "not_for_work"): _("The station is for people who come for work."),
    ("for_work", "no_paper"): _("A paper that shows why you come is not here yet."),
    ("allowance", "within"): _("%(nights)s nights asked for, %(left)s of %(allowed)s left."),
    ("allowance", "no_night"): _("A stay has at least one night."),
    ("allowance", "too_many"): _(
        "%(nights)s nights asked for, but only %(left)s of %(allowed)s left."
    ),
    ("allowance", "used_up"): _("All %(allowed)s nights have been used or promised."),
    ("allowance", "used_up_this_year"): _(
        "All %(allowed)s nights of this year have been used or promised."
    ),
    ("allowance", "no_stay_left"): _("All %(stays)s stays have been used or promised."),
    ("allowance", "no_stay_left_this_year"): _(
        "All %(stays)s stays of this year have been used or promised."
    ),
    ("booking_window", "in_time"): _("You may apply for this day."),
    ("booking_window", "not_judged"): _("Not judged here."),
    ("booking_window", "past"): _("%(arrival)s has passed."),
    ("booking_window", "too_far"): _("One can apply at most %(days_ahead)s days ahead."),
    ("overlap", "none"): _("You have no other stay on these nights."),
    ("overlap", "not_judged"): _("Not judged here."),
    ("overlap", "overlaps"): _("You already have a stay on one of these nights."),
    ("standing", "good"): _("Nothing stands against a stay."),
    ("standing", "not_judged"): _("Not judged here."),
    ("standing", "suspended"): _("Stays are suspended until %(until)s."),
}

MENDS: dict[tuple[str, str], Text] = {
    ("identity", "form"): _("Check the kind of document and type the number again."),
    ("identity", "check_digit"): _("Compare the number with your card, digit by digit."),
    ("identity", "birth_date"): _("Compare the number with your card, digit by digit."),
    ("identity", "birth_date_differs"): _("Correct the date of birth, or the number."),
    ("identity", "sex_differs"): _("Correct the sex, or the number."),
    ("identity", "born_in_future"): _("Correct the date of birth."),
    ("valid_document", "expires"): _("Renew it, and enter the new one; a temporary card does too."),
    ("of_age", "minor"): _("Come to the desk with a guardian's consent, or telephone us first."),
    ("non_local", "registered_here"): _(
        "If your hukou has moved, show the new booklet at the station."
    ),
    ("non_local", "unknown_code"): _("Choose your county from the list again."),
    ("non_local", "too_coarse"): _("Choose your county from the list again."),
    ("recent_graduate", "not_graduated"): _("Choose a day of arrival after your graduation."),
    ("recent_graduate", "too_long_ago"): _("If the date is wrong, correct it; else telephone us."),
    ("degree", "no_paper"): _("Add a photo of it to your application."),
    ("degree", "code_expired"): _(
        "Extend it on CHSI, free of charge, or add a photo of your certificate or report."
    ),
    ("of_age", "too_old"): _("Telephone us: we know of other places to stay."),
    ("degree", "too_low"): _("If you hold a higher degree, enter that one."),
    ("no_home", "has_home"): _("If this is a slip, correct your answer and apply again."),
    ("for_work", "no_paper"): _("Add one of these: %(needed)s."),
    ("for_work", "not_for_work"): _("If you come for work too, choose that as your purpose."),
    ("allowance", "no_night"): _("Choose at least one night."),
    ("allowance", "too_many"): _("Ask for %(left)s nights or fewer."),
    ("allowance", "used_up"): _("Telephone us: we know of other places to stay."),
    ("allowance", "used_up_this_year"): _("Choose a day of next year, or telephone us."),
    ("allowance", "no_stay_left"): _("Telephone us: we know of other places to stay."),
    ("allowance", "no_stay_left_this_year"): _("Choose a day of next year, or telephone us."),
    ("booking_window", "past"): _("Choose today or a later day."),
    ("booking_window", "too_far"): _("Choose an earlier day, or apply again nearer the day."),
    ("overlap", "overlaps"): _("Choose other nights, or cancel the other stay first."),
    ("standing", "suspended"): _("Choose a later day, or telephone us if you disagree."),
}
MEND_MISSING = _("Add it to your application.")
MEND_REJECTED = _("Send a paper that shows it, or telephone us.")


@dataclass(frozen=True)
class Told:
    """A finding in words."""

    clause: str
    outcome: str
    title: str
    outcome_label: str
    sentence: str
    mend: str

    @property
    def whole(self) -> str:
        """Sentence and mend in one."""
        return in_a_row([self.sentence, self.mend])


def tell(findings: Iterable[Mapping[str, Any]]) -> list[Told]:
    """Findings as stored → findings in words, in the active language; what stands against first."""
    return sorted((_tell(finding) for finding in findings), key=lambda told: URGENCY[told.outcome])


def _tell(finding: Mapping[str, Any]) -> Told:
    clause, outcome, reason = finding["clause"], finding["outcome"], finding["reason"]
    common: dict[str, tuple[Text, Text]] = {
        "missing": (MISSING, MEND_MISSING),
        "confirmed": (CONFIRMED, ""),
        "rejected": (REJECTED, MEND_REJECTED),
        "overridden": (OVERRIDDEN, ""),
    }
    sentence, mend = common.get(reason) or (
        SENTENCES[clause, reason],
        MENDS.get((clause, reason), ""),
    )
    words = {key: _readable(value) for key, value in finding["values"].items()}
    return Told(
        clause=clause,
        outcome=outcome,
        title=str(TITLES[clause]),
        outcome_label=str(OUTCOMES[outcome]),
        sentence=str(sentence) % words,
        mend=str(mend) % words if outcome != "pass" else "",
    )


def _readable(value: object) -> object:
    if isinstance(value, list):
        kinds = dict(Evidence.Kind.choices)
        return str(_(", ")).join(str(kinds.get(item, item)) for item in value)
    if isinstance(value, str):
        try:
            return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
        except ValueError:
            return value
    return value
