"""`simulate_beds`: a stream of requests through the real planner, told as its contract says."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

ROOMS = "room,beds,sex\n101,2,flexible\n"
HEADER = "ref,at,sex,arrival,nights,cancelled_at"


@pytest.fixture
def simulate(tmp_path):
    """Run the command: its tally, and who slept where."""

    def run(requests, *, rooms=ROOMS, header=HEADER):
        (tmp_path / "rooms.csv").write_text(rooms)
        (tmp_path / "requests.csv").write_text("\n".join([header, *requests]) + "\n")
        out, plan = io.StringIO(), tmp_path / "plan.csv"
        call_command(
            "simulate_beds",
            rooms=tmp_path / "rooms.csv",
            requests=tmp_path / "requests.csv",
            plan=plan,
            stdout=out,
        )
        return json.loads(out.getvalue()), plan.read_text().splitlines()

    return run


def test_the_tally_and_the_plan(simulate):
    told, plan = simulate(["a,2026-07-01T09:00,women,2026-07-02,2,"])

    assert told.pop("seconds") >= 0
    assert told == {
        "nights_served": 2,
        "requests": 1,
        "placed_at_once": 1,
        "placed_from_waitlist": 0,
        "refused": 0,
        "moves": 0,
    }
    assert plan == ["ref,room,bed,night", "a,101,1,2026-07-02", "a,101,1,2026-07-03"]


def test_who_finds_no_bed_waits_for_one_that_is_given_back(simulate):
    told, plan = simulate(
        [
            "a,2026-07-01T09:00,women,2026-07-05,2,2026-07-03T09:00",
            "b,2026-07-01T10:00,women,2026-07-05,2,",
            "c,2026-07-01T11:00,women,2026-07-05,2,",
            "d,2026-07-01T12:00,women,2026-07-05,2,",
        ]
    )

    assert [told[key] for key in ("placed_at_once", "placed_from_waitlist", "refused")] == [2, 1, 1]
    assert {line.split(",")[0] for line in plan[1:]} == {"b", "c"}


def test_others_are_moved_so_that_nobody_is_turned_away_in_vain(simulate):
    told, _ = simulate(
        [
            "a,2026-07-01T09:00,women,2026-07-05,1,",
            "b,2026-07-01T09:01,men,2026-07-06,1,",
            "c,2026-07-01T09:02,women,2026-07-06,1,",
        ],
        rooms="room,beds,sex\n1,1,flexible\n2,1,flexible\n",
    )

    assert (told["placed_at_once"], told["nights_served"]) == (3, 3)


def test_a_no_show_loses_its_first_night_only(simulate):
    told, plan = simulate(
        [
            "a,2026-07-01T09:00,women,2026-07-05,3,2026-07-05T22:00",
            "b,2026-07-01T10:00,women,2026-07-06,2,",
            "c,2026-07-01T11:00,women,2026-07-06,2,",
        ],
        rooms="room,beds,sex\n1,2,women\n",
    )

    assert told["placed_from_waitlist"] == 1
    assert told["nights_served"] == 4
    assert not [line for line in plan if line.startswith("a,")]


def test_a_guest_who_has_arrived_is_not_moved(simulate):
    told, _ = simulate(
        [
            "a,2026-07-01T09:00,women,2026-07-01,3,",
            "b,2026-07-02T09:00,men,2026-07-02,1,",
        ]
    )

    assert told["refused"] == 1


def test_a_flexible_request_takes_other_days_then_fewer_nights(simulate):
    full = ["a,2026-07-01T09:00,women,2026-07-05,2,,,", "b,2026-07-01T09:00,women,2026-07-05,2,,,"]
    header = f"{HEADER},flex_days,min_nights"

    _, shifted = simulate([*full, "c,2026-07-01T10:00,women,2026-07-05,2,,2,2"], header=header)
    _, shortened = simulate([*full, "c,2026-07-01T10:00,women,2026-07-04,2,,0,1"], header=header)

    assert [line.split(",")[3] for line in shifted if line[0] == "c"] == [
        "2026-07-03",
        "2026-07-04",
    ]
    assert [line.split(",")[3] for line in shortened if line[0] == "c"] == ["2026-07-04"]


def test_instants_with_an_offset_are_brought_to_local_time(simulate):
    told, _ = simulate(["a,2026-07-01T23:00+00:00,women,2026-07-01,1,"])

    assert told["refused"] == 1  # seven in the morning of the next day


def test_who_gives_up_while_waiting_is_not_placed(simulate):
    told, plan = simulate(
        [
            "a,2026-07-01T09:00,women,2026-07-05,2,2026-07-03T09:00",
            "b,2026-07-01T10:00,women,2026-07-05,2,2026-07-02T09:00",
        ],
        rooms="room,beds,sex\n1,1,women\n",
    )

    assert (told["placed_from_waitlist"], told["nights_served"]) == (0, 0)
    assert len(plan) == 1


def test_who_asks_at_the_same_instant_is_served_by_reference(simulate):
    _, plan = simulate(
        ["b,2026-07-01T09:00,women,2026-07-05,1,", "a,2026-07-01T09:00,women,2026-07-05,1,"],
        rooms="room,beds,sex\n1,1,women\n",
    )

    assert plan[1:] == ["a,1,1,2026-07-05"]


def test_a_no_show_found_two_days_late_loses_the_nights_until_then(simulate):
    told, plan = simulate(
        [
            "a,2026-07-01T09:00,women,2026-07-05,4,2026-07-07T08:00",
            "b,2026-07-01T10:00,women,2026-07-07,2,",
        ],
        rooms="room,beds,sex\n1,1,women\n",
    )

    assert told["placed_from_waitlist"] == 1
    assert plan[1:] == ["b,1,1,2026-07-07", "b,1,1,2026-07-08"]


def test_just_before_the_cut_off_it_is_a_cancellation_and_the_night_is_given_again(simulate):
    told, _ = simulate(
        [
            "a,2026-07-01T09:00,women,2026-07-05,1,2026-07-05T21:59",
            "b,2026-07-01T10:00,women,2026-07-05,1,",
        ],
        rooms="room,beds,sex\n1,1,women\n",
    )

    assert (told["placed_from_waitlist"], told["nights_served"]) == (1, 1)


def test_a_flexible_request_does_not_arrive_in_the_past(simulate):
    header = f"{HEADER},flex_days,min_nights"
    full = "a,2026-07-01T09:00,women,2026-07-02,1,,,"

    _, plan = simulate(
        [full, "b,2026-07-02T09:00,women,2026-07-02,1,,1,1"],
        rooms="room,beds,sex\n1,1,women\n",
        header=header,
    )

    assert plan[1:] == ["a,1,1,2026-07-02", "b,1,1,2026-07-03"]


def test_after_the_cut_off_nobody_arrives_on_the_same_day(simulate):
    told, _ = simulate(["a,2026-07-01T22:00,women,2026-07-01,1,"])

    assert told["refused"] == 1


def test_an_empty_house_refuses_and_no_requests_are_no_trouble(simulate):
    nobody, _ = simulate([])
    nowhere, _ = simulate(["a,2026-07-01T09:00,women,2026-07-02,1,"], rooms="room,beds,sex\n")

    assert (nobody["requests"], nobody["nights_served"]) == (0, 0)
    assert nowhere["refused"] == 1


@pytest.mark.parametrize(
    ("requests", "rooms", "words"),
    [
        (["a,soon,women,2026-07-02,2,"], ROOMS, "line 2: at must be an instant"),
        (["a,2026-07-01T09:00,women,2026-02-30,2,"], ROOMS, "line 2: arrival must be a date"),
        (["a,2026-07-01T09:00,women,2026-07-02,0,"], ROOMS, "nights must be a whole number"),
        (["a,2026-07-01T09:00,x,2026-07-02,1,"], ROOMS, "sex must be women or men"),
        ([], "room,beds,sex\n1,2,mixed\n", "sex must be women, men or flexible"),
        ([], "room,beds\n1,2\n", "the header lacks sex"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(simulate, requests, rooms, words):
    with pytest.raises(CommandError, match=words):
        simulate(requests, rooms=rooms)
