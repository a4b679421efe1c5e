"""Rules that Django's own constraints cannot say, on both engines.

A bed-night's bed is in its room, its guest is its stay's, its sex is its room's of that night; a
decision never changes; a policy that a decision used never changes; the audit log never changes.
"""

from django.db import migrations

from bookings.core.frozen import freeze

# (name, columns, table and columns they refer to)
REFERENCES = [
    ("bed_night_bed_in_room", "bed_id, room_id", "bookings_bed (id, room_id)"),
    ("bed_night_guest_of_stay", "stay_id, graduate_id", "bookings_stay (id, graduate_id)"),
    ("bed_night_one_sex", "room_id, night, sex", "bookings_roomnight (room_id, night, sex)"),
]
# (name, table, columns that never change, when)
FROZEN = [
    (
        "decision_never_changes",
        "bookings_decision",
        ["application_id", "number", "policy_id", "outcome", "findings", "by_id", "at"],
        "",
    ),
    (
        "used_policy_never_changes",
        "bookings_policy",
        [
            *["district_id", "version", "valid_from", "years_since_graduation", "minimum_degree"],
            *["minimum_age", "maximum_age", "nights", "days_ahead", "hold_hours"],
            *["arrival_cutoff", "review", "review_days", "evidence", "follow_up_days"],
        ],
        "EXISTS (SELECT 1 FROM bookings_decision WHERE policy_id = OLD.id)",
    ),
    (
        "audit_never_changes",
        "bookings_auditentry",
        ["at", "by_id", "district_id", "action", "subject", "details"],
        "",
    ),
    (
        "outcome_never_changes",
        "bookings_outcome",
        ["follow_up_id", "kind", "source", "level", "by_id", "at"],
        "",
    ),
]


def create(apps, schema_editor):
    make = _postgres if schema_editor.connection.vendor == "postgresql" else _sqlite
    for statement in make():
        schema_editor.execute(statement, params=None)
    for name, table, columns, when in FROZEN:
        freeze(schema_editor, name, table, columns, when=when)


def remove(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for name, _, _ in REFERENCES:
        if postgres:
            schema_editor.execute(f"ALTER TABLE bookings_bednight DROP CONSTRAINT {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {name}_insert")
            schema_editor.execute(f"DROP TRIGGER {name}_update")
    for name, table, _, _ in FROZEN:
        on = f" ON {table}" if postgres else ""
        schema_editor.execute(f"DROP TRIGGER {name}{on}")
        if postgres:
            schema_editor.execute(f"DROP FUNCTION {name}()")


def _postgres():
    for name, columns, target in REFERENCES:
        yield (
            f"ALTER TABLE bookings_bednight ADD CONSTRAINT {name} "
            f"FOREIGN KEY ({columns}) REFERENCES {target}"
        )


def _sqlite():
    for name, columns, target in REFERENCES:
        table, keys = target.rstrip(")").split(" (")
        pairs = zip(columns.split(", "), keys.split(", "), strict=True)
        match = " AND ".join(f"{key} = NEW.{column}" for column, key in pairs)
        for event in ("insert", "update"):
            yield (
                f"CREATE TRIGGER {name}_{event} BEFORE {event.upper()} ON bookings_bednight "
                f"WHEN NOT EXISTS (SELECT 1 FROM {table} WHERE {match}) "
                f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]

    operations = [migrations.RunPython(create, remove)]
