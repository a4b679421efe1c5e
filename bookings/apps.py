from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    name = "bookings"
    label = "bookings"
    verbose_name = _("Youth Station")

    def ready(self) -> None:
        from bookings.messages import checks  # noqa: F401 registers them
