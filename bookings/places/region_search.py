"""Find a county by name or by pinyin, former names and codes too. Pure but for its tables."""

import re
from dataclasses import dataclass
from functools import cache

from stdnum import numdb

from bookings.places import regions

# what every name of a province or city ends in
GENERIC = re.compile(r"特别行政区|(?:壮族|回族|维吾尔)?自治[区州]|[省市盟]|地区")
NAMED = re.compile(r"(?:\[(\d*)-(\d*)\])?([^,\[]+)")
MOST = 20


@dataclass(frozen=True)
class Entry:
    """A name that a county bears or bore. `until`: the year in which the name ended, if it did."""

    code: str
    name: str
    above: str  # province and city
    until: str
    spelt: str
    initials: str
    initials_above: str

    @property
    def label(self) -> str:
        past = f"（至 {self.until} 年）" if self.until else ""
        return f"{self.above} {self.name}{past}"


def search(query: str) -> list[Entry]:
    """The counties that a query means, the likeliest first, at most twenty. A query is a part of a
    name (任城), pinyin (rencheng), initials (rc, or jnrc with the city's), or the digits of a code."""
    wanted = re.sub(r"[\s'·]", "", query).lower()
    if not wanted:
        return []
    ranked = (
        (rank, bool(one.until), one.code, one) for one in entries() if (rank := _rank(wanted, one))
    )
    return [one for *_, one in sorted(ranked, key=lambda found: found[:3])[:MOST]]


def _rank(wanted: str, one: Entry) -> int:
    """1 is the best; 0 is none."""
    if wanted.isascii():
        if wanted.isdigit():
            return int(one.code.startswith(wanted))
        if wanted in (one.initials, one.spelt):
            return 1
        if one.initials.startswith(wanted) or one.spelt.startswith(wanted):
            return 2
        return 3 if wanted in f"{one.initials_above}{one.initials}" else 0
    if one.name.startswith(wanted):
        return 1
    return 2 if wanted in f"{one.above}{one.name}".replace(" ", "") else 0


@cache
def entries() -> tuple[Entry, ...]:
    """Every name of every county-level division, present and former."""
    found = []
    for _, province, _, props, children in numdb.get("cn/loc").prefixes:
        for _, rest, _, names, _ in children:
            code = province + rest
            if not regions.is_county(code):
                continue
            city = regions.city(code)
            above = (
                props["province"]
                if city in ("", props["province"])
                else f"{props['province']} {city}"
            )
            for _since, until, name in NAMED.findall(names["county"]):
                if name not in {"市辖区", "县"}:
                    found.append(_entry(code, name, above, until))
    return tuple(found)


def _entry(code: str, name: str, above: str, until: str) -> Entry:
    return Entry(
        code=code,
        name=name,
        above=above,
        until=until,
        spelt="".join(_pinyin(name)),
        initials=_initials(name),
        initials_above=_initials(GENERIC.sub("", above).replace(" ", "")),
    )


@cache
def _initials(name: str) -> str:
    return "".join(syllable[0] for syllable in _pinyin(name))


def _pinyin(name: str) -> list[str]:
    from pypinyin import lazy_pinyin  # its dictionaries are large: only when somebody searches

    return lazy_pinyin(name)
