"""Drives the portal and the bare server in turns, round after round, and gathers what each showed."""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from bench import load, servers, works
from bench.data.sizes import Size
from bench.load import Measured, Pace
from bench.servers import Server, Shape
from bench.works import Turn, Work


class HasPlace(Protocol):
    """Where a run keeps its things."""

    @property
    def folder(self) -> Path: ...
    def environment(self) -> dict[str, str]: ...


@dataclass(kw_only=True)
class Found:
    """What all rounds showed."""

    works: list[Work]
    ours: dict[str, list[Measured]] = field(default_factory=lambda: defaultdict(list))
    bare: dict[str, list[Measured]] = field(default_factory=lambda: defaultdict(list))
    at_first: tuple[float, float] = (0, 0)
    """Memory of the portal's processes when it had started, and when it had done all works of the last round."""
    at_last: tuple[float, float] = (0, 0)
    plain: Measured
    """The framework alone."""


NOTHING = Measured(latencies=[], gone=0, seconds=0, errors=Counter(), own_cpu_share=0)


@dataclass(frozen=True, kw_only=True)
class Round:
    """What is driven in one round, and for how long."""

    works: list[Work]
    size: Size
    folder: Path
    turn: Turn

    def of(self, server: Server, *, bare: bool) -> Iterator[tuple[str, Measured]]:
        """Each work's name and what it showed."""
        return ((work.name, self._drive(server, work, bare=bare)) for work in self.works)

    def _drive(self, server: Server, work: Work, *, bare: bool) -> Measured:
        journeys = work.share(self.turn, bare=bare)
        if bare and work.ceiling == "replay":
            journeys = [[{**journeys[0][0], "path": f"/replay/{work.name}"}]]
        pace = Pace(warm_seconds=self.size.warm_seconds, seconds=self.size.seconds)
        return drive_at(server, journeys, pace, self.folder, once=work.is_once, versions=work.gives_versions)


def measure(asked: argparse.Namespace, here: HasPlace, chosen: list[Work], size: Size) -> Found:
    shape = Shape(processes=asked.processes, threads=asked.threads, port=asked.port)
    found = Found(works=chosen, plain=NOTHING)
    for number in range(asked.rounds):
        one = Round(works=chosen, size=size, folder=here.folder, turn=Turn(number, asked.rounds))
        with servers.portal(shape, here.environment()) as server:
            found.at_first = server.weight_mib()
            _keep(found.ours, one.of(server, bare=False))
            found.at_last = server.weight_mib()
        with servers.bare(shape, here.environment()) as server:
            pace = Pace(warm_seconds=0.5, seconds=size.warm_seconds)
            found.plain = drive_at(server, [[works.PLAIN]], pace, here.folder)
            _keep(found.bare, one.of(server, bare=True))
    return found


def _keep(every: dict[str, list[Measured]], one: Iterator[tuple[str, Measured]]) -> None:
    for name, measured in one:
        every[name].append(measured)


def drive_at(server: Server, journeys: list[works.Journey], pace: Pace, folder: Path, **ways: bool) -> Measured:
    """Drive, and note what it cost the processes that answer."""
    before = server.cpu_seconds()
    measured = load.drive(server.url, journeys, pace, folder, **ways)
    return replace(measured, server_cpu_seconds=server.cpu_seconds() - before)
