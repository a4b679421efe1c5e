"""Sample cases that were looked at twice: papers asked for, an appeal, a clause that waits for a second
person. Made by the journey's own events, without another stay."""

import datetime as dt
from random import Random

from bookings import journey
from bookings.applications.models import Application
from bookings.core.clock import local_date
from bookings.demo import people
from bookings.people.models import User
from bookings.places.models import District, Station


def second_looks(
    district: District, station: Station, reviewer: User, *, now: dt.datetime, seed: int
) -> None:
    """One case of each, where there are cases in review on nights to come."""
    waiting = Application.objects.filter(
        district=district, status="in_review", arrival__gt=local_date(now)
    )
    asked, appealed = (*waiting.order_by("pk")[:2], None, None)[:2]
    if asked:
        text = "请补充盖章页，并拍清全文"
        kinds = ("degree",)
        journey.ask_for_more(application=asked, text=text, kinds=kinds, by=reviewer, now=now)
    if appealed:
        note = "证书上的姓名无法辨认"
        journey.refuse(application=appealed, clause="degree", note=note, by=reviewer, now=now)
        reason = "证书第二页写有我的姓名，请再看一次。"
        journey.appeal(application=appealed, reason=reason, by=appealed.user, now=now)
    _override(district, station, reviewer, now=now, dice=Random(seed))


def _override(
    district: District, station: Station, reviewer: User, *, now: dt.datetime, dice: Random
) -> None:
    index, arrival = User.objects.count(), local_date(now) + dt.timedelta(days=5)
    user = people.account(index)
    user.save()
    person = people.graduate(
        index, sex="women", district=district, user=user, before=arrival, dice=dice
    )
    person.hukou_code = district.code
    person.save()
    application = Application.objects.create(
        district=district,
        user=user,
        graduate=person,
        station=station,
        purpose="job_seeking",
        arrival=arrival,
        nights=3,
    )
    journey.submit(
        application=application,
        signature=person.name,
        follow_up_consent=True,
        by=user,
        now=now,
    )
    reason = "户口已于上月迁出，系统中的登记尚未更新，已见迁移证。"
    journey.propose_override(
        application=application, clause="non_local", reason=reason, by=reviewer, now=now
    )
