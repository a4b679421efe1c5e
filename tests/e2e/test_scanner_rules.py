"""The rules that the scan page has in JavaScript are those of verdict.py, row by row."""

import pytest

from tests.desk.verdict_cases import cases, service_cases

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]

JUDGE = """async ([address, rows]) => {
    const { verdict, due } = await import(address);
    return rows.map(({ stay, check_in_from, action, at }) => {
        const moment = (text) => {
            const [day, time] = text.split("T");
            return { day, time: time.slice(0, 5), instant: Date.parse(text) };
        };
        const arrived = stay.arrived_at && moment(stay.arrived_at);
        const { result, reason } = verdict({ ...stay, arrived, check_in_from }, action, moment(at));
        return [result, reason, due(stay.status, { result, reason })];
    });
}"""


def test_both_judge_alike(visitor, site):
    one = visitor()
    one.open("/")
    rows = [row for row in cases() if row["service"] is None and row["reason"] != "no_such_service"]

    judged = one.page.evaluate(JUDGE, [f"{site}/static/desk/scanner/verdict.js", rows])

    assert judged == [[row["result"], row["reason"], row["due"]] for row in rows]
    assert len(rows) > 5000


MAY_USE = """async ([address, rows]) => {
    const { mayUse } = await import(address);
    return rows.map(({ asked, at }) => {
        const { result, reason } = mayUse(asked, { time: at.slice(0, 5) });
        return [result, reason];
    });
}"""


def test_both_judge_services_alike(visitor, site):
    one = visitor()
    one.open("/")
    rows = list(service_cases())

    judged = one.page.evaluate(MAY_USE, [f"{site}/static/desk/scanner/verdict.js", rows])

    assert judged == [[row["result"], row["reason"]] for row in rows]
    assert {row["reason"] for row in rows} == {"fine", "used_up", "service_closed", "fully_booked"}


HOUSE = """async ([address, list, acts]) => {
    const { House } = await import(address);
    const house = new House(list, "Asia/Shanghai");
    const told = [];
    for (const act of acts) {
        const { result, reason, stay } = await house.judge({ ...act, at: Date.parse(act.at) });
        if (result !== "refused") house.apply(stay, act);
        told.push(reason);
    }
    return told;
}"""


def stay_of(number, **more):
    known = {"id": number, "reference": f"A00000{number}", "status": "arrived", "services": {}}
    days = {"arrival": "2026-11-23", "departure": "2026-11-26", "arrived_at": None}
    return {**known, **days, "codes": [], "revoked_codes": [], "used_before": {}, **more}


def test_a_desk_without_the_network_keeps_hours_places_and_limits(visitor, site):
    one = visitor()
    one.open("/")
    slot = {"starts_at": "2026-11-24T01:00:00Z", "ends_at": "2026-11-24T02:00:00Z"}
    plain = {"per_day": 9, "per_stay": None, "opens": None, "closes": None}
    plain |= {"by_appointment": False, "slots": []}
    services = [
        {**plain, "code": "suit", "per_stay": 2},
        {**plain, "code": "breakfast", "opens": "07:00:00", "closes": "09:00:00"},
        {**plain, "code": "talk", "by_appointment": True, "slots": [{**slot, "id": 1, "free": 1}]},
    ]
    booked = stay_of(1, used_before={"suit": 1}, bookings=[{**slot, "service": "talk", "slot": 1}])
    others = [stay_of(number) for number in (2, 3)]
    list_ = {"stays": [booked, *others], "services": services, "day": "2026-11-24"}
    list_ |= {"station": {"check_in_from": "14:00:00"}}
    asked = [  # who, what, at which hour
        *[(1, "suit", 9), (1, "suit", 9), (2, "breakfast", 8), (2, "breakfast", 9)],
        *[(2, "talk", 9), (3, "talk", 9), (1, "talk", 9), (3, "talk", 10), (3, "sauna", 9)],
    ]
    acts = [
        {
            "code": f"A00000{who}",
            "action": "redeem",
            "service": what,
            "at": f"2026-11-24T{hour:02}:30:00+08:00",
        }
        for who, what, hour in asked
    ]

    told = one.page.evaluate(HOUSE, [f"{site}/static/desk/scanner/house.js", list_, acts])

    assert told == [
        *["fine", "used_up", "fine", "service_closed"],
        *["fine", "fully_booked", "fine", "service_closed", "no_such_service"],
    ]
