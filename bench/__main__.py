"""``python3 dev.py bench [NAME] [--database sqlite|postgresql] [--quick]``: make the data, load it, print the table.

``bench growth``, ``bench inside`` and ``bench hall`` measure other things; each has a ``--help`` of its own.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from flask import Flask

from bench import counting, data, load, report, rounds, works
from bench.ceiling.driver import NAMED, kind_of
from bench.ceiling.recipes import recipe
from bench.counting import Asked
from bench.data import copies, providers
from bench.data.sizes import FULL, QUICK, Size
from bench.servers import ROOT
from bench.works import Work
from portal import clock, create_app
from portal.db import db, upgrade

NAMES = ("clock", "question", "list", "attempts", "search", "autosave", "create", "submit", "allowance",
         "ready", "reviewed")  # fmt: skip
#: What SQLite waits for at a commit: the disk, or nothing.
SETTINGS = ("FULL", "NORMAL")
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
    settings = "of SQLite; FULL is ours; both: a table of each, from the same data"
    parser.add_argument("--synchronous", choices=(*SETTINGS, "both"), default="FULL", help=settings)
    parser.add_argument("--rounds", type=int, default=1, help="portal and bare server in turns; medians (default 1)")
    parser.add_argument("--worker", choices=("on", "off"), default="on", help="background work in the same processes")
    parser.add_argument("--peer", action="store_true", help="then edx-proctoring, too (docs/bench-peers.md)")
    asked = parser.parse_args(words)
    if unknown := set(asked.name) - set(NAMES):
        parser.error(f"There is no work called {', '.join(sorted(unknown))}. Choose among: {', '.join(NAMES)}.")
    if asked.synchronous == "both" and asked.database != "sqlite":
        parser.error("--synchronous is a setting of SQLite; PostgreSQL runs at its defaults.")
    return asked


@contextmanager
def place(asked: argparse.Namespace) -> Iterator[Place]:
    """A folder on this disk and a database in it, gone afterwards."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=cache))
    try:
        with database(asked.database, folder) as url:
            first = SETTINGS[0] if asked.synchronous == "both" else asked.synchronous
            yield Place(folder=folder, database_url=url, synchronous=first, worker=asked.worker,
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


def run(asked: argparse.Namespace, here: Place) -> None:
    size = QUICK if asked.quick else FULL
    app = here.app()
    chosen = [work for work in prepare(app, size) if not asked.name or work.name in asked.name]
    costs = {work.name: counting.count(app, work) for work in chosen}
    say(report.data(chosen, asked.rounds))
    with copies.of(app, here.folder) if asked.synchronous == "both" else nullcontext() as copy:
        for setting in SETTINGS if copy else (here.synchronous,):
            say(f"\n{'PostgreSQL' if asked.database == 'postgresql' else f'SQLite, synchronous={setting}'}\n")
            found = rounds.measure(asked, begin_anew(app, here, setting, costs, copy), chosen, size)
            tell(found, costs)
            beside_the_portal(argparse.Namespace(**{**vars(asked), "synchronous": setting}), figures_of(found))


def begin_anew(app: Flask, here: Place, synchronous: str, costs: dict[str, Asked], copy: copies.Copy | None) -> Place:
    """The place with this setting, and with the data as it was at first where there is a copy of it."""
    if copy is not None:
        copy.put_back()
    place = replace(here, synchronous=synchronous)
    keep_for_bare(app, place, costs)
    return place


def tell(found: rounds.Found, costs: dict[str, Asked]) -> None:
    rows = [report.Row(work=work, statements=costs[work.name].count, ours=found.ours[work.name],
                       bare=found.bare[work.name]) for work in found.works]  # fmt: skip
    say(f"{report.table(rows)}\n")
    weights = [f"{answering:.0f} + {keeping:.0f} MiB" for answering, keeping in (found.at_first, found.at_last)]
    say(f"Memory (PSS) of those that answer + their parent: {weights[0]} after start, {weights[1]} after the run.")
    tool = max(one.own_cpu_share for measured in found.ours.values() for one in measured)
    say(f"The framework alone: {found.plain.rate:,.0f} req/s, {found.plain.server_cpu_ms:.2f} CPU ms; "
        f"the load tool used at most {100 * tool:.0f} % of one processor.")  # fmt: skip
    for row in rows:
        if (said := report.errors(row.bare)) != "0":
            say(f"{row.work.title}: the bare server did not answer as it should: {said}.")


def beside_the_portal(asked: argparse.Namespace, ours: dict[str, tuple[float, float]]) -> None:
    """The table of edx-proctoring where it was asked for; only then is imported what it needs."""
    if not asked.peer:
        return
    from bench.peers import running

    say(f"\n{running.report_of(asked, ours)}")


def figures_of(found: rounds.Found) -> dict[str, tuple[float, float]]:
    """The portal's requests a second and processor time of each work, medians of all rounds."""
    return {
        name: (median(one.rate for one in several), median(one.server_cpu_ms for one in several))
        for name, several in found.ours.items()
    }


def keep_for_bare(app: Flask, here: Place, costs: dict[str, Asked]) -> None:
    """What the bare server needs to know, written where it will look."""
    named = NAMED[kind_of(here.database_url)]
    replays = {name: {"statements": asked.statements, "bytes": asked.bytes} for name, asked in costs.items()}
    recipes = {name: [recipe(step, named=named) for step in asked.steps] for name, asked in costs.items()}
    plan = {
        "database_url": here.database_url, "synchronous": here.synchronous, "secret_key": app.secret_key,
        "cookie": app.config["SESSION_COOKIE_NAME"], "provider": providers.SLUG, "replays": replays,
        "recipes": recipes,
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
    if words[:1] == ["growth"]:
        from bench import growth

        growth.main(words[1:])
        return
    is_peer_alone = words[:1] == ["peer"]
    asked = arguments(words[is_peer_alone:])
    say(report.machine())
    say(f"{asked.database}, {asked.processes} processes of {asked.threads} threads, {load.CONNECTIONS} connections")
    if asked.peer or is_peer_alone:
        from bench.peers import running

        running.prepare()
    if is_peer_alone:
        asked.peer = True
        beside_the_portal(asked, {})
        return
    with place(asked) as here:
        run(asked, here)


if __name__ == "__main__":
    main(sys.argv[1:])
