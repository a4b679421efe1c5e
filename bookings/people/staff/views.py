"""The manager's page of the staff, and the page that an invitation opens."""

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.core.limits import limited
from bookings.people.is_it_you import is_it_you_to_send
from bookings.people.models import Membership, User
from bookings.people.phone import move_account
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only, stations_of
from bookings.people.second_factor import has_second_factor
from bookings.people.staff import invite as invitations
from bookings.people.staff import members
from bookings.people.staff.forms import InviteForm, NewNumberForm, NewPasswordForm, RoleForm
from bookings.people.staff.models import Invitation
from bookings.people.staff.password import open_password_link, send_password_link, set_password

VERBS: dict[str, Callable[..., None]] = {
    "change": members.change_member,
    "deactivate": members.deactivate_member,
    "reactivate": members.reactivate_member,
    "reset": members.reset_second_factor,
    "password": send_password_link,
    "stop": members.stop_observing,
}
DONE = {
    "change": gettext_lazy("%(who)s has the new role from now on."),
    "deactivate": gettext_lazy("%(who)s is signed out everywhere and has no access any more."),
    "reactivate": gettext_lazy("%(who)s has access again."),
    "password": gettext_lazy("%(who)s gets an e-mail with a link to choose a new password."),
    "stop": gettext_lazy("%(who)s does not see your totals any more."),
    "reset": gettext_lazy("%(who)s sets up a new second factor at the next sign-in."),
}


def _members(request: StaffRequest) -> QuerySet[Membership]:
    here = request.membership.district
    ours = Membership.objects.filter(Q(district=here) | Q(observes=here)).distinct()
    ours = ours.annotate(second_factor=has_second_factor("user"))
    ours = ours.select_related("user", "district")
    return ours.prefetch_related("stations").order_by("-is_active", "pk")


def _open_invitations(request: StaffRequest) -> QuerySet[Invitation]:
    return Invitation.objects.filter(district=request.membership.district, status="open")


@never_cache
@staff_only("members")
@is_it_you_to_send
def people(request: StaffRequest) -> HttpResponse:
    """Who works here, who is invited; invite somebody."""
    form = InviteForm(request.POST or None, stations=stations_of(request.membership))
    if request.method == "POST" and form.is_valid():
        send = partial(invitations.invite, district=request.membership.district)
        if _done(request, partial(send, **form.cleaned_data, by=request.user, now=now()), form):
            messages.success(request, _("The invitation is on its way."))
            return redirect("people")
    context = {
        "form": form,
        "members": _members(request),
        "invitations": _open_invitations(request).prefetch_related("stations").order_by("-pk"),
        "here": request.membership.district,
        "now": now(),
    }
    return render(request, "bookings/people/staff/people.html", context)


@require_POST
@staff_only("members")
@is_it_you_to_send
def invitation_act(request: StaffRequest, pk: int) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    one = get_object_or_404(_open_invitations(request).select_related("district", "by"), pk=pk)
    withdrawn = request.POST.get("act") == "withdraw"
    verb = invitations.withdraw_invitation if withdrawn else invitations.send_again
    said = _("The invitation is withdrawn.") if withdrawn else _("The invitation is on its way.")
    if _done(request, partial(verb, invitation=one, by=request.user, now=now())):
        messages.success(request, said)
    return redirect("people")


@never_cache
@staff_only("members")
@is_it_you_to_send
def member(request: StaffRequest, pk: int) -> HttpResponse:
    """One colleague: role and stations, access, second factor."""
    one = get_object_or_404(_members(request), pk=pk)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    known = {"role": one.role, "stations": one.stations.all()}
    sent = request.POST if act == "change" else None
    form = RoleForm(sent, initial=known, stations=stations_of(request.membership))
    if act in VERBS and (act != "change" or form.is_valid()):
        chosen = form.cleaned_data if act == "change" else {}
        if _done(
            request, partial(VERBS[act], member=one, by=request.user, now=now(), **chosen), form
        ):
            messages.success(request, DONE[act] % {"who": one.user})
            return redirect("people")
    context = {
        "member": one,
        "form": form,
        "own": one.user_id == request.user.pk,
        "is_guest": one.district_id != request.membership.district_id,
    }
    return render(request, "bookings/people/staff/member.html", context)


def _done(
    request: StaffRequest, verb: Callable[[], object], form: forms.Form | None = None
) -> bool:
    """Whether it was done; a refusal is told beside its box, or above the page."""
    try:
        verb()
    except Refusal as refusal:
        if form and refusal.field and form.is_bound:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.error(request, str(refusal.sentence))
        return False
    return True


@never_cache
@staff_only("members")
@limited("sign-ins", only="POST")
@is_it_you_to_send
def new_number(request: StaffRequest) -> HttpResponse:
    """A guest has lost the telephone: with the document compared, the account gets a new number."""
    form = NewNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        move = partial(move_account, district=request.membership.district, **form.cleaned_data)
        if _done(request, partial(move, by=request.user, now=now()), form):
            messages.success(request, _("The account has the new number. Both numbers are told."))
            return redirect("new_number")
    return render(request, "bookings/people/staff/new_number.html", {"form": form})


@never_cache
@login_not_required
@limited("sign-ins")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Open to whoever holds the link: it was sent to one address. A new account is made with a
    password; who has an account signs in to it first."""
    try:
        one = invitations.open_invitation(token, now=now())
        account = invitations.account_of(one)
        form = NewPasswordForm(request.POST or None)
        may = request.user == account if account else form.is_valid()
        if request.method == "POST" and may:
            return _accepted(request, one, account, form)
    except Refusal as refusal:
        return render(request, "gone.html", {"sentence": refusal.sentence}, status=410)
    context = {"invitation": one, "account": account, "form": form}
    return render(request, "bookings/people/staff/invitation.html", context)


def _accepted(
    request: HttpRequest, one: Invitation, account: User | None, form: NewPasswordForm
) -> HttpResponse:
    password = "" if account else form.cleaned_data["password"]
    invitations.accept(invitation=one, user=account, password=password, now=now())
    messages.success(request, _("You are one of the staff now. Sign in with your password."))
    return redirect("staff_home" if account else "account_login")


@never_cache
@login_not_required
@limited("sign-ins")
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """Open to whoever holds the link: it was sent to the address of one member."""
    form = NewPasswordForm(request.POST or None)
    try:
        open_password_link(token)
        if request.method == "POST" and form.is_valid():
            set_password(token=token, password=form.cleaned_data["password"], now=now())
            messages.success(request, _("The password is changed. Sign in with it."))
            return redirect("account_login")
    except Refusal as refusal:
        return render(request, "gone.html", {"sentence": refusal.sentence}, status=410)
    return render(request, "bookings/people/staff/new_password.html", {"form": form})
