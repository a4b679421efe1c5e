"""The rules that the scan page has in JavaScript are those of verdict.py, row by row."""

import pytest

from tests.desk.verdict_cases import cases

pytestmark = pytest.mark.django_db(transaction=True)

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
