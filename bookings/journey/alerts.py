"""“Tell me when”: a message, once, when so many nights in a row are free. Nothing is held by it."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from bookings.beds.house import read_station
from bookings.beds.planner import NoPlan, PlanStay, Undecided, plan
from bookings.beds.waitlist.models import Alert
from bookings.core import audit
from bookings.core.clock import local_date, nights_between
from bookings.messages.send import queue
from bookings.people.models import Graduate, User
from bookings.places.models import Station

DAY = dt.timedelta(days=1)


@transaction.atomic
def tell_me(
    *,
    person: Graduate,
    by: User,
    stations: Iterable[Station],
    first_arrival: dt.date,
    last_arrival: dt.date,
    nights: int,
    now: dt.datetime,
) -> Alert:
    """Remember what somebody wants to be told of; a former wish of theirs is forgotten."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # pressed twice at once
    Alert.objects.filter(user=by, told_at=None).delete()
    alert = Alert.objects.create(
        user=by,
        district=person.district,
        sex=person.sex,
        first_arrival=first_arrival,
        last_arrival=last_arrival,
        nights=nights,
        made_at=now,
    )
    alert.stations.set(stations)
    audit.record("tell_me", alert, by=by, now=now, district_id=person.district_id)
    return alert


def tell_alert(*, alert: Alert, now: dt.datetime) -> bool:
    """Tell, if nights are free. False: nothing to tell, or told before."""
    found = _first_free(alert, local_date(now))
    if found is None:
        return False
    with transaction.atomic():
        if not Alert.objects.filter(pk=alert.pk, told_at=None).update(told_at=now):
            return False
        station, arrival = found
        with translation.override(alert.user.language):
            told = {
                "nights": alert.nights,
                "arrival": date_format(arrival, "DATE_FORMAT"),
                "station": station.name,
                "link": settings.SITE_URL + reverse("apply_wish"),
            }
            if alert.user.phone:
                queue(
                    kind="alert",
                    key=f"alert:{alert.pk}",
                    params=told,
                    user=alert.user,
                    district_id=alert.district_id,
                    now=now,
                )
    return True


def _first_free(alert: Alert, today: dt.date) -> tuple[Station, dt.date] | None:
    first = max(alert.first_arrival, today)
    until = alert.last_arrival + alert.nights * DAY
    for station in alert.stations.filter(is_open=True):
        house, stays = read_station(station, first, until)
        for arrival in nights_between(first, alert.last_arrival + DAY):
            nights = frozenset(nights_between(arrival, arrival + alert.nights * DAY))
            try:
                plan(house, stays, PlanStay(0, alert.sex, nights), seconds=0.2)
            except (NoPlan, Undecided):
                continue
            return station, arrival
    return None
