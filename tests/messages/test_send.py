import pytest

from bookings.messages.models import Message
from bookings.messages.send import MAX_ATTEMPTS, NoCarrier, deliver, queue
from bookings.people.models import User
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TO = "+8613900000001"


@pytest.fixture
def message():
    return queue(user=User.objects.sign_up(TO), to=TO, key="key", text="您好", now=NOW)


def test_the_same_key_is_one_message(message):
    again = queue(user=message.user, to=TO, key="key", text="您好", now=NOW)

    assert again == message
    assert Message.objects.count() == 1


def test_a_delivered_message_is_not_delivered_again(message):
    deliver(message=message, now=NOW)
    deliver(message=message, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.attempts) == ("sent", 1)


def test_without_a_gateway_a_message_fails_after_its_attempts_and_is_kept(message, settings):
    settings.SMS_CARRIER = "none"

    for _ in range(MAX_ATTEMPTS):
        message.refresh_from_db()
        with pytest.raises(NoCarrier):
            deliver(message=message, now=NOW)

    message.refresh_from_db()
    assert message.status == "failed"


def mail():
    text = "青年驿站：邀请\n\n请打开链接"
    return queue(user=None, to="new@example.test", key="mail", text=text, now=NOW)


def test_what_goes_to_an_address_goes_by_mail_its_first_line_as_subject(settings, mailoutbox):
    settings.MAIL_CARRIER = "smtp"

    deliver(message=mail(), now=NOW)

    sent = [(one.to, one.subject, one.body) for one in mailoutbox]
    assert sent == [(["new@example.test"], "青年驿站：邀请", "请打开链接")]


def test_a_mail_server_that_refuses_is_asked_again_later(settings):
    settings.MAIL_CARRIER = "smtp"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = mail()

    with pytest.raises(NoCarrier):
        deliver(message=message, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.attempts) == ("queued", 1)


def test_number_and_text_are_ciphertext_in_the_database(message, django_assert_num_queries):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute('SELECT "to", text FROM bookings_message')
        stored = b"".join(bytes(value) for value in cursor.fetchone())

    assert TO.encode() not in stored
    assert "您好".encode() not in stored
