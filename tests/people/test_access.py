"""Who gets past which door: every address × everybody × GET and POST. A new address needs a row.

A row says what each of WHO (doors.py) gets, in their order: + the page, > a page further on, S the
sign-in, N not allowed (403), - nothing there (404), M the wrong method (405), B what is sent is bad
(400, 422), ! not ready (503), U not known to the API (401).
"""

from copy import deepcopy

import pytest
from django.urls import resolve

from bookings.api import api
from bookings.desk.devices import issue_device, revoke_device
from bookings.people.models import Role
from bookings.places.models import Station
from tests.events import reviewer
from tests.factories import NOW
from tests.people.doors import (
    WHO,
    addresses,
    below,
    doors,
    neighbourhood,
    sign,
    signed_in,
)

pytestmark = pytest.mark.django_db
OPEN = "++++++++++"
SIGNED_IN = "S+++++++++"
OWN = "S+--------"
NO_GET = "SMMMMMMMMM"
NO_POST = "SMMMMMMMMM"
#                     GET           POST
DOORS = {
    "home": (OPEN, "MMMMMMMMMM"),
    "set_language": (">>>>>>>>>>", ">>>>>>>>>>"),
    "after_login": ("S>>>>>>>>>", NO_POST),
    "staff_home": ("SNN>>>>>>N", NO_POST),
    "people": ("SNNNNN++NN", "SNNNNN++NN"),
    "member": ("SNNNNN+-NN", "SNNNNN+-NN"),
    "deletions": ("SNNNNN++NN", NO_POST),
    "deletion_certificate": ("SNNNNN+-NN", NO_POST),
    "status": ("SNNNNN++NN", NO_POST),
    "audit": ("SNNNNN++NN", NO_POST),
    "audit_xlsx": ("SNNNNN++NN", NO_POST),
    "new_number": ("SNNNNN++NN", "SNNNNN++NN"),
    "invitation_act": (NO_GET, "SNNNNN>-NN"),
    "messages": ("SNNNNN++NN", NO_POST),
    "message_act": (NO_GET, "SNNNNN>-NN"),
    "my_messages": (SIGNED_IN, "S>>+++++++"),  # the same
    "confirm_email": ("S+--------", "S>--------"),
    "invitation": (OPEN, OPEN),
    "new_password": (OPEN, OPEN),
    "is_it_you": ("S++NNNNNNN", "S++NNNNNNN"),  # who has no way to show it is not asked
    "sessions": (SIGNED_IN, NO_POST),
    "end_other_sessions": (NO_GET, "S>>>>>>>>>"),
    "end_session": (NO_GET, "S>>>>>>>>>"),
    "my_stay": (SIGNED_IN, NO_POST),
    "my_data": (SIGNED_IN, NO_POST),
    "my_number": ("S>>+++++++", NO_POST),  # guests are asked by SMS first
    "correct": ("S++-------", "S++-------"),
    "my_data_json": ("S>>+++++++", NO_POST),  # guests are asked by SMS first
    "my_data_pdf": ("S>>+++++++", NO_POST),  # the same
    "withdraw_consent": (NO_GET, "S>>-------"),
    "give_consent": (NO_GET, "S>>-------"),
    "forget_me": (NO_GET, "S>>-------"),
    "come_from": (">>>>>>>>>>", "MMMMMMMMMM"),
    "apply_person": (SIGNED_IN, SIGNED_IN),
    "apply": ("S>>>>>>>>>", "S>>>>>>>>>"),
    "apply_discard": (NO_GET, "S>>>>>>>>>"),
    "apply_degree": (SIGNED_IN, SIGNED_IN),
    "apply_home": (SIGNED_IN, SIGNED_IN),
    "apply_purpose": (SIGNED_IN, SIGNED_IN),
    "regions": (OPEN, "MMMMMMMMMM"),
    "apply_wish": ("S>>>>>>>>>", "S>>>>>>>>>"),
    "apply_evidence": ("S>>>>>>>>>", "S>>>>>>>>>"),
    "remove_evidence": (NO_GET, "S---------"),
    "apply_check": ("S>>>>>>>>>", "S>>>>>>>>>"),
    "application": (OWN, OWN),
    "resubmit": (NO_GET, "S>--------"),
    "withdraw": (NO_GET, "S>--------"),
    "appeal": (NO_GET, OWN),
    "extend": (NO_GET, "S>--------"),
    "shorten": (NO_GET, "S>--------"),
    "book_service": (NO_GET, "S>--------"),
    "cancel_service": (NO_GET, "S>--------"),
    "evidence_file": ("S---------", NO_POST),  # without a key
    "precheck": (OPEN, "MMMMMMMMMM"),
    "precheck_of": (OPEN, "MMMMMMMMMM"),
    "review_queue": ("SNNNN+++NN", NO_POST),
    "review": ("SNNNN++-NN", "SNNNN++-NN"),
    "policies": ("SNNNNN++NN", "SNNNNN>>NN"),
    "policy": ("SNNNNN+-NN", "SNNNNN+-NN"),
    "policy_trial": ("SNNNNN+-NN", NO_POST),
    "lists": ("SNNNN+++NN", "SNNNN+++NN"),
    "list_template": ("SNNNN+++NN", NO_POST),
    "take_offer": (NO_GET, "S---------"),
    "decline_offer": (NO_GET, "S---------"),
    "wait_on": (NO_GET, "S---------"),
    "tell_me": ("S++-------", "S++-------"),
    "forget_alert": (NO_GET, "S>>>>>>>>>"),
    "boards": ("SNNNNN++NN", NO_POST),
    "board": ("SNNNNN+-NN", NO_POST),
    "board_move": (NO_GET, "SNNNNN>-NN"),
    "board_undo": (NO_GET, "SNNNNN>-NN"),
    "board_stay": ("SNNNNN+-NN", NO_POST),
    "closures": ("SNNNNN+-NN", "SNNNNN+-NN"),
    "end_closure": (NO_GET, "SNNNNN>-NN"),
    "waitlist": ("SNNNN+++NN", NO_POST),
    "pass": (OWN, NO_POST),
    "pass_png": (OWN, NO_POST),
    "pass_pdf": (OWN, NO_POST),
    "pass_ics": (OWN, NO_POST),
    "desk": ("SNN>>N++NN", NO_POST),
    "desk_day": ("SNN+-N+-NN", NO_POST),
    "scanner": ("SNN+-N+-NN", NO_POST),
    "scanner_worker": (OPEN, "MMMMMMMMMM"),
    "scanner_manifest": (OPEN, "MMMMMMMMMM"),
    "desk_scan": ("SNN>-N>-NN", "SNN+-N+-NN"),
    "desk_act": ("SNN>-N>-NN", "SNNB-NB-NN"),
    "desk_stay": ("SNN+-N+-NN", "SNNB-NB-NN"),
    "desk_correct": ("SNN+-N+-NN", "SNN+-N+-NN"),
    "services": ("SNN+-N+-NN", NO_POST),
    "new_service": ("SNNNNN+-NN", "SNNNNN+-NN"),
    "service": ("SNNNNN+-NN", "SNNNNN+-NN"),
    "slots": (NO_GET, "SNNNNN+-NN"),
    "end_slot": (NO_GET, "SNNNNN>-NN"),
    "desk_changes": ("SNN+-N+-NN", NO_POST),
    "desk_pass": ("SNN+-N+-NN", NO_POST),
    "walk_in": ("SNN+-N+-NN", "SNN+-N+-NN"),
    "walk_in_done": ("SNN+-N+-NN", NO_POST),
    "report": ("SNN+-N+-NN", "SNN+-N+-NN"),
    "incidents": ("SNN+-N+-NN", NO_POST),
    "incident": ("SNN+-N+-NN", "SNNB-NB-NN"),
    "my_notices": (SIGNED_IN, NO_POST),
    "complain": (NO_GET, OWN),
    "devices": ("SNNNNN+-NN", "SNNNNN+-NN"),
    "revoke_device": (NO_GET, "SNNNNN>-NN"),
    "desk_number": (NO_GET, "SNN+-N+-NN"),
    "conflicts": ("SNN+-N+-NN", NO_POST),
    "settle_conflict": (NO_GET, "SNN>-N>-NN"),
    "register": ("SNN+-N+-NN", "SNNB-NB-NN"),
    "registration": ("SNN+-N+-NN", "SNN+-N+-NN"),
    "register_batch": (NO_GET, "SNNB-NB-NN"),
    "handover": ("SNN+-N+-NN", "SNN+-N+-NN"),
    "handover_note": (NO_GET, "SNNB-NB-NN"),
    "answer_leaving": (NO_GET, "S>--------"),
    "follow_up_answer": (OPEN, OPEN),
    "follow_up_more": (OPEN, OPEN),
    "follow_up_stop": ("MMMMMMMMMM", ">>>>>>>>>>"),
    "follow_ups": ("SNNNN+++NN", NO_POST),
    "follow_up": ("SNNNN++-NN", "SNNNN++-NN"),
    "bureau_lists": ("SNNNNN++NN", "SNNNNN++NN"),
    "bureau_template": ("SNNNNN++NN", NO_POST),
    "bureau_list": ("SNNNNN+-NN", "SNNNNN>-NN"),
    "follow_up_proof": ("SNNNN++-NN", NO_POST),
    "judge_proof": (NO_GET, "SNNNN>>-NN"),
    "statistics": ("SNNNNN+++N", NO_POST),
    "statistics_xlsx": ("SNNNNN+++N", NO_POST),
    "statistics_retention": ("SNNNNN+++N", NO_POST),
    "statistics_retention_xlsx": ("SNNNNN+++N", NO_POST),
    "statistics_nights": ("SNNNNN+++N", NO_POST),
    "statistics_nights_xlsx": ("SNNNNN+++N", NO_POST),
    "statistics_decisions": ("SNNNNN+++N", NO_POST),
    "statistics_decisions_xlsx": ("SNNNNN+++N", NO_POST),
    "statistics_services": ("SNNNNN+++N", NO_POST),
    "statistics_services_xlsx": ("SNNNNN+++N", NO_POST),
    "statistics_districts": ("SNNNNN+++N", NO_POST),
    "statistics_districts_xlsx": ("SNNNNN+++N", NO_POST),
    "statistics_rows": ("SNNNNN++NN", NO_POST),
    "reports": ("SNNNNN+++N", "SNNNNN+++N"),
    "reports_one": ("SNNNNN+-+N", NO_POST),
    "reports_file": ("SNNNNN+-+N", NO_POST),
    "reports_send": (NO_GET, "SNNNNN>-NN"),
    "reports_subscribers": ("SNNNNN++NN", "SNNNNN++NN"),
    "reports_end_subscription": (NO_GET, "SNNNNN>-NN"),
    "reports_public": ("SNNNNN++NN", "SNNNNN>>NN"),
    "report_link": (OPEN, "MMMMMMMMMM"),
    "report_link_file": (OPEN, "MMMMMMMMMM"),
    "report_stop": (OPEN, OPEN),
    "numbers": (OPEN, "MMMMMMMMMM"),
    "numbers_of": (OPEN, "MMMMMMMMMM"),
    "channels": ("SNNNNN++NN", "SNNNNN++NN"),
    "channel_pdf": ("SNNNNN+-NN", NO_POST),
    "channel_png": ("SNNNNN+-NN", NO_POST),
    "close_channel": (NO_GET, "SNNNNN>-NN"),
    "openapi-json": (OPEN, OPEN),
    "post_scan": ("MMMMMMMMMM", "UBBBBBBBBB"),
    "post_look": ("MMMMMMMMMM", "UBBBBBBBBB"),
    "post_sync": ("MMMMMMMMMM", "UBBBBBBBBB"),
    "snapshot": ("UNN++N+-NN", "MMMMMMMMMM"),
    "pulse": ("UNN++N+-NN", "MMMMMMMMMM"),
    "find_stays": ("UBBBBBBBBB", "MMMMMMMMMM"),
    "api-root": ("----------", "----------"),
    "healthz": (OPEN, "MMMMMMMMMM"),
    "readyz": ("!!!!!!!!!!", "MMMMMMMMMM"),  # no worker runs in tests
    "metrics": (OPEN, "MMMMMMMMMM"),
    "dev_outbox": (OPEN, "MMMMMMMMMM"),
}
# allauth's pages, to who has just shown who they are; nobody in the world has a password or a factor
ACCOUNTS = {
    "account_login": ("+>>>>>>>>>", "+>>>>>>>>>"),
    "account_request_login_code": ("+>>>>>>>>>", "+>>>>>>>>>"),
    "account_confirm_login_code": ("S>>>>>>>>>", "S>>>>>>>>>"),
    "account_logout": (">+++++++++", ">>>>>>>>>>"),
    "account_inactive": ("++++++++++", "MMMMMMMMMM"),
    "account_reauthenticate": ("S>>NNNNNNN", "S>>NNNNNNN"),
    "account_change_password": ("S---------", "S---------"),
    "account_change_phone": (SIGNED_IN, SIGNED_IN),
    "account_verify_phone": ("S>>>>>>>>>", "S>>>>>>>>>"),
    # not set up here: nobody gets anywhere
    "weixin_login": ("MMMMMMMMMM", "----------"),
    "weixin_callback": ("----------", "MMMMMMMMMM"),
    "wechat_bind": (NO_GET, "S---------"),
    "wechat_unbind": (NO_GET, "S>>>>>>>>>"),
    "mfa_index": ("S+++++++++", "SMMMMMMMMM"),
    "mfa_authenticate": ("S>>>>>>>>>", "S>>>>>>>>>"),
    "mfa_reauthenticate": ("S>>NNNNNNN", "S>>NNNNNNN"),
    "mfa_activate_totp": (SIGNED_IN, SIGNED_IN),
    "mfa_deactivate_totp": ("S---------", "S---------"),
    "mfa_view_recovery_codes": ("S---------", "SMMMMMMMMM"),
    "mfa_generate_recovery_codes": (SIGNED_IN, SIGNED_IN),
    "mfa_download_recovery_codes": ("S---------", "S---------"),
    "mfa_list_webauthn": ("S+++++++++", "SMMMMMMMMM"),
    "mfa_add_webauthn": (SIGNED_IN, SIGNED_IN),
    "mfa_reauthenticate_webauthn": ("S>>NNNNNNN", "S>>NNNNNNN"),
    "mfa_remove_webauthn": ("S---------", "S---------"),
    "mfa_edit_webauthn": ("S---------", "S---------"),
    "mfa_login_webauthn": ("S>>>>>>>>>", "S>>>>>>>>>"),
}
# the API, asked as it should be for the graduate's station: by each of WHO, and by a token of the
# station, of another one, a revoked one, one that nobody issued
TOKENS = ["device", "device elsewhere", "revoked", "nonsense"]
API = {
    "post_scan": "UNN+-N+-NN +-UU",
    "post_look": "UNN+-N+-NN +-UU",
    "post_sync": "UNN+-N+-NN +-UU",
    "snapshot": "UNN+-N+-NN +-UU",
    "pulse": "UNN+-N+-NN +-UU",
    "find_stays": "UNN+-N+-NN +-UU",
}
# open to observers and not to everybody: numbers, and what is one's own
TO_OBSERVERS = {
    *["staff_home", "my_messages", "reports", "reports_one", "reports_file"],
    *["statistics", "statistics_retention", "statistics_nights"],
    *["statistics_decisions", "statistics_services"],
    *["statistics_xlsx", "statistics_retention_xlsx", "statistics_nights_xlsx"],
    *["statistics_decisions_xlsx", "statistics_services_xlsx"],
    *["statistics_districts", "statistics_districts_xlsx"],
    *["after_login", "sessions", "my_stay", "my_data", "my_data_json", "my_notices"],
    *["my_data_pdf", "my_number"],
    *["apply", "apply_person", "apply_degree", "apply_home", "apply_purpose"],
    *["apply_wish", "apply_evidence", "apply_check"],
}
STAFF = ["clerk", "clerk elsewhere", "reviewer", "manager", "manager elsewhere", "observer"]
OPEN_WITHOUT_FACTOR = {"set_language"}


