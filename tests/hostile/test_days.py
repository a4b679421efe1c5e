"""The calendar's ends: whatever asks for a day or a month is an answer of ours, never an error."""

import pytest
from django import forms
from django.db import transaction

from tests.hostile.forms import form_classes
from tests.people.doors import addresses, doors, signed_in

pytestmark = pytest.mark.django_db


def asked_for(day):
    """Every field of a day, and the board's `from`, at the calendar's end; the same for months."""
    fields = [one for form in form_classes() for one in form.base_fields.items()]
    days = {name: day for name, field in fields if isinstance(field, forms.DateField)}
    months = dict.fromkeys(["first", "last", "month"], day[:7])
    return {**days, "from": day}, {**days, **months, "kind": "month"}


@pytest.mark.parametrize("end", ["9999-12-31", "0001-01-01"])
def test_no_page_breaks_at_the_calendars_end(end, house):
    client = signed_in(house.who["manager"], sure=True)
    client.raise_request_exception = False
    days, months = asked_for(end)

    broken = set()
    for name, address in addresses(house.arguments, [one for one in doors() if one[0] != "readyz"]):
        sent = months if address.startswith("/statistics/") else days
        with transaction.atomic():
            answers = client.get(address, sent), client.post(address, sent)
            transaction.set_rollback(True)
        broken |= {name for one in answers if one.status_code >= 500}

    assert broken == set()
