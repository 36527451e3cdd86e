"""``flask --app wsgi serve``: the portal behind a production server, in one process or in several."""

import errno
import fcntl
import gc
import multiprocessing
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Thread
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy.orm import configure_mappers

from portal import logs, migrating
from portal.cli import demo
from portal.db import db
from portal.demo.people import ACCOUNTS
from portal.jobs import worker

THREADS = 4


def init_app(app: Flask) -> None:
    app.cli.add_command(serve)


@click.command()
@click.option(
    "--port", default=5000, type=click.IntRange(0, 65535), show_default=True, help="0 takes any that is free."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option(
    "--processes", default=1, type=click.IntRange(min=1), show_default=True, help="More than one is for PostgreSQL."
)
@click.option(
    "--threads", default=THREADS, type=click.IntRange(min=1), show_default=True, help="Of each process, for answering."
)
@click.option("--data", help="The data folder; it must be the one that PORTAL_DATA names.")
@with_appcontext
def serve(port: int, host: str, processes: int, threads: int, data: str | None) -> None:
    """Bring the database up to date, fill an empty one with the demo course, and answer until stopped."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if data and Path(data).expanduser().resolve() != Path(app.config["DATA"]):
        raise click.ClickException(f"Start with PORTAL_DATA={data} in the environment instead of --data.")
    logs.set_up()
    port = _free_port(host, port)
    if not app.config["PUBLIC_URL_GIVEN"]:
        app.config["PUBLIC_URL"] = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
    _prepare_database(app)
    answer(app, host, port, processes=processes, threads=threads)


def answer(app: Flask, host: str, port: int, *, processes: int, threads: int) -> None:
    """Serve ``app`` from forked processes that share what is loaded by now, until stopped."""
    server = Granian(
        "portal",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    multiprocessing.set_start_method("fork", force=True)
    _load_for_all(app)
    db.session.remove()
    db.engine.dispose()  # A connection must never be shared between processes.
    gc.collect()
    gc.freeze()  # The collector would otherwise touch, and so copy, every page that the processes share.
    server.serve(target_loader=_begin(app, host, port), wrap_loader=False)


def _load_for_all(app: Flask) -> None:
    """What each process would otherwise make for itself with its first requests, so that they share it instead."""
    configure_mappers()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    app.url_map.update()


def _begin(app: Flask, host: str, port: int) -> Callable[[], Any]:
    """What each process does first; threads do not survive a fork, so this is where they start."""
    unannounced = multiprocessing.Semaphore(1)

    def begin() -> Any:
        worker.start(app)
        Finalize(None, worker.of(app).stop, kwargs={"within_seconds": 1.0}, exitpriority=10)
        if unannounced.acquire(block=False):
            Thread(target=_announce, args=(app.config["PUBLIC_URL"], host, port), daemon=True).start()
        return app

    return begin


def _announce(url: str, host: str, port: int) -> None:
    """Say that it is ready as soon as somebody who believes it would be answered."""
    where = ({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)
    for _ in range(200):
        try:
            socket.create_connection(where, timeout=1).close()
            break
        except OSError:
            time.sleep(0.02)
    click.echo(f"Invigil is ready at {url}/ (stop with Ctrl+C)")


def _free_port(host: str, port: int) -> int:
    """Try the port before anything else, so that a busy one is said at once and in one line."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as err:
            raise click.ClickException(_why_not(err, host, port)) from err
        return int(tried.getsockname()[1])


def _why_not(err: OSError, host: str, port: int) -> str:
    if isinstance(err, socket.gaierror) or err.errno == errno.EADDRNOTAVAIL:
        return f"Cannot use the address {host}: it is none of this machine's. Choose another with --host."
    return f"Cannot use port {port}: {err.strerror}. Choose another with --port."


def _prepare_database(app: Flask) -> None:
    with _alone(Path(app.config["DATA"])):
        try:
            migrating.upgrade_apart()
        except migrating.NotUpgraded as err:
            raise click.ClickException(f"The database cannot be used: {err}") from err
        if app.config["DEMO"] and app.config["ENV"] != "production" and not demo.load_if_empty():
            _remind_of_demo(Path(app.config["DATA"]))


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One start at a time on a data folder: of two first ones, the second finds what the first has made."""
    lock = os.open(data / "starting.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _remind_of_demo(data: Path) -> None:
    if (data / demo.MARK).exists():
        demo.announce(ACCOUNTS)
