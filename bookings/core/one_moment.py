"""Reading much that must fit together, while others write."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def of_one_moment() -> Iterator[None]:
    """All that is read in here is of the moment of the first reading, whatever is written meanwhile;
    nothing is written in here, and nobody waits for it. Within a transaction that is open already it
    is as that one is."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _without_the_lock(), transaction.atomic():
            yield


@contextmanager
def _without_the_lock() -> Iterator[None]:
    """SQLite's transactions take the lock for writing at their start, as the settings say; a reader needs
    none."""
    here: Any = connection
    here.ensure_connection()  # a new one would take the mode from the settings again
    usual, here.transaction_mode = here.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        here.transaction_mode = usual
