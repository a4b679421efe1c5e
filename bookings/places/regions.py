"""Administrative divisions by GB/T 2260 code, present and former, from python-stdnum's table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from stdnum import numdb

PERIOD = re.compile(r"\[(\d*)-(\d*)\]")


@dataclass(frozen=True)
class Region:
    """A county-level division that exists today."""

    code: str
    province: str
    city: str
    county: str


def name(code: str) -> str:
    """Province, city and county of a code, former codes too; empty where the code is none."""
    if not re.fullmatch(r"\d{6}", code):
        return ""
    found = {
        key: text for _, props in numdb.get("cn/loc").info(code) for key, text in props.items()
    }
    if "county" not in found:
        return ""
    names = [found.get("province", ""), city(code), PERIOD.sub("", found["county"].split(",")[-1])]
    return "".join(dict.fromkeys(names))


@cache
def counties() -> tuple[Region, ...]:
    """Every county-level division of today, in the codes' order."""
    return tuple(_walk())


def far_from(code: str) -> str:
    """Some county's code in another province."""
    return next(region.code for region in counties() if region.code[:2] != code[:2])


@cache
def of_today() -> frozenset[str]:
    """The codes of `counties`."""
    return frozenset(region.code for region in counties())


def is_county(code: str) -> bool:
    """Whether a code is a county-level division's, present or former."""
    return code in known_codes() and not code.endswith("00") and bool(name(code))


@cache
def known_codes() -> frozenset[str]:
    """Every code of a province, city or county, present and former."""
    return frozenset(
        province + rest
        for _, province, _, _, children in numdb.get("cn/loc").prefixes
        for _, rest, _, _, _ in children
    )


def _walk() -> Iterator[Region]:
    for _, province, _, props, children in numdb.get("cn/loc").prefixes:
        for _, rest, _, names, _ in children:
            code = province + rest
            county = _today(names["county"])
            if county and not code.endswith("00") and county not in {"市辖区", "县"}:
                yield Region(code, props["province"], city(code), county)


@cache
def city(code: str) -> str:
    """The city of a code; the province itself for a municipality and for divisions under it."""
    found = {
        key: text
        for _, props in numdb.get("cn/loc").info(code[:4] + "00")
        for key, text in props.items()
    }
    here = _today(found.get("county", "")) or ""
    return "" if here in {"市辖区", "县"} else here


def _today(names: str) -> str | None:
    """The present one of names such as "[1983-1992]郊区,[1993-]任城区"; None where all are past."""
    for text in names.split(","):
        period = PERIOD.match(text)
        if period is None or not period.group(2):
            return PERIOD.sub("", text)
    return None
