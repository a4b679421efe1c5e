"""Who may do what, in one place: an act names the roles that may do it; scope narrows to whom."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.people.models import Membership, Role, User
from bookings.places.models import District, Station

MAY: dict[str, frozenset[str]] = {
    "review": frozenset({Role.REVIEWER, Role.MANAGER}),
    "policies": frozenset({Role.MANAGER}),
    "reassign": frozenset({Role.MANAGER}),
    "waitlist": frozenset({Role.REVIEWER, Role.MANAGER}),
    "board": frozenset({Role.MANAGER}),
    "desk": frozenset({Role.CLERK, Role.MANAGER}),
    "correct_both": frozenset({Role.MANAGER}),  # name and number, where the number tells no birth
    "devices": frozenset({Role.MANAGER}),
    "services": frozenset({Role.MANAGER}),
    "sanctions": frozenset({Role.MANAGER}),
    "members": frozenset({Role.MANAGER}),
    "messages": frozenset({Role.MANAGER}),
    "deletions": frozenset({Role.MANAGER}),
    "follow_up": frozenset({Role.REVIEWER, Role.MANAGER}),
    "bureau": frozenset({Role.MANAGER}),
    "statistics": frozenset({Role.MANAGER, Role.OBSERVER}),
    "statistics_rows": frozenset({Role.MANAGER}),
    "channels": frozenset({Role.MANAGER}),
    "reports": frozenset({Role.MANAGER}),
    "operations": frozenset({Role.MANAGER}),
    "audit": frozenset({Role.MANAGER}),
}

View = Callable[..., HttpResponse]


def may(membership: Membership | None, act: str) -> bool:
    return bool(membership) and membership.role in MAY[act]  # type: ignore[union-attr]


def user_may(user: User, act: str) -> bool:
    """As `may`, by the account's membership of this moment."""
    return may(Membership.objects.filter(user=user, is_active=True).first(), act)


def staff_only(act: str) -> Callable[[View], View]:
    """Let a view be used by the roles of an act; all others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.membership, act):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def stations_of(membership: Membership) -> QuerySet[Station]:
    """The stations a staff member works with: a clerk's own, else the district's."""
    if membership.role == Role.CLERK:
        return membership.stations.filter(district=membership.district)
    return Station.objects.filter(district=membership.district)


def is_outside(membership: Membership) -> bool:
    """Whether a staff member reads from outside the district: totals in which small counts are hidden,
    nobody's rows."""
    return membership.role == Role.OBSERVER


def districts_of(membership: Membership) -> QuerySet[District]:
    """The districts whose totals a staff member sees, by code: one's own; an observer also those that
    invited them besides."""
    seen = Q(pk=membership.district_id)
    if is_outside(membership):
        seen |= Q(observers=membership)
    return District.objects.filter(seen).distinct().order_by("code")


HOME: dict[str, str] = {
    Role.REVIEWER: "review_queue",
    Role.CLERK: "desk",
    Role.MANAGER: "statistics",
    Role.OBSERVER: "statistics",
}
NAVIGATION = [
    ("review", "review_queue", _("Review"), "clipboard-check"),
    ("review", "lists", _("Lists"), "sheet"),
    ("waitlist", "waitlist", _("Waitlist"), "hourglass"),
    ("board", "boards", _("Board"), "layout-grid"),
    ("desk", "desk", _("Desk"), "concierge-bell"),
    ("follow_up", "follow_ups", _("Follow-ups"), "phone"),
    ("statistics", "statistics", _("Statistics"), "chart-column"),
    ("policies", "policies", _("Policy"), "scroll-text"),
    ("members", "people", _("Staff"), "users"),
    ("operations", "status", _("Status"), "activity"),
]


def navigation(request: HttpRequest) -> dict[str, object]:
    """Template context: the staff pages this member may open."""
    membership = getattr(request, "membership", None)
    if not membership:
        return {}
    items = [
        {"url": reverse(name), "label": label, "icon": icon, "current": name == _current(request)}
        for act, name, label, icon in NAVIGATION
        if may(membership, act)
    ]
    return {"staff_nav": items, "scope_name": membership.district.name}


def _current(request: HttpRequest) -> str:
    name = request.resolver_match.url_name if request.resolver_match else ""
    pages = {"review": "review_queue", "desk_day": "desk", "desk_scan": "desk", "desk_act": "desk"}
    of_the_desk = ["desk_stay", "scanner", "conflicts", "register", "registration", "handover"]
    of_the_desk += ["services", "service", "new_service", "devices", "walk_in", "walk_in_done"]
    of_the_desk += ["incidents", "incident", "report", "desk_correct"]
    pages |= dict.fromkeys(of_the_desk, "desk")
    pages |= dict.fromkeys(["board", "board_stay", "board_move", "closures"], "boards")
    pages |= dict.fromkeys(["member", "new_number", "messages", "deletions"], "people")
    pages |= dict.fromkeys(["policy", "policy_trial"], "policies")
    pages["audit"] = "status"
    pages |= dict.fromkeys(["bureau_lists", "bureau_list", "follow_up"], "follow_ups")
    if (name or "").startswith(("statistics_", "channel", "reports")):
        return "statistics"
    return pages.get(name or "", name or "")
