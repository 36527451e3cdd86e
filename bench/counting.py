"""What a request asks of the database: its statements, counted and kept for the bare server to repeat."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from bench.works import Step, Work
from portal.db import db

#: Begin and commit are not counted: every request has them.
FRAME = ("BEGIN", "COMMIT", "ROLLBACK")


#: SQL and its parameters.
Statement = tuple[str, Any]


@dataclass
class Asked:
    """The statements of each step of one journey with their parameters, and how long the last answer was."""

    steps: list[list[Statement]] = field(default_factory=list)
    bytes: int = 0

    @property
    def statements(self) -> list[Statement]:
        return [statement for step in self.steps for statement in step]

    @property
    def count(self) -> int:
        return len(self.statements)


def count(app: Flask, work: Work) -> Asked:
    """Go the work's last journey inside this process, and note what is sent."""
    asked, went, client = Asked(), "", app.test_client(use_cookies=False)
    for step in work.journeys[-1]:
        asked.steps.append([])
        with _noting(app, asked.steps[-1]):
            reply = client.open(step["path"].replace("{went}", went), method=step["method"],
                                headers=step["headers"], data=_body(step))  # fmt: skip
        if reply.status_code != step["expect"]:
            raise RuntimeError(f"{work.name} was answered {reply.status_code}: {reply.text[:300]}")
        went = reply.headers.get("Location", "").rstrip("/")
        asked.bytes = len(reply.data)
    return asked


def _body(step: Step) -> str:
    body: str = step["body"]
    if not body:
        return body
    filled = body.replace("{version}", "0").replace("{next}", "1")
    if step["headers"].get("Content-Type") == "application/json":
        json.loads(filled)  # A slip in the template would be measured as a quick refusal.
    return filled


@contextmanager
def _noting(app: Flask, statements: list[Statement]) -> Iterator[None]:
    def note(connection: object, cursor: object, sql: str, parameters: Any, *rest: object) -> None:
        if not sql.startswith(FRAME):
            statements.append((sql, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)
