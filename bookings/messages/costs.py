"""What the messages of a district have cost, counted by us: the gateway's bill is what holds."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from bookings.messages.models import Message

if TYPE_CHECKING:
    from bookings.places.models import District


NAMES = {
    "alibaba": _("Alibaba Cloud"),
    "tencent": _("Tencent Cloud"),
    "smtp": _("E-mail"),
    "wechat": _("WeChat"),
    "outbox": _("Development outbox"),
}


class Cost(NamedTuple):
    month: dt.datetime
    carrier: str
    messages: int
    parts: int
    fen: Decimal

    @property
    def name(self) -> str:
        return str(NAMES.get(self.carrier, self.carrier))

    @property
    def yuan(self) -> Decimal:
        return self.fen / 100


def costs(district: "District") -> list[Cost]:
    """By month of sending and carrier, the newest first, as far back as messages are kept."""
    sent = Message.objects.filter(district=district, status=Message.Status.SENT)
    months = sent.annotate(month=TruncMonth("sent_at")).values_list("month", "carrier")
    sums = months.annotate(rows=Count("pk"), parts_sum=Sum("parts"), fen=Sum("cost"))
    return [Cost(*row) for row in sums.order_by("-month", "carrier")]
