"""The house's invariants over the whole database, each as a function that yields what breaks it.

Most are held by the database too; looking again finds what a restored dump, a hand at the SQL
prompt or a mistake of ours has broken. The numbers are those of docs/invariants.md.
"""

from collections.abc import Callable, Iterable

from bookings.core.crypto import Undecipherable
from bookings.invariants.common import Breaches
from bookings.invariants.decisions import decisions_replay
from bookings.invariants.desk import a_code_opens_a_stay_once, each_guest_is_in_the_register
from bookings.invariants.districts import within_one_district
from bookings.invariants.nights import (
    every_promised_night_has_a_bed,
    nights_within_the_allowance,
    one_sex_a_room_night,
    one_stay_a_bed_night,
)
from bookings.invariants.numbers import numbers_add_up
from bookings.invariants.sealed import personal_data_is_sealed

Check = Callable[[], Breaches]
OF_NIGHTS: list[Check] = [
    one_stay_a_bed_night,
    one_sex_a_room_night,
    every_promised_night_has_a_bed,
    nights_within_the_allowance,
]
INVARIANTS: list[Check] = [
    *OF_NIGHTS,
    decisions_replay,
    a_code_opens_a_stay_once,
    each_guest_is_in_the_register,
    within_one_district,
    personal_data_is_sealed,
    numbers_add_up,
]


def breaches(checks: Iterable[Check] = INVARIANTS) -> Breaches:
    """Every breach of these invariants, as `name: what is wrong`; none where the house is whole.

    Invariant 4 (no request turned away that could have been placed) speaks of moments, not of rows:
    the planner's own tests and benchmarks hold it.
    """
    for check in checks:
        try:
            for breach in check():
                yield f"{check.__name__}: {breach}"
        except Undecipherable as error:
            yield f"{check.__name__}: stopped at {error}, which does not open with our key"
