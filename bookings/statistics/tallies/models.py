"""A Tally is what was counted of one month."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.places.models import District, Station


class Tally(models.Model):
    """All counts of a month at one station, or of the whole district (`station` is None).

    `counts` holds, by the name of what is counted, lines of a key and a number. They are true of `day`
    (what is due, which nights have passed) and of all that the audit log tells up to `seal`.
    """

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="tallies")
    station = models.ForeignKey(Station, null=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    counts = models.JSONField()
    day = models.DateField()
    seal = models.PositiveBigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "station", "month"], name="one_tally_a_station_month"
            ),
            models.UniqueConstraint(
                fields=["district", "month"],
                condition=Q(station=None),
                name="one_tally_a_district_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station_id or 'all stations'} {self.month:%Y-%m}"
