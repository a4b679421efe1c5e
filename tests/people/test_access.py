"""Who gets past which door: every address × everybody × GET and POST. A new address needs a row.

A row says what each of WHO gets, in their order: + the page, > a page further on, S the sign-in,
N not allowed (403), - nothing there (404), M the wrong method (405), B what is sent is bad (400, 422), ! not ready (503),
U not known to the API (401).
"""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tests.people.world import world

pytestmark = pytest.mark.django_db
WHO = [
    "anonymous",
    "graduate",
    "other graduate",
    "clerk",
    "clerk elsewhere",
    "reviewer",
    "manager",
    "manager elsewhere",
    "observer",
    "deactivated",
]
SIGNS = {200: "+", 400: "B", 401: "U", 403: "N", 404: "-", 405: "M", 410: "-", 422: "B", 503: "!"}
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
    "my_data_json": ("S>>+++++++", NO_POST),  # guests are asked by SMS first
    "withdraw_consent": (NO_GET, "S>>-------"),
    "give_consent": (NO_GET, "S>>-------"),
    "forget_me": (NO_GET, "S>>-------"),
    "come_from": (">>>>>>>>>>", "MMMMMMMMMM"),
    "apply_person": (SIGNED_IN, SIGNED_IN),
    "apply": ("S>>>>>>>>>", "S>>>>>>>>>"),
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
    "desk_scan": (NO_GET, "SNN+-N+-NN"),
    "desk_act": (NO_GET, "SNNB-NB-NN"),
    "desk_stay": ("SNN+-N+-NN", "SNNB-NB-NN"),
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
ELSEWHERE = {"admin/", "accounts/"}  # Django's own and allauth's


def doors(patterns=None, space=""):
    """Each address of ours as (name, name to reverse, its arguments)."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if str(one.pattern) in ELSEWHERE:
            continue
        if hasattr(one, "url_patterns"):
            inner = f"{one.namespace}:" if one.namespace else space
            yield from doors(one.url_patterns, inner)
        else:
            yield one.name, f"{space}{one.name}", list(one.pattern.converters)


def test_every_address_has_a_row_and_every_row_an_address():
    assert {name for name, *_ in doors()} == set(DOORS)


def sign(response):
    if response.status_code in (301, 302):
        return "S" if "/accounts/" in response.url else ">"
    return SIGNS[response.status_code]


@pytest.mark.parametrize("who", WHO)
def test_the_doors_open_as_written_for(who):
    everybody, arguments = world()
    client = Client()
    if everybody[who]:
        client.force_login(everybody[who])

    found, written = {}, {}
    for name, full, keys in doors():
        given = {**arguments, "pk": arguments.get(name, arguments["pk"])}
        given["token"] = arguments.get(f"{name} token", arguments.get(name, arguments["token"]))
        address = reverse(full, kwargs={key: given[key] for key in keys})
        found[name] = sign(client.get(address)), sign(client.post(address))
        written[name] = tuple(row[WHO.index(who)] for row in DOORS[name])

    assert found == written
