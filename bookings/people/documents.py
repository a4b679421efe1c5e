"""Checks of identity-document numbers. Pure: no Django, no queries.

Sources: GB 11643 (resident identity card: check digit, birth date, sex in the 17th digit; the
residence permit for Hong Kong, Macau and Taiwan residents has the same form with 810000, 820000 or
830000 in front), the forms of the travel permits, ICAO Doc 9303 (passport number: up to nine
letters and digits).
"""

import datetime as dt
import re
from dataclasses import dataclass

from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

RESIDENT_FORMS = {
    "resident_id": re.compile(r"[1-6]\d{16}[\dX]"),
    "hmt_residence_permit": re.compile(r"8[123]0000\d{11}[\dX]"),
}
OTHER_FORMS = {
    "hk_macau_travel_permit": re.compile(r"[HM]\d{8}(\d{2})?"),
    "taiwan_travel_permit": re.compile(r"\d{8}|\d{10}[A-Z]?"),
    # the 2017 form (three letters, twelve digits) and the 2023 one (eighteen digits, 9 in front)
    "foreign_permanent_resident": re.compile(r"[A-Z]{3}\d{12}|9\d{16}[\dX]"),
    "passport": re.compile(r"[A-Z0-9]{5,9}"),
}


@dataclass(frozen=True)
class Reading:
    """What a number says: why it is wrong (`problem`, empty if right), and what it carries."""

    problem: str = ""
    birth_date: dt.date | None = None
    sex: str | None = None


def compact(number: str) -> str:
    """The number as it is stored and compared: upper case, no spaces or dashes."""
    return re.sub(r"[\s\-·]", "", number).upper()


def read_document(doc_type: str, number: str) -> Reading:
    """Check a document number by its own kind's rules."""
    number = compact(number)
    if doc_type in RESIDENT_FORMS:
        return _read_resident(number, RESIDENT_FORMS[doc_type])
    form = OTHER_FORMS.get(doc_type)
    if form is None or not number.isascii() or not form.fullmatch(number):
        return Reading(problem="form")
    if doc_type == "foreign_permanent_resident" and number[0] == "9":
        return _read_eighteen(number)
    return Reading()


def _read_resident(number: str, form: re.Pattern[str]) -> Reading:
    if not number.isascii() or not form.fullmatch(number):
        return Reading(problem="form")
    return _read_eighteen(number)


def _read_eighteen(number: str) -> Reading:
    if ric.calc_check_digit(number) != number[-1]:
        return Reading(problem="check_digit")
    try:
        born = ric.get_birth_date(number)
    except InvalidComponent:
        return Reading(problem="birth_date")
    return Reading(birth_date=born, sex="men" if int(number[16]) % 2 else "women")
