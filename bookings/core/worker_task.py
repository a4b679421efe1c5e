"""What the worker runs, and what is kept where it fails."""

import logging
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

logger = logging.getLogger(__name__)
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class TaskFailed(Exception):
    """Says which kind of error it was and where, nothing of what was being worked on."""


def worker_task(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """A task whose errors go to the log, where people's data are masked. django-q keeps the words of
    what went wrong in a table, for good: it gets a TaskFailed."""

    @wraps(function)
    def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            logger.exception("%s failed", function.__name__)
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}, line {place.lineno}"
            raise TaskFailed(f"{type(error).__name__} in {where}") from None

    return guarded
