"""Bound what one request may send in files: what is beyond is read and thrown away, not kept."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

TOTAL_BYTES = 110 * 1024 * 1024  # ten papers of 10 MB, and a little
FILES = 20
SKIPPED = "station.files_skipped"  # in request.META where something was thrown away


class Quota(FileUploadHandler):
    """Stands before Django's own handlers, and hands them no more than the quota: a file beyond it
    arrives empty or cut short."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = self.files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received <= TOTAL_BYTES and self.files <= FILES:
            return raw_data
        assert self.request is not None
        self.request.META[SKIPPED] = True
        return None

    def file_complete(self, file_size: int) -> None:
        return None
