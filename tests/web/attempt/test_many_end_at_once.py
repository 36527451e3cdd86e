"""Four hundred exams end in the same second: every answer that was sent is kept, and each is handed in once."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any

import pytest

from portal.db import db, writing
from portal.jobs.recurring import sweeper
from portal.models import (
    Answer,
    Attempt,
    Enrolment,
    HistoryEntry,
    Question,
    QuestionKind,
    TimeEntry,
    TimeEntryKind,
    User,
)
from portal.web.gate import sessions
from tests import make
from tests.make import NOON, S

LEARNERS, WITH_UNSENT, AT_ONCE = 400, 100, 16
END = NOON + timedelta(minutes=60)
Asked = tuple[int, dict[str, Any]]


@pytest.fixture
def learners(app) -> list[int]:
    """Their numbers; each sits in an exam that began at noon."""
    exam = make.exam(questions=[{"kind": QuestionKind.SHORT_TEXT}])
    version = db.session.scalars(db.select(Question.exam_version_id)).one()
    times = {"started_at": NOON, "deadline_at": END, "hard_stop_at": END + timedelta(seconds=30), "own_seconds": 3600}
    with writing() as session:
        people = [User(email=f"many{n}@example.edu", name=f"Learner {n}", created_at=NOON) for n in range(LEARNERS)]
        session.add_all(people)
        session.flush()
        session.add_all(Enrolment(course_id=exam.course_id, user_id=one.id, enrolled_at=NOON) for one in people)
        begun = [
            Attempt(
                ref=f"AAA-{n:04}", attempt_code=f"many-{n}", exam_id=exam.id, exam_version_id=version, seed=1,
                learner_id=one.id, status=S.STARTED, created_at=NOON, **times,
            )
            for n, one in enumerate(people)
        ]  # fmt: skip
        session.add_all(begun)
        session.flush()
        session.add_all(
            TimeEntry(attempt_id=one.id, kind=TimeEntryKind.BASE, seconds=3600, at=NOON, by_role="portal", revision=0)
            for one in begun
        )
    return [one.learner_id for one in begun]


@pytest.fixture
def ask(app, live_server, learners) -> Callable[[int, str, Any], Asked]:
    """One request by the learner of this place in the row."""
    with app.test_request_context():
        signer = app.session_interface.get_signing_serializer(app)
        cookies = [signer.dumps(sessions.contents(db.session.get_one(User, one))) for one in learners]
    name = app.config["SESSION_COOKIE_NAME"]

    def ask(number: int, path: str, body: Any = None) -> Asked:
        connection = HTTPConnection(live_server.removeprefix("http://"), timeout=60)
        headers = {"Cookie": f"{name}={cookies[number]}", "Content-Type": "application/json"}
        sent = json.dumps(body) if body is not None else None
        connection.request("POST" if sent else "GET", f"/attempts/AAA-{number:04}/{path}", sent, headers)
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())

    return ask


@pytest.mark.slow
def test_four_hundred_finish_and_are_swept_in_the_same_second(ask, the_clock):
    question = db.session.scalars(db.select(Question.id)).one()
    db.session.rollback()
    the_clock.now = END + timedelta(seconds=1)

    def finish(number: int) -> Asked:
        said = {"question": question, "value": f"word {number}", "version": 0}
        return ask(number, "finish", {"answers": [said]})

    with ThreadPoolExecutor(AT_ONCE) as pool:
        finished = list(pool.map(finish, range(WITH_UNSENT)))
        the_clock.now = END + timedelta(seconds=30)
        asked = [pool.submit(ask, number, "clock.json?rev=0&v=1") for number in range(LEARNERS)]
        swept = sweeper.submit_overdue(the_clock.now) + sweeper.submit_overdue(the_clock.now)
        told = [one.result() for one in asked]
    assert {status for status, _ in finished + told} == {200}
    assert {body["state"] for _, body in told} == {"ended"}
    assert swept == LEARNERS
    db.session.rollback()
    assert set(db.session.scalars(db.select(Answer.value))) == {f"word {number}" for number in range(WITH_UNSENT)}
    assert set(db.session.execute(db.select(Attempt.status, Attempt.completed_at))) == {(S.SUBMITTED, END)}
    ends = Counter(db.session.scalars(db.select(HistoryEntry.attempt_id).where(HistoryEntry.to_status == S.SUBMITTED)))
    assert set(ends.values()) == {1} and len(ends) == LEARNERS
