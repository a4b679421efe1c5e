"""What devices and other programs ask of a desk (docs/api.md)."""

from ninja import Router

from bookings.desk.api import reads, scans

router = Router(tags=["desk"])
for part in (scans, reads):
    router.add_router("", part.router)
