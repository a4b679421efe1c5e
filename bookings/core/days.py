"""Which days a form takes: beyond them the calendar ends, and a day more or another time zone is an error."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

_SAID = _("Choose a day between the years 1900 and 2999.")
WITHIN_THE_CALENDAR = [
    MinValueValidator(dt.date(1900, 1, 1), _SAID),
    MaxValueValidator(dt.date(2999, 12, 31), _SAID),
]
