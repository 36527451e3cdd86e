"""edx-proctoring beside the portal: what is sent, when its figures are refused, and the table that shows them."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from bench import report
from bench.__main__ import NAMES, arguments
from bench.data.sizes import FULL, QUICK
from bench.load import Measured, Pace
from bench.peers import growth, plan, table, works
from bench.peers.table import PeerRow, Portal
from bench.peers.works import PeerWork

SIZES = pytest.mark.parametrize("size", [FULL, QUICK], ids=["full", "quick"])
WORK = PeerWork(name="reviewed", title="Review", journeys=[], is_once=True, grows={"review": 1, "comment": 3})
MEASURED = Measured(latencies=[10.0, 20.0, 900.0], gone=5, seconds=2, errors=Counter(), own_cpu_share=0.1,
                    server_cpu_seconds=0.05)  # fmt: skip


def bodies(work):
    return [json.loads(step["body"]) for journey in work.journeys for step in journey]


def named(size):
    return {work.name: work for work in works.all_of(size)}


@SIZES
def test_each_journey_is_one_that_the_load_tool_can_go_and_the_seed_can_sign(size):
    for work in works.all_of(size):
        assert len(work.journeys) > 2, work.name
        for step in (step for journey in work.journeys for step in journey):
            assert set(step) == {"method", "path", "headers", "body", "expect", "who"}
            assert (step["expect"], step["path"].startswith("/api/edx_proctoring/v1/")) == (200, True)
            assert (step["method"] == "GET") == (step["body"] == "")
            assert not step["body"] or json.loads(step["body"])


def test_each_has_the_name_of_the_portals_row():
    assert set(named(FULL)) - set(NAMES) <= {"allowances"}


@SIZES
def test_writes_say_what_grows_and_reads_do_not(size):
    for work in works.all_of(size):
        assert work.is_once == bool(work.grows), work.name


@SIZES
def test_the_data_are_as_many_as_the_portals(size):
    rows = plan.rows(size)
    timed = [row for row in rows["attempts"] if row[2] <= size.exams]
    assert len(rows["people"]) == size.learners + 1
    assert (len(timed), len(rows["attempts"])) == (size.attempts, size.attempts + 2 * size.learners)
    assert (len(rows["allowances"]), len(rows["exams"])) == (2 * size.learners, size.exams + 2)
    assert sum(row[3] == "started" for row in timed) == size.running


@SIZES
def test_what_is_created_and_granted_is_not_there_yet(size):
    rows, made = plan.rows(size), named(size)
    tried = {(row[1], row[2]) for row in rows["attempts"]}
    begun = {(step["who"], json.loads(step["body"])["exam_id"]) for [step] in made["create"].journeys}
    granted = [(plan.username_of(learner), exam) for learner, exam, _ in rows["allowances"]]
    granted += [(said["user_info"], said["exam_id"]) for said in bodies(made["allowance"])]
    for said in bodies(made["allowances"]):
        granted += [(one, int(exam)) for one in said["user_ids"].split(",") for exam in said["exam_ids"].split(",")]
    assert not tried & begun
    assert len(granted) == len(set(granted))


def test_a_hundred_people_get_three_exams_in_one_request():
    bulk = named(FULL)["allowances"]
    assert {(len(said["user_ids"].split(",")), len(said["exam_ids"].split(","))) for said in bodies(bulk)} == {(100, 3)}
    assert (bulk.title, set(bulk.grows.values())) == ("Grant 100 people × 3 exams (one request)", {300})


@pytest.mark.every_row
@pytest.mark.parametrize(
    ("reviews", "comments", "is_refused"),
    [
        (5, 15, False),
        (5 + 16, 15 + 3 * 16, False),  # One more over each connection, whose answer nobody waited for.
        (4, 15, True),
        (5, 14, True),
        (5 + 17, 15, True),
        (0, 0, True),
    ],
)
def test_figures_are_refused_where_the_database_does_not_show_what_was_answered(reviews, comments, is_refused):
    before, after = {"review": 7, "comment": 2}, {"review": 7 + reviews, "comment": 2 + comments}
    if not is_refused:
        return growth.check(WORK, MEASURED, before, after)
    with pytest.raises(growth.NothingDone, match=r"reviewed: 5 were answered, so (review|comment) should be"):
        growth.check(WORK, MEASURED, before, after)


@pytest.mark.parametrize("grows", [WORK.grows, {}], ids=["write", "read"])
def test_a_work_that_was_never_answered_is_refused(grows):
    with pytest.raises(growth.NothingDone, match="nothing was answered"):
        growth.check(replace(WORK, grows=grows), replace(MEASURED, gone=0), dict.fromkeys(grows, 0), {})


def cells_of(**more):
    facts = {"work": WORK, "statements": 1234, "peer": MEASURED, "pace": Pace(warm_seconds=1, seconds=5)}
    return dict(zip(table.HEAD, PeerRow(**{**facts, "portal": None, **more}).cells(), strict=True))


def test_the_table_puts_the_portal_beside_it():
    said = cells_of(portal=Portal(rate=150, cpu_ms=5))
    assert (said["req/s"], said["p50 ms"], said["p99 ms"], said["CPU ms"]) == ("1.50", "20", "900", "10.00")
    assert (said["portal : peer, req/s"], said["portal : peer, CPU"]) == ("100 : 1", "0.50 : 1")
    assert (said["SQL"], said["how"], said["errors"]) == ("1,234", "16 connections, 5 s", "0")


def test_the_table_says_how_slow_work_was_measured_and_what_failed():
    failed = replace(MEASURED, errors=Counter({"500": 2}))
    said = cells_of(peer=failed, pace=Pace(warm_seconds=0, seconds=150, connections=2, requests=12))
    assert (said["how"], said["errors"], said["portal : peer, CPU"]) == ("2 connections, 12 requests", "2×500", "–")


def test_a_work_without_a_rate_has_no_ratio():
    nothing = replace(MEASURED, latencies=[], gone=0)
    assert cells_of(peer=nothing, portal=Portal(rate=1, cpu_ms=1))["portal : peer, req/s"] == "–"


def test_the_table_is_one_in_markdown():
    lines = report.in_columns([table.HEAD, tuple(cells_of().values())]).splitlines()
    assert (len(lines), len({len(line) for line in lines}), lines[1][:3]) == (3, 1, "|--")


def test_the_peer_is_measured_only_where_it_is_asked_for():
    assert (arguments([]).peer, arguments(["--peer"]).peer) == (False, True)
