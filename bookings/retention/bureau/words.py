"""What a bureau's list may say: its columns by their usual headings, days and months, places."""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from functools import cache, lru_cache

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.eligibility.lists.words import DAY, EIGHT, LANGUAGES
from bookings.people.documents import compact
from bookings.places.regions import counties

# the columns, as the template names them
HEADINGS: Mapping[str, str | Promise] = {
    "number": _("Document number"),
    "digest": _("Keyed hash of the number"),
    "employer": _("Employer"),
    "employer_code": _("Social credit code"),
    "since": _("Insured from"),
    "until": _("Insured until"),
    "place": _("Insured in"),
}
# what else such lists are found to call them
ALSO = {
    "number": "身份证号 身份证号码 公民身份号码 居民身份号码 证件号 证件号码 社会保障号 社会保障号码",
    "digest": "证件号码密文 身份证号密文 密文 哈希值",
    "employer": "单位 单位名称 参保单位 参保单位名称 用人单位 用人单位名称 工作单位",
    "employer_code": "统一社会信用代码 社会信用代码 信用代码",
    "since": "参保日期 参保开始日期 参保起始日期 参保起始年月 参保起始月 开始日期 起始日期 起始年月",
    "until": "参保截止日期 参保结束日期 参保终止日期 参保截止年月 截止日期 结束日期 终止日期 截止年月",
    "place": "参保地 参保地区 参保区县 参保区划 统筹区 行政区划 行政区划代码",
}
REASONS: Mapping[str, str | Promise] = {
    "no_number": _("no document number"),
    "rounded": _("the document number was rounded by the spreadsheet: format the column as text"),
    "number": _("not a document number"),
    "digest": _("not a keyed hash: 64 characters 0–9 and a–f"),
    "employer": _("no employer"),
    "employer_code": _("not a social credit code"),
    "since": _("insured from: not a day or month"),
    "until": _("insured until: not a day or month"),
    "order": _("insured until a day before the first"),
    "place": _(
        "insured in: empty, or no district or city that we know. Write a code or a name; a list without "
        "the column is of this district"
    ),
}
MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?", re.ASCII)
MIDNIGHT = re.compile(r"[ T]0?0:00(:00)?$")
STILL = frozenset({"", "至今", "长期", "now", "9999-12-31", "99991231", "999912"})
NUMBER = re.compile(r"[0-9A-Z()（）]{5,24}")
ROUNDED = re.compile(r"\d(\.\d+)?E\+?\d+")
DIGEST = re.compile(r"[0-9a-f]{64}")


class Unreadable(Exception):
    """A row that cannot be read; `reason` is a key of REASONS."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def column(heading: str) -> str:
    """The column that a heading means; empty where it means none."""
    return _columns().get(_plain(heading), "")


def number(text: str) -> str:
    """A document number as our guests' are kept. Errors: Unreadable."""
    found = compact(text.strip("'\"=\t "))
    if NUMBER.fullmatch(found) and not ROUNDED.fullmatch(found):
        return found
    if not found:
        raise Unreadable("no_number")
    raise Unreadable("rounded" if ROUNDED.fullmatch(found) else "number")


@lru_cache(maxsize=4096)
def first_day(text: str) -> dt.date:
    """A day, or a month's first. Errors: Unreadable."""
    found = _day(text, last=False)
    if found is None:
        raise Unreadable("since")
    return found


@lru_cache(maxsize=4096)
def last_day(text: str) -> dt.date | None:
    """A day, or a month's last; None for who still is. Errors: Unreadable."""
    if text.strip().lower() in STILL:
        return None
    found = _day(text, last=True)
    if found is None:
        raise Unreadable("until")
    return found


def _day(text: str, *, last: bool) -> dt.date | None:
    text = MIDNIGHT.sub("", text.strip())
    found = DAY.fullmatch(text) or EIGHT.fullmatch(text)
    month = None if found else MONTH.fullmatch(text)
    try:
        if found:
            return dt.date(*map(int, found.groups()))
        if month:
            year, number = map(int, month.groups())
            return dt.date(year, number, calendar.monthrange(year, number)[1] if last else 1)
    except (ValueError, calendar.IllegalMonthError):
        return None
    return None


@lru_cache(maxsize=1024)
def place(text: str, home: str) -> str:
    """The code of a county or a city: a code, or a name, short ones where they stand in the city of
    `home` (a code). Errors: Unreadable."""
    text = _plain(text)
    if re.fullmatch(r"\d{6}", text, re.ASCII) and text[2:4] != "00":
        return text
    found = _cities().get(text) or next(
        (one.code for one in counties() if text in _names(one, home)), None
    )
    if found is None:
        raise Unreadable("place")
    return found


def _names(one: object, home: str) -> set[str]:
    province, city, county, code = (
        getattr(one, name) for name in ("province", "city", "county", "code")
    )
    names = {province + city + county, (city or province) + county}
    return names | {county} if code[:4] == home[:4] else names


@cache
def _cities() -> dict[str, str]:
    found = {}
    for one in counties():
        if one.city:
            found[one.city] = found[one.province + one.city] = f"{one.code[:4]}00"
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\s*＊:：\ufeff]", "", text).lower()


@cache
def _columns() -> dict[str, str]:
    known = {name: name for name in HEADINGS}
    for name, words in ALSO.items():
        known |= dict.fromkeys(words.split(), name)
    for language in LANGUAGES:
        with translation.override(language):
            known |= {_plain(str(words)): name for name, words in HEADINGS.items()}
    return known
