"""Sets edx-proctoring up in its own environment, serves it, and drives the same load tool at it."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine, create_engine

from bench import load, report, servers
from bench.data.sizes import FULL, QUICK, Size
from bench.load import Pace
from bench.peers import growth, plan, table, works
from bench.peers.table import PeerRow, Portal
from bench.peers.works import PeerWork
from bench.servers import ROOT, Server, Shape
from bench.works import Journey
from dev import CannotGoOn
from tests.peers import environment

LONGEST_SECONDS = 150
"""For a work of so many requests."""
QUIET_SECONDS = 0.3
PYTHON = environment.FOLDER / "bin" / "python"


def prepare() -> None:
    """Install it, once; not in the middle of a run, where the network may be away."""
    try:
        environment.ensure()
    except CannotGoOn as reason:
        sys.exit(str(reason))


@dataclass(frozen=True, kw_only=True)
class Peer:
    """edx-proctoring, filled: where its database is, and what the load tool sends."""

    folder: Path
    variables: dict[str, str]
    engine: Engine
    journeys: dict[str, list[Journey]]
    statements: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Run:
    """The peer while it is served, and where its processes answer."""

    peer: Peer
    server: Server
    urls: list[str]
    size: Size

    def row(self, work: PeerWork, portal: Portal | None) -> PeerRow:
        pace = Pace(warm_seconds=self.size.warm_seconds, seconds=self.size.seconds)
        if work.requests:
            pace = Pace(warm_seconds=0, seconds=LONGEST_SECONDS, requests=work.requests, connections=work.connections)
        before, used = growth.counted(self.peer.engine, work), self.server.cpu_seconds()
        journeys = self.peer.journeys[work.name][:-1]
        measured = load.drive(self.urls, journeys, pace, self.peer.folder, once=work.is_once)
        measured = replace(measured, server_cpu_seconds=self.server.cpu_seconds() - used)
        self._wait_until_quiet()
        growth.check(work, measured, before, growth.counted(self.peer.engine, work))
        return PeerRow(work=work, statements=self.peer.statements[work.name], peer=measured, pace=pace, portal=portal)

    def _wait_until_quiet(self) -> None:
        """What was asked last and not waited for is still being done, and would be counted with the next work."""
        used = -1.0
        while used != (used := self.server.cpu_seconds()):
            time.sleep(QUIET_SECONDS)

    def weight(self) -> str:
        answering, keeping = self.server.weight_mib()
        return f"{answering:.0f} + {keeping:.0f} MiB"


def report_of(asked: argparse.Namespace, portal: Mapping[str, tuple[float, float]]) -> str:
    """Measure the works that were asked for and give the second table; ``portal`` has its requests/s and CPU ms."""
    size = QUICK if asked.quick else FULL
    shape = Shape(processes=asked.processes, threads=1, port=asked.port)
    ours = {name: Portal(*figures) for name, figures in portal.items()}
    with peer(asked, size) as filled, servers.edx_proctoring(shape, filled.variables, PYTHON) as server:
        run = Run(peer=filled, server=server, urls=shape.urls, size=size)
        load.drive(shape.urls, [[works.PLAIN]], Pace(warm_seconds=0, seconds=size.warm_seconds), filled.folder)
        at_first = run.weight()
        chosen = [work for work in works.all_of(size) if not asked.name or work.name in asked.name]
        rows = [run.row(work, ours.get(work.name)) for work in chosen]
        at_last = run.weight()
    texts = report.in_columns([table.HEAD, *(row.cells() for row in rows)])
    return f"{texts}\n\nMemory of edx-proctoring (PSS): {at_first} after start, {at_last} after the run."


@contextmanager
def peer(asked: argparse.Namespace, size: Size) -> Iterator[Peer]:
    """A folder and a database of its own, gone afterwards."""
    cache = ROOT / ".cache"
    with tempfile.TemporaryDirectory(prefix="bench-peer-", dir=cache) as name, _database(asked, Path(name)) as found:
        where, url = found
        folder, engine = Path(name), create_engine(url)
        variables = {
            "PEER_DATABASE": where, "PEER_SYNCHRONOUS": asked.synchronous, "DJANGO_SETTINGS_MODULE":
            "bench.peers.edx.settings",
        }  # fmt: skip
        _fill(folder, size, variables)
        made = json.loads((folder / "journeys.json").read_text())
        try:
            yield Peer(folder=folder, variables=variables, engine=engine, **made)
        finally:
            engine.dispose()


@contextmanager
def _database(asked: argparse.Namespace, folder: Path) -> Iterator[tuple[str, str]]:
    """What Django is told, and the address for counting."""
    if asked.database == "sqlite":
        file = folder / "peer.sqlite"
        yield f"sqlite:{file}", f"sqlite:///{file}"
        return
    from tests.postgres import PostgresServer

    server = PostgresServer(options=())
    try:
        yield f"postgresql:{server.data}", server.url()
    finally:
        server.stop()


def _fill(folder: Path, size: Size, variables: dict[str, str]) -> None:
    journeys = {work.name: work.journeys for work in works.all_of(size)}
    (folder / "plan.json").write_text(json.dumps({**plan.rows(size), "journeys": journeys}))
    words = [PYTHON, "-m", "bench.peers.edx", folder / "plan.json", folder / "journeys.json"]
    subprocess.run(words, check=True, cwd=ROOT, env={**os.environ, **variables})
