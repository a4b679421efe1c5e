"""A season of very many guests: one block of stations with its guests, copied block by block.

The people of a copy are made one by one, for each has a number of their own; what happened to them is
copied by the database, its keys moved on by as many as the block has.
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
from bookings.retention.models import FollowUp, Outcome

CHUNK = 2000
# what happened, in the order in which one needs the other → the columns that lead into the block
COPIED: dict[type[Model], dict[str, type[Model]]] = {
    Application: {"user_id": User, "graduate_id": Graduate, "station_id": Station},
    Decision: {"application_id": Application},
    Stay: {"application_id": Application, "graduate_id": Graduate, "station_id": Station},
    RoomNight: {"room_id": Room},
    BedNight: {"bed_id": Bed, "room_id": Room, "stay_id": Stay, "graduate_id": Graduate},
    Scan: {"station_id": Station, "stay_id": Stay},
    Registration: {"stay_id": Stay},
    FollowUp: {"stay_id": Stay},
    Outcome: {"follow_up_id": FollowUp},
}
OTHERWISE = {  # what may not be twice
    (Application, "friend_code"): "NULL",
    (Scan, "shown_pass_id"): "NULL",
    (Scan, "nonce"): "nonce || '-' || {number}",
}


class Block:
    """The guests that there are, of some stations beside each other; `beds` are all of theirs."""

    def __init__(self, beds: list[Bed]) -> None:
        stations = Station.objects.filter(rooms__beds__in=beds)
        rooms = Room.objects.filter(station__in=stations)
        guests = User.objects.filter(applications__station__in=stations)
        self.spans: dict[type[Model], tuple[int, int]] = {
            User: _span(guests),
            Station: _span(stations),
            Room: _span(rooms),
            Bed: _span(Bed.objects.filter(room__in=rooms)),
            Graduate: _span(Graduate.objects.filter(user__in=guests)),
        }
        self.spans |= {model: _span(model._default_manager.all()) for model in COPIED}
        withdrawn = AuditEntry.objects.filter(action="withdraw", subject__startswith="application:")
        self.withdrawn = [(entry, int(entry.subject.partition(":")[2])) for entry in withdrawn]
        first, last = self.spans[User]
        self.people = last - first + 1
        self.index = User.objects.filter(phone__isnull=False).count() - self.people

    def copy(self, number: int) -> None:
        """The same guests for the `number`-th block of stations after this one."""
        with transaction.atomic():
            self._unwatched()
            self._copy_people(number)
            for model in COPIED:
                self._copy_rows(model, number)
            self._copy_passes(number)
            self._copy_withdrawals(number)

    def _moved(self, model: type[Model], number: int) -> int:
        first, last = self.spans[model]
        return (last - first + 1) * number

    def _copy_people(self, number: int) -> None:
        start, first = self.index + number * self.people, self.spans[User][0]
        by_user, by_person = self._moved(User, number), self._moved(Graduate, number)
        theirs: Any = Graduate.objects.filter(pk__range=self.spans[Graduate]).order_by("pk")
        for some in in_chunks(theirs.iterator(CHUNK), CHUNK):
            users = []
            for person in some:
                index = start + person.user_id - first
                user = people.account(index)
                user.pk = person.user_id + by_user
                users.append(user)
                _renew(person, index)
                person.pk, person.user_id = person.pk + by_person, user.pk
            User.objects.bulk_create(users)
            Graduate.objects.bulk_create(some)

    def _copy_rows(self, model: type[Model], number: int) -> None:
        names = [str(field.column) for field in model._meta.concrete_fields]
        moved = {"id": model, **COPIED[model]}
        values = [
            OTHERWISE[model, name].format(number=number)
            if (model, name) in OTHERWISE
            else f"{name} + {self._moved(moved[name], number)}"
            if name in moved
            else name
            for name in names
        ]
        table, quoted = model._meta.db_table, ", ".join(names)
        _execute(
            f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} FROM {table} "  # noqa: S608
            "WHERE id BETWEEN %s AND %s",
            self.spans[model],
        )

    def _copy_passes(self, number: int) -> None:
        kept = Pass.objects.filter(stay__pk__range=self.spans[Stay]).values_list(
            "stay", "issued_at"
        )
        by = self._moved(Stay, number)
        for some in in_chunks(kept.iterator(CHUNK), CHUNK):
            Pass.objects.bulk_create(
                Pass(stay_id=stay + by, short_code=short_code(), issued_at=at) for stay, at in some
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


def _span(rows: Any) -> tuple[int, int]:
    """The first and the last key; between them lie only these rows."""
    ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
    return ends["first"], ends["last"]


def _renew(person: Graduate, index: int) -> None:
    """Another number, and what stands in it."""
    number = people.resident_number(index, person.sex)
    person.doc_number, person.doc_hash = number, keyed_hash(number, "document")
    person.birth_date = people.birth_date(number)


def _execute(statement: str, values: tuple[int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def go_on_counting() -> None:
    """Let the database give the next keys after those that were given by hand."""
    models: list[type[Model]] = [User, Graduate, *COPIED]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
