"""What the forms of the site ask for, read off the forms themselves and off the pages that hold them."""

import importlib
import pkgutil
import re
from collections import defaultdict
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from django import forms
from django.conf import settings

import bookings

NAME = re.compile(r"(?:POST|GET)(?:\.get|\.getlist)?[(\[]\"(\w+)\"")


@cache
def form_classes():
    """Every form of ours, by the module that brings it."""
    for one in pkgutil.walk_packages(bookings.__path__, "bookings."):
        if ".migrations" not in one.name and not one.ispkg and one.name != "bookings.admin":
            importlib.import_module(one.name)
    return {
        one
        for one in _below(forms.BaseForm)
        if one.__module__.startswith(("bookings.", "station."))
    }


def _below(kind):
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


@cache
def read_by_views():
    """Every name that a view reads without a form."""
    sources = Path(settings.BASE_DIR / "bookings").rglob("*.py")
    return {name for source in sources for name in NAME.findall(source.read_text())}


@cache
def names():
    """Every name under which a page of ours asks for something: fields, and what views read."""
    fields = {name for one in form_classes() for name in one.base_fields}
    return sorted(fields | read_by_views())


class Target(NamedTuple):
    """Where a form goes, and under which names it sends which values; which of them are files."""

    address: str
    fields: dict[str, tuple[str, ...]]
    files: frozenset[str] = frozenset()


class _Page(HTMLParser):
    """The forms of a page: where each goes, and under which names it sends which values."""

    def __init__(self, address):
        super().__init__()
        self.address, self.action, self.select = address, None, None
        self.asked = defaultdict(lambda: defaultdict(set))
        self.files = set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.action = given.get("action") or self.address
        elif tag == "option" and self.select:
            self.asked[self.action][self.select].add(given.get("value") or "")
        if given.get("type") == "file":
            self.files.add(given.get("name"))
        if tag in ("input", "button", "select", "textarea") and given.get("name") and self.action:
            self.asked[self.action][given["name"]].add(given.get("value") or "")
            self.select = given["name"] if tag == "select" else self.select

    def handle_endtag(self, tag):
        if tag == "form":
            self.action = None
        if tag == "select":
            self.select = None


def targets_on(answer, address):
    """The forms of an HTML page, one for each address to which they go."""
    if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
        return []
    page = _Page(address)
    page.feed(answer.content.decode())
    return [
        Target(
            where,
            {name: tuple(sorted(values)) for name, values in fields.items()},
            frozenset(page.files & fields.keys()),
        )
        for where, fields in page.asked.items()
    ]


def targets_of(client, addresses):
    """All that these pages hold, and the addresses themselves, in case a page shows no form to them."""
    found = {address: Target(address, {}) for address in addresses}
    for address in addresses:
        for one in targets_on(client.get(address), address):
            former = found.get(one.address, one)
            fields = {**former.fields, **one.fields}
            found[one.address] = Target(one.address, fields, former.files | one.files)
    return [found[address] for address in sorted(found)]
