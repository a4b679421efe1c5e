"""A million people through `assess`, of whom ten thousand cannot be read: time and memory.

The floor is a program of the same run that only reads the list, checks each number with
python-stdnum, and writes a line a person.
"""

import csv
import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from bookings.eligibility.prescreen import COLUMNS
from tests.factories import resident_number

PEOPLE = 1_000_000
UNREADABLE = 10_000
MOST_TIMES = 2  # times the floor
MOST_MB = 200
FLOOR = """
import csv, sys
from stdnum.cn import ric
write = csv.writer(sys.stdout).writerow
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")):
    write([row["ref"], ric.is_valid(row["doc_number"]), row["arrival"], row["nights"], row["purpose"]])
"""


MANAGE = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]


def timed(arguments, out, err, env):
    """Seconds, peak memory in MB, return code, of a program run to its end."""
    with out.open("wb") as to, err.open("wb") as complaints:
        start = time.perf_counter()
        program = subprocess.Popen(arguments, stdout=to, stderr=complaints, env=env)
        _, status, used = os.wait4(program.pid, 0)
        took = time.perf_counter() - start
    program.returncode = os.waitstatus_to_exitcode(status)
    return took, used.ru_maxrss / 1024, program.returncode


@pytest.fixture
def env(tmp_path):
    """An environment with an empty database of its own."""
    own = {**os.environ, "DATABASE_URL": "", "STATION_VAR": str(tmp_path)}
    subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], env=own, check=True)
    return own


def lines(path):
    with path.open("rb") as file:
        return sum(1 for _ in file)


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    born = dt.date(2002, 5, 1)
    numbers = [
        resident_number(born=born + dt.timedelta(days=day), region=region)
        for day in range(50)
        for region in ("110101", "370811", "370102", "440103")
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(COLUMNS)
        for at in range(PEOPLE):
            number = numbers[at % len(numbers)]
            day = "2026-02-30" if at % (PEOPLE // UNREADABLE) == 0 else "2026-12-01"
            birth = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
            write(
                [at, "resident_id", number, "women", birth, number[:6], "bachelor", "2025-07-01"]
                + ["no", "job_seeking", day, 1 + at % 7]
            )
    return path


def test_a_million_people(people, env, tmp_path):
    out, err = tmp_path / "verdicts.csv", tmp_path / "complaints.txt"
    floor, _, failed = timed(
        [sys.executable, "-c", FLOOR, people], tmp_path / "floor.csv", err, env
    )
    assert not failed
    took, megabytes, failed = timed([*MANAGE, "assess", people], out, err, env)
    assert not failed, err.read_text()[:2000]

    print(
        f"\nassess: {took / floor:.1f} × the floor of {floor:.1f} s, "
        f"{PEOPLE / took:,.0f} people a second, {megabytes:.0f} MB at most"
    )
    assert lines(out) == PEOPLE + 1
    assert lines(err) == UNREADABLE
    assert took <= MOST_TIMES * floor
    assert megabytes <= MOST_MB
