"""The pre-check, open to all, and the reviewers' queue."""

import dataclasses
import datetime as dt
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bookings import journey
from bookings.applications.models import Application, Evidence
from bookings.applications.working_days import unknown_year
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.core.limits import limited
from bookings.core.paging import page_of
from bookings.eligibility import claim
from bookings.eligibility.acts import acts
from bookings.eligibility.claims import claims
from bookings.eligibility.decide import rules_of
from bookings.eligibility.forms import PrecheckForm
from bookings.eligibility.models import Override
from bookings.eligibility.precheck_count import count_precheck
from bookings.eligibility.queue import LISTS, Place, place
from bookings.eligibility.rules import Facts, conclude, judge
from bookings.eligibility.wording import TITLES, tell
from bookings.people.models import User
from bookings.people.requests import StaffRequest
from bookings.people.roles import may, staff_only
from bookings.places import regions
from bookings.places.models import District, Policy

TABS = {
    "review": gettext_lazy("To decide"),
    "overdue": gettext_lazy("Overdue"),
    "asked": gettext_lazy("Papers asked for"),
    "check": gettext_lazy("To check"),
}
CARRIED = ("has_home", "degree", "graduation_date", "purpose")  # into the application
PERSONAL = {"non_local", "recent_graduate", "degree", "no_home", "for_work"}


@login_not_required
@require_GET
@limited("pages")
def precheck(request: HttpRequest, code: str = "") -> HttpResponse:
    """Can I apply, in the district of a code? Answers travel in the address; nothing is stored but
    that one more pre-check of the day came out so."""
    district = District.objects.serving(local_date(now()), code=code)
    if district is None:
        raise Http404("no district has a policy in force")
    policy = Policy.objects.in_force(district, local_date(now()))
    form = PrecheckForm(request.GET or None)
    context: dict[str, object] = {"form": form, "district": district, "policy": policy}
    if request.GET and form.is_valid():
        answers = form.cleaned_data
        facts = Facts(
            doc_type="resident_id",
            hukou_code=district.code if answers["local"] else regions.far_from(district.code),
            degree=answers["degree"],
            graduation_date=answers["graduation_date"],
            arrival=local_date(now()),
            has_home=answers["has_home"],
            purpose=answers["purpose"],
        )
        findings = tuple(f for f in judge(facts, rules_of(policy)) if f.clause in PERSONAL)
        context["findings"] = tell(dataclasses.asdict(finding) for finding in findings)
        context["outcome"] = outcome = conclude(findings)
        count_precheck(district=district, outcome=outcome, day=local_date(now()))
        context["papers"] = _papers(policy, answers["purpose"])
        carried = {name: request.GET[name] for name in CARRIED}
        context["apply"] = f"{reverse('apply')}?{urlencode({'district': district.code, **carried})}"
    return render(request, "bookings/eligibility/precheck.html", context)


def _papers(policy: Policy, purpose: str) -> list[str]:
    """What to have ready, in words; of the last one's kinds one is enough."""
    kinds = [str(Evidence.Kind(kind).label) for kind in policy.evidence.get(purpose, [])]
    ready = [_("Your identity document"), _("Your degree certificate, or a CHSI report or code")]
    return [*ready, _(" or ").join(kinds)] if kinds else ready


@require_GET
@staff_only("review")
def queue(request: StaffRequest) -> HttpResponse:
    """The lists of a reviewer's work, first what is due first."""
    district, today = request.membership.district, local_date(now())
    shown = request.GET.get("list", "")
    shown = shown if shown in LISTS else "review"
    cases = LISTS[shown](district, today).select_related("graduate", "station", "reviewer")
    page = page_of(cases.annotate(papers=Count("evidence")), request)
    automatic = Policy.objects.filter(district=district, review=Policy.Review.AUTOMATIC).exists()
    context = {
        "page": page,
        "applications": page.object_list,
        "shown": shown,
        "tabs": [
            (name, label, LISTS[name](district, today).count())
            for name, label in TABS.items()
            if name != "check" or automatic
        ],
        "today": today,
        "now": now(),
        "unknown_year": unknown_year(today) if may(request.membership, "reassign") else None,
    }
    return render(request, "bookings/eligibility/queue.html", context)


@never_cache  # going back is another look
@staff_only("review")
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """A case: what is claimed beside what proves it, and the acts that it allows. Opening takes it."""
    case = _Case(request, pk)
    name = request.POST.get("act", "")
    form = case.form(name, request.POST) if request.method == "POST" else None
    if form and form.is_valid() and case.does(name, form):
        return case.next(name)
    journey.note_look(case.application, what="application", by=request.membership, now=case.now)
    taken = case.take() if request.method == "GET" else None
    return render(request, "bookings/eligibility/review.html", case.context(name, form, taken))


