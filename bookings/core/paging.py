"""Long lists, a page at a time; components/pages.html draws the way to the others."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 50


def page_of(rows: QuerySet[Any], request: HttpRequest) -> Page[Any]:
    """The page that `?page=` asks for: two queries, however long the list."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))
