"""Everything sealed, sealed anew with the present key, while people go on reading and writing.

Where sealed things lie is found by looking at the models, so that none can be forgotten. Each row is
replaced by compare-and-swap on what it held, in a transaction of its own: nothing that somebody writes
meanwhile is lost, and nobody waits longer than for one row. What is done stays done: killed, the same
command goes on where it was.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, transaction
from django.db.models import BinaryField, ExpressionWrapper, F, FileField, Model, Q, QuerySet
from django.db.models.functions import Substr

from bookings.core.crypto import (
    HEAD_BYTES,
    EncryptedTextField,
    SealedField,
    Undecipherable,
    head,
    reseal,
)
from bookings.core.storage import EncryptedStorage
from bookings.people import second_factor

BATCH = 200
BREATH = 0.01  # seconds between batches, in which others come to write
LEFTOVERS = 3600  # seconds until what a dead process left is nobody's

Sealed = EncryptedTextField | SealedField


class Place(Protocol):
    """Where sealed things lie, in rows with a primary key."""

    name: str

    def old(self, after: int = 0) -> Iterator[int]:
        """Rows above `after` that hold something which the present key has not sealed, in order."""

    def reseal(self, pk: int) -> bool:
        """Whether it was done; False where somebody else wrote it meanwhile, or it is gone. Errors:
        Undecipherable."""


@dataclass
class Report:
    """What became of a place: rows sealed anew, rows that none of our keys opens."""

    done: int = 0
    unreadable: int = 0


class Columns:
    """The sealed columns of a table."""

    def __init__(self, model: type[Model], fields: list[Sealed]) -> None:
        self.model, self.fields, self.name = model, fields, model._meta.db_table

    def _rows(self) -> QuerySet[Any]:
        """With each column as it lies there."""
        raw = {
            f"raw_{field.attname}": ExpressionWrapper(F(field.attname), BinaryField())
            for field in self.fields
        }
        rows: QuerySet[Any] = self.model._base_manager.annotate(**raw)
        return rows

    def old(self, after: int = 0) -> Iterator[int]:
        rows, wanted = self._rows().filter(pk__gt=after), Q()
        for field in self.fields:
            start = Substr(f"raw_{field.attname}", 1, HEAD_BYTES, output_field=BinaryField())
            rows = rows.alias(**{f"head_{field.attname}": start})
            wanted |= Q(**{f"{field.attname}__isnull": False}) & ~Q(
                **{f"head_{field.attname}": head()}
            )
        yield from rows.filter(wanted).order_by("pk").values_list("pk", flat=True)[:BATCH]

    def reseal(self, pk: int) -> bool:
        names = [field.attname for field in self.fields]
        row = self._rows().defer(*names).filter(pk=pk).first()
        if row is None:
            return False
        old, new = {}, {}
        for field in self.fields:
            was = getattr(row, f"raw_{field.attname}")
            if was is not None:
                old[f"raw_{field.attname}"] = bytes(was)
                new[field.attname] = reseal(bytes(was), field.context_of(row))
        return bool(self._rows().filter(pk=pk, **old).update(**new))


class Files:
    """The sealed files that a table names."""

    def __init__(self, model: type[Model], field: FileField) -> None:
        self.model, self.field = model, field
        self.name = f"{model._meta.db_table}.{field.name} (files)"
        storage = field.storage
        assert isinstance(storage, EncryptedStorage)
        self.storage = storage
        storage.sweep(before=time.time() - LEFTOVERS)

    def old(self, after: int = 0) -> Iterator[int]:
        rows = self.model._base_manager.filter(pk__gt=after).exclude(**{self.field.name: ""})
        for pk, name in rows.order_by("pk").values_list("pk", self.field.name).iterator(BATCH):
            try:
                if not self.storage.is_present(name):
                    yield pk
            except FileNotFoundError:  # check_invariants tells of it
                continue

    def reseal(self, pk: int) -> bool:
        """With the row held: whoever removes it removes the file afterwards, so none comes back."""
        with transaction.atomic():
            rows = self.model._base_manager.select_for_update().filter(pk=pk)
            name = rows.values_list(self.field.name, flat=True).first()
            if not name:
                return False
            try:
                self.storage.reseal(name)
            except FileNotFoundError:
                return False
            return True


class SecondFactors:
    """What allauth keeps sealed inside its JSON: apps' secrets, seeds of recovery codes."""

    name = f"{Authenticator._meta.db_table}.data"

    def old(self, after: int = 0) -> Iterator[int]:
        for one in Authenticator.objects.filter(pk__gt=after).order_by("pk").iterator(BATCH):
            if second_factor.resealed(one.data) != one.data:
                yield one.pk

    def reseal(self, pk: int) -> bool:
        with transaction.atomic():
            one = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if one is None:
                return False
            one.data = second_factor.resealed(one.data)
            one.save(update_fields=["data"])
            return True


def places() -> Iterator[Place]:
    """Every place where something sealed lies."""
    for model in apps.get_models(include_auto_created=True):
        if columns := sealed_columns(model):
            yield Columns(model, columns)
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField) and isinstance(field.storage, EncryptedStorage):
                yield Files(model, field)
    yield SecondFactors()


def sealed_columns(model: type[Model]) -> list[Sealed]:
    return [field for field in model._meta.concrete_fields if isinstance(field, Sealed)]


def count_old(place: Place) -> int:
    """How many rows still need another key than the present one; flat memory."""
    return sum(1 for _pk in _every(place))


def rotate(place: Place, *, tell: Callable[[Report], None] = lambda report: None) -> Report:
    """Go through a place until a whole round finds nothing to do: a row that somebody wrote meanwhile
    may hold another column under a former key. `tell` hears of each batch."""
    _do_not_wait_for_the_disk()
    report, found = Report(), True
    while found:
        found, report.unreadable = False, 0
        for number, pk in enumerate(_every(place), 1):
            try:
                report.done += place.reseal(pk)
                found = True
            except Undecipherable:
                report.unreadable += 1
            if number % BATCH == 0:
                tell(report)
                time.sleep(BREATH)
    return report


def _every(place: Place) -> Iterator[int]:
    after = 0
    while batch := list(islice(place.old(after), BATCH)):
        yield from batch
        after = batch[-1]


def _do_not_wait_for_the_disk() -> None:
    """PostgreSQL may lose the last moment's rows in a crash: they have the former key again, and the
    next run finds them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
