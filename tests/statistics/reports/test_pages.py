"""The reports' pages: who sees which, and what changed between two versions."""

import datetime as dt

import pytest
from django.test import Client

from bookings.people.models import Membership, Role
from tests.factories import FIGURES, make_district, make_report
from tests.people.world import member

pytestmark = pytest.mark.django_db


def figures(count):
    table = {"title": "T", "lead": "", "headings": ["Month", "Applied"], "bars": [], "chart": None}
    row = [["text", "2026-10", False], ["count", count, count is None]]
    return {**FIGURES, "sections": [{**table, "rows": [row], "footer": []}]}


def signed_in(district, role):
    client = Client()
    client.force_login(member(district, role))
    return client


def test_the_page_of_a_version_shows_what_changed():
    district = make_district()
    make_report(district, figures=figures(7))
    second = make_report(district, version=2, figures=figures(None))

    page = signed_in(district, Role.MANAGER).get(f"/statistics/reports/{second.pk}/")

    assert [tuple(one) for one in page.context["changes"]] == [
        ("T", "2026-10", "Applied", "7", "*")
    ]


def test_an_observer_sees_and_takes_only_what_is_for_outside():
    district = make_district()
    own, outside = make_report(district, audience="internal"), make_report(district)
    client = signed_in(district, Role.OBSERVER)

    assert list(client.get("/statistics/reports/").context["reports"]) == [outside]
    assert client.get(f"/statistics/reports/{own.pk}/").status_code == 404
    assert client.get(f"/statistics/reports/files/{own.files.get().pk}/").status_code == 404


def test_an_observer_of_two_districts_sees_the_reports_of_both():
    here, there = make_district(), make_district("370829")
    mine, other, _third = (
        make_report(here),
        make_report(there),
        make_report(make_district("370830")),
    )
    client = signed_in(here, Role.OBSERVER)
    Membership.objects.get(district=here).observes.add(there)

    page = client.get("/statistics/reports/")

    assert {*page.context["reports"]} == {mine, other}
    assert there.name in page.content.decode()


@pytest.mark.parametrize("period", ["2026-11", "2026", "", "2026-13", "1999", "x"])
def test_what_is_not_over_is_refused_beside_its_field(period):
    client = signed_in(make_district(), Role.MANAGER)

    page = client.post("/statistics/reports/", {"period": period})

    assert page.context["form"].errors.keys() == {"period"}


@pytest.mark.parametrize(
    ("period", "kind", "first_day", "audiences"),
    [
        ("2026-10", "month", dt.date(2026, 10, 1), ["internal"]),
        ("2025", "year", dt.date(2025, 1, 1), ["internal", "outside"]),
    ],
)
def test_one_question_asks_for_a_month_or_a_year(period, kind, first_day, audiences):
    district = make_district()

    signed_in(district, Role.MANAGER).post("/statistics/reports/", {"period": period})

    asked = district.reports.values_list("kind", "period", "audience").order_by("audience")
    assert [*asked] == [(kind, first_day, audience) for audience in audiences]


def test_a_wrong_address_is_refused_beside_its_field():
    client = signed_in(make_district(), Role.MANAGER)
    wish = {"email": "city@example.test", "audience": "internal", "language": "en"}

    page = client.post("/statistics/reports/subscribers/", wish)

    assert page.context["form"].errors.keys() == {"email"}
