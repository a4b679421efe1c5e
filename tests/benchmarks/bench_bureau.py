"""The bureau's list of a million rows over fifty thousand guests: read, weighed, confirmed, written.

The floor reads the same file in the same run and hashes each number, and does nothing with it.
"""

import csv
import datetime as dt
import hashlib
import os
import resource
import time

import pytest
from django.conf import settings
from django.utils import timezone

from bookings import journey
from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.core.crypto import keyed_hash
from bookings.people.models import Graduate, User
from bookings.retention.bureau.models import BureauList
from bookings.retention.models import FollowUp, Outcome
from tests.factories import make_district, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
ROWS = int(os.environ.get("BUREAU_ROWS", "1_000_000"))
GUESTS = ROWS // 20
MOST_TIMES = 60  # times the floor
MOST_SECONDS = 300
MOST_MB_MORE = 150
HEADINGS = ["证件号码", "单位名称", "统一社会信用代码", "参保起始日期", "参保截止日期"]
DAY = dt.timedelta(days=1)


def number_of(index):
    return f"119999{index:011d}X"


@pytest.fixture
def season():
    """A district whose guests have all left, with two questions each; every tenth did not consent."""
    now = timezone.now()
    station, left_at = make_station(make_district()), now - 120 * DAY
    district = station.district
    for start in range(0, GUESTS, 5_000):
        numbers = range(start, min(start + 5_000, GUESTS))
        users = User.objects.bulk_create(
            User(phone=f"+86154{n:08d}", phone_hash=f"{n}", password="!") for n in numbers
        )
        people = Graduate.objects.bulk_create(
            Graduate(
                district=district,
                user=user,
                name="测试甲",
                doc_type="passport",
                doc_number=number_of(n),
                doc_hash=keyed_hash(number_of(n), "document"),
                sex="women",
                birth_date=dt.date(2002, 5, 1),
                degree="bachelor",
                university="示例大学",
                graduation_date=dt.date(2025, 7, 1),
                has_home=False,
            )
            for n, user in zip(numbers, users, strict=True)
        )
        applications = Application.objects.bulk_create(
            Application(
                district=district,
                user=person.user,
                graduate=person,
                station=station,
                status="approved",
                follow_up_consent=bool(person.pk % 10),
                purpose="job_seeking",
                arrival=local_date(left_at) - 3 * DAY,
                nights=3,
                signature="测试甲",
                commitment_version="1",
                submitted_at=left_at - 9 * DAY,
                review_due=local_date(left_at),
            )
            for person in people
        )
        day = local_date(left_at)
        stays = Stay.objects.bulk_create(
            Stay(
                application=one,
                graduate=one.graduate,
                station=station,
                status="left",
                arrival=day - 3 * DAY,
                departure=day,
                cutoff_at=left_at - 3 * DAY,
                arrived_at=left_at - 3 * DAY,
                left_at=left_at,
            )
            for one in applications
        )
        FollowUp.objects.bulk_create(
            FollowUp(
                stay=stay,
                horizon=days,
                due_on=day + days * DAY,
                status="due" if stay.application.follow_up_consent else "declined",
            )
            for stay in stays
            for days in (30, 90)
        )
    return district


@pytest.fixture
def file(tmp_path):
    """Each twentieth row is a guest's."""
    path = tmp_path / "list.csv"
    since = (timezone.now() - 110 * DAY).date().isoformat()
    with path.open("w", encoding="utf-8", newline="") as to:
        write = csv.writer(to).writerow
        write(HEADINGS)
        for n in range(ROWS):
            who = n // 20 if n % 20 == 0 else GUESTS + n
            write([number_of(who), f"示例{n % 997}有限公司", "", since, ""])
    return path


def floor_of(path):
    start = time.perf_counter()
    with path.open("rb") as file:
        hashlib.sha256(file.read()).hexdigest()
    with path.open(encoding="utf-8", newline="") as text:
        rows = sum(1 for row in csv.reader(text) if keyed_hash(row[0], "document"))
    return time.perf_counter() - start, rows - 1


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(what):
    start = time.perf_counter()
    result = what()
    return time.perf_counter() - start, result


def to_its_end(step, pk):
    """As the worker does: task after task, each of some minutes."""
    while not step(
        bureau_list=BureauList.objects.select_related("district").get(pk=pk), clock=timezone.now
    ):
        pass


def test_a_million_rows(season, file):
    manager, now = member(season, "manager"), timezone.now()
    floor, rows = floor_of(file)
    before, size = peak(), file.stat().st_size

    with file.open("rb") as upload:
        told = {"name": "list.csv", "size": size, "as_of": local_date(now), "by": manager}
        sent, one = timed(
            lambda: journey.receive_list(district=season, file=upload, now=now, **told)
        )
    read, _ = timed(lambda: to_its_end(journey.read_list, one.pk))
    one.refresh_from_db()
    journey.confirm_list(bureau_list=one, by=manager, now=timezone.now())
    wrote, _ = timed(lambda: to_its_end(journey.write_list, one.pk))
    undone, _ = timed(lambda: _undo(one.pk, manager))

    took, more = sent + read + wrote, peak() - before
    print(
        f"\nbureau's list, {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[1]}: "
        f"{rows:,} rows ({size / 1e6:.0f} MB), {GUESTS:,} guests: {took / floor:.1f} × the floor of "
        f"{floor:.1f} s: {sent:.1f} s received, {read:.1f} s read, {wrote:.1f} s for "
        f"{one.answers:,} answers, {undone:.1f} s taken back; {more:.0f} MB more memory"
    )
    assert rows == one.rows == ROWS
    assert one.unmatched == ROWS - GUESTS
    assert one.answers == Outcome.objects.count() == 2 * one.matched
    assert took <= min(MOST_TIMES * floor, MOST_SECONDS)
    assert more <= MOST_MB_MORE


def _undo(pk, manager):
    one = BureauList.objects.get(pk=pk)
    journey.undo_list(bureau_list=one, by=manager, now=timezone.now())
