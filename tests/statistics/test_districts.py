"""Districts side by side: each line is what the district's own page says, told or hidden as there."""

import pytest
from django.core.management import call_command
from django.test import Client

from bookings.core.clock import now
from bookings.people.models import Role, User
from bookings.places.models import District
from bookings.statistics.pages import districts, funnel
from bookings.statistics.pages.asked import asked
from bookings.statistics.tallies.keep import bring_up_to_date
from tests import events
from tests.factories import TODAY, make_district, make_draft, make_person, make_station
from tests.people.test_query_counts import queries
from tests.people.world import member

pytestmark = pytest.mark.django_db


def make():
    call_command("seed_demo", stays=300, verbosity=0)
    for code in ("370829", "370830"):
        there = make_district(code)
        District.objects.filter(pk=there.pk).update(name_zh=f"示例区{code}")
        station = make_station(there, slug=f"s-{code}", beds=9)
        for _ in range(7):
            events.submit(make_draft(make_person(there), station))


@pytest.fixture(scope="module")
def season(once):
    once(make)


@pytest.fixture
def observer(season):
    one = User.objects.get(email="observer@example.test")
    one.membership.observes.add(District.objects.get(code="370829"))
    return one


def lines(user, **data):
    wish = asked(data, user.membership, today=TODAY)
    [section] = districts.sections(wish)
    return {row[0].value: [cell.shown for cell in row[1:8]] for row in section.table.rows}


def own_sums(user, code):
    wish = asked({"district": code}, user.membership, today=TODAY)
    return [cell.shown for cell in funnel.sections(wish)[0].table.footer[2:]]


@pytest.mark.parametrize("kept", [False, True])
def test_a_line_is_the_sum_on_the_districts_own_page(observer, kept):
    both = District.objects.filter(code__in=["370811", "370829"])
    if kept:
        for one in both:
            bring_up_to_date(district=one, now=now())

    found = lines(observer)

    assert found == {one.name: own_sums(observer, one.code) for one in both}
    assert len(found) == 2


def test_the_page_is_offered_to_who_observes_several(observer):
    page = Client()
    page.force_login(observer)
    alone = Client()
    alone.force_login(member(District.objects.get(code="370830"), Role.OBSERVER))

    assert "/statistics/districts/?" in page.get("/statistics/").content.decode()
    assert "/statistics/districts/?" not in alone.get("/statistics/").content.decode()


def test_three_districts_ask_as_much_as_two(observer):
    for one in District.objects.all():
        bring_up_to_date(district=one, now=now())
    for_two = queries(observer, "/statistics/districts/")

    observer.membership.observes.add(District.objects.get(code="370830"))

    assert queries(observer, "/statistics/districts/") == for_two


def test_the_district_that_is_shown_is_the_one_chosen_in_the_form(observer):
    observer.membership.observes.add(District.objects.get(code="370830"))
    page = Client()
    page.force_login(observer)

    form = page.get("/statistics/").context["asked"].form

    assert form["district"].value() == "370811"
    assert 'value="370811" selected' in str(form["district"])
