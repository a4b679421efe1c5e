"""Every page of the site on sample data: its name, who looks, and at which address."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from bookings.applications.models import Application
from bookings.people.models import User
from bookings.retention.follow_up import link
from bookings.retention.models import FollowUp


def _session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _newest(**what: object) -> Application:
    return Application.objects.filter(**what).select_related("user").latest("pk")


def pages() -> dict[str, tuple[User | None, str]]:
    """Name → who looks at which address."""
    staff = {user.email: user for user in User.objects.filter(email__isnull=False)}
    manager = staff["manager@example.test"]
    waiting = _newest(status="in_review", evidence__isnull=False)
    promised, refused = _newest(stay__status="promised"), _newest(status="refused")
    inside, left = _newest(stay__status="arrived"), _newest(stay__status="left")
    new, _ = User.objects.get_or_create(name="new guest", defaults={"password": "!"})
    question = FollowUp.objects.filter(status="asked").select_related("stay").latest("pk")
    check = "/check/?local=no&has_home=no&degree=bachelor&graduation_date=2025-07-01&purpose="
    return {
        "home": (None, "/"),
        "precheck": (None, "/check/"),
        "precheck-yes": (None, check + "job_seeking"),
        "precheck-no": (None, check + "other"),
        "sign-in": (None, "/accounts/login/code/"),
        "staff-sign-in": (None, "/accounts/login/"),
        "outbox": (None, "/dev/outbox/"),
        "not-found": (None, "/nowhere/"),
        "my-stay-empty": (new, "/me/"),
        "apply-person": (new, "/apply/person/"),
        "apply-stay": (left.user, "/apply/stay/"),
        "my-stay": (left.user, "/me/"),
        "application-in-review": (waiting.user, f"/applications/{waiting.pk}/"),
        "application-promised": (promised.user, f"/applications/{promised.pk}/"),
        "application-refused": (refused.user, f"/applications/{refused.pk}/"),
        "application-arrived": (inside.user, f"/applications/{inside.pk}/"),
        "pass": (promised.user, f"/applications/{promised.pk}/pass/"),
        "review-queue": (manager, "/review/"),
        "review": (manager, f"/review/{waiting.pk}/"),
        "desk-choose": (manager, "/desk/"),
        "desk": (manager, "/desk/sample-east/"),
        "follow-ups": (manager, "/follow-ups/"),
        "follow-up": (manager, f"/follow-ups/{question.pk}/"),
        "statistics": (manager, "/statistics/"),
        "not-allowed": (staff["clerk@example.test"], "/statistics/"),
        "answer": (None, link(question).removeprefix(settings.SITE_URL)),
        "answer-bad-link": (None, "/answer/forged/"),
    }


def cookies_of(user: User | None, language: str, site: str) -> list[Any]:
    """The cookies of a visitor who has chosen a language and has signed in, or not."""
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if user:
        cookies[settings.SESSION_COOKIE_NAME] = _session_of(user)
    return [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
