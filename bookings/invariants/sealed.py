"""Personal data."""

from itertools import chain
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet

from bookings.applications.models import Evidence
from bookings.core.crypto import VERSIONS, Undecipherable, keyed_hash
from bookings.invariants.common import CHUNK, Breaches
from bookings.people import second_factor
from bookings.people.models import Graduate, User
from bookings.retention.models import Proof
from bookings.rotation import sealed_columns
from bookings.statistics.reports.models import ReportFile


def personal_data_is_sealed() -> Breaches:
    """9 What names a person is ciphertext that opens with our key, and is found by its hash."""
    for model in apps.get_models():
        columns = sealed_columns(model)
        for column in columns:
            yield from _plain(model, column.column)
        if not columns:
            continue
        try:
            for row in model._default_manager.iterator(CHUNK):
                yield from _wrong_hash(row)
        except Undecipherable as error:
            yield f"{error}: does not open with this installation's key"
    for app in second_factor.unsealed():
        yield f"second factor {app}: its secret does not open with our key"
    kept: list[QuerySet[Any]] = [
        Evidence.objects.exclude(file=""),
        Proof.objects.all(),
        ReportFile.objects.all(),
    ]
    for paper in chain.from_iterable(papers.iterator(CHUNK) for papers in kept):
        try:
            paper.file.open().close()
        except (FileNotFoundError, Undecipherable):
            yield f"{paper._meta.model_name} {paper.pk}: its file is missing or not ours"


def _plain(model: type[Model], column: str | None) -> Breaches:
    table = connection.ops.quote_name(model._meta.db_table)
    name = connection.ops.quote_name(column or "")
    start = "substr" if connection.vendor == "sqlite" else "substring"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE {name} IS NOT NULL "  # noqa: S608 our own names
            f"AND {start}({name}, 1, 1) NOT IN (%s, %s)",
            [*VERSIONS],
        )
        (count,) = cursor.fetchone()
    if count:
        yield f"{count} rows of {model._meta.db_table}.{column} are not ciphertext"


def _wrong_hash(row: Model) -> Breaches:
    if isinstance(row, Graduate) and row.forgotten_at:
        return
    if isinstance(row, Graduate) and row.doc_hash != keyed_hash(row.doc_number, "document"):
        yield f"graduate {row.pk} is not found by its document number"
    if isinstance(row, User) and row.phone and row.phone_hash != keyed_hash(row.phone, "phone"):
        yield f"account {row.pk} is not found by its phone number"
