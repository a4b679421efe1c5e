"""What the police systems read, one small module a format; a district has one of them.

A new format is a module with `TITLE`, `SUFFIX`, `MEDIA_TYPE` and `write(guests) -> bytes`, and a line
in FORMATS. Its columns are those of columns.py, or its own.
"""

from collections.abc import Sequence
from typing import Protocol, cast

from bookings.desk.register.facts import Guest
from bookings.desk.register.formats import gbk_csv, generic_csv, generic_xlsx


class Format(Protocol):
    TITLE: str
    SUFFIX: str
    MEDIA_TYPE: str

    @staticmethod
    def write(guests: Sequence[Guest]) -> bytes: ...


FORMATS: dict[str, Format] = {
    "generic_xlsx": cast(Format, generic_xlsx),
    "generic_csv": cast(Format, generic_csv),
    "gbk_csv": cast(Format, gbk_csv),
}
