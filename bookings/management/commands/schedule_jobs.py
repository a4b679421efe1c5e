from typing import Any

from django.core.management.base import BaseCommand
from django_q.models import Schedule

from bookings.tasks import JOBS, TIMEOUTS


class Command(BaseCommand):
    help = "Keep the worker's schedule as bookings/tasks.py lists it. Safe to run again."

    def handle(self, **options: Any) -> None:
        for name, (function, cron) in JOBS.items():
            longer = {"q_options": {"timeout": TIMEOUTS[name]}} if name in TIMEOUTS else {}
            Schedule.objects.update_or_create(
                name=name,
                defaults={
                    "func": function,
                    "schedule_type": Schedule.CRON,
                    "cron": cron,
                    "repeats": -1,
                    "kwargs": str(longer) if longer else None,
                },
            )
        Schedule.objects.filter(func__startswith="bookings.").exclude(name__in=JOBS).delete()
