"""The forms of what is sent and answered."""

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field

AT_MOST = 500  # scans in one batch


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL, and nobody keeps half of a surrogate pair."""
    if "\x00" in text:
        raise ValueError("contains a NUL character")
    text.encode()
    return text


def _sane(at: dt.datetime) -> dt.datetime:
    """A clock may be wrong by decades, but not so wrong that no calendar has the day."""
    if not 1970 <= at.year <= 2200:
        raise ValueError("year out of range")
    return at


Text = Annotated[str, AfterValidator(_storable)]
Instant = Annotated[AwareDatetime, AfterValidator(_sane)]
STATION = "Slug; needed where the signed-in has several. A device has its one station."


class LookIn(Schema):
    code: Text = Field(max_length=400)
    nonce: Text = Field(min_length=1, max_length=64)
    at: Instant
    station: Text = Field(default="", max_length=60, description=STATION)


class ScanIn(LookIn):
    action: Literal["arrive", "leave", "redeem"]
    service: Text = Field(default="", max_length=30)
    offline: bool = False
    told: Literal["", "ok", "warn", "refused"] = Field(
        default="", description="What the desk showed without the network; `ok` if not said."
    )
    bed: Text = Field(default="", max_length=41, description="The bed that the guest was told.")


class KeptIn(ScanIn):
    action: Literal["arrive", "leave", "redeem", "check"]  # type: ignore[assignment]


class SyncIn(Schema):
    station: Text = Field(default="", max_length=60, description=STATION)
    scans: list[Annotated[KeptIn | Any, Field(union_mode="left_to_right")]] = Field(
        max_length=AT_MOST, description="One that cannot be read does not stop the others."
    )


class ServiceLeft(Schema):
    code: str
    name: str
    left: int = Field(description="Free uses left on the day, within those of the stay.")
    hours: str = Field(description="Local hours of every day; empty where it is always open.")


class StayOut(Schema):
    id: int
    reference: str
    status: str
    arrival: dt.date
    departure: dt.date
    guest: str
    doc_type: str
    masked_number: str
    needs: list[str]
    arrived_at: dt.datetime | None
    arrived_at_desk: str
    services: list[ServiceLeft]
    due: Literal["arrive", "leave", ""]
    papers: list[str] = Field(description="Papers whose originals are still to be seen.")
    bed: str | None
    keys: list[str] = Field(description="Keys and lockers to take back.")


class ScanOut(Schema):
    result: Literal["ok", "warn", "refused"]
    reason: str
    title: str
    tone: Literal["ok", "warn", "refused"]
    message: str
    conflict: int | None
    stay: StayOut | None


class LookOut(ScanOut):
    name: str | None = Field(description="The whole name, for staff who are signed in.")


class AnswerOut(ScanOut):
    nonce: str


class SyncOut(Schema):
    answers: list[AnswerOut]


class SlotOut(Schema):
    id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    free: int


class Service(Schema):
    code: str
    name: str
    per_day: int
    per_stay: int | None
    opens: dt.time | None
    closes: dt.time | None
    by_appointment: bool
    slots: list[SlotOut] = Field(description="Of what is given by appointment, for three days.")


class BookedSlot(Schema):
    service: str
    slot: int
    starts_at: dt.datetime
    ends_at: dt.datetime


class StationOut(Schema):
    slug: str
    name: str
    check_in_from: str = Field(description="Local time, such as 14:00:00.")


class Known(Schema):
    """A stay as a desk without the network needs it: no number, no telephone, no whole name."""

    id: int
    reference: str
    guest: str
    sex: str
    status: str
    arrival: dt.date
    departure: dt.date
    arrived_at: dt.datetime | None
    bed: str | None
    beds: dict[str, str]
    needs: list[str]
    minor: bool
    evidence: bool
    papers: list[str]
    suspended: bool
    keys: list[str]
    phone_tail: str


class SnapshotStay(Known):
    passes: list[str]
    revoked: list[str]
    codes: list[str]
    revoked_codes: list[str]
    services: dict[str, int] = Field(description="Uses of the day.")
    used_before: dict[str, int] = Field(description="Uses of the days before.")
    bookings: list[BookedSlot] = Field(description="Places booked and not used, for three days.")


class Snapshot(Schema):
    station: StationOut
    version: str
    made_at: dt.datetime
    expires_at: dt.datetime
    key: list[str]
    salt: str
    day: dt.date
    stays: list[SnapshotStay]
    services: list[Service]
    known: list[str] = Field(
        description="Nonces of the asker's acts of a day and a half that this list tells of."
    )


class Pulse(Schema):
    version: str


class Found(Schema):
    stays: list[Known]


class Trouble(Schema):
    detail: Any