@pytest.fixture(scope="module")
def made(once):
    return once(neighbourhood)


@pytest.fixture
def house(made):
    return deepcopy(made)


def written(table, who):
    return {name: tuple(row[WHO.index(who)] for row in rows) for name, rows in table.items()}


def found(client, arguments, some=None):
    return {
        name: (sign(client.get(address)), sign(client.post(address)))
        for name, address in addresses(arguments, some)
    }


def test_every_address_has_a_row_and_every_row_an_address():
    assert {name for name, *_ in doors()} == set(DOORS)
    assert {name for name, *_ in below("accounts/")} == set(ACCOUNTS)


@pytest.mark.parametrize("who", WHO)
def test_the_doors_open_as_written_for(who, house):
    client = signed_in(house.who[who])

    assert found(client, house.arguments) == written(DOORS, who)


@pytest.mark.parametrize("who", WHO)
def test_the_accounts_pages_open_as_written_for(who, house):
    got = {}
    for door in below("accounts/"):
        client = signed_in(house.who[who], sure=True)  # signing out is one of them
        got |= found(client, house.arguments, [door])

    assert got == written(ACCOUNTS, who)


@pytest.mark.any_engine
@pytest.mark.parametrize("who", WHO)
def test_the_technical_admin_opens_to_nobody_of_them(who, house):
    client = signed_in(house.who[who])
    asked = {"object_id": 1, "content_type_id": 1, "url": "x", "id": 1, "pk": 1, "token": ""}
    some = [one for one in below("admin/") if one[0] not in ("jsi18n", "logout", "app_list")]

    answers = {
        getattr(one, "url", "").partition("?")[0] or one.status_code
        for _name, address in [*addresses(asked, some), ("app_list", "/admin/bookings/")]
        for one in (client.get(address), client.post(address))
    }

    assert answers <= {"/admin/login/", "/accounts/login/", "/accounts/login/code/", 403}


