"""A county is found by any name it bears or bore, by pinyin, by initials, by its code."""

import pytest
from django.test import Client

from bookings.places.region_search import entries, search
from bookings.places.regions import is_county


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("任城", "370811"),
        ("济宁任城", None),  # names are written in full: 济宁市任城区
        ("济宁市任城", "370811"),
        ("rcq", "370811"),
        ("RenCheng", "370811"),
        ("ren cheng", "370811"),
        ("sdjnrcq", "370811"),
        ("370811", "370811"),
        ("济宁市市中", "370802"),  # merged into Rencheng in 2013
        ("济宁市郊区", "370811"),  # as Rencheng was called
        ("cqyz", "500103"),
        ("", None),
        ("xyzxyz", None),
        ("'; --", None),
    ],
)
def test_what_is_found_first(query, code):
    assert next((one.code for one in search(query)), None) == code


def test_names_of_today_come_before_those_of_before():
    found = search("郊区")

    assert [bool(one.until) for one in found] == sorted(bool(one.until) for one in found)
    assert len(found) == 20


def test_whatever_is_found_may_be_chosen():
    assert all(is_county(one.code) for one in entries())


def test_anybody_may_search():
    page = Client().get("/regions/", {"q": "济宁市市中"})

    assert page.json() == {
        "found": [{"code": "370802", "label": "山东省 济宁市 市中区（至 2013 年）"}]
    }
    assert "public" in page["Cache-Control"]
