"""What a view may take for granted: LoginRequiredMiddleware and `staff_only` have seen to it."""

from django.http import HttpRequest

from bookings.people.models import Membership, User


class SignedIn(HttpRequest):
    """A request of somebody who has signed in; staff have a membership."""

    user: User
    membership: Membership | None


class StaffRequest(SignedIn):
    """A request that `staff_only` let through."""

    membership: Membership
