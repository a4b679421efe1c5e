"""Every page of the site on sample data: its name, who looks, and at which address."""

import datetime as dt
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.timezone import localdate
from playwright.sync_api import Page

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.eligibility.models import Trial
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


def _on_the_board() -> Stay:
    stays = Stay.objects.filter(status="promised", station__slug="sample-east")
    return stays.order_by("arrival", "pk").first() or Stay.objects.filter(
        status="arrived", station__slug="sample-east"
    ).latest("pk")


def _closing() -> dict[str, str]:
    """A bed out of use from the day on which somebody comes."""
    stay = _on_the_board()
    first = max(stay.arrival, localdate())
    return {
        "what": f"bed-{stay.bed_nights.earliest('night').bed_id}",
        "first_night": first.isoformat(),
        "until": (first + dt.timedelta(days=3)).isoformat(),
        "reason": "更换床垫",
    }


class Look(NamedTuple):
    """Who looks at which address; `code` is scanned there, `form` filled in (its first field is a
    choice) and sent by the last button."""

    user: User | None
    path: str
    code: str = ""
    form: dict[str, str] | None = None

    def open(self, page: Page, site: str) -> None:
        page.goto(site + self.path)
        if self.code:
            page.locator("#code").fill(self.code)
            page.locator("#code").press("Enter")
            page.locator(".verdict").wait_for()
        if self.form:
            (choice, chosen), *others = self.form.items()
            page.locator(f"[name={choice}]").select_option(chosen)
            for name, value in others:
                page.locator(f"[name={name}]").fill(value)
            page.get_by_role("main").get_by_role("button").last.click()
            page.locator("[name=mark], .notice--error").first.wait_for()


