"""A sample night on which all beds are taken: some wait, one has been offered a bed."""

import datetime as dt
from random import Random

from bookings import journey
from bookings.applications.models import Application
from bookings.core.clock import local_date
from bookings.demo import people
from bookings.people.models import User
from bookings.places.models import District, Station

DAY = dt.timedelta(days=1)
WAITING = 3
MOST = 40  # beds of a sample station that may be free on a night


def waiting(district: District, station: Station, *, now: dt.datetime, seed: int) -> None:
    """Guests apply for two nights until nobody more has a bed; one of them gives the nights back."""
    dice, arrival = Random(seed), local_date(now) + 6 * DAY
    held, waits = [], 0
    for _number in range(MOST):
        wish = journey.WaitWish([station], arrival + (waits == 1) * 2 * DAY, take_it=waits == 2)
        application = applicant(district, station, arrival=arrival, nights=2, dice=dice)
        journey.submit(
            application=application,
            signature="样例",
            follow_up_consent=True,
            by=application.user,
            now=now - dt.timedelta(minutes=MOST - _number),
            wish=wish,
        )
        application.refresh_from_db()
        if application.stay.status == "waitlisted":
            waits += 1
        else:
            held.append(application)
        if waits == WAITING:
            break
    if held:
        journey.withdraw(application=held[0], by=held[0].user, now=now)
        journey.serve(station=station, now=now)


def applicant(
    district: District, station: Station, *, arrival: dt.date, nights: int, dice: Random
) -> Application:
    """A new sample person with a draft."""
    index = User.objects.count()
    user = people.account(index)
    user.save()
    person = people.graduate(
        index, sex="women", district=district, user=user, before=arrival, dice=dice
    )
    person.save()
    return Application.objects.create(
        district=district,
        user=user,
        graduate=person,
        station=station,
        purpose="job_seeking",
        needed_on=arrival + DAY,
        arrival=arrival,
        nights=nights,
    )
