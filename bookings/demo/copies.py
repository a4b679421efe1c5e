"""A season of very many guests: one block of stations with its guests, copied block by block.

The database copies all, its keys moved on by as many as the block has. What nobody may share, a phone
and a document, is made for each anew and laid beside the rows in a table of the moment.
"""

from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Min, Model

from bookings.applications.models import Application
from bookings.beds.models import BedNight, RoomNight, Stay
from bookings.core.audit import AuditEntry
from bookings.core.bulk import in_chunks
from bookings.core.crypto import keyed_hash
from bookings.core.short_code import short_code
from bookings.demo import people
from bookings.desk.models import Scan
from bookings.desk.register.models import Registration
from bookings.eligibility.models import Decision
from bookings.passes.models import Pass
from bookings.people.models import Graduate, User
from bookings.places.models import Bed, Room, Station
from bookings.retention.models import Attempt, FollowUp, Outcome

CHUNK = 2000
NONE = (0, -1)
RENEWED: dict[type[Model], list[str]] = {
    User: ["phone", "phone_hash"],
    Graduate: ["doc_number", "doc_hash", "birth_date"],
}
# what there is, in the order in which one needs the other → the columns that lead into the block
COPIED: dict[type[Model], dict[str, type[Model]]] = {
    User: {},
    Graduate: {"user_id": User},
    Application: {"user_id": User, "graduate_id": Graduate, "station_id": Station},
    Decision: {"application_id": Application},
    Stay: {"application_id": Application, "graduate_id": Graduate, "station_id": Station},
    RoomNight: {"room_id": Room},
    BedNight: {"bed_id": Bed, "room_id": Room, "stay_id": Stay, "graduate_id": Graduate},
    Scan: {"station_id": Station, "stay_id": Stay},
    Registration: {"stay_id": Stay},
    FollowUp: {"stay_id": Stay},
    Outcome: {"follow_up_id": FollowUp},
    Attempt: {"follow_up_id": FollowUp},
}
OTHERWISE = {  # what may not be twice
    (Application, "friend_code"): "NULL",
    (Stay, "given_back"): "NULL",  # it names beds
    (Scan, "shown_pass_id"): "NULL",
    (Scan, "nonce"): "former.nonce || '-' || {number}",
}


