"""Killed hundreds of times in the middle of their acts, a process by itself and the whole site: nothing
is half done or lost. SITE_KILLS in the environment says how often the site is killed."""

import json
import os

import pytest

from tests.benchmarks.site import call, engines, own_site

KILLS = 200
SITE_KILLS = int(os.environ.get("SITE_KILLS", "100"))


@pytest.mark.parametrize("engine", engines())
def test_nothing_is_half_written_and_nothing_acknowledged_is_lost(engine, tmp_path):
    env = own_site(engine, tmp_path)

    told = json.loads(call(env, "-m", "tests.benchmarks.killed", str(KILLS), "1").splitlines()[-1])

    print(f"\n{engine}: {told['kills']} kills, {told['acknowledged']} acts acknowledged")
    assert told["wrong"] == []
    assert told["acknowledged"] > KILLS // 2


@pytest.mark.parametrize("engine", engines())
def test_the_whole_site_loses_nothing_that_it_acknowledged(engine, tmp_path):
    env = own_site(engine, tmp_path, port=8934)

    told = call(env, "-m", "tests.benchmarks.killed_site", str(SITE_KILLS), "1").splitlines()[-1]
    found = json.loads(told)

    print(f"\n{engine}: {found}")
    assert found["wrong"] == []
    assert min(found["acknowledged"].values()) > SITE_KILLS // 20
