"""The bureau's lists of the tests: guests who left, rows about them, files in which they come."""

import csv
import datetime as dt
import io
from types import SimpleNamespace

from openpyxl import Workbook

from bookings import journey
from bookings.core.clock import local_date
from bookings.retention.bureau.models import BureauList
from bookings.retention.models import FollowUp
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station
from tests.people.world import member

DAY = dt.timedelta(days=1)
LATER = NOW + 100 * DAY  # all questions of the factories' policy are due
HEADER = ["身份证号", "单位名称", "统一社会信用代码", "参保开始日期", "参保截止日期"]
CODE = "91370811MA0000000Y"


def make_house(beds=4):
    district = make_district()
    station = make_station(district, beds=beds)
    return SimpleNamespace(district=district, station=station, manager=member(district, "manager"))


def left(house, *, consent=True):
    """A guest who has left, of whom is asked after 30 and 90 days."""
    draft = make_draft(make_person(house.district), house.station)
    events.submit(draft, consent=consent)
    code = events.approve(draft).short_code
    events.scan(house.station, code, nonce=code)
    events.scan(house.station, code, "leave", nonce=f"{code}-2", at=NOW + DAY)
    return draft.graduate


def row(guest, *, employer="示例公司", code="", since="2026-11-01", until=""):
    number = guest if isinstance(guest, str) else guest.doc_number
    return [number, employer, code, since, until]


def text(*rows, header=HEADER, encoding="utf-8"):
    file = io.StringIO()
    csv.writer(file).writerows([header, *rows])
    return file.getvalue().encode(encoding)


def excel(*rows, header=HEADER, title=()):
    book = Workbook()
    for cells in [*title, header, *rows]:
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def receive(house, content, *, now=LATER, as_of=None, by=None):
    return journey.receive_list(
        district=house.district,
        file=io.BytesIO(content),
        name="名单.csv",
        size=len(content),
        as_of=as_of or local_date(now),
        by=by or house.manager,
        now=now,
    )


def own(bureau_list):
    """The list as each request loads it for itself."""
    return BureauList.objects.select_related("district").get(pk=bureau_list.pk)


def read(house, content, *, now=LATER, **more):
    """Received, and read to its end."""
    received = receive(house, content, now=now, **more)
    journey.read_list(bureau_list=own(received), clock=lambda: now)
    return own(received)


def confirm(bureau_list, house, *, now=LATER):
    journey.confirm_list(bureau_list=own(bureau_list), by=house.manager, now=now)


def write(bureau_list, *, now=LATER):
    journey.write_list(bureau_list=own(bureau_list), clock=lambda: now)
    return own(bureau_list)


def written(house, content, *, now=LATER):
    """Received, read, confirmed and written."""
    ready = read(house, content, now=now)
    confirm(ready, house, now=now)
    return write(ready, now=now)


def undo(bureau_list, house, *, now=LATER):
    journey.undo_list(bureau_list=own(bureau_list), by=house.manager, now=now)


def counts(bureau_list):
    """The counts of a list that are not nothing."""
    found = {name: getattr(bureau_list, name) for name in BureauList.COUNTS}
    return {name: count for name, count in found.items() if count}


def question(guest, horizon=30):
    return FollowUp.objects.get(stay__graduate=guest, horizon=horizon)


def ruling(guest, horizon=30):
    first = question(guest, horizon).outcomes.ruling_first().first()
    return first.kind if first else None
