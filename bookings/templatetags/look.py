"""The design language's template tags and filters: icons, status chips, counted nights, choices."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms.utils import flatatt
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from bookings.applications.models import Evidence
from bookings.applications.paper_address import address
from bookings.core.clock import brief
from bookings.core.short_code import in_two

register = template.Library()
register.filter("in_two", in_two)
register.filter("brief", brief)

# state → (tone, icon): a state is never told by colour alone
CHIPS = {
    **dict.fromkeys(
        [
            *["approved", "promised", "pass", "ok", "answered", "sent", "confirmed"],
            "written",
        ],
        ("good", "check"),
    ),
    **dict.fromkeys(["arrived"], ("good", "door-open")),
    **dict.fromkeys(
        [
            *["in_review", "requested", "queued", "asked", "waitlisted", "waiting", "to_send"],
            *["sending"],
            *["reading", "confirming"],
        ],
        ("wait", "clock"),
    ),
    **dict.fromkeys(
        [
            *["more_asked", "unproven", "warn", "due", "offered", "paused", "incomplete"],
            "ready",
        ],
        ("warn", "circle-alert"),
    ),
    **dict.fromkeys(["refused", "fail", "failed"], ("bad", "x")),
    **dict.fromkeys(["overdue"], ("bad", "alarm-clock")),
    **dict.fromkeys(["draft"], ("quiet", "pencil")),
}


@cache
def _icon(name: str) -> str:
    path = settings.BASE_DIR / "node_modules" / "lucide-static" / "icons" / f"{name}.svg"
    text = path.read_text()
    return text[text.index("<svg") :].replace("<svg", '<svg aria-hidden="true"', 1)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon, inline and hidden from screen readers: the word beside it speaks."""
    return mark_safe(_icon(name))  # noqa: S308 a file of a package of ours


@register.simple_tag
def chip(value: str, label: str) -> SafeString:
    """A state as word, icon and tone."""
    tone, name = CHIPS.get(value, ("quiet", "minus"))
    return format_html('<span class="chip chip--{}">{}{}</span>', tone, icon(name), label)


@register.simple_tag(takes_context=True)
def paper_address(context: Context, paper: Evidence) -> str:
    """Where this viewer reads a paper, for some minutes. Pages ask nowhere else."""
    return address(paper, context["request"].user)


@register.filter
def steps_done(total: int, number: int) -> list[bool]:
    """For each of so many steps, whether one has come to it."""
    return [step < number for step in range(total)]


@register.filter
def percent(share: float) -> str:
    """A share from 0 to 1, as a reader takes it in: 61%."""
    return f"{share:.0%}"


@register.filter
def nights(count: int) -> str:
    """A number of nights in words."""
    return ngettext("%(n)s night", "%(n)s nights", count) % {"n": count}


@register.filter
def as_options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """What stands in a select, of its widget's `optgroups`. A district may have hundreds of stations, for
    which a template's lines take many times as long."""
    return joined("\n", (_group(name, choices) for name, choices, _index in groups))


def _group(name: str | None, choices: list[dict[str, Any]]) -> SafeString:
    options = joined("\n", (_option(**choice) for choice in choices))
    if not name:
        return options
    return format_html('<optgroup label="{}">\n{}\n</optgroup>', name, options)


def _option(*, value: Any, label: Any, attrs: dict[str, Any], **_more: Any) -> SafeString:
    more = flatatt(attrs) if attrs else ""
    return format_html('<option value="{}"{}>{}</option>', value, more, label)


def joined(between: str, parts: Iterable[SafeString]) -> SafeString:
    return mark_safe(between.join(parts))  # noqa: S308 each is safe
