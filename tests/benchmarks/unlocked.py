"""The control of the races: the site without the lock under which beds are planned. For benches only.

On SQLite the lock is the transaction that takes the write lock when it begins; here it does not.
"""

from django.conf import settings

OPTIONS = settings.DATABASES["default"].get("OPTIONS", {})
if "transaction_mode" in OPTIONS:
    OPTIONS["transaction_mode"] = "DEFERRED"

from station.wsgi import application  # noqa: E402, I001 what loads the models comes first
from bookings.beds import allocate  # noqa: E402

allocate.lock = lambda station: None

__all__ = ["application"]
