"""What a form does not ask for cannot be set through it: every name of a model's field is sent along with
every form, and what is kept is the same as without."""

import datetime as dt
from collections import Counter
from copy import deepcopy

import pytest
import time_machine
from django import forms
from django.apps import apps
from django.db import connection, models, transaction

from tests.factories import NOW, TODAY
from tests.hostile.forms import read_by_views, targets_on
from tests.people.doors import addresses, doors, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]
OURS = apps.get_app_config("bookings")
SLOW = {"readyz", "metrics"}
MARKS = ("2031-07-08", "brought-along")  # found in a column that chance fills, too
LEAST = {"graduate": 12, "clerk": 12, "manager": 20}  # forms whose sending changes something


def value_for(field):
    """Something that the field could hold and hardly holds already."""
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField):
        return "2031-07-08T09:10"
    if isinstance(field, models.DateField):
        return "2031-07-08"
    if isinstance(field, models.IntegerField | models.DecimalField | models.ForeignKey):
        return "2"
    choices = [value for value, _label in getattr(field, "choices", None) or ()]
    return str(choices[-1]) if choices else "brought-along"


def fields_of_models():
    """Each field's name, and its column's where that is another one."""
    for model in OURS.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.Field):
                yield from {(field.name, value_for(field)), (field.attname, value_for(field))}


def forms_on(answer):
    if answer.context is None:
        return []
    contexts = answer.context if isinstance(answer.context, list) else [answer.context]
    flat = [value for one in contexts for part in one.dicts for value in part.values()]
    return [one for one in flat if isinstance(one, forms.BaseForm)]


def typed(field):
    """What somebody may type there."""
    if isinstance(field, forms.ModelChoiceField):
        first = field.queryset.first()
        return str(first.pk) if first else ""
    if isinstance(field, forms.ChoiceField):
        flat = [one for value, label in field.choices for one in _options(value, label)]
        return next((value for value in reversed(flat) if value), "")
    if isinstance(field, forms.DateField):
        return str(TODAY + dt.timedelta(days=1))
    if isinstance(field, forms.EmailField):
        return "typed@example.test"
    return "1" if isinstance(field, forms.IntegerField | forms.DecimalField) else "示例"


def _options(value, label):
    return [str(one) for one, _ in label] if isinstance(label, list | tuple) else [str(value)]


def sendings(client, house):
    """Each form of a page, filled in; and the names that the page's forms know, shown or not."""
    for _name, address in addresses(
        house.arguments, [one for one in doors() if one[0] not in SLOW]
    ):
        page = client.get(address)
        known = {one.add_prefix(n): f for one in forms_on(page) for n, f in one.fields.items()}
        for target in targets_on(page, address):
            sent = {
                name: next((one for one in offered if one), "")
                or (typed(known[name]) if name in known else "")
                for name, offered in target.fields.items()
                if name not in target.files
            }
            yield target.address, sent, known.keys() | target.fields.keys()


def after(client, address, sent):
    """What each column holds once this was sent, as often as it holds it; nothing of it is kept."""
    cookies = deepcopy(client.cookies)  # what is sent may sign them out
    with transaction.atomic():
        answer = client.post(address, sent)
        assert answer.status_code < 500
        rows = kept()
        transaction.set_rollback(True)
    client.cookies = cookies
    return rows


def kept():
    columns = {}
    with connection.cursor() as cursor:
        for model in OURS.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            names = [f"{model._meta.db_table}.{one[0]}" for one in cursor.description]
            rows = cursor.fetchall()
            columns |= {n: Counter(str(row[at]) for row in rows) for at, n in enumerate(names)}
    return columns


def brought(values):
    return any(mark in value for value in values for mark in MARKS)


@pytest.mark.parametrize("who", ["graduate", "clerk", "manager"])
@time_machine.travel(NOW, tick=False)
def test_what_a_form_does_not_ask_for_stays_as_it_is(who, house):
    client, along = signed_in(house.who[who], sure=True), dict(fields_of_models())
    every = {address: sending for address, *sending in sendings(client, house)}
    before, changed, set_by_it = kept(), set(), set()

    for address, (sent, known) in every.items():
        extra = {n: v for n, v in along.items() if n not in known and n not in read_by_views()}
        plain = after(client, address, sent)
        again = after(client, address, sent) if plain != before else plain
        more = after(client, address, {**extra, **sent})
        changed |= {address} if plain != before else set()
        for column, values in more.items():
            steady = plain[column] == again[column]  # neither chance nor sealed
            new = values - plain[column]
            if new and (steady or brought(new)):
                set_by_it.add((address, column))

    assert set_by_it == set()
    assert len(changed) >= LEAST[who]