def pages() -> dict[str, Look]:
    """Every page by its name."""
    staff = {user.email: user for user in User.objects.filter(email__isnull=False)}
    manager = staff["manager@example.test"]
    waiting = _newest(status="in_review", evidence__isnull=False, appeals=None)
    asked, appealed = _newest(status="more_asked"), _newest(appeals__isnull=False)
    second = _newest(overrides__status="waiting")
    promised, refused = _newest(stay__status="promised"), _newest(status="refused")
    queued, offered = (_newest(wait__status=status) for status in ("waiting", "offered"))
    inside, left = _newest(stay__status="arrived"), _newest(stay__status="left")
    new, _ = User.objects.get_or_create(name="new guest", defaults={"password": "!"})
    draft, _ = Application.objects.get_or_create(
        user=left.user, status="draft", district=left.district, graduate=left.graduate
    )
    Application.objects.filter(pk=draft.pk).update(
        purpose="interview",
        needed_on=localdate(),
        station=left.station,
        arrival=localdate(),
        nights=1,
        needs=["lower_bunk", "ground_floor"],
        friend=promised,
    )
    question = FollowUp.objects.filter(status="asked").select_related("stay").latest("pk")
    trial = Trial.objects.latest("pk")
    house = Stay.objects.filter(status="arrived", station__slug="sample-east")
    expected = Stay.objects.filter(status="promised", station__slug="sample-east").earliest(
        "arrival"
    )
    missed = Stay.objects.filter(status="no_show", station__slug="sample-east").latest("cutoff_at")
    code = house.latest("pk").passes.latest("issued_at").short_code
    check = "/check/?local=no&has_home=no&degree=bachelor&graduation_date=2025-07-01&purpose="
    return {
        "home": Look(None, "/"),
        "precheck": Look(None, "/check/"),
        "precheck-yes": Look(None, check + "job_seeking"),
        "precheck-no": Look(None, check + "other"),
        "sign-in": Look(None, "/accounts/login/code/"),
        "staff-sign-in": Look(None, "/accounts/login/"),
        "outbox": Look(None, "/dev/outbox/"),
        "not-found": Look(None, "/nowhere/"),
        "my-stay-empty": Look(new, "/me/"),
        "apply-person": Look(new, "/apply/person/"),
        "apply-degree": Look(new, "/apply/degree/"),
        "apply-home": Look(new, "/apply/home/"),
        "apply-purpose": Look(new, "/apply/purpose/"),
        "apply-stay": Look(left.user, "/apply/stay/"),
        "apply-papers": Look(left.user, "/apply/papers/"),
        "apply-check": Look(left.user, "/apply/check/"),
        "my-data": Look(left.user, "/me/data/"),
        "my-stay": Look(left.user, "/me/"),
        "application-in-review": Look(waiting.user, f"/applications/{waiting.pk}/"),
        "application-promised": Look(promised.user, f"/applications/{promised.pk}/"),
        "application-refused": Look(refused.user, f"/applications/{refused.pk}/"),
        "application-more-asked": Look(asked.user, f"/applications/{asked.pk}/"),
        "application-appealed": Look(appealed.user, f"/applications/{appealed.pk}/"),
        "application-to-appeal": Look(second.user, f"/applications/{second.pk}/"),
        "application-arrived": Look(inside.user, f"/applications/{inside.pk}/"),
        "application-waiting": Look(queued.user, f"/applications/{queued.pk}/"),
        "application-offered": Look(offered.user, f"/applications/{offered.pk}/"),
        "tell-me": Look(left.user, "/alerts/"),
        "boards": Look(manager, "/board/"),
        "board": Look(manager, "/board/sample-east/"),
        "board-stay": Look(manager, f"/board/sample-east/stays/{_on_the_board().pk}/"),
        "closures": Look(manager, "/board/sample-east/closures/"),
        "closures-shown": Look(manager, "/board/sample-east/closures/", form=_closing()),
        "waitlist": Look(manager, "/waitlist/"),
        "pass": Look(promised.user, f"/applications/{promised.pk}/pass/"),
        "review-queue": Look(manager, "/review/"),
        "review": Look(manager, f"/review/{waiting.pk}/"),
        "lists": Look(manager, "/lists/"),
        "review-appeal": Look(manager, f"/review/{appealed.pk}/"),
        "review-second-person": Look(manager, f"/review/{second.pk}/"),
        "policies": Look(manager, "/policies/"),
        "policy": Look(manager, f"/policies/{trial.policy_id}/"),
        "policy-trial": Look(manager, f"/policies/trials/{trial.pk}/"),
        "desk-choose": Look(manager, "/desk/"),
        "desk": Look(manager, "/desk/sample-east/"),
        "desk-stay-expected": Look(manager, f"/desk/sample-east/stays/{expected.pk}/"),
        "desk-stay-here": Look(manager, f"/desk/sample-east/stays/{house.latest('pk').pk}/"),
        "desk-stay-missed": Look(manager, f"/desk/sample-east/stays/{missed.pk}/"),
        "devices": Look(manager, "/desk/sample-east/devices/"),
        "desk-scanned": Look(manager, "/desk/sample-east/", code),
        "follow-ups": Look(manager, "/follow-ups/"),
        "follow-up": Look(manager, f"/follow-ups/{question.pk}/"),
        "statistics": Look(manager, "/statistics/"),
        "statistics-retention": Look(manager, "/statistics/retention/?by=university"),
        "statistics-nights": Look(manager, "/statistics/nights/"),
        "statistics-decisions": Look(manager, "/statistics/decisions/"),
        "statistics-rows": Look(manager, "/statistics/rows/?of=cohort_stayed"),
        "statistics-observer": Look(
            staff["observer@example.test"], "/statistics/retention/?by=channel"
        ),
        "channels": Look(manager, "/channels/"),
        "not-allowed": Look(staff["clerk@example.test"], "/statistics/"),
        "answer": Look(None, link(question).removeprefix(settings.SITE_URL)),
        "answer-bad-link": Look(None, "/answer/forged/"),
    }


def cookies_of(user: User | None, language: str, site: str) -> list[Any]:
    """The cookies of a visitor who has chosen a language and has signed in, or not."""
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if user:
        cookies[settings.SESSION_COOKIE_NAME] = _session_of(user)
    return [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
