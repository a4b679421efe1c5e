from copy import deepcopy

import pytest

from tests.people.doors import neighbourhood


@pytest.fixture(scope="module")
def made(once):
    return once(neighbourhood)


@pytest.fixture
def house(made):
    """Two districts with one of everything: `who` there is, `arguments` of the addresses."""
    return deepcopy(made)


@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (60, 0, 0))
    settings.TOGETHER = dict.fromkeys(settings.TOGETHER, 0)
    settings.ACCOUNT_RATE_LIMITS = False