def test_an_observer_sees_numbers_and_no_rows():
    opened = {
        name
        for name, (get, _post) in DOORS.items()
        if get[WHO.index("observer")] in "+>" and get[0] not in "+>"
    }

    assert opened == TO_OBSERVERS


@pytest.mark.any_engine
@pytest.mark.parametrize("who", STAFF)
def test_staff_without_the_second_factor_are_led_to_set_one_up(who, house, settings):
    settings.STAFF_SECOND_FACTOR = True
    client = signed_in(house.who[who])

    elsewhere = {
        name
        for name, address in addresses(house.arguments)
        for answer in (client.get(address), client.post(address))
        if getattr(answer, "url", "") != "/accounts/2fa/"
    }

    assert elsewhere == OPEN_WITHOUT_FACTOR


@pytest.mark.any_engine
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_other_method_is_known(who, method, house, django_assert_num_queries):
    client = signed_in(house.who[who])
    everywhere = [*doors(), *below("accounts/")]

    with django_assert_num_queries(0):
        answers = {
            getattr(client, method)(address).status_code
            for _name, address in addresses(house.arguments, everywhere)
        }

    assert answers == {405}


# --- the API --------------------------------------------------------------------------------------


def operations():
    """Each operation of the OpenAPI document: its name, method and address."""
    for address, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            yield resolve(address).url_name, method, address


