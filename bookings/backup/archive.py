"""Write the encrypted file and read it back."""

import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Any

import bech32
import pyrage
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from bookings.applications.models import Evidence
from bookings.backup.rows import CHUNK, read, tables, write
from bookings.core.bulk import in_chunks
from bookings.retention.models import Proof
from bookings.statistics.reports.models import ReportFile

FORMAT = 1
PAPERS = (Evidence, Proof, ReportFile)  # rows with a file, all in one folder


class BadBackup(Exception):
    """A file that cannot be restored here; the message says why."""


@dataclass
class Report:
    """What went in or came back: rows and hash of each table, evidence files, files not found."""

    counts: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    files: int = 0
    missing: int = 0


def identities() -> list[pyrage.x25519.Identity]:
    """The key pairs of this installation's backups, derived from DATA_KEYS: the first is for new ones,
    those of before open with the others."""
    return [_identity(key) for key in settings.DATA_KEYS]


def _identity(data_key: bytes) -> pyrage.x25519.Identity:
    seed = HKDF(SHA256(), 32, salt=None, info=b"youth station backup").derive(data_key)
    words = bech32.convertbits(seed, 8, 5) or []
    key = bech32.bech32_encode("age-secret-key-", words).upper()
    return pyrage.x25519.Identity.from_str(key)


def backup(file: Path, *, now: str) -> Report:
    """Write everything, as of one moment, while others go on working; whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    report = Report()

    def fill(pipe: IO[bytes]) -> None:
        with tarfile.open(fileobj=pipe, mode="w|") as archive:
            _add(archive, "manifest.json", json.dumps(_manifest(now)).encode())
            _add_tables(archive, report)
            _add_evidence(archive, report)
            _add(archive, "summary.json", json.dumps([report.counts, report.hashes]).encode())

    def encrypt(pipe: IO[bytes]) -> None:
        pyrage.encrypt_io(pipe, sink, [identities()[0].to_public()])

    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as sink, _snapshot():
            _piped(fill, encrypt, beside=encrypt)
            sink.flush()
            os.fsync(sink.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return report


def opens(file: Path) -> None:
    """Decrypt it to its end, into nothing: whether it is whole and ours. Errors: BadBackup."""
    with file.open("rb") as source, open(os.devnull, "wb") as nowhere:
        _decrypt(source, nowhere)


def _decrypt(source: IO[bytes], pipe: IO[bytes]) -> None:
    try:
        pyrage.decrypt_io(source, pipe, identities())
    except BrokenPipeError:
        raise
    except (pyrage.DecryptError, OSError) as error:  # the one at its head, the other further on
        raise BadBackup("it opens with none of the DATA_KEYS, or is damaged") from error


def restore(file: Path) -> Report:
    """Bring everything back into an empty database, all or nothing; counts and hashes are compared.

    Errors: BadBackup.
    """
    if any(model._base_manager.exists() for model in tables()):
        raise BadBackup("the database is not empty: restore into a new one")
    report = Report()

    def decrypt(pipe: IO[bytes]) -> None:
        _decrypt(source, pipe)

    def fill(pipe: IO[bytes]) -> None:
        _read_archive(pipe, report)

    with file.open("rb") as source, transaction.atomic():
        try:
            _piped(decrypt, fill, beside=decrypt)
        except (tarfile.TarError, ValueError, KeyError) as error:
            raise BadBackup("it is damaged") from error
        _count_on()
    return report


def _manifest(now: str) -> dict[str, Any]:
    return {"format": FORMAT, "at": now, "engine": connection.vendor, "migration": _migration()}


def _migration() -> str:
    applied = MigrationRecorder(connection).applied_migrations()
    return max(name for app, name in applied if app == "bookings")


@contextmanager
def _snapshot() -> Iterator[None]:
    """See the database as of one moment, without keeping anybody from writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            if len(connection.savepoint_ids) == 0:  # inside a test's transaction it is too late
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:  # Django's own transactions take SQLite's write lock
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _add_tables(archive: tarfile.TarFile, report: Report) -> None:
    for model in tables():
        name, digest = model._meta.db_table, hashlib.sha256()
        report.counts[name] = 0
        for number, part in enumerate(in_chunks(read(model), CHUNK)):
            text = "\n".join(part).encode()
            digest.update(text + b"\n")
            report.counts[name] += len(part)
            _add(archive, f"tables/{name}/{number:06}.jsonl", text)
        report.hashes[name] = digest.hexdigest()