class Block:
    """The guests that there are, of some stations beside each other; `beds` are all of theirs."""

    def __init__(self, beds: list[Bed]) -> None:
        stations = Station.objects.filter(rooms__beds__in=beds)
        rooms = Room.objects.filter(station__in=stations)
        guests = User.objects.filter(applications__station__in=stations)
        self.spans: dict[type[Model], tuple[int, int]] = {
            **{model: _span(model._default_manager.all()) for model in COPIED},
            User: _span(guests),
            Station: _span(stations),
            Room: _span(rooms),
            Bed: _span(Bed.objects.filter(room__in=rooms)),
            Graduate: _span(Graduate.objects.filter(user__in=guests)),
        }
        withdrawn = AuditEntry.objects.filter(action="withdraw", subject__startswith="application:")
        self.withdrawn = [(entry, int(entry.subject.partition(":")[2])) for entry in withdrawn]
        first, last = self.spans[User]
        self.people = last - first + 1
        self.index = User.objects.filter(phone__isnull=False).count() - self.people

    def copy(self, number: int) -> None:
        """The same guests for the `number`-th block of stations after this one."""
        with transaction.atomic():
            self._unwatched()
            self._renew(number)
            for model in COPIED:
                if self.spans[model] != NONE:
                    self._copy_rows(model, number)
            self._copy_passes(number)
            self._copy_withdrawals(number)

    def _moved(self, model: type[Model], number: int) -> int:
        first, last = self.spans[model]
        return (last - first + 1) * number

    def _renew(self, number: int) -> None:
        """Lay what nobody may share beside the rows that are to be copied."""
        start, first = self.index + number * self.people, self.spans[User][0]
        theirs = Graduate.objects.filter(pk__range=self.spans[Graduate])
        fresh: dict[type[Model], list[tuple[Any, ...]]] = {model: [] for model in RENEWED}
        for person, user, sex in theirs.values_list("pk", "user_id", "sex"):
            index = start + user - first
            account, document = people.account(index), people.resident_number(index, sex)
            fresh[User].append((user, account.phone, account.phone_hash))
            born = people.birth_date(document)
            fresh[Graduate].append((person, document, keyed_hash(document, "document"), born))
        for model, rows in fresh.items():
            _lay_beside(model, rows)

    def _copy_rows(self, model: type[Model], number: int) -> None:
        names = [str(field.column) for field in model._meta.concrete_fields]
        moved = {"id": model, **COPIED[model]}
        values = [
            OTHERWISE[model, name].format(number=number)
            if (model, name) in OTHERWISE
            else f"fresh.{name}"
            if name in RENEWED.get(model, ())
            else f"former.{name} + {self._moved(moved[name], number)}"
            if name in moved
            else f"former.{name}"
            for name in names
        ]
        table, quoted = model._meta.db_table, ", ".join(names)
        fresh = f"JOIN fresh_{table} fresh ON fresh.id = former.id " if model in RENEWED else ""
        _execute(
            f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} "  # noqa: S608
            f"FROM {table} former {fresh}WHERE former.id BETWEEN %s AND %s ORDER BY former.id",
            self.spans[model],
        )

    def _copy_passes(self, number: int) -> None:
        kept = Pass.objects.filter(stay__pk__range=self.spans[Stay]).values_list(
            "stay", "issued_at"
        )
        by = self._moved(Stay, number)
        for some in in_chunks(kept.iterator(CHUNK), CHUNK):
            Pass.objects.bulk_create(
                Pass(stay_id=stay + by, short_code=code, issued_at=at)
                for (stay, at), code in zip(some, _codes(len(some)), strict=True)
            )

    def _copy_withdrawals(self, number: int) -> None:
        AuditEntry.objects.bulk_create(
            AuditEntry(
                at=entry.at,
                by_id=entry.by_id and entry.by_id + self._moved(User, number),
                district_id=entry.district_id,
                action=entry.action,
                subject=f"application:{key + self._moved(Application, number)}",
            )
            for entry, key in self.withdrawn
        )

    @staticmethod
    def _unwatched() -> None:
        """What is a true copy need not be checked row by row, where the database lets us."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
                if cursor.fetchone() == (True,):
                    cursor.execute("SET LOCAL session_replication_role = replica")


def _codes(count: int) -> list[str]:
    """So many that no pass has: of a million drawn at random, two are alike more often than one likes."""
    codes: set[str] = set()
    while len(codes) < count:
        codes |= {short_code() for _ in range(count - len(codes))}
        there = Pass.objects.filter(short_code__in=codes)
        codes -= set(there.values_list("short_code", flat=True))
    return [*codes]


def _span(rows: Any) -> tuple[int, int]:
    """The first and the last key; between them lie only these rows. NONE where there are none."""
    ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
    return (ends["first"], ends["last"]) if ends["first"] else NONE


def _lay_beside(model: type[Model], rows: list[tuple[Any, ...]]) -> None:
    """Keep these values of rows, each after its key, in a table that ends with the connection."""
    table, names = f"fresh_{model._meta.db_table}", ["id", *RENEWED[model]]
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    stored = (
        [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        ]
        for row in rows
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {table} AS SELECT {', '.join(names)} "  # noqa: S608
            f"FROM {model._meta.db_table} LIMIT 0"
        )
        marks = ", ".join(["%s"] * len(names))
        cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", list(stored))  # noqa: S608


def _execute(statement: str, values: tuple[int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def go_on_counting() -> None:
    """Let the database give the next keys after those that were given by hand."""
    models = list(COPIED)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
