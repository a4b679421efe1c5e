"""What the register needs of a guest, what of it is missing, and until when it is due. Pure."""

import datetime as dt
from dataclasses import dataclass

from bookings.desk.verdict import is_under_age

# Guests from abroad are registered within 24 hours, all others on the day of arrival. Where the local
# police count permits of Hong Kong, Macau and Taiwan residents among the former, add them here.
ABROAD = frozenset({"passport", "foreign_permanent_resident"})
WITH_A_HOME = frozenset({"resident_id"})  # whose card names a home in the mainland
WITHIN = dt.timedelta(hours=24)
GUARDIAN = ("guardian_name", "guardian_phone")  # fields of a graduate who is under age
ALWAYS = ("name", "doc_number")


@dataclass(frozen=True)
class Guest:
    """A guest as the register writes one; instants are local."""

    name: str
    sex: str
    birth_date: dt.date
    doc_type: str
    doc_number: str
    region: str
    address: str
    nationality: str
    room: str
    arrived_at: dt.datetime
    left_at: dt.datetime | None = None
    guardian: str = ""

    @property
    def home(self) -> str:
        """The home as far as it is known: the line on the card, else the county."""
        return self.address or self.region


def missing(guest: Guest) -> list[str]:
    """What has to be asked for before the guest can be registered, by name."""
    needed = [*ALWAYS]
    if guest.doc_type in ABROAD:
        needed.append("nationality")
    if guest.doc_type in WITH_A_HOME:
        needed.append("home")
    if is_under_age(guest.birth_date, guest.arrived_at.date()):
        needed.append("guardian")
    return [name for name in needed if not getattr(guest, name)]


def due_at(doc_type: str, arrived_at: dt.datetime) -> dt.datetime:
    """The instant by which who arrived at this local instant must be registered."""
    if doc_type in ABROAD:
        return arrived_at + WITHIN
    next_day = arrived_at.date() + dt.timedelta(days=1)
    return dt.datetime.combine(next_day, dt.time.min, tzinfo=arrived_at.tzinfo)
