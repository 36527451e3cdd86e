"""``python3 dev.py bench [NAME] [--database sqlite|postgresql] [--quick]``: make the data, load it, print the table."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from bench import counting, data, load, report, servers, works
from bench.counting import Asked
from bench.data.sizes import FULL, QUICK, Size
from bench.load import Measured, Pace
from bench.servers import ROOT, Server, Shape
from bench.works import Work
from portal import clock, create_app
from portal.db import db, upgrade

NAMES = ("clock", "question", "list", "attempts", "search", "autosave", "create", "submit", "allowance",
         "ready", "reviewed")  # fmt: skip
SECRET = "only for the bench, where nothing is secret"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a run keeps its things."""

    folder: Path
    database_url: str
    synchronous: str
    worker: str
    public_url: str
    """Access tokens are for one address."""

    def environment(self) -> dict[str, str]:
        return {
            "PORTAL_DATA": str(self.folder), "PORTAL_DATABASE_URL": self.database_url, "PORTAL_SECRET_KEY": SECRET,
            "PORTAL_SQLITE_SYNCHRONOUS": self.synchronous, "PORTAL_DEMO": "false", "PORTAL_WORKER": self.worker,
            "PORTAL_PUBLIC_URL": self.public_url, "BENCH_PLAN": str(self.folder / "bare.json"),
        }  # fmt: skip

    def app(self) -> Flask:
        return create_app(
            DATA=str(self.folder), DATABASE_URL=self.database_url, SECRET_KEY=SECRET, WORKER="off",
            SQLITE_SYNCHRONOUS=self.synchronous, PUBLIC_URL=self.public_url, SERVER_NAME=None,
        )  # fmt: skip


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"only these of: {', '.join(NAMES)}")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--quick", action="store_true", help="little data, short runs: whether it works, not how fast")
    parser.add_argument("--processes", type=int, default=2, help="that answer requests (default 2)")
    parser.add_argument("--threads", type=int, default=1, help="of each process (default 1)")
    parser.add_argument("--port", type=int, default=5071)
    parser.add_argument("--synchronous", choices=("FULL", "NORMAL"), default="FULL", help="of SQLite; FULL is ours")
    parser.add_argument("--worker", choices=("on", "off"), default="on", help="background work in the same processes")
    parser.add_argument("--peer", action="store_true", help="then edx-proctoring, too (docs/bench-peers.md)")
    asked = parser.parse_args(words)
    if unknown := set(asked.name) - set(NAMES):
        parser.error(f"There is no work called {', '.join(sorted(unknown))}. Choose among: {', '.join(NAMES)}.")
    return asked


