"""What the database can be asked about the findings of a decision."""

from typing import Any

from django.db.models import BooleanField, Func, JSONField, Value
from django.db.models.expressions import Combinable


class Fails(Func):
    """Whether findings say that a clause failed. `Fails("findings", "non_local")`."""

    output_field = BooleanField()
    template = "%(expressions)s"
    arg_joiner = " @> "

    def __init__(self, findings: str | Combinable, clause: str) -> None:
        wanted: list[Any] = [{"clause": clause, "outcome": "fail"}]
        super().__init__(findings, Value(wanted, JSONField()))
        self.clause = clause

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        findings, values = compiler.compile(self.source_expressions[0])
        return (
            f"EXISTS (SELECT 1 FROM json_each({findings}) WHERE json_extract(value, '$.outcome') = "
            "'fail' AND json_extract(value, '$.clause') = %s)",
            [*values, self.clause],
        )
