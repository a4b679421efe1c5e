"""What becomes of a message: sent, tried again, by another way, set apart, given up."""

import datetime as dt
import logging

import pytest

from bookings import tasks
from bookings.core.audit import AuditEntry
from bookings.core.transitions import StateChanged
from bookings.messages import outbox
from bookings.messages.carriers import CARRIERS, Later, Never
from bookings.messages.contact import choose_way, set_email
from bookings.messages.costs import costs
from bookings.messages.hours import MAX_ATTEMPTS
from bookings.messages.models import Contact, Message, Reason
from bookings.messages.send import queue
from bookings.people.models import User
from bookings.people.phone import change_phone
from tests.factories import NOW, make_district

pytestmark = pytest.mark.django_db
TO, MAIL = "+8613900000001", "guest@example.test"
MINUTE = dt.timedelta(minutes=1)
NIGHT = NOW + dt.timedelta(hours=10)


class Post:
    """Carriers that note what they are given; `then` holds what they raise instead, in turn."""

    def __init__(self):
        self.letters, self.then = [], []

    def __call__(self, letter):
        self.letters.append(letter)
        if self.then and (refusal := self.then.pop(0)):
            raise refusal
        return "receipt-1"


@pytest.fixture
def post(settings, monkeypatch):
    settings.SMS_CARRIER, settings.MAIL_CARRIER = "alibaba", "smtp"
    one = Post()
    monkeypatch.setitem(CARRIERS, "alibaba", one)
    monkeypatch.setitem(CARRIERS, "smtp", one)
    return one


@pytest.fixture
def user():
    return User.objects.sign_up(TO)


def put(user, kind="refused", *, key="key", now=NOW, **more):
    params = {"link": "http://127.0.0.1:8000/", "code": "123456"}
    return queue(kind=kind, key=key, params=params, user=user, now=now, **more)


def deliver(message, now=NOW):
    outbox.deliver(message=message, now=now)
    message.refresh_from_db()
    return message.status


def test_a_message_is_sent_once(post, user):
    message = put(user)

    assert (deliver(message), deliver(message)) == ("sent", "sent")

    assert len(post.letters) == 1
    assert (message.carrier, message.receipt, message.sent_at) == ("alibaba", "receipt-1", NOW)


def test_a_carrier_gets_the_same_key_at_every_try(post, user):
    message = put(user)
    post.then = [Later(Reason.BUSY)]

    deliver(message)
    deliver(message, NOW + MINUTE)

    assert [letter.key for letter in post.letters] == ["key", "key"]


def test_what_is_refused_for_now_is_tried_again_later_and_not_before(post, user):
    message = put(user)
    post.then = [Later(Reason.BUSY)]

    assert deliver(message) == "queued"
    assert deliver(message, NOW + dt.timedelta(seconds=14)) == "queued"
    assert (message.attempts, message.reason) == (1, "busy")
    assert deliver(message, NOW + dt.timedelta(seconds=31)) == "sent"


def test_what_is_refused_for_good_is_set_apart_at_once(post, user):
    message = put(user)
    post.then = [Never(Reason.ADDRESS)]

    assert deliver(message) == "failed"
    assert (message.attempts, message.reason) == (1, "address")


def tried_to_the_end(message, now=NOW):
    for _try in range(MAX_ATTEMPTS):
        deliver(message, now)
        now = message.next_try_at
    return message.status


def test_after_its_last_try_a_message_is_set_apart(user, settings):
    settings.SMS_CARRIER = "none"
    message = put(user)

    assert tried_to_the_end(message) == "failed"
    assert (message.attempts, message.reason) == (MAX_ATTEMPTS, "no_carrier")


def test_another_try_of_what_can_wait_falls_on_no_quiet_hour(post, user):
    evening = NIGHT - 30 * MINUTE - dt.timedelta(seconds=1)
    message = put(user, now=evening)
    post.then = [Later(Reason.BUSY)]

    deliver(message, evening)

    assert message.next_try_at == NOW + dt.timedelta(hours=20)


def test_a_code_that_is_too_old_is_not_sent(post, user):
    message = put(user, "code", to=TO)

    assert deliver(message, NOW + 3 * MINUTE) == "expired"
    assert not post.letters


def held(message, now=NOW):
    """Somebody is sending it, and has died meanwhile."""
    return outbox._claim(message, now)


def test_while_somebody_sends_a_message_nobody_else_does(post, user):
    message = put(user)
    held(message)

    assert deliver(message, NOW + MINUTE) == "sending"
    assert not post.letters


def test_a_message_whose_worker_died_is_sent_by_another(post, user):
    message = put(user)
    held(message)

    assert deliver(message, NOW + outbox.LEASE) == "sent"


