"""By Django's mail. `Message-ID` is the same at every try: mail programs show a double once."""

import hashlib
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from bookings.messages.carriers.letter import Later, Letter, Never
from bookings.messages.models import Reason


def send(letter: Letter) -> str:
    """Errors: Later, Never."""
    number = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@{_domain()}>"
    mail = EmailMessage(letter.subject, letter.text, to=[letter.to], headers={"Message-ID": number})
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if all(code >= 500 for code in codes):
            raise Never(Reason.ADDRESS) from None
        raise Later(Reason.BUSY) from None
    except smtplib.SMTPAuthenticationError:
        raise Later(Reason.ACCOUNT) from None
    except OSError:  # every other SMTP error is one
        raise Later(Reason.UNREACHABLE) from None
    return number


def _domain() -> str:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return sender.partition("@")[2] or "localhost"
