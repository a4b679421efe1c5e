"""What every staff page tells of the reviews: how many are overdue."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bookings.core.clock import local_date, now
from bookings.eligibility.queue import how_many_overdue
from bookings.people.roles import may


def reviews(request: HttpRequest) -> dict[str, object]:
    """Template context: `overdue_reviews`, a count for who may review; looked up only if shown."""
    membership = getattr(request, "membership", None)
    if not membership or not may(membership, "review"):
        return {}
    today = local_date(now())
    return {
        "overdue_reviews": SimpleLazyObject(lambda: how_many_overdue(membership.district, today))
    }
