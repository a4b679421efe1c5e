"""A query that is asked many times a second, put into SQL once.

With joins and subqueries that costs Django several times what the database takes to answer. A prepared
query keeps its SQL; each time only the values are put in.
"""

from collections.abc import Callable
from copy import copy
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

StandIn = tuple[Any, Any]  # a model's field, and a value


class Prepared:
    """`build` makes the query, given for each name a value that stands for the real one and occurs
    nowhere else in it. `names`: the field whose values come there, and what stands in for them."""

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"], **names: StandIn) -> None:
        self.build, self.names = build, names
        self.ready: tuple[Any, ...] | None = None

    def ask(self, **values: Any) -> list[Any]:
        """What the query finds with these values. One that locks wants a transaction, as ever."""
        connection = connections[DEFAULT_DB_ALIAS]
        queryset, compiled, converters, sql, places, fixed = self.ready or self._prepare(connection)
        given = {name: self._plain(name, value, connection) for name, value in values.items()}
        told = tuple(given[name] if name else fixed[n] for n, name in enumerate(places))
        compiler = copy(compiled)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: (sql, told)
        compiler.get_converters = lambda expressions: converters
        again = queryset.all()
        again.query.get_compiler = lambda *args, **kwargs: compiler
        return list(again)

    def _plain(self, name: str, value: Any, connection: Any) -> Any:
        return self.names[name][0].get_db_prep_value(value, connection)

    def _prepare(self, connection: Any) -> Any:
        queryset = self.build(**{name: stand_in for name, (_field, stand_in) in self.names.items()})
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        names = {
            self._plain(name, stand_in, connection): name
            for name, (_field, stand_in) in self.names.items()
        }
        places = [names.get(param) for param in params]
        assert {*places} >= self.names.keys(), "a value stands nowhere in the query"
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        self.ready = queryset, compiler, converters, sql, places, tuple(params)
        return self.ready
