"""Sample cases that were looked at twice: papers asked for, an appeal, a clause that waits for a second
person. Made by the journey's own events, without another stay."""

import datetime as dt
from random import Random

from bookings import journey
from bookings.applications.models import Application
from bookings.core.clock import local_date
from bookings.demo.waiting import applicant
from bookings.people.models import Graduate, User
from bookings.places.models import Bed, Closure, District, Station


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
    _closure(station, reviewer, now=now)


def _closure(station: Station, by: User, *, now: dt.datetime) -> None:
    """A bed that is being mended, the first that can be closed without anybody losing theirs."""
    first = local_date(now) + dt.timedelta(days=3)
    until = first + dt.timedelta(days=4)
    for bed in Bed.objects.filter(room__station=station).order_by("-pk"):
        closure = Closure(bed=bed, first_night=first, until=until, reason="更换床垫")
        closing, mark = journey.effect_of(closure=closure, station=station)
        if not closing.here and not closing.lost:
            journey.close_beds(
                closure=closure, station=station, mark=mark, lose=False, by=by, now=now
            )
            return


def _override(
    district: District, station: Station, reviewer: User, *, now: dt.datetime, dice: Random
) -> None:
    arrival = local_date(now) + dt.timedelta(days=5)
    application = applicant(district, station, arrival=arrival, nights=3, dice=dice)
    Graduate.objects.filter(applications=application).update(hukou_code=district.code)
    application.refresh_from_db()
    journey.submit(
        application=application,
        signature="样例",
        follow_up_consent=True,
        by=application.user,
        now=now,
    )
    reason = "户口已于上月迁出，系统中的登记尚未更新，已见迁移证。"
    journey.propose_override(
        application=application, clause="non_local", reason=reason, by=reviewer, now=now
    )
