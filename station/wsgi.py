"""The WSGI entry point: `gunicorn station.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "station.settings")

application = get_wsgi_application()

resolve("/")  # loads all views, before the first visitor comes
# What is loaded by now stays. To look through it for garbage took a fifth of the time of a request, and
# Python would look as often as every 700 objects, which is less than one request makes.
gc.collect()
gc.freeze()
gc.set_threshold(50_000)
