"""Who carries a message away: one function `send` a carrier, from a letter to the carrier's receipt.

A carrier that does not take a letter says whether another try can help: Later, or Never.
"""

from bookings.messages.carriers import alibaba, email, outbox, tencent, wechat
from bookings.messages.carriers.letter import Carrier, Later, Letter, Never, Untaken

CARRIERS: dict[str, Carrier] = {
    "outbox": outbox.send,
    "smtp": email.send,
    "alibaba": alibaba.send,
    "tencent": tencent.send,
    "wechat": wechat.send,
}

__all__ = ["CARRIERS", "Carrier", "Later", "Letter", "Never", "Untaken"]
