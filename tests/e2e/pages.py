"""Every page of the site on sample data: its name, who looks, and at which address."""

import datetime as dt
import time
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils.timezone import localdate
from playwright.sync_api import Page

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.core.clock import now
from bookings.desk.incidents.models import Complaint, Incident
from bookings.desk.keys.models import KeyLoan
from bookings.desk.models import Service
from bookings.desk.register.models import Registration
from bookings.eligibility.models import Trial
from bookings.messages.contact import link as email_link
from bookings.messages.models import Contact
from bookings.people.models import User
from bookings.people.staff.invite import link as invitation_link
from bookings.people.staff.models import Invitation
from bookings.people.staff.password import link as password_link
from bookings.retention.bureau.models import BureauList
from bookings.retention.follow_up import link
from bookings.retention.models import FollowUp, Proof
from bookings.statistics.reports.models import Report
from tests.signed_in import session_of

CODE = "370811"  # of Rencheng; the sample data has a neighbour too
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def _session_of(user: User) -> str:
    session = SessionStore(session_of(user))
    # signed in just now: pages that ask once more who it is open
    record = {"method": "code", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    UserSession.objects.create(
        user=user, session_key=session.session_key, ip="203.0.113.7", user_agent=BROWSER
    )
    return str(session.session_key)


def _second_factor(user: User) -> User:
    """Somebody with an app and recovery codes not looked at yet."""
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(user)
    return user


def _with_email(user: User) -> User:
    """A guest with an address that is not confirmed yet."""
    Contact.objects.get_or_create(user=user, defaults={"email": "guest@example.test"})
    return user


def _confirming(user: User) -> str:
    return email_link(user, "guest@example.test").removeprefix(settings.SITE_URL)


def _newest(**what: object) -> Application:
    """In the district of the sample staff, as all that is looked at here."""
    here = Application.objects.filter(district__code=CODE, **what)
    return here.select_related("user").latest("pk")


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


def _question(*, attempts: str) -> int:
    return FollowUp.objects.filter(attempts__result=attempts).latest("pk").pk


def _answer(question: FollowUp) -> str:
    return link(question).removeprefix(settings.SITE_URL)


class Look(NamedTuple):
    """Who looks at which address; `code` is scanned there, `form` filled in (its first field is a
    choice) and sent by the last button."""

    user: User | None
    path: str
    code: str = ""
    form: dict[str, str] | None = None

    def open(self, page: Page, site: str) -> None:
        page.goto(site + self.path)
        if "/scanner/" in self.path:
            page.locator("[data-ready]").wait_for()
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
    clerk, with_factor = staff["clerk@example.test"], _second_factor(staff["observer@example.test"])
    invited = Invitation.objects.get(email="new@example.test")
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
    questions = FollowUp.objects.filter(stay__station__district__code=CODE)
    question = questions.filter(status="asked").select_related("stay").latest("pk")
    declined = questions.filter(status="declined").latest("pk")
    proof = Proof.objects.select_related("outcome__follow_up").latest("pk")
    trial = Trial.objects.latest("pk")
    lists = BureauList.objects.all()
    house = Stay.objects.filter(status="arrived", station__slug="sample-east")
    expected = Stay.objects.filter(status="promised", station__slug="sample-east").earliest(
        "arrival"
    )
    missed = Stay.objects.filter(status="no_show", station__slug="sample-east").latest("cutoff_at")
    gone = Stay.objects.filter(status="left", station__slug="sample-east")
    early = gone.exclude(given_back=[]).latest("left_at")
    late = gone.filter(given_back=[]).latest("left_at")
    Stay.objects.filter(pk=late.pk).update(left_at=now())
    laundry = Service.objects.get(station__slug="sample-east", code="laundry")
    here = {"stay__station__district__code": CODE}
    walk_ins = Stay.objects.exclude(application__walk_in=None)
    came, unproven = (walk_ins.get(status=status) for status in ("arrived", "requested"))
    said, proposal = Complaint.objects.get(), Incident.objects.exclude(proposed="").get()
    code = house.latest("pk").passes.latest("issued_at").short_code
    lacking = Registration.objects.filter(state="incomplete", **here).latest("pk")
    key = KeyLoan.objects.filter(returned_at=None, stay__status="left", **here).latest("pk")
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
        "correct": Look(left.user, "/me/data/correct/"),
        "correct-held": Look(promised.user, "/me/data/correct/"),
        "my-stay": Look(left.user, "/me/"),
        "application-in-review": Look(waiting.user, f"/applications/{waiting.pk}/"),
        "application-promised": Look(promised.user, f"/applications/{promised.pk}/"),
        "application-refused": Look(refused.user, f"/applications/{refused.pk}/"),
        "application-more-asked": Look(asked.user, f"/applications/{asked.pk}/"),
        "application-appealed": Look(appealed.user, f"/applications/{appealed.pk}/"),
        "application-to-appeal": Look(second.user, f"/applications/{second.pk}/"),
        "application-arrived": Look(inside.user, f"/applications/{inside.pk}/"),
        "application-left": Look(left.user, f"/applications/{left.pk}/"),
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
        "desk-correct": Look(manager, f"/desk/sample-east/stays/{house.latest('pk').pk}/correct/"),
        "desk-stay-left": Look(manager, f"/desk/sample-east/stays/{early.pk}/"),
        "desk-found": Look(manager, f"/desk/sample-east/?q={late.application.reference}"),
        "desk-stay-missed": Look(manager, f"/desk/sample-east/stays/{missed.pk}/"),
        "register": Look(manager, "/desk/sample-east/register/"),
        "register-missing": Look(manager, "/desk/sample-east/register/?list=incomplete"),
        "register-sent": Look(manager, "/desk/sample-east/register/?list=sent"),
        "register-not-taken": Look(manager, "/desk/sample-east/register/?list=refused"),
        "register-guest": Look(manager, f"/desk/sample-east/register/{lacking.pk}/"),
        "handover": Look(manager, "/desk/sample-east/handover/"),
        "desk-stay-key": Look(manager, f"/desk/sample-east/stays/{key.stay_id}/"),
        "services": Look(manager, "/desk/sample-east/services/"),
        "services-clerk": Look(staff["clerk@example.test"], "/desk/sample-east/services/"),
        "service": Look(manager, f"/desk/sample-east/services/{laundry.pk}/"),
        "service-new": Look(manager, "/desk/sample-east/services/new/"),
        "devices": Look(manager, "/desk/sample-east/devices/"),
        "scanner": Look(manager, "/desk/sample-east/scanner/"),
        "scanner-scanned": Look(manager, "/desk/sample-east/scanner/", code),
        "desk-conflicts": Look(manager, "/desk/sample-east/conflicts/"),
        "desk-scanned": Look(manager, "/desk/sample-east/", code),
        "walk-in": Look(manager, "/desk/sample-east/walk-in/"),
        "walk-in-arrived": Look(manager, f"/desk/sample-east/walk-in/{came.pk}/"),
        "walk-in-review": Look(manager, f"/desk/sample-east/walk-in/{unproven.pk}/"),
        "incidents": Look(manager, "/desk/sample-east/incidents/"),
        "incident-new": Look(manager, f"/desk/sample-east/stays/{proposal.stay_id}/incident/"),
        "incident-appeal": Look(manager, f"/desk/sample-east/incidents/{said.incident_id}/"),
        "incident-proposal": Look(manager, f"/desk/sample-east/incidents/{proposal.pk}/"),
        "notices": Look(said.incident.stay.application.user, "/me/notices/"),
        "follow-ups": Look(manager, "/follow-ups/"),
        "follow-ups-later": Look(manager, "/follow-ups/?list=later"),
        "follow-ups-papers": Look(manager, "/follow-ups/?list=papers"),
        "follow-up": Look(manager, f"/follow-ups/{question.pk}/"),
        "bureau-lists": Look(manager, "/bureau/"),
        "bureau-list-ready": Look(manager, f"/bureau/{lists.get(status='ready').pk}/"),
        "bureau-list-written": Look(manager, f"/bureau/{lists.get(status='written').pk}/"),
        "follow-up-passed-on": Look(manager, f"/follow-ups/{_question(attempts='passed_on')}/"),
        "follow-up-paper": Look(manager, f"/follow-ups/{proof.outcome.follow_up_id}/"),
        "statistics": Look(manager, "/statistics/"),
        "statistics-retention": Look(manager, "/statistics/retention/?by=university"),
        "statistics-nights": Look(manager, "/statistics/nights/"),
        "statistics-decisions": Look(manager, "/statistics/decisions/"),
        "statistics-services": Look(manager, "/statistics/services/"),
        "statistics-rows": Look(manager, "/statistics/rows/?of=cohort_stayed"),
        "statistics-observer": Look(
            staff["observer@example.test"], "/statistics/retention/?by=channel"
        ),
        "statistics-districts": Look(
            staff["observer@example.test"], "/statistics/districts/?horizon=90"
        ),
        "reports": Look(manager, "/statistics/reports/"),
        "reports-one": Look(manager, f"/statistics/reports/{Report.objects.earliest('pk').pk}/"),
        "reports-subscribers": Look(manager, "/statistics/reports/subscribers/"),
        "reports-public": Look(manager, "/statistics/reports/public/"),
        "reports-bad-link": Look(None, "/reports/forged/"),
        "numbers": Look(None, "/numbers/"),
        "channels": Look(manager, "/channels/"),
        "staff": Look(manager, "/staff/people/"),
        "staff-messages": Look(manager, "/staff/messages/"),
        "my-messages": Look(left.user, "/me/messages/"),
        "my-messages-confirm": Look(_with_email(left.user), _confirming(left.user)),
        "deletions": Look(manager, "/staff/deletions/"),
        "staff-member": Look(manager, f"/staff/people/{clerk.membership.pk}/"),
        "staff-myself": Look(manager, f"/staff/people/{manager.membership.pk}/"),
        "staff-new-number": Look(manager, "/staff/new-number/"),
        "invitation": Look(None, invitation_link(invited).removeprefix(settings.SITE_URL)),
        "invitation-bad-link": Look(None, "/invitations/forged/"),
        "new-password": Look(None, password_link(clerk).removeprefix(settings.SITE_URL)),
        "sessions": Look(left.user, "/me/sessions/"),
        "is-it-you": Look(left.user, "/me/is-it-you/"),
        "new-number": Look(left.user, "/accounts/phone/change/"),
        "second-factor": Look(manager, "/accounts/2fa/"),
        "second-factor-app": Look(manager, "/accounts/2fa/totp/activate/"),
        "second-factor-passkey": Look(manager, "/accounts/2fa/webauthn/add/"),
        "second-factor-passkeys": Look(manager, "/accounts/2fa/webauthn/"),
        "second-factor-there": Look(with_factor, "/accounts/2fa/"),
        "second-factor-remove": Look(with_factor, "/accounts/2fa/totp/deactivate/"),
        "second-factor-asked": Look(with_factor, "/accounts/2fa/reauthenticate/"),
        "recovery-codes": Look(with_factor, "/accounts/2fa/recovery-codes/"),
        "recovery-codes-new": Look(with_factor, "/accounts/2fa/recovery-codes/generate/"),
        "reauthenticate": Look(manager, "/accounts/reauthenticate/"),
        "status": Look(manager, "/staff/status/"),
        "audit": Look(manager, "/staff/audit/?what="),
        "audit-of-one": Look(manager, f"/staff/audit/?reference={waiting.reference}"),
        "audit-nothing": Look(manager, "/staff/audit/?reference=A999999"),
        "change-password": Look(manager, "/accounts/password/change/"),
        "not-allowed": Look(staff["clerk@example.test"], "/statistics/"),
        "answer": Look(None, _answer(question)),
        "answer-more": Look(None, f"{_answer(proof.outcome.follow_up)}more/"),
        "answer-no-more": Look(None, _answer(declined)),
        "answer-bad-link": Look(None, "/answer/forged/"),
    }


def cookies_of(user: User | None, language: str, site: str) -> list[Any]:
    """The cookies of a visitor who has chosen a language and has signed in, or not."""
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if user:
        cookies[settings.SESSION_COOKIE_NAME] = _session_of(user)
    return [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
