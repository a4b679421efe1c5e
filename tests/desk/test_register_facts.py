"""What the register needs of whom, and by when."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bookings.desk.register.facts import Guest, due_at, missing

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = dt.datetime(2026, 11, 23, 23, 30, tzinfo=SHANGHAI)
GUEST = Guest(
    name="测试甲",
    sex="women",
    birth_date=dt.date(2002, 5, 1),
    doc_type="resident_id",
    doc_number="11010120020501002X",
    region="北京市东城区",
    address="",
    nationality="",
    room="101",
    arrived_at=EVENING,
)
CASES = [
    # what is known, what is missing
    ({}, []),
    ({"region": ""}, ["home"]),
    ({"region": "", "address": "示例路1号"}, []),
    ({"name": ""}, ["name"]),
    ({"doc_type": "passport"}, ["nationality"]),
    ({"birth_date": dt.date(2008, 11, 24)}, ["guardian"]),
    ({"birth_date": dt.date(2008, 11, 23)}, []),
    ({"birth_date": dt.date(2009, 5, 1), "guardian": "示例家长"}, []),
    ({"doc_type": "passport", "nationality": "RUS", "region": ""}, []),
    ({"doc_type": "foreign_permanent_resident"}, ["nationality"]),
    ({"doc_type": "hk_macau_travel_permit", "region": ""}, []),
    ({"doc_type": "taiwan_travel_permit", "region": ""}, []),
    ({"doc_type": "hmt_residence_permit", "region": ""}, []),
]


@pytest.mark.parametrize(("known", "lacking"), CASES)
def test_what_is_missing(known, lacking):
    assert missing(dataclasses.replace(GUEST, **known)) == lacking


@pytest.mark.parametrize("doc_type", ["passport", "foreign_permanent_resident"])
def test_guests_from_abroad_have_twenty_four_hours(doc_type):
    assert due_at(doc_type, EVENING) == dt.datetime(2026, 11, 24, 23, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize("doc_type", ["resident_id", "taiwan_travel_permit"])
def test_all_others_have_the_day_of_arrival(doc_type):
    assert due_at(doc_type, EVENING) == dt.datetime(2026, 11, 24, 0, 0, tzinfo=SHANGHAI)


def test_the_line_on_the_card_goes_before_the_county():
    assert dataclasses.replace(GUEST, address="示例路1号").home == "示例路1号"
    assert GUEST.home == "北京市东城区"