def test_a_worker_whose_lease_has_run_out_changes_nothing_any_more(post, user):
    message = put(user)
    slow = held(message)
    deliver(message, NOW + outbox.LEASE)

    outbox._put_off(slow, Never(Reason.ADDRESS), NOW + outbox.LEASE)

    assert Message.objects.get().status == "sent"


def test_a_message_that_kills_its_worker_again_and_again_is_set_apart(post, user):
    message, now = put(user), NOW
    for _try in range(MAX_ATTEMPTS):
        held(message, now)
        now += outbox.LEASE

    assert deliver(message, now) == "failed"
    assert (message.reason, post.letters) == ("stopped", [])


def by_mail(user, email=MAIL):
    told = {"channel": "mail", "email": email, "email_confirmed_at": NOW}
    Contact.objects.update_or_create(user=user, defaults=told)


def test_what_does_not_go_the_chosen_way_goes_by_sms(post, user):
    by_mail(user)
    message = put(user)
    post.then = [Never(Reason.ADDRESS)]

    states = deliver(message), deliver(message)

    assert states == ("queued", "sent")
    assert [letter.to for letter in post.letters] == ["guest@example.test", TO]


def test_what_is_urgent_does_not_wait_for_the_chosen_way(post, user):
    by_mail(user)
    message = put(user, urgent=True)
    post.then = [Later(Reason.UNREACHABLE)]

    states = deliver(message), deliver(message)

    assert (states, message.channel) == (("queued", "sent"), "sms")


def test_a_code_that_failed_matters_to_nobody_once_it_is_old(post, user):
    failed(post, user, kind="code", to=TO)

    counts = [outbox.waiting(NOW + minutes * MINUTE) for minutes in (1, 3, 64)]
    assert [(one.failed, one.expired) for one in counts] == [(1, 0), (0, 1), (0, 0)]


def test_a_mail_to_staff_does_not_turn_into_an_sms(post, user):
    message = put(user, "new_password", to="staff@example.test")
    post.then = [Never(Reason.ADDRESS)]

    assert deliver(message) == "failed"


def test_a_mails_subject_is_its_first_line_or_what_it_is_about(post, user):
    by_mail(user)

    deliver(put(user))
    deliver(put(user, "new_password", key="password", to="staff@example.test"))

    short, long = post.letters
    assert (short.text in short.subject, long.subject in long.text) == (False, False)
    assert "http://127.0.0.1:8000/" in short.text and "http://127.0.0.1:8000/" in long.text


def test_the_worker_sends_what_is_due_and_leaves_the_rest(post, user, noon):
    put(user)
    put(user, key="later", now=NIGHT)

    assert tasks.deliver_messages() == 1

    assert Message.objects.get(key="later").status == "queued"


def test_a_message_that_goes_wrong_does_not_keep_the_others_waiting(post, user):
    for key in ("wrong", "right"):
        put(user, key=key)
    post.then = [RuntimeError()]

    assert tasks.deliver_messages() == 2

    states = Message.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == ["sending", "sent"]


def test_the_worker_leaves_alone_what_was_forgotten():
    tasks.deliver(4711)


def test_no_log_names_number_or_text(post, user, caplog):
    post.then = [Later(Reason.BUSY)]

    with caplog.at_level(logging.DEBUG):
        deliver(put(user, "code", to=TO))

    assert caplog.messages
    assert "139" not in caplog.text and "123456" not in caplog.text


# --- a manager ------------------------------------------------------------------------------------


@pytest.fixture
def manager():
    return User.objects.create_user("manager@example.test")


def failed(post, user, **more):
    message = put(user, **more)
    post.then = [Never(Reason.TEMPLATE)]
    deliver(message)
    return message


def test_a_manager_has_it_sent_again_and_two_presses_are_one(post, user, manager):
    message = failed(post, user)
    later = NOW + MINUTE

    outbox.resend(message=message, by=manager, now=later)
    with pytest.raises(StateChanged):
        outbox.resend(message=message, by=manager, now=later)

    assert deliver(message, later) == "sent"
    entry = AuditEntry.objects.get(action="resend message")
    assert (entry.by, entry.subject, entry.details) == (
        manager,
        f"message:{message.pk}",
        {"kind": "refused"},
    )


def test_what_is_sent_again_goes_to_the_number_of_today(post, user, manager):
    message = failed(post, user)
    type(user).objects.filter(pk=user.pk).update(phone="+8613900009999")

    outbox.resend(message=message, by=manager, now=NOW + MINUTE)

    message.refresh_from_db()
    assert message.to == "+8613900009999"


def test_what_waits_for_another_try_can_be_tried_at_once(post, user, manager):
    message = put(user)
    post.then = [Later(Reason.BUSY)]
    deliver(message)

    outbox.resend(message=message, by=manager, now=NOW)

    assert deliver(message) == "sent"


