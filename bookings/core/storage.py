"""Files that are ciphertext on disk (evidence)."""

import os
from contextlib import suppress
from pathlib import Path
from shutil import copymode
from tempfile import mkstemp
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

from bookings.core.crypto import HEAD_BYTES, decrypt, encrypt, head, reseal

CONTEXT = "evidence file"
PART = ".part"


class EncryptedStorage(FileSystemStorage):
    """Seals each file whole on save and opens it in memory: files are small, their size is bounded."""

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        sealed = ContentFile(encrypt(content.read(), CONTEXT))
        return str(super()._save(name, sealed))  # type: ignore[misc] # the stubs lack it

    def _open(self, name: str, mode: str = "rb") -> Any:
        with super()._open(name, "rb") as file:  # type: ignore[misc] # the stubs lack it
            return ContentFile(decrypt(file.read(), CONTEXT), name=name)

    def is_present(self, name: str) -> bool:
        """Whether the present key has sealed a file. Errors: FileNotFoundError."""
        with Path(self.path(name)).open("rb") as file:
            return file.read(HEAD_BYTES) == head()

    def reseal(self, name: str) -> None:
        """Seal a file anew with the present key. Whoever reads meanwhile has the one or the other, whole.
        Errors: FileNotFoundError, Undecipherable."""
        path = Path(self.path(name))
        sealed = reseal(path.read_bytes(), CONTEXT)
        part, name = mkstemp(suffix=PART, prefix=".", dir=path.parent)
        try:
            with open(part, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(part)
            copymode(path, name)
            os.replace(name, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name)
            raise

    def sweep(self, *, before: float) -> None:
        """Remove what a process that died while it sealed files has left. `before`: seconds since 1970."""
        for part in Path(self.location).rglob(f".*{PART}"):
            with suppress(FileNotFoundError):
                if part.stat().st_mtime < before:
                    part.unlink()
