"""``python3 dev.py bench growth``: what is looked at, with ever more attempts: 20,000, 100,000 and 1,000,000 of them.

Every learner has ten attempts and there are twenty exams, so an exam has up to 50,000 attempts. Only reads, and only
the portal: what is asked is how much more each page costs when there is ten times as much.
"""

import argparse
import time
from dataclasses import replace
from itertools import islice

from flask import Flask

from bench import data, load, report, servers, works
from bench.__main__ import place, say
from bench.data import TEACHER, email_of, exam_of, learners_of
from bench.data.sizes import FULL, Size
from bench.load import Measured, Pace
from bench.rounds import drive_at
from bench.servers import Server, Shape
from bench.works import Parts, People, Work
from portal import clock
from portal.db import db, upgrade
from portal.domain.attempts.search import PAGE_SIZE

SIZES = (20_000, 100_000, 1_000_000)
#: Two for each process: a request that waits behind fifteen others says nothing about its own length.
CONNECTIONS = 4
SEARCHES = 400
REST_SECONDS = 10


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench growth", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--sizes", type=sizes, default=SIZES, help="attempts, from few to many: 20000,100000,1000000")
    parser.add_argument("--seconds", type=float, default=5, help="that each work is driven (default 5)")
    parser.add_argument("--processes", type=int, default=2, help="that answer requests (default 2)")
    parser.add_argument("--threads", type=int, default=1, help="of each process (default 1)")
    parser.add_argument("--port", type=int, default=5073)
    parser.add_argument("--worker", choices=("on", "off"), default="on", help="background work in the same processes")
    parser.add_argument("--without-analyze", action="store_true", help="the database has not counted what it holds")
    asked = parser.parse_args(words)
    asked.synchronous = "FULL"
    return asked


def sizes(said: str) -> tuple[int, ...]:
    """:raises ValueError: too few for every exam to have a page, or not from few to many."""
    wanted = tuple(int(part) for part in said.replace("_", "").split(","))
    if wanted[0] < FULL.exams * PAGE_SIZE or list(wanted) != sorted(set(wanted)):
        raise ValueError(said)
    return wanted


def size_of(attempts: int) -> Size:
    """What grows is what has been; as many learners at most have an exam running as in the bench's own table."""
    learners = attempts // FULL.attempts_each
    return replace(FULL, learners=learners, running_share=min(FULL.running_share, FULL.running / learners))


def reads(app: Flask, size: Size) -> list[Work]:
    """The table's reads, a page deep in the list, and searches: by a name that many have, by one's email address."""
    some = Parts.of(size).stay
    people = People(app, [TEACHER, *some])
    staff = people(TEACHER)
    of_exam = size.attempts // size.exams
    deep = of_exam // PAGE_SIZE // 2
    sought = learners_of(size)[:: max(1, size.learners // SEARCHES)]
    return [
        *works.reads(people, some, size),
        Work(name="deep", title="Course team's attempts, the middle page", data="", journeys=[
            [staff.asks(f"/teach/exams/exam-{id}/attempts?page={deep}")] for id in range(1, 1 + size.exams)]),
        Work(name="search", title="Search by a name", data="", journeys=[
            [staff.asks(works.search_of(number, size))] for number in range(SEARCHES)]),
        Work(name="email", title="Search by an email address", data="", journeys=[
            [staff.asks(f"/teach/exams/exam-{exam_of(id, 0, size)}/attempts?q={email_of(id)}")]
            for id in islice(sought, SEARCHES)]),
    ]  # fmt: skip


def measure(asked: argparse.Namespace, size: Size) -> dict[str, Measured]:
    """What each work showed, by its title; the data is gone afterwards."""
    shape = Shape(processes=asked.processes, threads=asked.threads, port=asked.port)
    pace = Pace(warm_seconds=size.warm_seconds, seconds=asked.seconds, connections=CONNECTIONS)
    with place(asked) as here:
        chosen = make(here.app(), size, analyze=not asked.without_analyze)
        with servers.portal(shape, here.environment()) as server:
            say(rest(server))
            return {work.title: drive_at(server, work.journeys, pace, here.folder) for work in chosen}


def rest(server: Server) -> str:
    """Wait until the background has done what is due when a server starts, so that no page pays for it."""
    before = server.cpu_seconds()
    time.sleep(REST_SECONDS)
    return (
        f"In the first {REST_SECONDS} s, when nobody asked, it used {server.cpu_seconds() - before:.1f} s of processor."
    )


def make(app: Flask, size: Size, *, analyze: bool) -> list[Work]:
    began = time.monotonic()
    with app.app_context():
        upgrade.upgrade()
        data.fill(size, now=clock.now(), with_provider=False, analyze=analyze)
        made = reads(app, size)
        db.session.remove()
        db.engine.dispose()
    say(f"Made {size.attempts:,} attempts of {size.learners:,} learners in {time.monotonic() - began:.0f} s.")
    return made


def table(found: dict[int, dict[str, Measured]]) -> str:
    """Work by size; the last column is what the largest costs beside the one before it."""
    every = list(found)
    head = ["work"]
    for attempts in every:
        head += [f"{attempts:,}: CPU ms", "req/s", "p99 ms"]
    compares = len(every) > 1
    head += [f"CPU, {every[-2]:,} to {every[-1]:,}"] if compares else []
    lines = [tuple(head)]
    for title in found[every[0]]:
        row = [found[attempts][title] for attempts in every]
        cells = [cell for one in row for cell in _cells(one)]
        lines.append((title, *cells, *([_factor(row[-2], row[-1])] if compares else [])))
    return report.in_columns(lines)


def _cells(one: Measured) -> tuple[str, str, str]:
    return f"{one.server_cpu_ms:.2f}", f"{one.rate:,.0f}", f"{one.percentile(99):.0f}"


def _factor(before: Measured, after: Measured) -> str:
    return f"× {after.server_cpu_ms / before.server_cpu_ms:.1f}" if before.server_cpu_ms else ""


def main(words: list[str]) -> None:
    asked = arguments(words)
    say(report.machine())
    say(f"{asked.database}, {asked.processes} processes of {asked.threads} threads, {CONNECTIONS} connections")
    found = {attempts: measure(asked, size_of(attempts)) for attempts in asked.sizes}
    say(f"\n{table(found)}\n")
    wrong = [(title, attempts, one) for attempts, every in found.items() for title, one in every.items() if one.errors]
    for title, attempts, one in wrong:
        say(f"{title}, {attempts:,}: not answered as it should be: {load.told(one.errors)}.")
