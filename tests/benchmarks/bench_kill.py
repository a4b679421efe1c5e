"""The process is killed two hundred times in the middle of its acts: nothing is half done or lost."""

import json

import pytest

from tests.benchmarks.site import call, engines, own_site

KILLS = 200


@pytest.mark.parametrize("engine", engines())
def test_nothing_is_half_written_and_nothing_acknowledged_is_lost(engine, tmp_path):
    env = own_site(engine, tmp_path)

    told = json.loads(call(env, "-m", "tests.benchmarks.killed", str(KILLS), "1").splitlines()[-1])

    print(f"\n{engine}: {told['kills']} kills, {told['acknowledged']} acts acknowledged")
    assert told["wrong"] == []
    assert told["acknowledged"] > KILLS // 2
