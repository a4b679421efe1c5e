"""Very many rows: some at a time, and what is due after them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import connection

Row = TypeVar("Row")


def in_chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Lists of at most so many, in order; no more than one of them is in memory."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def analyze() -> None:
    """Let PostgreSQL know now how large its tables have become. It finds out by itself within a
    minute, but not within the transaction that fills them; till then it may take a plan for empty
    tables and be busy for minutes with one query. SQLite plans without."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
