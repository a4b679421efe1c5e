"""Every act that the code writes into the audit log has its words."""

import ast
from pathlib import Path

import bookings
from bookings.desk.register.models import Registration
from bookings.operations.trail.words import ACTIONS, GROUPS

ROOT = Path(bookings.__file__).parent
WRITERS = {"log", "record", "record_unsealed", "_log", "_note", "_noted"}


def written():
    """The acts named in calls that write an entry; those put together as one runs are not seen."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in WRITERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_act_has_words():
    assert set(written()) - set(ACTIONS) == set()


def test_so_has_what_the_police_answer():
    answers = {f"registration {state}" for state in ("confirmed", "refused")}

    assert answers <= set(ACTIONS)
    assert {"confirmed", "refused"} <= set(Registration.State.values)


def test_an_act_is_in_one_group_and_no_group_is_called_as_one():
    assert len(ACTIONS) == sum(len(actions) for _label, actions in GROUPS.values())
    assert not set(GROUPS) & set(ACTIONS)