def _add_evidence(archive: tarfile.TarFile, report: Report) -> None:
    storage = _storage()
    files = [model.objects.order_by("pk").values_list("file", flat=True) for model in PAPERS]
    for name in chain.from_iterable(names.iterator(CHUNK) for names in files):
        try:
            sealed = Path(storage.path(name)).read_bytes()
        except FileNotFoundError:  # removed since the snapshot
            report.missing += 1
            continue
        _add(archive, f"evidence/{name}", sealed)
        report.files += 1


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def _read_archive(pipe: IO[bytes], report: Report) -> None:
    models = {model._meta.db_table: model for model in tables()}
    digests = {name: hashlib.sha256() for name in models}
    report.counts = dict.fromkeys(models, 0)
    summary = None
    with tarfile.open(fileobj=pipe, mode="r|") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            assert stream is not None
            data = stream.read()
            kind, _, rest = member.name.partition("/")
            if kind == "manifest.json":
                _check(json.loads(data))
            elif kind == "tables":
                name = rest.split("/")[0]
                lines = data.decode().split("\n")
                write(models[name], lines)
                digests[name].update(data + b"\n")
                report.counts[name] += len(lines)
            elif kind == "evidence":
                _put(rest, data)
                report.files += 1
            elif kind == "summary.json":
                summary = json.loads(data)
    if summary is None:
        raise BadBackup("it breaks off before its end")
    _compare(summary, report, {name: digest.hexdigest() for name, digest in digests.items()})


def _check(manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise BadBackup(f"its format is {manifest['format']}, this version reads {FORMAT}")
    if manifest["migration"] != _migration():
        raise BadBackup(
            f"it was made at migration {manifest['migration']}, this database is at {_migration()}: "
            "migrate to the former, restore, then migrate on"
        )


def _compare(summary: list[dict[str, Any]], report: Report, sent: dict[str, str]) -> None:
    """What was read is what was written, and the database now holds just that."""
    counts, hashes = summary
    for model in tables():
        name, digest = model._meta.db_table, hashlib.sha256()
        for line in read(model):
            digest.update(line.encode() + b"\n")
        report.hashes[name] = digest.hexdigest()
    if (report.counts, sent, report.hashes) != (counts, hashes, hashes):
        raise BadBackup("counts or hashes differ from those written")


def _storage() -> Any:
    return Evidence._meta.get_field("file").storage


def _put(name: str, sealed: bytes) -> None:
    storage = _storage()
    path = Path(storage.path(name))  # refuses a name that leads out of the folder
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sealed)


def _count_on() -> None:
    """New rows get numbers above the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


Side = Callable[[IO[bytes]], object]


def _piped(fill: Side, drain: Side, *, beside: Side) -> None:
    """Let one side write what the other reads. `beside` is the one that runs in a thread of its own:
    the other uses the database, whose connection belongs to this thread."""
    read_end, write_end = os.pipe()
    ends: dict[Side, Any] = {fill: os.fdopen(write_end, "wb"), drain: os.fdopen(read_end, "rb")}
    failed: dict[Side, BaseException] = {}

    def run(side: Side) -> None:
        try:
            with ends[side] as end:
                side(end)
        except BaseException as error:
            failed[side] = error

    thread = threading.Thread(target=run, args=[beside])
    thread.start()
    run(drain if beside is fill else fill)
    thread.join()
    # where one side breaks off, the other finds a broken pipe: the cause is told, not the effect
    causes = sorted(failed.values(), key=lambda error: (not isinstance(error, BadBackup),))
    told = [error for error in causes if not isinstance(error, BrokenPipeError)]
    for error in told or causes:
        raise error
