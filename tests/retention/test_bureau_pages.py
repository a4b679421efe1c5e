"""The manager's pages of the bureau's lists."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from bookings.retention.bureau.match import bureau_key
from bookings.retention.bureau.models import BureauList
from tests.factories import NOW, TODAY, make_district
from tests.people.world import member
from tests.retention import bureau
from tests.retention.bureau import left, own, read, row, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return bureau.make_house()


@pytest.fixture
def manager(house):
    one = Client()
    one.force_login(house.manager)
    return one


@pytest.fixture
def guest(house):
    return left(house)


@pytest.fixture
def ready(house, guest):
    return read(house, text(row(guest), row(""), row("E1234567")))


def send(manager, content, **changes):
    file = SimpleUploadedFile("名单.csv", content)
    return manager.post("/bureau/", {"file": file, "as_of": TODAY.isoformat(), **changes})


def act(manager, one, what, **more):
    return manager.post(f"/bureau/{one.pk}/", {"act": what, **more})


def test_a_list_sent_in_goes_to_the_worker(manager, guest):
    response = send(manager, text(row(guest)))

    one = BureauList.objects.get()
    assert response.url == f"/bureau/{one.pk}/"
    assert (one.status, one.name, one.as_of) == ("reading", "名单.csv", TODAY)


@pytest.mark.parametrize(
    ("content", "changes", "field"),
    [
        (b"\xff\xff", {}, "file"),
        (b"", {}, "file"),
        (text(header=["a"]), {}, "file"),
        (text(), {"as_of": "2099-01-01"}, "as_of"),
        (text(), {"as_of": ""}, "as_of"),
    ],
    ids=["no list", "empty", "headings", "day to come", "no day"],
)
def test_a_slip_is_told_beside_its_field(manager, content, changes, field):
    page = send(manager, content, **changes)

    assert list(page.context["form"].errors) == [field]
    assert not BureauList.objects.exists()


def test_the_same_file_again_is_told_beside_it(manager, guest):
    send(manager, text(row(guest)))

    page = send(manager, text(row(guest)))

    assert list(page.context["form"].errors) == ["file"]


def test_a_file_cut_short_on_its_way_is_not_read(manager, guest, monkeypatch):
    monkeypatch.setattr("bookings.applications.uploads.TOTAL_BYTES", 10)

    page = send(manager, text(row(guest)))

    assert not BureauList.objects.exists()
    assert list(page.context["form"].errors) == ["file"]


def test_the_page_reloads_itself_while_the_worker_is_at_it(manager, house, guest):
    one = bureau.receive(house, text(row(guest)), now=NOW)

    assert 'http-equiv="refresh"' in manager.get(f"/bureau/{one.pk}/").content.decode()


def test_a_worker_that_has_stopped_is_told(manager, house, guest, noon):
    one = bureau.receive(house, text(row(guest)), now=NOW)
    noon.move_to(NOW + dt.timedelta(minutes=6))

    page = manager.get(f"/bureau/{one.pk}/")

    assert page.context["stopped"]
    assert 'http-equiv="refresh"' not in page.content.decode()


def test_the_preview_says_what_it_would_write_and_names_nobody(manager, ready, guest):
    page = manager.get(f"/bureau/{ready.pk}/")

    assert [n for _, n in page.context["kinds"]] == [2]
    assert (page.context["guests"], page.context["against"]) == (1, 0)
    assert [line for line, _ in page.context["slips"]] == [3]
    assert guest.doc_number not in page.content.decode()
    assert "示例公司" not in page.content.decode()


def test_confirm_write_and_take_back_by_the_page(manager, ready):
    act(manager, ready, "confirm")
    assert own(ready).status == "confirming"
    assert manager.get(f"/bureau/{ready.pk}/").context["moving"]
    bureau.write(ready)

    assert act(manager, ready, "undo").context["asks"]
    assert own(ready).status == "written"
    act(manager, ready, "undo", sure="yes")

    assert own(ready).status == "undone"
    assert manager.get(f"/bureau/{ready.pk}/").status_code == 200


def test_thrown_away_by_the_page(manager, ready):
    act(manager, ready, "discard")

    assert own(ready).status == "discarded"


@pytest.mark.parametrize("what", ["confirm", "undo", "discard", "nonsense"])
def test_an_act_that_does_not_fit_changes_nothing(manager, ready, what):
    BureauList.objects.filter(pk=ready.pk).update(status="failed")

    assert act(manager, ready, what).status_code == 302
    assert own(ready).status == "failed"


def test_a_manager_elsewhere_neither_sees_nor_confirms(ready):
    other = Client()
    other.force_login(member(make_district("370829"), "manager"))

    assert act(other, ready, "confirm").status_code == 404
    assert not other.get("/bureau/").context["lists"]
    assert own(ready).status == "ready"


@pytest.mark.parametrize("status", BureauList.Status.values)
def test_every_state_has_its_page(manager, house, ready, status):
    by = {"confirmed_by": house.manager, "confirmed_at": NOW}
    undone = {"undone_by": house.manager, "undone_at": NOW} if status == "undone" else {}
    confirmed = by if status in ("confirming", "written", "undone") else {}
    BureauList.objects.filter(pk=ready.pk).update(status=status, **confirmed, **undone)

    assert manager.get(f"/bureau/{ready.pk}/").status_code == 200
    assert manager.get("/bureau/").status_code == 200


def test_ones_own_page_shows_what_the_register_told(house, guest):
    bureau.written(house, text(row(guest)))
    own_browser = Client()
    own_browser.force_login(guest.user)

    page = own_browser.get("/me/data/")

    assert [days for days, *_ in page.context["register"]] == [30, 90]
    assert "示例公司" in page.content.decode()


def test_the_way_to_the_lists_is_the_managers(house):
    reviewer = Client()
    reviewer.force_login(member(house.district, "reviewer"))

    assert not reviewer.get("/follow-ups/").context["may_import"]


def test_the_template_is_handed_out(manager):
    assert manager.get("/bureau/template.xlsx").content.startswith(b"PK")


def test_the_bureaus_key_is_told_to_the_operator(house, capsys):
    call_command("bureau_key", "370811")

    assert capsys.readouterr().out.strip() == bureau_key(house.district).hex()
    with pytest.raises(CommandError):
        call_command("bureau_key", "999999")
