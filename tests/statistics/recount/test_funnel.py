"""Each number of the funnel, counted another way: row by row in Python."""

import datetime as dt
from collections import Counter
from operator import attrgetter

import openpyxl
import pytest
from django.utils import timezone

from bookings.applications.models import Application
from bookings.people.models import User
from bookings.retention.models import FollowUp
from bookings.statistics.funnel import funnel, total
from bookings.statistics.pages.asked import asked
from bookings.statistics.pages.funnel import sections
from bookings.statistics.partners import partners
from bookings.statistics.scope import Period, Scope
from bookings.statistics.workbook import build
from tests.factories import TODAY

pytestmark = pytest.mark.django_db
HORIZON = 90
SHOWN = attrgetter(
    "applied", "approved", "arrived", "mature", "stayed_on", "silent", "declined"
)  # as they stand on the page


def recounted(district):
    counts = {}
    for one in Application.objects.exclude(status="draft").select_related("stay", "station"):
        count = counts.setdefault(_key(one), Counter())
        stay = getattr(one, "stay", None)
        count["applied"] += 1
        count["approved"] += one.status == "approved" or bool(stay and stay.status == "no_show")
        count["arrived"] += bool(stay and stay.status in ("arrived", "left"))
    for question in FollowUp.objects.filter(horizon=HORIZON, due_on__lte=TODAY):
        count = counts[_key(question.stay.application)]
        answers = sorted(question.outcomes.all(), key=weight)
        count["mature"] += 1
        count["stayed_on"] += bool(answers) and answers[-1].kind == "employed_here"
        count["answered"] += bool(answers)
        count["declined"] += question.status == "declined"
    return counts


def weight(answer):
    levels = ["self_report", "document", "social_insurance"]
    return levels.index(answer.level), answer.at, answer.pk


def _key(application):
    sent = timezone.localtime(application.submitted_at)
    return dt.date(sent.year, sent.month, 1), application.station.name


def test_every_number_equals_a_recount_over_the_rows(district):
    rows = funnel(district, horizon=HORIZON, today=TODAY)

    names = ["applied", "approved", "arrived", "mature", "stayed_on", "answered", "declined"]
    published = {(row.month, row.station): [getattr(row, name) for name in names] for row in rows}
    counted = recounted(district)
    assert published == {key: [count[name] for name in names] for key, count in counted.items()}
    assert sum(count["stayed_on"] for count in counted.values()) > 10


def test_the_excel_file_says_what_the_page_says(district, tmp_path):
    manager = User.objects.get(email="manager@example.test").membership
    wish = asked({"horizon": str(HORIZON), "first": "2025-01"}, manager, today=TODAY)
    file = tmp_path / "statistics.xlsx"

    file.write_bytes(build(sections(wish), definitions=["说明"]))

    lines = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    rows = funnel(district, horizon=HORIZON, today=TODAY)
    assert [line[2:] for line in lines[1:]] == [*map(SHOWN, rows), SHOWN(total(rows))]


def test_who_brought_them_equals_a_recount(district):
    period = Period(dt.date(2025, 12, 1), TODAY)
    counted = Counter()
    for one in Application.objects.exclude(status="draft").select_related("channel"):
        if timezone.localtime(one.submitted_at).date() >= period.first_day:
            counted[one.channel.code if one.channel else ""] += 1

    found = partners(Scope(district, period, TODAY))

    assert {one.code: one.applied for one in found} == counted and len(counted) == 4
    assert all(one.applied >= one.approved >= one.arrived for one in found)
