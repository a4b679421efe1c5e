"""A manager weighs the next policy: the page says how far the trial is, then what it found."""

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from bookings import tasks
from bookings.eligibility.models import Trial
from tests.e2e.conftest import DESK
from tests.events import submit
from tests.factories import make_draft, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]


def test_a_draft_is_changed_and_tried_while_one_looks(visitor, station):
    for _ in range(2):
        submit(make_draft(make_person(station.district), station), now=timezone.now())
    manager = visitor(DESK)
    manager.is_signed_in("manager@example.test")
    manager.open("/policies/")
    manager.press("起草新版本")
    manager.fill(minimum_degree="master")
    manager.press("保存草稿")
    manager.reads("草稿已保存。")

    manager.press("用这些申请试算")
    manager.reads("已审核 0 / 2")
    assert OrmQ.objects.count() >= 1  # it waits for the worker
    tasks.try_policy(Trial.objects.get().pk)

    manager.reads("谁会受损")
    assert manager.page.locator(".figure").all_inner_texts()[:2] == ["0", "2"]
