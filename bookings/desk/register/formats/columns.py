"""The columns of the general formats. They are Chinese whoever downloads: the police system reads them."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence

from bookings.core.sheets import inert
from bookings.desk.register.facts import Guest

SEXES = {"women": "女", "men": "男"}
DOCUMENTS = {
    "resident_id": "居民身份证",
    "hmt_residence_permit": "港澳台居民居住证",
    "hk_macau_travel_permit": "港澳居民来往内地通行证",
    "taiwan_travel_permit": "台湾居民来往大陆通行证",
    "foreign_permanent_resident": "外国人永久居留身份证",
    "passport": "护照",
}


def _minute(instant: dt.datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M}" if instant else ""


COLUMNS: dict[str, Callable[[Guest], str]] = {
    "姓名": lambda guest: guest.name,
    "性别": lambda guest: SEXES[guest.sex],
    "出生日期": lambda guest: guest.birth_date.isoformat(),
    "国籍": lambda guest: guest.nationality,
    "证件类型": lambda guest: DOCUMENTS[guest.doc_type],
    "证件号码": lambda guest: guest.doc_number,
    "户籍地址": lambda guest: guest.home,
    "房间": lambda guest: guest.room,
    "入住时间": lambda guest: _minute(guest.arrived_at),
    "离店时间": lambda guest: _minute(guest.left_at),
}


def cells(guest: Guest) -> list[str]:
    return [told(guest) for told in COLUMNS.values()]


def as_csv(guests: Sequence[Guest]) -> str:
    """Lines with a heading, every cell quoted, none a formula to the spreadsheet that opens it."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([inert(text) for text in cells(guest)] for guest in guests)
    return file.getvalue()
