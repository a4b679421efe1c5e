"""CSV in UTF-8 with a byte order mark, by which spreadsheets know it."""

from collections.abc import Sequence

from bookings.desk.register.facts import Guest
from bookings.desk.register.formats.columns import as_csv

TITLE = "CSV (UTF-8)"
SUFFIX = "csv"
MEDIA_TYPE = "text/csv; charset=utf-8"


def write(guests: Sequence[Guest]) -> bytes:
    return as_csv(guests).encode("utf-8-sig")
