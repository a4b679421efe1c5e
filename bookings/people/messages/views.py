"""One's own page of messages, and the manager's page of those that did not go."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib import messages as told
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.core.limits import limited
from bookings.core.paging import page_of
from bookings.messages import contact as contacts
from bookings.messages import outbox
from bookings.messages.costs import costs
from bookings.messages.models import Contact, Message, MessageQuerySet
from bookings.messages.send import queue
from bookings.people.graduate import district_id_of
from bookings.people.is_it_you import is_it_you_to_send
from bookings.people.messages.forms import EmailForm, WayForm
from bookings.people.messages.wording import shown
from bookings.people.models import User
from bookings.people.requests import SignedIn, StaffRequest
from bookings.people.roles import staff_only

ACTS: dict[str, Callable[..., None]] = {"resend": outbox.resend, "give_up": outbox.give_up}
DONE = {
    "resend": gettext_lazy("The message is tried again now."),
    "give_up": gettext_lazy("The message is given up."),
}


def _ours(request: StaffRequest) -> MessageQuerySet:
    return Message.objects.filter(district=request.membership.district)


@never_cache
@require_GET
@staff_only("messages")
def messages(request: StaffRequest) -> HttpResponse:
    """What failed or has waited for long, oldest first, and what messages have cost."""
    moment, district = now(), request.membership.district
    stuck = _ours(request).stuck(moment).select_related("user").order_by("created_at", "pk")
    page = page_of(stuck, request)
    context = {
        "page": page,
        "rows": [shown(message, moment) for message in page.object_list],
        "waiting": outbox.waiting(moment, district),
        "costs": costs(district),
        "price": settings.SMS_PRICE_FEN,
        "kept_days": settings.KEEP_MESSAGES_DAYS,
    }
    return render(request, "bookings/people/messages/stuck.html", context)


@require_POST
@staff_only("messages")
def message_act(request: StaffRequest, pk: int) -> HttpResponse:
    """Try one again, or give it up."""
    one, act = get_object_or_404(_ours(request), pk=pk), request.POST.get("act", "")
    if act not in ACTS:
        return redirect("messages")
    try:
        ACTS[act](message=one, by=request.user, now=now())
        told.success(request, str(DONE[act]))
    except Refusal as refusal:
        told.error(request, str(refusal.sentence))
    return redirect("messages")


@never_cache
@limited("codes", only="POST")
@is_it_you_to_send
def my_messages(request: SignedIn) -> HttpResponse:
    """Choose how to be told; give, change or remove an e-mail address."""
    contact = Contact.objects.filter(user=request.user).first()
    act, sent = request.POST.get("act", ""), request.method == "POST"
    ways = contacts.ways(contact)
    way = WayForm(
        request.POST if act == "way" else None,
        initial={"channel": contact.channel if contact else ways[0]},
        ways=ways,
    )
    email = EmailForm(
        request.POST if act == "email" else None, initial={"email": contact and contact.email}
    )
    if sent and act == "way" and way.is_valid():
        choose = partial(contacts.choose_way, user=request.user, now=now())
        if _kept(way, partial(choose, channel=way.cleaned_data["channel"])):
            told.success(request, _("We tell you this way from now on."))
            return redirect("my_messages")
    if sent and act == "email" and email.is_valid():
        address = email.cleaned_data["email"]
        if _kept(email, partial(_set_email, request.user, address)):
            told.success(request, _said_of(address))
            return redirect("my_messages")
    context = {
        "way": way,
        "email": email,
        "contact": contact,
        "mail_goes": settings.MAIL_CARRIER != "none",
    }
    return render(request, "bookings/people/messages/mine.html", context)


def _kept(form: WayForm | EmailForm, verb: Callable[[], object]) -> bool:
    try:
        verb()
    except Refusal as refusal:
        form.add_error(refusal.field, str(refusal.sentence))
        return False
    return True


def _said_of(address: str) -> str:
    if address:
        return _("If the address is new, a link is on its way there. Open it on this device.")
    return _("The address is removed. We tell you by SMS.")


@transaction.atomic
def _set_email(user: User, email: str) -> None:
    moment = now()
    link = contacts.set_email(user=user, email=email, now=moment)
    if link:
        queue(
            kind="confirm_email",
            key=f"confirm-email:{user.pk}:{moment:%Y%m%d%H%M%S%f}",
            params={"link": link},
            user=user,
            to=email,
            district_id=district_id_of(user),
            now=moment,
        )


@never_cache
def confirm_email(request: SignedIn, token: str) -> HttpResponse:
    """The link in the mail: asks once, since mail programs open links by themselves."""
    try:
        contact = contacts.email_of(user=request.user, token=token)
        if request.method == "POST":
            contacts.confirm_email(user=request.user, token=token, now=now())
            told.success(request, _("The address is confirmed. We tell you by e-mail."))
            return redirect("my_messages")
    except Refusal as refusal:
        return render(request, "gone.html", {"sentence": refusal.sentence}, status=410)
    return render(request, "bookings/people/messages/confirm_email.html", {"contact": contact})
