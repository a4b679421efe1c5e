"""What was decided."""

from django.db.models import Count, F, Max

from bookings.applications.models import Application
from bookings.eligibility.decide import replay
from bookings.eligibility.models import Decision
from bookings.invariants.common import CHUNK, Breaches


def decisions_replay() -> Breaches:
    """6 Each decision, judged again over its facts and policy version, finds the same."""
    decisions = Decision.objects.select_related("policy__district").order_by("pk")
    for decision in decisions.iterator(CHUNK):
        if replay(decision) != decision.findings:
            yield f"decision {decision.pk} replays differently"
    counted = Application.objects.annotate(rows=Count("decisions"), last=Max("decisions__number"))
    for application in counted.exclude(rows=F("last")).exclude(rows=0, last=None):
        yield f"application {application.pk}: its decisions are not numbered one by one"
    for application in counted.filter(rows=0).exclude(status="draft"):
        yield f"application {application.pk} was sent but has no decision"
