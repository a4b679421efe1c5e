"""What many tests share in the database."""

from contextlib import contextmanager

import time_machine
from django.db import transaction

from tests.factories import NOW


@contextmanager
def kept(blocker):
    """What is built in here, by the function that this gives, is in the database until the end; then all
    is rolled back. `blocker`: pytest-django's."""
    whole = transaction.atomic()
    whole._from_testcase = True  # as TestCase marks its own: durable blocks may stand inside

    def make(build):
        with blocker.unblock(), time_machine.travel(NOW):
            return build()

    with blocker.unblock():
        whole.__enter__()
    try:
        yield make
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)
