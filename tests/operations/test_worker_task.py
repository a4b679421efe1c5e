"""Where a task of the worker fails, nothing of anybody is kept."""

import pytest
from django_q.models import Task
from django_q.tasks import async_task

from bookings import tasks
from bookings.core.worker_task import TaskFailed, worker_task

WORDS = "示例壬癸 13900007701"


@worker_task
def goes_wrong(words):
    raise ValueError(words)


def test_an_error_says_its_kind_and_place_and_the_log_has_the_rest(caplog):
    with pytest.raises(TaskFailed) as failed:
        goes_wrong(WORDS)

    assert str(failed.value) == "ValueError in test_worker_task.py, line 15"
    assert failed.value.__suppress_context__
    assert WORDS in caplog.text  # in production masked


@pytest.mark.django_db
def test_the_workers_table_keeps_no_words_of_it(monkeypatch):
    monkeypatch.setattr("django_q.conf.Conf.SYNC", True)

    with pytest.raises(TaskFailed):
        async_task(goes_wrong, WORDS)

    assert WORDS not in str(Task.objects.values_list("result", flat=True))


def test_everything_that_the_worker_runs_is_such_a_task():
    ours = [one for one in vars(tasks).values() if getattr(one, "__module__", "") == tasks.__name__]
    loose = {one.__name__ for one in ours if not hasattr(one, "__wrapped__")}

    assert loose == {"_came_to", "_counted", "_served", "_try"}
