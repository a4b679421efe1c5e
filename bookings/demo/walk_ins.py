"""What the sample desk has done: two walk-ins, one with every paper in hand and one without, and what
happened in the house. Made by the journey's own events."""

import datetime as dt
from contextlib import suppress
from random import Random

from bookings import journey
from bookings.beds.allocate import NoBed, NotDecided
from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.demo import people
from bookings.desk.walkin.forms import NEVER_ASKED, OF_THE_PERSON
from bookings.desk.walkin.guest import AtTheDesk
from bookings.people.models import User
from bookings.places.models import District, Station

HOUR = dt.timedelta(hours=1)


def walk_ins(district: District, station: Station, *, now: dt.datetime, seed: int) -> None:
    """Nothing where the house is full or empty."""
    clerk, dice = User.objects.get(email="clerk@example.test"), Random(seed)
    for seen in ({"degree"}, set[str]()):
        guest = _stranger(district, frozenset(seen), day=local_date(now), dice=dice)
        with suppress(NoBed, NotDecided):
            journey.walk_in(station=station, guest=guest, by=clerk, now=now)
    here = Stay.objects.filter(station=station, status=Stay.Status.ARRIVED, arrived_at__lt=now)
    stays = here.select_related("application__user", "station__district").order_by("pk")
    _incidents(list(stays[:3]), clerk, now=now)


def _stranger(district: District, seen: frozenset[str], *, day: dt.date, dice: Random) -> AtTheDesk:
    index = User.objects.count()
    person = people.graduate(
        index, sex="women", district=district, user=people.account(index), before=day, dice=dice
    )
    facts = {name: getattr(person, name) for name in OF_THE_PERSON}
    return AtTheDesk(
        person={**facts, "degree_proof": "diploma" if seen else "", **NEVER_ASKED},
        purpose="job_seeking",
        nights=2,
        seen=seen,
        nonce=f"sample {index}",
    )


def _incidents(stays: list[Stay], clerk: User, *, now: dt.datetime) -> None:
    """A note, a warning with an appeal against it, and a proposal for a manager."""
    told = [
        ("other", "note", "", "晚归一次，已电话告知前台。"),
        ("noise", "warning", "", "夜间 23:40 在房间大声外放音乐，同室住客反映两次。"),
        ("smoking", "warning", "suspension", "在房间内吸烟，第二次发现，已当面提醒。"),
    ]
    for number, (stay, (kind, sanction, proposed, what)) in enumerate(
        zip(stays, told, strict=False)
    ):
        incident = journey.record_incident(
            stay=stay,
            kind=kind,
            what=what,
            at=now - (number + 1) * HOUR,
            sanction=sanction,
            proposed=proposed,
            nonce=f"sample {number}",
            by=clerk,
            now=now,
        )
        if kind == "noise":
            reason = "当晚外放音乐的是隔壁房间，我已睡下，请再核实。"
            journey.complain(incident=incident, reason=reason, by=stay.application.user, now=now)
