"""Reports that the worker is to build, who gets them, and what the public is told."""

import datetime as dt

from bookings.core.clock import local_date
from bookings.people.models import User
from bookings.places.models import District
from bookings.statistics.reports.build import request_reports
from bookings.statistics.reports.models import Report
from bookings.statistics.reports.public import choose, count
from bookings.statistics.reports.send import subscribe
from bookings.statistics.scope import next_month


def reports(district: District, manager: User, *, now: dt.datetime) -> None:
    month = next_month(local_date(now).replace(day=1), -1)
    last_year = dt.date(month.year - 1, 1, 1)
    for kind, period in ((Report.Kind.MONTH, month), (Report.Kind.YEAR, last_year)):
        request_reports(district=district, kind=kind, period=period, by=manager, now=now)
    for email, audience in (
        ("manager@example.test", "internal"),
        ("city-office@example.test", "outside"),
    ):
        subscribe(
            district=district,
            email=email,
            audience=audience,
            language="zh-hans",
            by=manager,
            now=now,
        )
    row = choose(
        district=district, by=manager, now=now, guests=True, nights=True, beds=True, staying=True
    )
    count(row=row, now=now)