@contextmanager
def place(asked: argparse.Namespace) -> Iterator[Place]:
    """A folder on this disk and a database in it, gone afterwards."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=cache))
    try:
        with database(asked.database, folder) as url:
            yield Place(folder=folder, database_url=url, synchronous=asked.synchronous, worker=asked.worker,
                        public_url=f"http://127.0.0.1:{asked.port}")  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'portal.sqlite'}"
        return
    from tests.postgres import PostgresServer

    server = PostgresServer(options=())  # At its defaults: what it says is kept is on the disk.
    try:
        yield server.url()
    finally:
        server.stop()


def prepare(app: Flask, size: Size) -> list[Work]:
    began = time.monotonic()
    with app.app_context():
        upgrade.upgrade()
        data.fill(size, now=clock.now())
        made = works.all_of(app, size)
        db.session.remove()
        db.engine.dispose()
    say(f"Made {size.attempts:,} attempts of {size.learners:,} learners in {time.monotonic() - began:.0f} s.")
    return made


def share(work: Work, *, bare: bool) -> list[works.Journey]:
    """What can be gone only once is divided between the portal and the bare server; the last is for counting."""
    rest = work.journeys[:-1]
    return rest[bare::2] if work.is_once else rest


def drive(server: Server, work: Work, size: Size, folder: Path, *, bare: bool) -> Measured:
    journeys = share(work, bare=bare)
    if bare and work.ceiling == "replay":
        journeys = [[{**journeys[0][0], "path": f"/replay/{work.name}"}]]
    pace = Pace(warm_seconds=size.warm_seconds, seconds=size.seconds)
    before = server.cpu_seconds()
    measured = load.drive(server.url, journeys, pace, folder, once=work.is_once, versions=work.gives_versions)
    return replace(measured, server_cpu_seconds=server.cpu_seconds() - before)


def run(asked: argparse.Namespace, here: Place) -> None:
    size = QUICK if asked.quick else FULL
    shape = Shape(processes=asked.processes, threads=asked.threads, port=asked.port)
    app = here.app()
    chosen = [work for work in prepare(app, size) if not asked.name or work.name in asked.name]
    costs = {work.name: counting.count(app, work) for work in chosen}
    keep_for_bare(app, here, costs)
    ours: dict[str, Measured] = {}
    with servers.portal(shape, here.environment()) as server:
        at_first = server.weight_mib()
        for work in chosen:
            ours[work.name] = drive(server, work, size, here.folder, bare=False)
        at_last = server.weight_mib()
    bare: dict[str, Measured] = {}
    with servers.bare(shape, here.environment()) as server:
        ok = load.drive(server.url, [[works.PLAIN]], Pace(warm_seconds=0.5, seconds=size.warm_seconds), here.folder)
        for work in chosen:
            bare[work.name] = drive(server, work, size, here.folder, bare=True)
    rows = [report.Row(work=w, statements=costs[w.name].count, ours=ours[w.name], bare=bare[w.name]) for w in chosen]
    say(report.table(rows))
    weights = [f"{answering:.0f} + {keeping:.0f} MiB" for answering, keeping in (at_first, at_last)]
    say(f"Memory (PSS) of those that answer + their parent: {weights[0]} after start, {weights[1]} after the run.")
    tool = max(measured.own_cpu_share for measured in (*ours.values(), ok))
    say(f"The framework alone: {ok.rate:,.0f} req/s; the load tool used at most {100 * tool:.0f} % of one processor.")
    if asked.peer:
        beside_the_portal(asked, {name: (one.rate, one.server_cpu_ms) for name, one in ours.items()})


def beside_the_portal(asked: argparse.Namespace, ours: dict[str, tuple[float, float]]) -> None:
    """The table of edx-proctoring; what it needs is imported only where it was asked for."""
    from bench.peers import running

    say(running.report_of(asked, ours))


def keep_for_bare(app: Flask, here: Place, costs: dict[str, Asked]) -> None:
    """What the bare server needs to know, written where it will look."""
    replays = {name: {"statements": asked.statements, "bytes": asked.bytes} for name, asked in costs.items()}
    plan = {
        "database_url": here.database_url, "synchronous": here.synchronous, "secret_key": SECRET,
        "cookie": app.config["SESSION_COOKIE_NAME"], "replays": replays,
    }  # fmt: skip
    (here.folder / "bare.json").write_text(json.dumps(plan, default=str))


def say(text: str) -> None:
    print(text, flush=True)


def main(words: list[str]) -> None:
    if words[:1] == ["hall"]:
        from bench import hall

        hall.main(words[1:])
        return
    if words[:1] == ["inside"]:
        from bench import inside

        inside.main(words[1:])
        return
    is_peer_alone = words[:1] == ["peer"]
    asked = arguments(words[is_peer_alone:])
    say(report.machine())
    say(f"{asked.database}, {asked.processes} processes of {asked.threads} threads, {load.CONNECTIONS} connections")
    if asked.peer or is_peer_alone:
        from bench.peers import running

        running.prepare()
    if is_peer_alone:
        beside_the_portal(asked, {})
        return
    with place(asked) as here:
        run(asked, here)


if __name__ == "__main__":
    main(sys.argv[1:])
