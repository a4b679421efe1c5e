"""The WSGI entry point: `gunicorn station.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "station.settings")

application = get_wsgi_application()
