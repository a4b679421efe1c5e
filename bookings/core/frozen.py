"""Columns that a database rule keeps from ever changing, on both engines; migrations use this.

On SQLite a migration that remakes a table drops the triggers on it: it must freeze it again.
"""

from collections.abc import Iterator, Sequence
from typing import Any

HEAD = 5  # bytes of a sealed value that name its key (core/crypto.py)


def freeze(
    schema_editor: Any,
    name: str,
    table: str,
    columns: Sequence[str],
    *,
    sealed: Sequence[str] = (),
    when: str = "",
) -> None:
    """Refuse, under this name, updates that change one of the columns (of rows of which `when` is
    true, an SQL condition over OLD). A rule of this name made before is replaced.

    `sealed` columns may be sealed anew: they change only together with the key that they name
    (docs/decisions/0017-key-rotation.md)."""
    make = _postgres if schema_editor.connection.vendor == "postgresql" else _sqlite
    for statement in make(name, table, columns, sealed, when):
        schema_editor.execute(statement, params=None)


def _postgres(
    name: str, table: str, columns: Sequence[str], sealed: Sequence[str], when: str
) -> Iterator[str]:
    # json has no equality, its text has
    changed = " OR ".join(
        [f"OLD.{c}::text IS DISTINCT FROM NEW.{c}::text" for c in columns]
        + [
            f"OLD.{c} IS DISTINCT FROM NEW.{c} AND (substring(NEW.{c}, 1, 1) IS DISTINCT FROM "
            f"'\\x02'::bytea OR substring(NEW.{c}, 1, {HEAD}) = substring(OLD.{c}, 1, {HEAD}))"
            for c in sealed
        ]
    )
    condition = f"({changed}) AND {when}" if when else changed
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN "
        f"RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _sqlite(
    name: str, table: str, columns: Sequence[str], sealed: Sequence[str], when: str
) -> Iterator[str]:
    changed = " OR ".join(
        [f"OLD.{c} IS NOT NEW.{c}" for c in columns]
        + [
            f"OLD.{c} IS NOT NEW.{c} AND (substr(NEW.{c}, 1, 1) IS NOT X'02' OR "
            f"substr(NEW.{c}, 1, {HEAD}) IS substr(OLD.{c}, 1, {HEAD}))"
            for c in sealed
        ]
    )
    condition = f"({changed}) AND {when}" if when else changed
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield (
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
    )


def keep(schema_editor: Any, name: str, table: str, *, when: str = "") -> None:
    """Refuse, under this name, that rows (of which `when` is true) are deleted."""
    if schema_editor.connection.vendor == "postgresql":
        guard = f"IF {when} THEN " if when else "BEGIN "
        statements = [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{guard}RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"{'END IF; ' if when else 'END; '}RETURN OLD; END $$",
            f"CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    else:
        condition = f" WHEN {when}" if when else ""
        statements = [
            f"CREATE TRIGGER {name} BEFORE DELETE ON {table}{condition} "
            f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        ]
    for statement in statements:
        schema_editor.execute(statement, params=None)
