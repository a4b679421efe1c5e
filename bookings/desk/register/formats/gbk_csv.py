"""CSV in GB 18030, which older terminals read as GBK: both write the common characters alike, and the
rare ones of a name are kept."""

from collections.abc import Sequence

from bookings.desk.register.facts import Guest
from bookings.desk.register.formats.columns import as_csv

TITLE = "CSV (GBK)"
SUFFIX = "csv"
MEDIA_TYPE = "text/csv; charset=gb18030"


def write(guests: Sequence[Guest]) -> bytes:
    return as_csv(guests).encode("gb18030")
