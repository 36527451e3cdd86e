"""Learners in an exam: each asks for the clock and saves answers, at moments and on connections of their own."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random

from bench.hall.lines import Heard, Line

#: Where a redirect leads, as its body says it.
LINK = re.compile(r'href="([^"]+)"')


@dataclass(kw_only=True)
class Seat:
    """Where one learner sits: the addresses that their page asks, and the version of their answer."""

    line: Line
    clock: str
    answer: str
    receipt: str
    begin: str
    """Where they begin another exam, at which they have no attempt yet."""
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds between two of each; 0: never."""

    poll_seconds: float
    save_seconds: float


async def sit(seats: list[Seat], pace: Pace, seconds: float, *, seed: int = 1) -> Heard:
    """What they are answered within ``seconds``. Whoever asked last is waited for."""
    heard, chance, loop = Heard(), Random(seed), asyncio.get_running_loop()
    ends = loop.time() + seconds
    works = [
        work(seat, heard, every, chance.random() * every, ends)
        for seat in seats
        for work, every in ((_poll, pace.poll_seconds), (_save, pace.save_seconds))
        if every
    ]
    await asyncio.gather(*works)
    return heard


async def _poll(seat: Seat, heard: Heard, every: float, first: float, ends: float) -> None:
    async for _ in _moments(every, first, ends):
        status, _, took = await seat.line.ask("GET", seat.clock)
        heard.note("clock", took, "" if status == 200 else str(status))


async def _save(seat: Seat, heard: Heard, every: float, first: float, ends: float) -> None:
    """A browser saves on a connection of its own beside the one of the clock."""
    text = "What I think about it, in some words of my own. " * 6
    line = seat.line.beside()
    async for _ in _moments(every, first, ends):
        body = json.dumps({"value": f"{text} {seat.version}", "version": seat.version, "flagged": False})
        status, content, took = await line.ask("POST", seat.answer, body)
        heard.note("save", took, "" if status == 200 else str(status))
        if status in {200, 409}:
            seat.version = _version(content, seat.version)
    line.close()


async def arrive(seats: list[Seat], heard: Heard, seconds: float) -> None:
    """Within so many seconds each of them begins an exam, starts it and opens its first question."""
    chance = Random(3)
    await asyncio.gather(*(_arrive(seat, heard, chance.random() * seconds) for seat in seats))


async def _arrive(seat: Seat, heard: Heard, after: float) -> None:
    await asyncio.sleep(after)
    status, content, took = await seat.line.ask("POST", seat.begin)
    heard.note("begin", took, "" if status == 303 else str(status))
    place = LINK.search(content.decode())
    if status != 303 or place is None:
        return
    for kind, method, path, expected in (("start", "POST", "start", 303), ("first question", "GET", "exam/1", 200)):
        status, _, took = await seat.line.ask(method, f"{place[1]}{path}")
        heard.note(kind, took, "" if status == expected else str(status))


async def leave(seats: list[Seat], heard: Heard, seconds: float) -> None:
    """Their time is up: each page asks every three seconds until the exam is submitted, then opens the receipt."""
    chance = Random(2)
    await asyncio.gather(*(_leave(seat, heard, chance.random() * 3, seconds) for seat in seats))


async def _leave(seat: Seat, heard: Heard, first: float, seconds: float) -> None:
    ends = asyncio.get_running_loop().time() + seconds
    async for _ in _moments(3.0, first, ends):
        status, content, took = await seat.line.ask("GET", seat.clock)
        heard.note("clock of the ended", took, "" if status == 200 else str(status))
        if status == 200 and json.loads(content)["state"] != "in_progress":
            status, _, took = await seat.line.ask("GET", seat.receipt)
            heard.note("receipt", took, "" if status == 200 else str(status))
            return


def _version(content: bytes, before: int) -> int:
    said = json.loads(content)
    return int(said.get("version") or (said.get("current") or {}).get("version") or before)


async def _moments(every: float, first: float, ends: float) -> AsyncIterator[float]:
    loop = asyncio.get_running_loop()
    at = loop.time() + first
    while at < ends:
        await asyncio.sleep(max(0.0, at - loop.time()))
        yield at
        at = max(at + every, loop.time())
