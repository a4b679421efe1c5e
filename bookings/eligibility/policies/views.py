"""The manager's pages of a policy: its versions, a draft with what is in force beside it, a trial."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bookings.applications.models import Application
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.eligibility.lists.forms import ListForm
from bookings.eligibility.models import Trial
from bookings.eligibility.policies import versions as events
from bookings.eligibility.policies.compare import compare, plain
from bookings.eligibility.policies.forms import PublishForm, RulesForm, TrialForm
from bookings.eligibility.policies.trial import STOPPED, begin, over_list
from bookings.eligibility.wording import TITLES
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only
from bookings.places.models import Policy

DAY = dt.timedelta(days=1)
_signer = Signer(salt="bookings.policy")


@staff_only("policies")
def versions(request: StaffRequest) -> HttpResponse:
    """All versions, the newest first; a new draft."""
    district, today = request.membership.district, local_date(now())
    in_force = _in_force(district.pk, today)
    if request.method == "POST":
        made = events.draft(source=in_force, by=request.user, now=now())
        return redirect("policy", made.pk)
    known = Policy.objects.filter(district=district).order_by("-version")
    context = {
        "versions": known,
        "in_force": in_force,
        "today": today,
        "draft": next((one for one in known if one.valid_from is None), None),
    }
    return render(request, "bookings/eligibility/policies.html", context)


@staff_only("policies")
def version(request: StaffRequest, pk: int) -> HttpResponse:
    """A version beside the one in force. A draft can be changed, tried out, published, thrown away."""
    district = request.membership.district
    policy = get_object_or_404(Policy.objects.filter(district=district), pk=pk)
    page = _Page(request, policy)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    answer = page.does(act) if act in page.acts else None
    return answer or render(request, "bookings/eligibility/policy.html", page.context())


@require_GET
@staff_only("policies")
def trial(request: StaffRequest, pk: int) -> HttpResponse:
    """How far a trial is, then what it found."""
    trials = Trial.objects.filter(policy__district=request.membership.district)
    one = get_object_or_404(trials.select_related("policy__district", "against__district"), pk=pk)
    context: dict[str, Any] = {
        "trial": one,
        "policy": one.policy,
        "against": one.against,
        "stopped": one.finished_at is None and one.started_at < now() - STOPPED,
        "stale": one.rules != plain(one.policy),
        **_result(one.result),
    }
    for side in ("gained", "lost"):
        context[side] = [
            (Application(pk=int(pk)).reference, clauses, reverse("review", args=[pk]))
            for pk, clauses in context.get(side, [])
        ]
    return render(request, "bookings/eligibility/trial.html", context)


def _in_force(district: int, day: dt.date) -> Policy:
    try:
        return Policy.objects.in_force(district, day)
    except Policy.DoesNotExist as error:  # the first one is loaded or entered at /admin/
        raise Http404("the district has no policy in force") from error


class _Page:
    """One version before a manager, for the length of a request."""

    def __init__(self, request: StaffRequest, policy: Policy) -> None:
        self.request, self.policy, self.now = request, policy, now()
        self.today = local_date(self.now)
        self.in_force = _in_force(policy.district_id, self.today)
        self.forms: dict[str, forms.BaseForm] = {}
        self.acts: dict[str, Callable[[], HttpResponse | None]] = {"take_back": self.take_back}
        if policy.valid_from is None:
            self.forms = self._forms(None, None)
            self.acts = {
                "save": self.save,
                "try": self.try_out,
                "list": self.try_on_list,
                "publish": self.publish,
                "drop": self.drop,
            }

    def _forms(self, data: Any, files: Any) -> dict[str, Any]:
        quarter = {"since": self.today - 90 * DAY, "until": self.today}
        tomorrow = self.today + DAY
        return {
            "save": RulesForm(data, instance=Policy.objects.get(pk=self.policy.pk)),
            "try": TrialForm(data, initial=quarter),
            "list": ListForm(data, files),
            "publish": PublishForm(data, tomorrow=tomorrow),
        }

    def does(self, act: str) -> HttpResponse | None:
        """Do an act. Where it cannot be done its form says why, and keeps what was typed."""
        if act in self.forms:
            self.forms[act] = self._forms(self.request.POST, self.request.FILES)[act]
            if not self.forms[act].is_valid():
                return None
        try:
            return self.acts[act]()
        except Refusal as refusal:
            form = self.forms.get(act)
            if form is None:
                messages.error(self.request, str(refusal.sentence))
                return redirect("policies")
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal.sentence))
            return None

    def save(self) -> HttpResponse:
        form = self.forms["save"]
        assert isinstance(form, RulesForm)
        try:
            seen = json.loads(_signer.unsign(self.request.POST.get("seen", "")))
        except BadSignature:
            raise events.Changed from None
        events.save(
            policy=self.policy, rules=form.rules(), seen=seen, by=self.request.user, now=self.now
        )
        messages.success(self.request, _("The draft is saved."))
        return redirect("policy", self.policy.pk)

    def try_out(self) -> HttpResponse:
        data = self.forms["try"].cleaned_data
        made = begin(
            policy=self.policy,
            against=self.in_force,
            since=data["since"],
            until=data["until"],
            by=self.request.user,
            now=self.now,
        )
        return redirect("policy_trial", made.pk)

    def try_on_list(self) -> HttpResponse:
        upload = self.forms["list"].cleaned_data["file"]
        found = over_list(
            policy=self.policy, against=self.in_force, upload=upload, today=self.today
        )
        context = {"policy": self.policy, "against": self.in_force, **_result(found)}
        return render(self.request, "bookings/eligibility/trial.html", context)

    def publish(self) -> HttpResponse:
        day = self.forms["publish"].cleaned_data["valid_from"]
        events.publish(policy=self.policy, valid_from=day, by=self.request.user, now=self.now)
        messages.success(self.request, _("Published. It decides applications from its day on."))
        return redirect("policies")

    def take_back(self) -> HttpResponse:
        events.take_back(policy=self.policy, by=self.request.user, now=self.now)
        messages.success(self.request, _("It is a draft again."))
        return redirect("policy", self.policy.pk)

    def drop(self) -> HttpResponse:
        events.drop(policy=self.policy, by=self.request.user, now=self.now)
        messages.success(self.request, _("The draft is thrown away."))
        return redirect("policies")

    def context(self) -> dict[str, Any]:
        policy = self.policy
        rows = compare(self.in_force, policy)
        form = self.forms.get("save")
        return {
            "policy": policy,
            "in_force": self.in_force,
            "rows": rows,
            "beside": {row.name: row for row in rows},
            "form": next((one for one in self.forms.values() if one.is_bound), None),
            "rules": form,
            "trial_form": self.forms.get("try"),
            "list_form": self.forms.get("list"),
            "publish_form": self.forms.get("publish"),
            "seen": _signer.sign(json.dumps(plain(policy), sort_keys=True)),
            "coming": bool(policy.valid_from and policy.valid_from > self.today),
            "trials": policy.trials.all()[:5],
        }


def _result(found: dict[str, Any] | None) -> dict[str, Any]:
    """A trial's result in words, clauses by what they move most."""
    if found is None:
        return {}
    by_clause = [
        (str(TITLES[clause]), gained, lost)
        for clause, (gained, lost) in sorted(found["clauses"].items(), key=lambda one: -sum(one[1]))
    ]
    named = [
        [(ref, [str(TITLES[clause]) for clause in clauses]) for ref, clauses in found[side]]
        for side in ("gained", "lost")
    ]
    outcomes = [
        (word, *(found["outcomes"][side].get(word, 0) for side in (0, 1)))
        for word in ("approve", "review", "refuse")
    ]
    return {
        "found": found,
        "by_clause": by_clause,
        "gained": named[0],
        "lost": named[1],
        "outcomes": outcomes,
    }
