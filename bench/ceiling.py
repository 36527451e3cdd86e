"""The same work without the portal: bare Flask and SQLAlchemy Core, as fast as this machine can do it.

``/ok`` is the framework alone, ``clock`` one query behind a signed cookie. The other reads repeat the portal's
own statements and answer with as many bytes; the writes do the same inserts and updates, without any check.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Flask, Response, jsonify, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, create_engine, func, insert, select, update

from bench.data import providers
from portal.db import sqlite, write_lock
from portal.db.transactions import Kind, beginning
from portal.models import (
    Allowance,
    Answer,
    Attempt,
    AttemptStatus,
    Delivery,
    Exam,
    HistoryEntry,
    OutboxMessage,
    Question,
    Review,
    ReviewComment,
    TimeEntry,
    User,
)

PLAN: dict[str, Any] = json.loads(Path(os.environ["BENCH_PLAN"]).read_text())
engine = create_engine(PLAN["database_url"])
if engine.dialect.name == "sqlite":
    sqlite.prepare(engine, synchronous=PLAN["synchronous"])
app = Flask(__name__)
app.config.update(SECRET_KEY=PLAN["secret_key"], SESSION_COOKIE_NAME=PLAN["cookie"])

CLOCK = (
    select(Attempt.id, Attempt.status, Attempt.started_at, Attempt.deadline_at, Attempt.hard_stop_at,
           Attempt.is_paused, Attempt.paused_at, Attempt.own_seconds, Attempt.revision, Attempt.saved_at)
    .join(User, User.id == Attempt.learner_id)
)  # fmt: skip
attempt, answer = Attempt.__table__, Answer.__table__


@contextmanager
def writing() -> Iterator[Connection]:
    """A transaction; on SQLite in turns, like the portal's, because waiting for each other there wastes time."""
    is_sqlite = engine.dialect.name == "sqlite"
    with (
        write_lock.at(str(engine.url.database)).taken() if is_sqlite else nullcontext(),
        beginning(Kind.LASTING),
        engine.begin() as connection,
    ):
        yield connection


def me() -> int:
    return int(session["_user_id"].split(".")[0])


@app.get("/ok")
def ok() -> ResponseReturnValue:
    return "ok"


@app.get("/attempts/<ref>/clock.json")
def clock(ref: str) -> ResponseReturnValue:
    """One Core query for a person whom the signed cookie names."""
    with engine.connect() as connection:
        row = connection.execute(CLOCK.where(Attempt.ref == ref, User.id == me())).one()
    moments = {name: at and round(at.timestamp() * 1000) for name, at in zip(row._fields, row, strict=True)
               if isinstance(at, datetime)}  # fmt: skip
    return jsonify(**moments, state=row.status, rev=row.revision, own_ms=row.own_seconds * 1000)


@app.get("/replay/<work>")
def replay(work: str) -> ResponseReturnValue:
    """The statements that the portal sent for this page, for one and the same person."""
    wanted = PLAN["replays"][work]
    session.get("_user_id")
    with engine.connect() as connection:
        for sql, parameters in wanted["statements"]:
            connection.exec_driver_sql(sql, tuple(parameters) if isinstance(parameters, list) else parameters).all()
    return Response(b"x" * wanted["bytes"], mimetype="text/html")


def the_attempt(connection: Connection, ref: str) -> Any:
    return connection.execute(select(attempt).where(attempt.c.ref == ref).with_for_update()).one()


@app.post("/attempts/<ref>/answers/<int:question_id>")
def save(ref: str, question_id: int) -> ResponseReturnValue:
    body, now = request.get_json(), datetime.now(UTC)
    with writing() as connection:
        connection.execute(select(User.__table__).where(User.id == me())).one()
        mine = the_attempt(connection, ref)
        connection.execute(select(Question.__table__).where(Question.id == question_id)).one()
        found = select(answer.c.id).where(answer.c.attempt_id == mine.id, answer.c.question_id == question_id)
        values = {"value": body["value"], "version": body["version"] + 1, "saved_at": now}
        if known := connection.scalar(found):
            connection.execute(update(answer).where(answer.c.id == known).values(**values))
        else:
            connection.execute(insert(answer).values(attempt_id=mine.id, question_id=question_id, **values))
        connection.execute(_moved(mine.id, saved_at=now))
    return jsonify(version=body["version"] + 1)


@app.post("/exams/<slug>/begin")
def begin(slug: str) -> ResponseReturnValue:
    now, ref = datetime.now(UTC), token_hex(8)
    with writing() as connection:
        connection.execute(select(User.__table__).where(User.id == me())).one()
        exam = connection.execute(select(Exam.__table__).where(Exam.slug == slug)).one()
        values = {"ref": ref, "attempt_code": ref, "exam_id": exam.id, "exam_version_id": exam.id, "learner_id": me(),
                  "status": AttemptStatus.CREATED, "seed": 1, "created_at": now, "version": 1}  # fmt: skip
        made = connection.execute(insert(attempt).values(values).returning(attempt.c.id)).scalar_one()
        _history(connection, made, "created", now=now)
    return "", 303, {"Location": f"/attempts/{ref}"}


