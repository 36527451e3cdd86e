"""A whole portal for a hard test: real processes, a database of its own, a clock to move, and browsers."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import Select

from portal import create_app
from portal.db import db
from portal.models import User
from portal.web.gate import sessions
from tests.conftest import SETTINGS
from tests.make import NOON
from tests.resilience import portal_process

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Answered:
    status: int
    location: str
    text: str

    @property
    def says(self) -> Any:
        return json.loads(self.text)


class Browser:
    """Somebody's browser: signed in, on a connection of its own, shown each answer before it is followed."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self._headers = {"Cookie": cookie, "Accept": "text/html"}
        self._headers["X-CSRFToken"] = TOKEN.findall(self.get("/me/settings").text)[0]
        self._headers["Accept"] = "application/json"  # Refusals in few words: these tests look at the status.

    @property
    def headers(self) -> dict[str, str]:
        """What each of its requests says: who it is, and that a page of ours has asked for it."""
        return self._headers

    def get(self, path: str) -> Answered:
        return self._send("GET", path)

    def post(self, path: str, **form: str) -> Answered:
        return self._send("POST", path, urlencode(form), "application/x-www-form-urlencoded")

    def save(self, ref: str, question_id: int, value: str, *, version: int) -> Answered:
        """What the page's script does while somebody types."""
        body = json.dumps({"value": value, "version": version})
        return self._send("POST", f"/attempts/{ref}/answers/{question_id}", body, "application/json")

    def close(self) -> None:
        self._connection.close()

    def _send(self, method: str, path: str, body: str | None = None, of_type: str = "") -> Answered:
        """:raises OSError, HTTPException: nobody answered; a later call connects again."""
        try:
            self._connection.request(
                method, path, body, {**self._headers, **({"Content-Type": of_type} if body else {})}
            )
            answer = self._connection.getresponse()
            return Answered(answer.status, answer.headers.get("Location", ""), answer.read().decode())
        except (OSError, HTTPException):
            self._connection.close()
            raise


class Portal:
    """Server and workers in processes of their own, beside ``app``, the test's own eye on their database."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.port = folder, free_port()
        self.app: Flask = create_app(**SETTINGS, DATA=str(folder), DATABASE_URL=database_url)
        self.is_sqlite = database_url.startswith("sqlite")
        self._url = database_url
        self._clock = folder / "clock"
        self._processes: list[subprocess.Popen[str]] = []
        self._browsers: list[Browser] = []
        self.set_clock(NOON)

    def set_clock(self, at: datetime) -> None:
        """Let it be ``at`` now, for every process at once: none ever sees the wall clock in between."""
        portal_process.move(self._clock, (at - datetime.now(UTC)).total_seconds())

    def advance(self, **by: float) -> None:
        self.set_clock(self.now() + timedelta(**by))

    @property
    def now(self) -> Callable[[], datetime]:
        return portal_process.moved_by(self._clock)

    def serve(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        """A server that answers by the time this returns: two processes where the database is made for it."""
        shape = ["--threads", "4"] if self.is_sqlite else ["--processes", "2", "--threads", "4"]
        return self.start("serve", "--port", str(self.port), *shape, *words, until="Invigil is ready", **settings)

    def start(self, *words: str, until: str, **settings: str) -> subprocess.Popen[str]:
        """A process of the portal, once it has said ``until``."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.resilience.portal_process", str(self._clock), *words],
                cwd=ROOT,
                env={**self._environment(), **settings},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self._processes.append(process)
        for line in process.stdout:
            if until in line:
                return process
        raise AssertionError(self.log())

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        ours = {"DATA": self.folder, "DATABASE_URL": self._url, "SECRET_KEY": SETTINGS["SECRET_KEY"], "DEMO": "false"}
        return {**inherited, **{f"PORTAL_{name}": str(value) for name, value in ours.items()}}

    def look(self, query: Select[Any]) -> Sequence[Any]:
        """What the database holds now, whatever this test has read before."""
        db.session.rollback()
        rows = db.session.execute(query.execution_options(populate_existing=True)).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in rows]

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Until what other processes do has come true."""
        latest = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert time.monotonic() < latest, self.log()
            time.sleep(0.05)

    def mails(self) -> list[EmailMessage]:
        """What was written to files, as no mail server is set."""
        found = sorted((self.folder / "mail").glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def kill(self, process: subprocess.Popen[str]) -> None:
        """As when the power is cut: the process and all it has started, without a word."""
        self._processes.remove(process)
        end(process, signal.SIGKILL)

    def strike(self) -> None:
        """Kill the newest process from another thread, while the test waits for it."""
        os.killpg(self._processes[-1].pid, signal.SIGKILL)

    def browser(self, user: User) -> Browser:
        """``user``'s browser, which has signed in already."""
        signed = self.app.session_interface.get_signing_serializer(self.app).dumps(sessions.contents(user))
        self._browsers.append(Browser(self.port, f"{self.app.config['SESSION_COOKIE_NAME']}={signed}"))
        return self._browsers[-1]

    def close(self) -> None:
        for browser in self._browsers:
            browser.close()
        for process in self._processes:
            end(process, signal.SIGTERM)
        db.session.remove()
        db.engine.dispose()


def end(process: subprocess.Popen[str], how: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # It may be dead already.
        os.killpg(process.pid, how)
    process.stdout.read()  # Ends when the last of them is gone.
    process.stdout.close()
    process.wait(20)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
