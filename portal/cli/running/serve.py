"""``flask --app wsgi serve``: the portal behind a production server, in one process or in several."""

import errno
import gc
import multiprocessing
import os
import re
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Thread

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import configure_mappers

from portal import logs
from portal.cli.running import start_up
from portal.db import db
from portal.jobs import worker
from portal.jobs.outbox import yielding
from portal.server import listening, parents, spawning
from portal.server.bodies import Limits, Reader
from portal.server.front import Front
from portal.server.room import Room
from portal.server.threads import Threads

THREADS = 4
#: How long one thread may hold Python while another waits for it. A page gives it back at each statement of its own,
#: and would get it again only so much later while the background works: five milliseconds each time by default.
HOLD_SECONDS = 0.001
#: What an open exam page asks all the time: quickly answered, and not behind hundreds of receipts.
URGENT = re.compile(r"/attempts/[^/]+/(clock\.json|answers/\d+)")


def init_app(app: Flask) -> None:
    app.cli.add_command(serve)


@click.command()
@click.option("--port", default=5000, type=click.IntRange(0, 65535), show_default=True, help="0 uses any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Use 0.0.0.0 to allow other machines.")
@click.option(
    "--processes", default=1, type=click.IntRange(min=1), show_default=True, help="More than one requires PostgreSQL."
)
@click.option(
    "--threads", default=THREADS, type=click.IntRange(min=1), show_default=True, help="Request threads of each process."
)
@click.option("--data", help="The data folder. It must match PORTAL_DATA.")
@with_appcontext
def serve(port: int, host: str, processes: int, threads: int, data: str | None) -> None:
    """Migrate the database, load the demo into an empty one, and serve until stopped."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if data and Path(data).expanduser().resolve() != Path(app.config["DATA"]):
        raise click.ClickException(f"Start with PORTAL_DATA={data} in the environment instead of --data.")
    logs.set_up()
    with ExitStack() as taken:
        listeners = [taken.enter_context(listener) for listener in _listen(host, port, processes)]
        port = listeners[0].getsockname()[1]
        if not app.config["PUBLIC_URL_GIVEN"]:
            app.config["PUBLIC_URL"] = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
        start_up.prepare_database(app)
        answer(app, listeners, threads=threads)


def answer(app: Flask, listeners: list[socket.socket], *, threads: int) -> None:
    """Serve ``app`` from a forked process for each listener, all sharing what is loaded by now, until stopped."""
    files = listening.raise_file_limit() - listening.RESERVED_FILES
    server = listening.Server(
        listeners, most_connections=max(64, files * 3 // 4), idle_seconds=app.config["IDLE_CONNECTION_SECONDS"]
    )
    multiprocessing.set_start_method("fork", force=True)
    _load_for_all(app)
    db.session.remove()
    db.engine.dispose()  # A connection must never be shared between processes.
    reader = _reader(app, processes=len(listeners), files=files // 4)
    gc.collect()
    gc.freeze()  # The collector would otherwise touch, and so copy, every page that the processes share.

    def make_front() -> Front:
        return Front(app, reader, Threads(threads, yielding.is_ending_exams), is_urgent=is_urgent)

    begin = _begin(app, listeners[0].getsockname()[:2], make_front)
    server.serve(spawn_target=spawning.run, target_loader=begin, wrap_loader=False)


def is_urgent(path: str) -> bool:
    return URGENT.fullmatch(path) is not None


def _reader(app: Flask, *, processes: int, files: int) -> Reader:
    """What takes in bodies; a copy of it is each process's own."""
    room = Room(app.config["DATA"], most_bytes=app.config["BODIES_MB"] * 1024**2 // processes, most_files=files)
    limits = Limits(largest_bytes=app.config["MAX_CONTENT_LENGTH"], silence_seconds=app.config["SILENT_BODY_SECONDS"])
    return Reader(room, limits)


def _load_for_all(app: Flask) -> None:
    """What each process would otherwise make for itself with its first requests, so that they share it instead."""
    configure_mappers()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    app.url_map.update()


def _begin(app: Flask, address: tuple[str, int], make: Callable[[], Front]) -> Callable[[], Front]:
    """What each process does first; threads do not survive a fork, so this is where they start."""
    unannounced, parent = multiprocessing.Semaphore(1), os.getpid()

    def begin() -> Front:
        sys.setswitchinterval(HOLD_SECONDS)
        parents.end_with(parent)
        worker.start(app)
        Finalize(None, worker.of(app).stop, kwargs={"within_seconds": 1.0}, exitpriority=10)
        if unannounced.acquire(block=False):
            Thread(target=_announce, args=(app.config["PUBLIC_URL"], address), daemon=True).start()
        return make()

    return begin


def _announce(url: str, address: tuple[str, int]) -> None:
    """Say that it is ready as soon as somebody who believes it would be answered."""
    where = ({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0]), address[1])
    for _ in range(200):
        try:
            socket.create_connection(where, timeout=1).close()
            break
        except OSError:
            time.sleep(0.02)
    click.echo(f"Invigil is ready at {url}/ (stop with Ctrl+C)")


def _listen(host: str, port: int, processes: int) -> list[socket.socket]:
    """Take the port before anything else, so that a busy one is said at once and in one line."""
    try:
        return listening.listen(host, port, processes)
    except OSError as err:
        raise click.ClickException(_why_not(err, host, port)) from err


def _why_not(err: OSError, host: str, port: int) -> str:
    if isinstance(err, socket.gaierror) or err.errno == errno.EADDRNOTAVAIL:
        return f"Cannot use the address {host}: it is none of this machine's. Choose another with --host."
    return f"Cannot use port {port}: {err.strerror}. Choose another with --port."
