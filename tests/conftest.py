import gc
import os

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection

from bookings.core.crowd import forget_crowds
from bookings.desk.api.limits import forget_leaves
from tests.factories import NOW
from tests.kept import kept

gc.set_threshold(100_000)  # looking for garbage every 700 objects takes a fifth of the time


def pytest_collection_modifyitems(config, items):
    """Where another engine has gone through all tests before (OTHER_ENGINE_TOO), those that have
    nothing to do with the database are not run a second time."""
    if not os.environ.get("OTHER_ENGINE_TOO"):
        return
    again = [one for one in items if one.get_closest_marker("any_engine") or not _uses_data(one)]
    config.hook.pytest_deselected(items=again)
    items[:] = [one for one in items if one not in set(again)]


def _uses_data(test):
    asked = {"db", "transactional_db", "live_server", "once"} & set(test.fixturenames)
    return bool(test.get_closest_marker("django_db") or asked)


@pytest.fixture(autouse=True)
def noon():
    """It is noon on the factories' day in every test, and time goes on from there."""
    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _quick_and_alone(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [quick, *settings.PASSWORD_HASHERS]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()  # sign-in limits count per test
    forget_leaves()
    forget_crowds()


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker):
    """Make something in the database once for all tests of a module: once(build) gives what was
    built, of which each test takes a deep copy. What a test changes is rolled back as ever."""
    with kept(django_db_blocker) as make:
        yield make


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """At the end nobody else holds the test database: a server's thread may still answer a browser
    that has gone, and PostgreSQL drops no database in use."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
