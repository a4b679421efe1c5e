"""Logs and error reports without people: where something failed is told, with whose data is not.

Of a failed request Django would report the form's fields, the cookies and every local variable, and
an exception's own message often quotes what it did not like. In production all that is left out.
"""

import logging
import re
import traceback

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

# e-mail addresses; document and telephone numbers, with or without letters before them; any Chinese
# text: our own messages and those of the libraries are English; and what stands in a signed link, for
# who has it may do what its owner may
PERSONAL = re.compile(
    r"[\w.=-]{1,400}:[\w-]{1,20}:[\w-]{43}"
    r"|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,255}"
    r"|\+?[A-Za-z]{0,3}(?:\d[ -]?){6,17}[\dXx]"
    r"|[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f·]+"
)
STARS = "***"
LONGEST = 20_000


def masked(text: str) -> str:
    """Of an overlong text, which only a stranger sends, the beginning."""
    return PERSONAL.sub(STARS, text[:LONGEST])


class MaskedFormatter(logging.Formatter):
    """The time and where it comes from as ever; the message and what was raised masked."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = masked(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:
        return masked(super().formatException(ei))  # type: ignore[arg-type]


class Report(ExceptionReporter):
    """What is mailed to ADMINS: the traceback alone, without variables, form fields, cookies."""

    def get_traceback_text(self) -> SafeString:
        return SafeString(self._told())  # it goes into plain text

    def get_traceback_html(self) -> SafeString:
        return format_html("<pre>{}</pre>", self._told())

    def _told(self) -> str:
        return masked("".join(traceback.format_exception(self.exc_type, self.exc_value, self.tb)))
