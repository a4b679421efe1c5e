"""The inventory of personal data names every field that holds some."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import FileField

from bookings.core.storage import EncryptedStorage
from bookings.rotation import sealed_columns

INVENTORY = (settings.BASE_DIR / "docs" / "privacy.md").read_text()
NAMED = set(re.findall(r"`([A-Z][A-Za-z]+\.[a-z_]+)`", INVENTORY))
# plain columns that say something of somebody
PLAIN = {
    *["Graduate.birth_date", "Graduate.hukou_code", "Graduate.nationality", "Graduate.university"],
    *[
        "Graduate.doc_hash",
        "FormerDocument.doc_hash",
        "Graduate.doc_type",
        "Graduate.doc_until",
        "Graduate.sex",
    ],
    *["User.email", "User.name", "User.phone_hash", "Invitation.email", "Invitation.name"],
    *["Decision.note", "Application.asked_for", "Suspension.reason", "UserSession.ip"],
    "SocialAccount.uid",
}


def holding():
    """Every sealed column, and every file that is sealed."""
    for model in apps.get_models():
        yield from (f"{model.__name__}.{field.name}" for field in sealed_columns(model))
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField) and isinstance(field.storage, EncryptedStorage):
                yield f"{model.__name__}.{field.name}"


def test_every_personal_field_is_in_the_inventory():
    assert {*holding(), *PLAIN} - NAMED == set()


@pytest.mark.parametrize("named", sorted(NAMED))
def test_the_inventory_names_no_field_that_is_gone(named):
    model_name, field = named.split(".")
    (model,) = [one for one in apps.get_models() if one.__name__ == model_name]
    try:
        model._meta.get_field(field)
    except FieldDoesNotExist:
        pytest.fail(f"{named} is gone")


def test_each_row_says_purpose_ground_and_time_and_stands_once():
    rows = [line for line in INVENTORY.splitlines() if line.startswith("| ")][2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]

    assert all(len(row) == 6 and all(row) for row in cells)
    assert len({row[0] for row in cells}) == len(cells)
