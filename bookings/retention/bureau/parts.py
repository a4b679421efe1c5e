"""The bureau's file as it is kept until it has been read: in sealed parts, read like a file.

It never lies open on the disk, and no more than a part of it is in memory at once.
"""

import hashlib
import io
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from bookings.core.crypto import Undecipherable, decrypt, encrypt
from bookings.eligibility.lists.read import ZIP_START, NotAList
from bookings.retention.bureau.models import BureauList, BureauPart

PART = 1024 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Looked:
    """A file as it came: its SHA-256, and `xlsx` or the encoding of its text."""

    digest: str
    kind: str


def look(file: IO[bytes]) -> Looked:
    """Read a file once, a part at a time. Errors: NotAList."""
    digest = hashlib.sha256()
    decoders = {name: getincrementaldecoder(name)() for name in ENCODINGS}
    packed = False
    for number, part in enumerate(_pieces(file)):
        digest.update(part)
        packed = packed or (number == 0 and part.startswith(ZIP_START))
        if packed:
            continue
        if b"\0" in part:
            raise NotAList
        decoders = {name: one for name, one in decoders.items() if _goes_on(one, part)}
    kinds = (
        ["xlsx"] if packed else [n for n, one in decoders.items() if _goes_on(one, b"", last=True)]
    )
    if not kinds:
        raise NotAList
    return Looked(digest.hexdigest(), kinds[0])


def _goes_on(decoder: IncrementalDecoder, part: bytes, *, last: bool = False) -> bool:
    try:
        decoder.decode(part, last)
    except UnicodeDecodeError:
        return False
    return True


def keep(bureau_list: BureauList, file: IO[bytes]) -> None:
    """Seal a file into parts; its place in the file is sealed in with each."""
    for number, part in enumerate(_pieces(file)):
        place = BureauPart(bureau_list=bureau_list, number=number)
        place.sealed = encrypt(part, place.context)
        place.save(force_insert=True)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PART):
        yield piece


def _open(sealed: bytes, context: str) -> bytes:
    try:
        return decrypt(sealed, context)
    except Undecipherable as error:
        raise NotAList from error


class Kept(io.RawIOBase):
    """The kept file, opened for reading. Errors: NotAList, where a part is gone or not ours."""

    def __init__(self, bureau_list: BureauList) -> None:
        self.list_id, self.size = bureau_list.pk, bureau_list.size
        self.place = 0
        self._number, self._part = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        self.place = max(0, start + offset)
        return self.place

    def readinto(self, buffer: Any) -> int:
        if self.place >= self.size:
            return 0
        number, offset = divmod(self.place, PART)
        view = memoryview(buffer)
        piece = self._opened(number)[offset : offset + len(view)]
        view[: len(piece)] = piece
        self.place += len(piece)
        return len(piece)

    def _opened(self, number: int) -> bytes:
        if number != self._number:
            kept = BureauPart.objects.filter(bureau_list=self.list_id, number=number)
            sealed = kept.values_list("sealed", flat=True).first()
            if sealed is None:
                raise NotAList
            self._number = number
            place = BureauPart(bureau_list_id=self.list_id, number=number)
            self._part = _open(bytes(sealed), place.context)
        return self._part