def tokens():
    """The tokens by name."""
    here, other = (Station.objects.get(slug=slug) for slug in ("sample", "other"))
    made = {
        name: issue_device(station=station, name="示例", by=reviewer(), now=NOW)
        for name, station in (("device", here), ("device elsewhere", other), ("revoked", here))
    }
    revoke_device(device=made["revoked"][0], by=reviewer(), now=NOW)
    return {**{name: token for name, (_, token) in made.items()}, "nonsense": "x" * 40}


def test_every_operation_has_a_row():
    assert {name for name, *_ in operations()} == set(API)


@pytest.mark.parametrize("who", [*WHO, *TOKENS])
def test_the_api_answers_as_written_to(who, house):
    client = signed_in(house.who.get(who))
    token = tokens().get(who)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    one = {"code": "QQQQQQQQ", "nonce": "n", "at": NOW.isoformat(), "action": "arrive"}
    sent = {"station": "sample", "scans": [], **one}

    got = {}
    for name, method, address in operations():
        more = {"content_type": "application/json"} if method == "post" else {}
        data = sent if method == "post" else {"station": "sample", "q": "0000"}
        got[name] = sign(getattr(client, method)(address, data, headers=headers, **more))

    place = [*WHO, *TOKENS].index(who)
    assert got == {name: row.replace(" ", "")[place] for name, row in API.items()}


def test_every_role_knocks():
    assert set(Role.values) <= set(WHO)