def test_what_is_of_no_use_any_more_is_not_sent_again(post, user, manager):
    message = failed(post, user, until=NOW + MINUTE)

    with pytest.raises(outbox.TooLate):
        outbox.resend(message=message, by=manager, now=NOW + MINUTE)


def test_a_manager_gives_a_message_up(post, user, manager):
    message = failed(post, user)

    outbox.give_up(message=message, by=manager, now=NOW)
    with pytest.raises(StateChanged):
        outbox.give_up(message=message, by=manager, now=NOW)

    assert Message.objects.get().status == "given_up"
    assert AuditEntry.objects.filter(action="give up message").count() == 1


@pytest.mark.parametrize("verb", [outbox.resend, outbox.give_up])
def test_nothing_is_done_about_a_message_that_has_gone(post, user, manager, verb):
    message = put(user)
    deliver(message)

    with pytest.raises(StateChanged):
        verb(message=message, by=manager, now=NOW)


def test_what_somebody_should_look_at_is_counted(post, user):
    here, there = make_district(), make_district("370829")
    failed(post, user, district_id=here.pk)
    put(user, key="late", district_id=here.pk)
    deliver(put(user, "code", key="old", to=TO, district_id=there.pk), NOW + 3 * MINUTE)
    later = NOW + 10 * MINUTE

    assert outbox.waiting(later) == outbox.Waiting(failed=1, late=1, expired=1)
    assert outbox.waiting(later, there) == outbox.Waiting(failed=0, late=0, expired=1)


def test_what_waits_for_the_morning_is_not_late(post, user):
    put(user, now=NIGHT)

    assert outbox.waiting(NIGHT + 60 * MINUTE).late == 0


def test_costs_are_counted_by_month_and_carrier(post, user, settings):
    district = make_district()
    for key in ("a", "b"):
        deliver(put(user, key=key, district_id=district.pk))

    (one,) = costs(district)

    assert (one.carrier, one.messages, one.parts) == ("alibaba", 2, 2)
    assert (f"{one.month:%Y-%m}", one.fen) == ("2026-11", 2 * settings.SMS_PRICE_FEN)


def test_what_only_shows_in_the_outbox_costs_nothing(user):
    message = put(user)

    deliver(message)

    assert (message.carrier, message.cost) == ("outbox", 0)


# --- what its person has changed while a message waited -------------------------------------------

PHONE = "+8613900000002"


@pytest.mark.parametrize(
    ("change", "went"),
    [
        (lambda user: set_email(user=user, email="", now=NIGHT), ("sms", TO)),
        (lambda user: choose_way(user=user, channel="sms", now=NIGHT), ("sms", TO)),
        (lambda user: by_mail(user, "new@example.test"), ("mail", "new@example.test")),
        (lambda user: None, ("mail", MAIL)),
    ],
)
def test_what_waits_for_the_morning_goes_by_the_way_of_then(post, user, change, went):
    by_mail(user)
    message = put(user, now=NIGHT)
    change(user)

    deliver(message, message.next_try_at)

    assert (message.channel, message.to, post.letters[0].to) == (*went, went[1])


def test_what_waits_goes_to_somebodys_new_number_but_not_what_is_about_the_former(post, user):
    waiting = put(user, now=NIGHT)
    former = queue(kind="number_left", key="left", params={}, user=user, to=TO, now=NIGHT)
    change_phone(user=user, phone=PHONE, verified=True, by=user, now=NIGHT)

    for one in (waiting, former):
        deliver(one, waiting.next_try_at)

    assert [letter.to for letter in post.letters] == [PHONE, TO]


def test_an_address_removed_while_being_tried_is_not_tried_again(post, user):
    by_mail(user)
    message = put(user)
    post.then = [Later(Reason.BUSY)]
    deliver(message)

    set_email(user=user, email="", now=NOW)
    deliver(message, NOW + MINUTE)

    assert [letter.to for letter in post.letters] == [MAIL, TO]


def test_what_has_fallen_back_to_sms_stays_there(post, user):
    by_mail(user)
    message = put(user)
    post.then = [Never(Reason.ADDRESS)]

    deliver(message)
    deliver(message)

    assert [letter.to for letter in post.letters] == [MAIL, TO]


def test_an_older_code_that_was_being_sent_does_not_come_after_a_newer_one(post, user):
    older = put(user, "code", to=TO)
    Message.objects.filter(pk=older.pk).update(status="sending", lease_until=NOW)  # its worker died
    newer = put(user, "code", key="newer", to=TO)

    assert (deliver(older), deliver(newer)) == ("superseded", "sent")
    assert len(post.letters) == 1
