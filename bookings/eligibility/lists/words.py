"""How a list may say things: columns and choices in Chinese, in English or by their codes."""

import datetime as dt
import re
from functools import cache

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Purpose
from bookings.people.models import Degree, DocumentType
from bookings.places.models import Sex
from bookings.places.regions import counties

Text = str | Promise

# the columns of `assess`, as the template names them
HEADINGS: dict[str, Text] = {
    "ref": _("List number"),
    "doc_type": _("Kind of document"),
    "doc_number": _("Document number"),
    "sex": _("Sex"),
    "birth_date": _("Date of birth"),
    "hukou_code": _("Registered home (code or name)"),
    "degree": _("Highest degree"),
    "graduation_date": _("Date of graduation"),
    "has_home_in_district": _("Fixed home in the district"),
    "purpose": _("Why they come"),
    "arrival": _("Day of arrival"),
    "nights": _("Nights"),
    "nights_used": _("Nights used before"),
}
YES_NO: dict[str, Text] = {"yes": _("Yes"), "no": _("No")}
CHOICES: dict[str, dict[str, Text]] = {
    "doc_type": dict(DocumentType.choices),
    "sex": dict(Sex.choices),
    "degree": dict(Degree.choices),
    "has_home_in_district": YES_NO,
    "purpose": dict(Purpose.choices),
}
# what else lists are found to say
ALSO: dict[str, dict[str, str]] = {
    "doc_type": {"身份证": "resident_id", "居民身份证": "resident_id", "护照": "passport"},
    "sex": {"女": "women", "男": "men", "female": "women", "male": "men", "f": "women", "m": "men"},
    "degree": {
        "中专": "secondary_vocational",
        "大专": "junior_college",
        "专科": "junior_college",
        "高职": "junior_college",
        "本科": "bachelor",
        "学士": "bachelor",
        "硕士研究生": "master",
        "硕士": "master",
        "博士研究生": "doctor",
        "博士": "doctor",
    },
    "has_home_in_district": {"有": "yes", "无": "no", "没有": "no"},
    "purpose": {"求职": "job_seeking", "面试": "interview", "入职": "new_job", "创业": "startup"},
}
DATES = {"birth_date", "graduation_date", "arrival"}
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
LANGUAGES = ("zh-hans", "en")


def column(heading: str) -> str:
    """The column that a heading means; itself, in small letters, where it means none."""
    return _columns().get(_plain(heading), heading.strip().lower())


def code(name: str, text: str) -> str:
    """What a cell means to `assess`; the text as it is where it means nothing known."""
    text = text.strip()
    if name in CHOICES:
        return _choices()[name].get(_plain(text), text)
    if name in DATES:
        return _day(text)
    if name == "hukou_code":
        return _homes().get(_plain(text), text)
    return text


def _plain(text: str) -> str:
    return re.sub(r"[\s*＊:：]", "", text).lower()


def _day(text: str) -> str:
    found = DAY.fullmatch(text) or EIGHT.fullmatch(text)
    if found is None:
        return text
    year, month, day = map(int, found.groups())
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:  # no day of the calendar: `assess` says so
        return f"{year:04}-{month:02}-{day:02}"


@cache
def _columns() -> dict[str, str]:
    known = {name: name for name in HEADINGS}
    for language in LANGUAGES:
        with translation.override(language):
            known |= {_plain(str(words)): name for name, words in HEADINGS.items()}
    return known


@cache
def _choices() -> dict[str, dict[str, str]]:
    known: dict[str, dict[str, str]] = {}
    for name, choices in CHOICES.items():
        known[name] = {choice: choice for choice in choices} | ALSO[name]
        for language in LANGUAGES:
            with translation.override(language):
                known[name] |= {_plain(str(words)): choice for choice, words in choices.items()}
    return known


@cache
def _homes() -> dict[str, str]:
    """Full names of counties, such as 山东省济宁市任城区, and their codes."""
    return {one.province + one.city + one.county: one.code for one in counties()}
