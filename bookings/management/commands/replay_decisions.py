from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookings.eligibility.decide import replay
from bookings.eligibility.models import Decision

CHUNK = 1_000


class Command(BaseCommand):
    help = (
        "Judge every decision again over its stored facts and policy version, and say which find "
        "anything else than then. Exit code 1 if any does."
    )

    def handle(self, **options: Any) -> None:
        judged = differ = 0
        decisions = Decision.objects.select_related("policy__district").order_by("pk")
        for decision in decisions.iterator(CHUNK):
            judged += 1
            if replay(decision) != decision.findings:
                differ += 1
                self.stderr.write(
                    f"application {decision.application_id}, decision {decision.number}: "
                    f"{_changed(decision)}"
                )
        self.stdout.write(f"{judged} decisions judged again, {differ} differ")
        if differ:
            raise CommandError("Some decisions do not replay.", returncode=1)


def _changed(decision: Decision) -> str:
    """The clauses that differ."""
    then = {finding["clause"]: finding for finding in decision.findings}
    now = {finding["clause"]: finding for finding in replay(decision)}
    return ", ".join(c for c in {**then, **now} if then.get(c) != now.get(c))
