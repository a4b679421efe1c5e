import pytest
import time_machine
from django.core.cache import cache

from tests.factories import NOW


@pytest.fixture(autouse=True)
def noon():
    """It is noon on the factories' day in every test, and time goes on from there."""
    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()  # sign-in limits count per test
