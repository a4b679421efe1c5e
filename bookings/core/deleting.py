"""Deleting rows, and how many there were."""

from typing import Any

from django.db.models import QuerySet


def delete(rows: QuerySet[Any]) -> int:
    """Delete them with all that hangs on them. How many of the rows themselves: Django's own count has
    what went with them too."""
    return rows.delete()[1].get(rows.model._meta.label, 0)
