from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = (
        "What a start needs: tables, cache, the worker's schedule, static files. Safe to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="sample data and log-ins too")

    def handle(self, *, demo: bool, verbosity: int, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("schedule_jobs", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if demo:
            call_command("seed_demo", neighbour=True, verbosity=0)
            call_command("demo_logins", stdout=self.stdout)
