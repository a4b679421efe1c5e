"""Nights were freed: the waitlist has something to go through."""

from django.db.models import F
from django_q.tasks import async_task

from bookings.beds.waitlist.models import Alert, Wait
from bookings.places.models import Station


def note_freed(station_id: int) -> None:
    """Remember it with the station, and wake the worker where somebody waits. Part of the caller's
    transaction: undone with it."""
    Station.objects.filter(pk=station_id).update(freed=F("freed") + 1)
    if (
        Wait.objects.waiting().filter(stations=station_id).exists()
        or Alert.objects.filter(stations=station_id, told_at=None).exists()
    ):
        async_task("bookings.tasks.serve_waitlist", station_id)
