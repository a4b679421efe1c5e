"""The nights of sample stays in their beds."""

from bookings.beds.models import BedNight, RoomNight
from bookings.demo.guest import Guest

HOLDING = ("left", "arrived", "promised", "requested")


def write_nights(staying: list[Guest]) -> None:
    """Those of the guests who slept, sleep or will sleep in a bed."""
    holding = [guest for guest in staying if guest.fate in HOLDING]
    keys = {
        (guest.episode.bed.room_id, night): guest.episode.sex
        for guest in holding
        for night in guest.nights
    }
    RoomNight.objects.bulk_create(
        [RoomNight(room_id=room, night=night, sex=sex) for (room, night), sex in keys.items()],
        ignore_conflicts=True,  # roommates of another chunk were there first
    )
    BedNight.objects.bulk_create(
        BedNight(
            bed=guest.episode.bed,
            room_id=guest.episode.bed.room_id,
            night=night,
            sex=guest.episode.sex,
            stay=guest.stay,
            graduate=guest.person,
        )
        for guest in holding
        for night in guest.nights
    )
