"""What happens in the hall, and what those who have no part in it notice of it."""

import asyncio
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select, update

from bench.hall.crowd import Pace, Seat, arrive, leave, sit
from bench.hall.lines import Heard
from bench.servers import Server
from portal import clock
from portal.db import db
from portal.models import Attempt, Exam
from portal.models.attempts.attempt import RUNNING

FORM = (
    b"POST /signin HTTP/1.1\r\nHost: portal\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
)
GENTLE = Pace(poll_seconds=15, save_seconds=30)
TYPING = Pace(poll_seconds=1, save_seconds=0.25)
PIECE_SECONDS = 0.8
STARTING, STARTING_SECONDS = 1_000, 10.0
ENDING, UNTIL_THE_END_SECONDS, WATCHED_SECONDS = 500, 20.0, 45.0


@dataclass(frozen=True, kw_only=True)
class Hall:
    """A running portal and everybody who sits in it."""

    app: Flask
    server: Server
    seats: list[Seat]
    minutes: float


def say(name: str, heard: Heard) -> None:
    for kind, seconds in sorted(heard.seconds.items()):
        p50, p99, most = (heard.milliseconds(kind, percent) for percent in (50, 99, 100))
        print(f"  {name:24} {kind:18} {len(seconds):6,} asked  p50 {p50:6.0f}  p99 {p99:6.0f}  longest {most:6.0f} ms")
    print(f"  {name:24} not answered as they should be: {heard.wrong or 'none'}", flush=True)


async def ends(hall: Hall) -> None:
    """The last 500 learners' exams end in one second; the others continue."""
    ending, others = len(hall.seats) - ENDING, hall.seats[:-ENDING]
    say("before", await sit(others, GENTLE, 15))
    at = clock.now() + timedelta(seconds=UNTIL_THE_END_SECONDS - 15)
    with hall.app.app_context(), db.engine.begin() as connection:
        late = update(Attempt).where(Attempt.id > ending)
        connection.execute(late.values(deadline_at=at - timedelta(seconds=30), hard_stop_at=at))
    watching = asyncio.create_task(asyncio.to_thread(_lateness, hall.app, at.timestamp()))
    await asyncio.sleep(UNTIL_THE_END_SECONDS - 15)
    ended = Heard()
    leaving = asyncio.create_task(leave(hall.seats[-ENDING:], ended, WATCHED_SECONDS))
    say("while 500 end", await sit(others, GENTLE, WATCHED_SECONDS))
    await leaving
    say("of those who ended", ended)
    print(f"  the last of {ENDING} was submitted {await watching:.1f} s after its hard stop", flush=True)


def _lateness(app: Flask, due: float) -> float:
    """Seconds from the hard stop until none of them runs; looked at ten times a second."""
    with app.app_context():
        time.sleep(max(0.0, due - time.time()))
        while _overdue() and time.time() < due + 300:
            time.sleep(0.1)
    return time.time() - due


def _overdue() -> bool:
    running = select(func.count()).where(Attempt.status.in_(RUNNING), Attempt.hard_stop_at <= clock.now())
    with db.engine.connect() as connection:
        return bool(connection.scalar(running))


async def starts(hall: Hall) -> None:
    """1,000 learners begin an exam, start it and open its first question in ten seconds; 500 are in theirs."""
    with hall.app.app_context(), db.engine.begin() as connection:
        connection.execute(update(Exam).values(allows_parallel=True))  # They are in another one already.
    starting, others = hall.seats[:STARTING], hall.seats[STARTING:]
    say("before", await sit(others, GENTLE, 15))
    arrived = Heard()
    arriving = asyncio.create_task(arrive(starting, arrived, STARTING_SECONDS))
    say(f"while {STARTING:,} start", await sit(others, GENTLE, 2 * STARTING_SECONDS))
    await arriving
    say("of those who start", arrived)


async def held(hall: Hall) -> None:
    """200 half-sent requests and 50 slow uploads from several addresses, beside 20 who type."""
    typing = hall.seats[:20]
    say("before", await sit(typing, TYPING, 20))
    lines = [_half_sent(hall.server, number) for number in range(200)]
    crawling = [asyncio.create_task(_crawl(hall.server, number)) for number in range(50)]
    say("beside 250 slow ones", await sit(typing, TYPING, 20))
    answered = [await crawl for crawl in crawling]
    print(f"  slow uploads that were answered: {sum(answered)} of {len(answered)}", flush=True)
    for line in lines:
        line.close()


def _port(server: Server) -> int:
    return int(server.url.rpartition(":")[2])


def _half_sent(server: Server, number: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", _port(server)), source_address=(f"127.1.{number % 8}.1", 0))
    line.sendall(FORM % 1000 + b"x")
    return line


async def _crawl(server: Server, number: int) -> bool:
    """A form of 200 kB at 100 kbit/s, in step with nobody else's. Whether it was answered."""
    await asyncio.sleep(number * PIECE_SECONDS / 50)
    with suppress(OSError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", _port(server), local_addr=(f"127.2.{number % 8}.1", 0)
        )
        writer.write(FORM % 200_000)
        for _ in range(20):
            writer.write(b"x" * 10_000)
            await writer.drain()
            await asyncio.sleep(PIECE_SECONDS)
        answered = await asyncio.wait_for(reader.readexactly(12), 30)
        writer.close()
        return answered.startswith(b"HTTP/1.1 4")
    return False


async def hour(hall: Hall) -> None:
    """Everybody connected twice, a poll each 15 s and a save each 30 s; at full rate, for fewer minutes."""
    heard = await sit(hall.seats, GENTLE, hall.minutes * 60)
    say(f"{hall.minutes:g} minutes of the hour", heard)


async def idle(hall: Hall) -> None:
    """10,000 connections, half of them silent, half idle after an answer; 20 type."""
    at_first = hall.server.weight_mib()[0]
    say("before", await sit(hall.seats[:20], TYPING, 15))
    port = _port(hall.server)
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(9_000)]
    for line in idle[::9]:
        line.sendall(b"GET /status HTTP/1.1\r\nHost: portal\r\n\r\n")
        await asyncio.to_thread(line.recv, 4096)
    say(f"beside {len(idle):,} idle ones", await sit(hall.seats[:20], TYPING, 15))
    print(f"  memory: {at_first:.0f} MiB before, {hall.server.weight_mib()[0]:.0f} MiB with them", flush=True)
    for line in idle:
        line.close()
