"""Long lists, a page at a time; components/pages.html draws the way to the others, components/further.html
where nobody counts them."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 50


def page_of(rows: QuerySet[Any], request: HttpRequest) -> Page[Any]:
    """The page that `?page=` asks for: two queries, however long the list."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


@dataclass(frozen=True)
class Stretch:
    """The keys of some rows of a list that follow each other."""

    keys: list[int]
    has_earlier: bool
    has_later: bool

    @property
    def is_all(self) -> bool:
        return not self.has_earlier and not self.has_later


def stretch_of(rows: QuerySet[Any], request: HttpRequest) -> Stretch:
    """The rows after the key `?after=`, or before `?before=`; where there are none, or no key, the first
    ones. One query that reads no others, or two: for a list too long to be counted."""
    after, before = (_key(request.GET.get(name, "")) for name in ("after", "before"))
    if before is not None:
        found = _first_keys(rows.filter(pk__lt=before).order_by("-pk"))
        if found:
            return Stretch(sorted(found[:ROWS]), len(found) > ROWS, True)
    elif after is not None:
        found = _first_keys(rows.filter(pk__gt=after).order_by("pk"))
        if found:
            return Stretch(found[:ROWS], True, len(found) > ROWS)
    found = _first_keys(rows.order_by("pk"))
    return Stretch(found[:ROWS], False, len(found) > ROWS)


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _first_keys(rows: QuerySet[Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True)[: ROWS + 1])
