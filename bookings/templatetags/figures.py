"""How the statistics' tables are drawn."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bookings.statistics.tables import Cell
from bookings.templatetags.look import joined

register = template.Library()
TEXT, LINKED_TEXT = "<td>{}</td>", '<td><a href="{}">{}</a></td>'
NUMBER, LINKED_NUMBER = '<td class="num">{}</td>', '<td class="num"><a href="{}">{}</a></td>'


@register.filter
def as_cells(row: Iterable[Cell]) -> SafeString:
    """The cells of a line. A page may have a thousand of them, for which a template's lines take many
    times as long."""
    return joined("", map(_cell, row))


def _cell(cell: Cell) -> SafeString:
    is_text = cell.kind == "text"
    if cell.is_linked:
        return format_html(LINKED_TEXT if is_text else LINKED_NUMBER, cell.href, cell.shown)
    return format_html(TEXT if is_text else NUMBER, cell.shown)
