"""What every test may ask for: ``app``, ``client``, ``sign_in``, ``make``, ``the_clock``, and a clean database."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache
from types import ModuleType
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from portal import clock, create_app
from portal.db import db
from portal.domain.courses import frozen_questions
from portal.models import User
from portal.web.gate import sessions
from portal.web.provider_api import rate_limit
from tests import make as builders
from tests.client import CheckedClient, Witness
from tests.jobs.topics.receiver import Receiver

#: edX's own classes need another environment: ``python3 dev.py peers``.
collect_ignore = ["peers"]

#: Settings every test app has. Argon2 at its cheapest: no test is about how slow it is.
SETTINGS = {
    "TESTING": True,
    "PROPAGATE_EXCEPTIONS": True,
    "SECRET_KEY": "only for tests, where nothing is secret",
    "WTF_CSRF_ENABLED": False,
    "SQLITE_SYNCHRONOUS": "OFF",
    "PASSWORD_TIME_COST": 1,
    "PASSWORD_MEMORY_KIB": 8,
    "PASSWORD_LANES": 1,
    "PUBLIC_URL": "http://localhost",
}


class Clock:
    """The portal's clock in a test: stands still at noon until told otherwise."""

    def __init__(self) -> None:
        self.now = builders.NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Move on, as in ``the_clock.advance(minutes=5)``."""
        self.now += timedelta(**by)
        return self.now


def pytest_addoption(parser: pytest.Parser) -> None:
    default = os.environ.get("PORTAL_TEST_DATABASE", "sqlite")
    parser.addoption("--database", choices=("sqlite", "postgresql"), default=default, help="which database to test on")
    parser.addoption("--quick", action="store_true", help="of each table the first row, and nothing that is slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A quick run: every test function once, so that what is broken everywhere shows itself soon."""
    if not config.getoption("--quick"):
        return
    tried: set[str] = set()
    kept: list[pytest.Item] = []
    for item in items:
        function = item.nodeid.partition("[")[0]
        is_new = function not in tried or item.get_closest_marker("every_row")
        if is_new and not item.get_closest_marker("slow"):
            kept.append(item)
        tried.add(function)
    items[:] = kept


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of this worker's own; given by ``PORTAL_TEST_DATABASE_URL``, or started here."""
    if request.config.getoption("--database") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'portal.sqlite'}"
        return
    from tests.postgres import PostgresServer

    server = PostgresServer()
    yield server.url()
    server.stop()


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    data = tmp_path_factory.mktemp("data")
    app = create_app(**SETTINGS, DATA=str(data), DATABASE_URL=database_url)
    app.test_client_class = CheckedClient
    app.extensions["witness"] = Witness(app)
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Stands in for pytest-flask's fixture of this name, whose open context lets one person be another."""


@pytest.fixture(autouse=True)
def _push_context(request: pytest.FixtureRequest) -> Iterator[None]:
    """An app context for the test's own use of the database, and an empty database behind it."""
    if "app" not in request.fixturenames:
        yield
        return
    app: Flask = request.getfixturevalue("app")
    with app.app_context():
        yield
        db.session.remove()
        empty_database()


@cache
def _emptying() -> list[str]:
    return [str(table.delete()) for table in reversed(db.metadata.sorted_tables)]


def empty_database() -> None:
    """Delete every row, children before their parents."""
    statements = _emptying()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            statements = ["; ".join(statements)]  # One trip instead of many.
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture(autouse=True)
def the_clock() -> Iterator[Clock]:
    """Time stands still in every test, also in those that do not ask for it; nobody has called in this minute yet."""
    before, clock.source = clock.source, Clock()
    rate_limit.forget_all()
    frozen_questions.forget_all()
    yield clock.source
    clock.source = before


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def make(app: Flask) -> ModuleType:
    return builders


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[..., User]:
    """``sign_in(user)`` puts ``user`` in front of ``client``, or of the client given."""
    usual = client

    def sign_in(user: User, client: FlaskClient | None = None) -> User:
        with (client or usual).session_transaction() as session:
            session.clear()
            session.update(sessions.contents(user))
        return user

    return sign_in


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement sent while the test runs, to count what a request costs."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def receiver(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A platform on this machine, to which webhooks may be sent."""
    monkeypatch.setitem(app.config, "WEBHOOKS_MAY_BE_PRIVATE", True)
    receiver = Receiver()
    yield receiver
    receiver.close()


class Silent(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """What went wrong is in the test's own words."""


def at_once(app: Flask) -> WSGIApplication:
    """Answers in one piece: this small server leaves a file open where a browser hangs up in the middle of it."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as pieces:
            return [b"".join(pieces)]

    return answer


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The app on a real port of this machine; the fixture is its address."""
    server = make_server("127.0.0.1", 0, at_once(app), threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
