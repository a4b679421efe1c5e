"""After many rows at once."""

from django.db import connection


def analyze() -> None:
    """Let PostgreSQL know now how large its tables have become. It finds out by itself within a
    minute, but not within the transaction that fills them; till then it may take a plan for empty
    tables and be busy for minutes with one query. SQLite plans without."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