def _on_override(event: Callable[..., object]) -> Callable[..., object]:
    def decide(*, application: Application, by: User, now: dt.datetime) -> object:
        override = application.overrides.filter(status=Override.Status.WAITING).first()
        if override is None:
            raise journey.StateChanged
        return event(override=override, by=by, now=now)

    return decide


def _give_back(*, application: Application, by: User, now: dt.datetime) -> None:
    claim.give_back(application=application, by=by)


VERBS: dict[str, Callable[..., object]] = {
    "approve": journey.approve,
    "refuse": journey.refuse,
    "ask": journey.ask_for_more,
    "propose": journey.propose_override,
    "confirm": _on_override(journey.confirm_override),
    "decline": _on_override(journey.decline_override),
    "check": journey.check_papers,
    "revoke": journey.revoke,
    "assign": claim.assign,
    "give_back": _give_back,
}


class _Case:
    """One application before one reviewer, for the length of a request."""

    def __init__(self, request: StaffRequest, pk: int) -> None:
        self.request, self.now = request, now()
        applications = Application.objects.select_related(
            "graduate", "station__district", "district", "reviewer"
        ).exclude(status="draft")
        district = request.membership.district
        self.application = get_object_or_404(applications, pk=pk, district=district)
        self.read()

    def read(self) -> None:
        self.decisions = list(self.application.decisions.select_related("by", "policy"))
        overrides = self.application.overrides.select_related("proposed_by", "decided_by")
        self.overrides = list(overrides.order_by("pk"))
        waiting = [one for one in self.overrides if one.status == Override.Status.WAITING]
        self.waiting = waiting[0] if waiting else None
        self.acts = acts(
            self.application,
            latest=self.decisions[-1],
            waiting=self.waiting,
            passable=journey.may_override(self.decisions[-1]),
            user=self.request.user,
        )

    def form(self, name: str, data: QueryDict | None = None) -> forms.Form | None:
        """The form of an act, or None where the case does not know it (any more)."""
        if name not in self.acts:
            if data is not None:
                messages.error(self.request, str(journey.StateChanged.sentence))
            return None
        kind, options = self.acts[name]
        return kind(data, auto_id=f"id_{name}_%s", **options)

    def does(self, name: str, form: forms.Form) -> bool:
        """Do the act; where it is refused, the form says why and keeps what was typed."""
        told = {"application": self.application, "by": self.request.user, "now": self.now}
        try:
            VERBS[name](**told, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
            self.application.refresh_from_db()
            self.read()
            return False
        return True

    def take(self) -> str:
        """Have the case at hand while it is looked at; the sentence that says why not."""
        if self.application.status not in Application.OPEN:
            return ""
        try:
            claim.take(application=self.application, by=self.request.user, now=self.now)
        except Refusal as refusal:
            return str(refusal.sentence)
        return ""

    def place(self, name: str = "") -> Place:
        approved = name in ("check", "revoke") or "check" in self.acts
        cases = LISTS["check" if approved else "review"]
        found = cases(self.request.membership.district, local_date(self.now))
        return place(found, after=self.application, user=self.request.user, now=self.now)

    def next(self, name: str) -> HttpResponse:
        """After an act the next case opens by itself; after the last one, the queue."""
        where = self.place(name)
        self.application.refresh_from_db()
        state = self.application.get_status_display()
        told = {"reference": self.application.reference, "state": state, "left": where.left}
        messages.success(self.request, _("%(reference)s: %(state)s. %(left)s left.") % told)
        return redirect("review", where.next) if where.next else redirect("review_queue")

    def context(self, name: str, form: forms.Form | None, taken: str | None) -> dict[str, object]:
        application, latest = self.application, self.decisions[-1]
        person = application.graduate
        told = tell(latest.findings)
        beside, others = claims(application, told, application.evidence.order_by("pk"))
        by_name = {act: self.form(act) for act in self.acts}
        return {
            "application": application,
            "person": person,
            "claims": beside,
            "papers": others,
            "decisions": self.decisions,
            "overrides": [(TITLES[one.clause], one) for one in self.overrides],
            "waiting": self.waiting and (TITLES[self.waiting.clause], self.waiting),
            "appeal": application.appeals.select_related("against__by").first(),
            "held": journey.held_stay(application) is not None,
            "acts": {**by_name, **({name: form} if form else {})},
            "form": form,
            "opened": name,
            "taken": taken,
            "mine": application.reviewer_id == self.request.user.pk,
            "may_take_over": may(self.request.membership, "reassign"),
            "place": self.place(),
            "today": local_date(self.now),
        }
