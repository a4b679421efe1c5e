"""Static files: hashed to the last import; and a listed few of those that npm installed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Modules import each other under the names with a hash: a page never gets half a new version."""

    support_js_module_import_aggregation = True


class NpmFinder(BaseFinder):
    """settings.NPM_STATIC_FILES maps a static path to a file below node_modules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.root = settings.BASE_DIR / "node_modules"
        self.files: dict[str, str] = settings.NPM_STATIC_FILES

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in self.files:
            return [] if find_all else None
        found = str(self._file(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Any]]:
        for path in self.files:
            self._file(path)
            yield path, _Renaming(self.root, self.files)

    def _file(self, path: str) -> Path:
        file: Path = self.root / self.files[path]
        if not file.is_file():
            raise ImproperlyConfigured(f"{file} is missing: run `npm ci` (make does it).")
        return file


class _Renaming(FileSystemStorage):
    """Opens a listed static path as the file below node_modules that it stands for."""

    def __init__(self, root: Path, files: dict[str, str]) -> None:
        super().__init__(location=root)
        self.files = files

    def path(self, name: str) -> str:
        return super().path(self.files.get(name, name))
