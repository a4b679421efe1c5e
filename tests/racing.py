"""Calls that start at one moment, each in a thread with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from threading import Barrier
from typing import Any

from django.db import connection, connections

PATIENCE = 30  # seconds until a barrier gives up: above SQLite's busy timeout, so never reached


def race(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls at once. What each returned or raised, in the order of the calls."""
    start = Barrier(len(calls), timeout=PATIENCE)

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def errors(results: list[Any]) -> list[type[Exception]]:
    """The kinds of what was raised in a race."""
    return [type(result) for result in results if isinstance(result, Exception)]


def meeting(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, followed by a wait until the other of two threads has also called it."""
    both = Barrier(2, timeout=PATIENCE)

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        both.wait()
        return result

    return call
