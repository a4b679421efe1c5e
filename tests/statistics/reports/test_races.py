"""Two workers at one report: one builds it. The control takes the guard away."""

import datetime as dt
from functools import partial
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import F

from bookings.statistics.reports import build as reports
from bookings.statistics.reports.models import Report, ReportFile
from tests.factories import NOW, make_district, make_station
from tests.racing import errors, race

pytestmark = pytest.mark.django_db(transaction=True)
PAPER = reports.Made("en", "pdf", b"%PDF-1.4")


@pytest.fixture(autouse=True)
def _versions_may_go(transactional_db):
    """The database keeps versions for ever; the next test wants it empty."""
    rules = import_module("bookings.migrations.0028_reports")
    yield
    with connection.schema_editor() as editor:
        rules.drop_the_rules(apps, editor)
        ReportFile.objects.all().delete()
        Report.objects.all().delete()
        rules.freeze_reports(apps, editor)


@pytest.fixture
def report():
    district = make_station(make_district()).district
    asked = {"kind": "month", "period": dt.date(2026, 10, 1), "by": None, "now": NOW}
    return reports.request_reports(district=district, **asked)[0]


@pytest.fixture
def counted(monkeypatch):
    """Each counting for a report; papers are not what this is about."""
    begun, figures = [], reports.figures

    def counting(**asked):
        begun.append(asked["audience"])
        return figures(**asked)

    monkeypatch.setattr(reports, "figures", counting)
    monkeypatch.setattr(reports, "_files", lambda *_: [PAPER])
    return begun


def build(report):
    own = Report.objects.select_related("district").get(pk=report.pk)
    return reports.build(report=own, clock=lambda: NOW)


def test_of_two_workers_one_counts_and_keeps(report, counted):
    results = race(*[partial(build, report)] * 2)

    assert errors(results) == []
    assert sorted(map(bool, results)) == [False, True]
    assert len(counted) == 1
    assert (Report.objects.get(pk=report.pk).version, ReportFile.objects.count()) == (1, 1)


def test_control_without_the_claim_both_count_and_still_one_keeps(report, counted, monkeypatch):
    def take(report, *, now):
        mine = Report.objects.filter(pk=report.pk)
        return mine.update(state="building", attempts=F("attempts") + 1, moved_at=now)

    monkeypatch.setattr(reports, "claim", take)

    results = race(*[partial(build, report)] * 2)

    assert errors(results) == []
    assert len(counted) == 2
    assert ReportFile.objects.count() == 1
