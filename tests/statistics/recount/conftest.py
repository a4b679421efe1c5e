import pytest
from django.core.management import call_command

from bookings.places.models import District
from tests.kept import kept


@pytest.fixture(scope="package")
def district(django_db_setup, django_db_blocker):
    """A season of sample guests, made once for all that is counted again here. Its district."""
    with kept(django_db_blocker) as make:
        make(lambda: call_command("seed_demo", stays=400, verbosity=0))
        yield make(District.objects.get)
