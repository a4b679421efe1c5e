"""What the invariants share."""

from collections.abc import Iterator

from django.db.models import Count, Model

Breaches = Iterator[str]  # sentences
CHUNK = 2000


def twice(model: type[Model], *fields: str) -> Breaches:
    groups = model._default_manager.values(*fields).annotate(rows=Count("pk")).filter(rows__gt=1)
    for group in groups.iterator():
        yield f"{model._meta.model_name} {group}"
