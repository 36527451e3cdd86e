"""``flask --app wsgi serve``: the whole portal in one process, ready to try, and enough for a small place."""

import logging
import socket
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import SQLAlchemyError
from waitress.server import create_server

from portal.cli import demo
from portal.demo.people import ACCOUNTS
from portal.jobs import worker

THREADS = 8


def init_app(app: Flask) -> None:
    app.cli.add_command(serve)


@click.command()
@click.option("--port", default=8000, show_default=True, help="0 takes any that is free.")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("--threads", default=THREADS, show_default=True)
@click.option("--data", help="The data folder; it must be the one that PORTAL_DATA names.")
@with_appcontext
def serve(port: int, host: str, threads: int, data: str | None) -> None:
    """Bring the database up to date, fill an empty one with the demo course, and answer until stopped."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if data and Path(data).expanduser().resolve() != Path(app.config["DATA"]):
        raise click.ClickException(f"Start with PORTAL_DATA={data} in the environment instead of --data.")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "waitress.queue"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    with _listen(host, port) as listener:
        port = listener.getsockname()[1]
        if not app.config["PUBLIC_URL_GIVEN"]:
            app.config["PUBLIC_URL"] = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
        _prepare_database(app)
        worker.start(app)
        click.echo(f"Invigil is ready at {app.config['PUBLIC_URL']}/ (stop with Ctrl+C)")
        create_server(app, sockets=[listener], threads=threads, ident=None).run()


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else, so that a busy one is said at once and in one line."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as err:
        listener.close()
        raise click.ClickException(f"Cannot use port {port}: {err.strerror}. Choose another with --port.") from err
    listener.listen(128)
    return listener


def _prepare_database(app: Flask) -> None:
    try:
        upgrade()
    except SQLAlchemyError as err:
        why = str(err.__cause__ or err).splitlines()[0]
        raise click.ClickException(f"The database cannot be used: {why}") from err
    if app.config["DEMO"] and app.config["ENV"] != "production" and not demo.load_if_empty():
        _remind_of_demo(Path(app.config["DATA"]))


def _remind_of_demo(data: Path) -> None:
    if (data / demo.MARK).exists():
        demo.announce(ACCOUNTS)
