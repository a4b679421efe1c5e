"""The tables of a backup and their rows as JSON; encrypted columns stay ciphertext."""

import base64
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import BinaryField, ExpressionWrapper, F, Model

from bookings.beds.models import BedNight, RoomNight

APPS = {
    "bookings",
    "account",
    "mfa",
    "socialaccount",
}  # ours, and allauth's; the rest is made anew by `prepare`
OF_ONE_MACHINE = {"run"}  # which backups were made and tried here says nothing elsewhere
ALSO_AFTER: dict[type[Model], set[type[Model]]] = {
    BedNight: {RoomNight}
}  # a reference that only the database knows
CHUNK = 2000


def tables() -> list[type[Model]]:
    """The models to keep, each after those it refers to."""
    every = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS and model._meta.model_name not in OF_ONE_MACHINE
    ]
    order = {model: _before(model) & set(every) for model in every}
    return list(TopologicalSorter(order).static_order())


def _before(model: type[Model]) -> set[type[Model]]:
    targets = {
        field.remote_field.model
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model is not model
    }
    return targets | ALSO_AFTER.get(model, set())


def columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def read(model: type[Model]) -> Iterator[str]:
    """Every row as a line of JSON, by primary key; flat memory."""
    raw = {
        f"sealed_{field.attname}": ExpressionWrapper(F(field.attname), BinaryField())
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField)
    }
    names = [f"sealed_{name}" if f"sealed_{name}" in raw else name for name in columns(model)]
    rows = model._base_manager.order_by("pk").annotate(**raw).values_list(*names)
    for row in rows.iterator(CHUNK):
        yield json.dumps([_plain(value) for value in row], cls=DjangoJSONEncoder, sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, dt.datetime):  # all digits: the encoder would cut them
        return value.astimezone(dt.UTC).isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def write(model: type[Model], lines: Iterable[str]) -> None:
    """Insert rows as they were read."""
    names = columns(model)
    rows = []
    for line in lines:
        values = dict(zip(names, json.loads(line), strict=True))
        rows.append(model(**{name: _value(model, name, value) for name, value in values.items()}))
    model._base_manager.bulk_create(rows, batch_size=CHUNK)


def _value(model: type[Model], name: str, value: Any) -> Any:
    field = next(field for field in model._meta.concrete_fields if field.attname == name)
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, BinaryField):
        return base64.b64decode(value["base64"])
    target: Any = getattr(field, "target_field", field)  # of a reference: what it refers to
    return target.to_python(value)
