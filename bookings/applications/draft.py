"""The draft: what is typed is kept at every step, on the phone and at the computer."""

import datetime as dt

from bookings.applications.models import Application
from bookings.people.models import Graduate, User
from bookings.places.models import District, Station


def draft_of(user: User, district: District) -> Application:
    """The user's one draft, made if there is none."""
    person = Graduate.objects.filter(user=user).first()
    draft, _ = Application.objects.get_or_create(
        user=user,
        status=Application.Status.DRAFT,
        defaults={"district": district, "graduate": person},
    )
    return draft


def set_person(*, draft: Application, person: Graduate) -> None:
    Application.objects.filter(pk=draft.pk, status="draft").update(graduate=person)


def set_wish(
    *, draft: Application, station: Station, arrival: dt.date, nights: int, purpose: str
) -> None:
    """Keep which nights, where and why. A draft sent meanwhile is left alone."""
    Application.objects.filter(pk=draft.pk, status="draft").update(
        station=station, arrival=arrival, nights=nights, purpose=purpose
    )
