"""Files that are ciphertext on disk (evidence)."""

from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

from bookings.core.crypto import decrypt, encrypt

CONTEXT = "evidence file"


class EncryptedStorage(FileSystemStorage):
    """Seals each file whole on save and opens it in memory: files are small, their size is bounded."""

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        sealed = ContentFile(encrypt(content.read(), CONTEXT))
        return str(super()._save(name, sealed))  # type: ignore[misc] # the stubs lack it

    def _open(self, name: str, mode: str = "rb") -> Any:
        with super()._open(name, "rb") as file:  # type: ignore[misc] # the stubs lack it
            return ContentFile(decrypt(file.read(), CONTEXT), name=name)