@app.post("/attempts/<ref>/start")
def start(ref: str) -> ResponseReturnValue:
    now = datetime.now(UTC)
    ends = now + timedelta(minutes=180)
    with writing() as connection:
        connection.execute(select(User.__table__).where(User.id == me())).one()
        mine = the_attempt(connection, ref)
        _history(connection, mine.id, "ready_to_start", now=now)
        connection.execute(insert(TimeEntry.__table__).values(attempt_id=mine.id, kind="base", seconds=10800, at=now))
        moved = {"status": AttemptStatus.STARTED, "started_at": now, "deadline_at": ends, "hard_stop_at": ends}
        connection.execute(_moved(mine.id, **moved))
        _history(connection, mine.id, "started", now=now)
    return "", 303


@app.post("/attempts/<ref>/submit")
def hand_in(ref: str) -> ResponseReturnValue:
    now = datetime.now(UTC)
    with writing() as connection:
        connection.execute(select(User.__table__).where(User.id == me())).one()
        mine = the_attempt(connection, ref)
        shown = select(Question.__table__).where(Question.exam_version_id == mine.exam_version_id)
        connection.execute(shown).all()
        connection.execute(select(answer).where(answer.c.attempt_id == mine.id)).all()
        connection.execute(_moved(mine.id, status=AttemptStatus.SUBMITTED, completed_at=now))
        connection.execute(update(answer).where(answer.c.attempt_id == mine.id).values(points=1))
        _history(connection, mine.id, "submitted", now=now)
        message = {"key": token_hex(8), "topic": "none", "payload": {}, "created_at": now, "available_at": now}
        connection.execute(insert(OutboxMessage.__table__).values(**message, done_at=now))
    return "", 303


@app.post("/teach/courses/<slug>/allowances/new")
def grant(slug: str) -> ResponseReturnValue:
    said, now = request.form, datetime.now(UTC)
    with writing() as connection:
        connection.execute(select(User.__table__).where(User.id == me())).one()
        learner = connection.execute(select(User.id).where(func.lower(User.email) == said["email"])).scalar_one()
        exam = connection.execute(select(Exam.__table__).where(Exam.slug == said["exam"])).one()
        values = {"course_id": exam.course_id, "exam_id": exam.id, "learner_id": learner, "kind": said["kind"],
                  "minutes": int(said["amount"]), "reason": "bench", "granted_at": now,
                  "granted_by_id": me()}  # fmt: skip
        connection.execute(insert(Allowance.__table__).values(values))
    return "", 303


CALLBACKS = "/api/edx_proctoring/v1/proctored_exam/attempt/<external_id>"


def _delivered(connection: Connection, kind: str, external_id: str, *, now: datetime) -> tuple[Any, int]:
    """The attempt that a provider names, and the message kept as it came."""
    named = (attempt.c.provider_slug == providers.SLUG, attempt.c.external_id == external_id)
    mine = connection.execute(select(attempt).where(*named).with_for_update()).one()
    message = {"kind": kind, "external_id": external_id, "attempt_id": mine.id, "body": request.get_data(as_text=True),
               "body_sha256": "", "outcome": "used", "received_at": now}  # fmt: skip
    kept = connection.execute(insert(Delivery.__table__).values(message).returning(Delivery.__table__.c.id))
    return mine, kept.scalar_one()


@app.post(f"{CALLBACKS}/ready")
def ready(external_id: str) -> ResponseReturnValue:
    now = datetime.now(UTC)
    with writing() as connection:
        mine, _ = _delivered(connection, "ready", external_id, now=now)
        connection.execute(_moved(mine.id, status=AttemptStatus.READY_TO_START))
        _history(connection, mine.id, "ready_to_start", now=now)
    return jsonify("OK")


@app.post(f"{CALLBACKS}/reviewed")
def reviewed(external_id: str) -> ResponseReturnValue:
    now, said = datetime.now(UTC), request.get_json()
    with writing() as connection:
        mine, delivery = _delivered(connection, "reviewed", external_id, now=now)
        facts = {"attempt_id": mine.id, "number": 1, "is_current": True, "is_human": False, "provider_slug": "v",
                 "delivery_id": delivery, "status": said["status"], "provider_status": said["status"],
                 "to_status": "verified", "made_at": now}  # fmt: skip
        made = connection.execute(insert(Review.__table__).values(facts).returning(Review.__table__.c.id)).scalar_one()
        seen = [{"review_id": made, "comment": c["comment"], "provider_status": c["status"]} for c in said["comments"]]
        connection.execute(insert(ReviewComment.__table__), seen)
        connection.execute(_moved(mine.id, status=AttemptStatus.VERIFIED))
        _history(connection, mine.id, "verified", now=now)
        message = {"topic": "none", "payload": {}, "created_at": now, "available_at": now, "done_at": now}
        connection.execute(insert(OutboxMessage.__table__), [{**message, "key": token_hex(8)} for _ in range(2)])
    return jsonify("OK")


def _moved(attempt_id: int, **values: Any) -> Any:
    return update(attempt).where(attempt.c.id == attempt_id).values(version=attempt.c.version + 1, **values)


def _history(connection: Connection, attempt_id: int, became: str, *, now: datetime) -> None:
    line = insert(HistoryEntry.__table__).values(attempt_id=attempt_id, to_status=became, at=now, actor="learner")
    connection.execute(line)
