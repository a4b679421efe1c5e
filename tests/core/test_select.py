"""A list to choose from is drawn by a template of our own; it says what Django's says."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

CHOICES = [("", "—"), ("a<", "甲 & 乙"), ("Group", [(1, "one"), (2, "two")])]


@pytest.mark.parametrize("value", ["", "a<", 2, "unknown"])
def test_it_says_what_djangos_says(value):
    select = forms.Select(attrs={"id": "place", "required": True}, choices=CHOICES)

    ours, theirs = (
        re.sub(r"\s+", " ", select.render("place", value, renderer=renderer))
        for renderer in (None, DjangoTemplates())
    )

    assert ours == theirs
