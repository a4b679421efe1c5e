"""A statement that is sent many times a second, put into SQL once.

With joins and subqueries that costs Django several times what the database takes to answer. A prepared
statement keeps its SQL; each time only the values are put in. PostgreSQL keeps its plan too, for as
long as the connection lasts.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.sql import InsertQuery, UpdateQuery

from bookings.core.transitions import StateChanged

StandIn = tuple[Any, Any]  # a model's field, and a value
Row = TypeVar("Row", bound=Model)
Read = Callable[[], None]
_unread: ContextVar[list[Read] | None] = ContextVar("unread", default=None)


@contextmanager
def in_one_trip() -> Iterator[None]:
    """Rows that are added and changed within go to PostgreSQL together, for one answer. Not before its
    end does a row know its key, and is a change or a row refused. What is asked within takes along what
    was sent before it. A trip within a trip is part of it.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql" or _unread.get() is not None:
        yield
        return
    connection.ensure_connection()
    told: list[Read] = []
    token = _unread.set(told)
    try:
        with connection.wrap_database_errors, connection.connection.pipeline():
            yield
    finally:
        _unread.reset(token)
    for read in told:
        read()


def _read(answer: Read) -> None:
    """Read an answer, or do so at the end of the trip."""
    unread = _unread.get()
    if unread is None:
        answer()
    else:
        unread.append(answer)


@contextmanager
def _kept_by_the_server(connection: Any) -> Iterator[None]:
    """What is sent meanwhile is planned by PostgreSQL once, not each time."""
    pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")  # another server each time
    if connection.vendor != "postgresql" or pooled:
        yield
        return
    from django.db.backends.postgresql.base import ServerBindingCursor  # wants its driver

    connection.ensure_connection()
    raw = connection.connection
    before = raw.cursor_factory, raw.prepare_threshold
    raw.cursor_factory, raw.prepare_threshold = ServerBindingCursor, 0
    try:
        yield
    finally:
        raw.cursor_factory, raw.prepare_threshold = before


class _Statement:
    """`names`: for each value the field that it belongs to, and what stands in for it when the SQL is
    made; it must occur nowhere else in it."""

    def __init__(self, **names: StandIn) -> None:
        self.names = names
        self.ready: Any = None

    def _plain(self, name: str, value: Any, connection: Any) -> Any:
        return self.names[name][0].get_db_prep_value(value, connection)

    def _stand_ins(self) -> dict[str, Any]:
        return {name: stand_in for name, (_field, stand_in) in self.names.items()}

    def _places(self, params: Any, connection: Any) -> list[tuple[str | None, Any]]:
        """Each parameter: the name of the value that comes there, or the value that is always there."""
        names = {
            self._plain(name, stand_in, connection): name
            for name, stand_in in self._stand_ins().items()
        }
        places = [(names.get(param), param) for param in params]
        assert {name for name, _ in places} >= self.names.keys(), "a value stands nowhere"
        return places

    def _filled(self, places: Any, values: dict[str, Any], connection: Any) -> tuple[Any, ...]:
        given = {name: self._plain(name, value, connection) for name, value in values.items()}
        return tuple(given[name] if name else fixed for name, fixed in places)


class Prepared(_Statement):
    """A query: `build` makes it, given for each name its stand-in."""

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"], **names: StandIn) -> None:
        super().__init__(**names)
        self.build = build

    def ask(self, **values: Any) -> list[Any]:
        """What the query finds with these values. One that locks wants a transaction, as ever."""
        connection = connections[DEFAULT_DB_ALIAS]
        self.ready = self.ready or self._prepare(connection)
        queryset, compiled, converters, sql, places = self.ready
        told = self._filled(places, values, connection)
        compiler = copy(compiled)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: (sql, told)
        compiler.get_converters = lambda expressions: converters
        again = queryset.all()
        again.query.get_compiler = lambda *args, **kwargs: compiler
        with _kept_by_the_server(connection):
            return list(again)

    def _prepare(self, connection: Any) -> Any:
        queryset = self.build(**self._stand_ins())
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        places = self._places(params, connection)
        return queryset, compiler, converters, sql, places


class PreparedChange(_Statement):
    """`build` gives the one row to change, as it should be, and its new values."""

    def __init__(
        self,
        build: Callable[..., tuple["QuerySet[Any, Any]", dict[str, Any]]],
        **names: StandIn,
    ) -> None:
        super().__init__(**names)
        self.build = build

    def make(self, **values: Any) -> None:
        """Change the one row. Errors: StateChanged (it is not as it should have been)."""
        connection = connections[DEFAULT_DB_ALIAS]
        self.ready = self.ready or self._prepare(connection)
        sql, places = self.ready
        cursor = connection.cursor()

        def read() -> None:
            with cursor:
                if cursor.rowcount != 1:
                    raise StateChanged

        with _kept_by_the_server(connection):
            cursor.execute(sql, self._filled(places, values, connection))
            _read(read)

    def _prepare(self, connection: Any) -> Any:
        rows, changes = self.build(**self._stand_ins())
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(changes)  # type: ignore[attr-defined]
        sql, params = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        return sql, self._places(params, connection)


class PreparedRow(Generic[Row]):
    """Rows of a model, added one by one."""

    def __init__(self, model: type[Row]) -> None:
        self.model = model
        self.ready: Any = None

    def add(self, **values: Any) -> Row:
        """As `objects.create`, without signals. Within `in_one_trip` its key is known at the end."""
        row, connection = self.model(**values), connections[DEFAULT_DB_ALIAS]
        self.ready = self.ready or self._prepare(row)
        sql, fields = self.ready
        told = [one.get_db_prep_save(one.pre_save(row, True), connection) for one in fields]
        cursor = connection.cursor()

        def read() -> None:
            with cursor:
                (row.pk,) = cursor.fetchone()
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS

        with _kept_by_the_server(connection):
            cursor.execute(sql, told)
            _read(read)
        return row

    def _prepare(self, row: Row) -> Any:
        fields = [one for one in self.model._meta.concrete_fields if not one.primary_key]
        query = InsertQuery(self.model)
        query.insert_values(fields, [row])
        compiler: Any = query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.returning_fields = [self.model._meta.pk]
        ((sql, _params),) = compiler.as_sql()
        return sql, fields
