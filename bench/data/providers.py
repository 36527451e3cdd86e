"""A proctoring provider for the bench: a course of its own, attempts to report on, and the messages about them.

The provider's calls come from several of its machines, each with a client of its own, because the portal lets one
client call only so often in a minute.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Connection

from bench.data.put import Row, put
from bench.data.sizes import Size
from portal import clock
from portal.domain.providers.api_clients import hash_secret
from portal.models import (
    ApiClient,
    Attempt,
    AttemptStatus,
    Course,
    EndedBy,
    Exam,
    ExamVersion,
    HistoryEntry,
    Provider,
    ProviderKind,
)
from portal.web.provider_api import access_tokens

SLUG = "bench-provider"
CLIENTS = 40
MINUTES = 90
COURSE = 2
PLACE = "/api/edx_proctoring/v1/proctored_exam/attempt"
SEEN = ("Looked away from the screen", "Another voice in the room", "The phone was on the table")


def exam_ids(size: Size) -> tuple[int, int]:
    """The exam whose attempts wait for the provider's "ready", and the one whose attempts wait for its review."""
    return size.exams + 1, size.exams + 2


def external_id(attempt_id: int) -> str:
    return f"providers-name-{attempt_id}"


def attempt_ids(size: Size, *, of_reviewed: bool) -> range:
    """They are numbered after the timed ones: first those that wait for "ready", then those to be reviewed."""
    first = size.attempts + 1 + (size.learners if of_reviewed else 0)
    return range(first, first + size.learners)


def fill(connection: Connection, size: Size, *, now: datetime, first_learner: int) -> None:
    put(connection, Provider, [{"id": 1, "slug": SLUG, "kind": ProviderKind.REST, "name": "Bench Provider",
                                "base_url": "http://127.0.0.1:9", "created_at": now, "updated_at": now}])  # fmt: skip
    put(connection, ApiClient, (
        {"id": id, "client_id": _client(id), "provider_id": 1, "secret_hash": hash_secret(f"secret {id}" * 5),
         "created_at": now}
        for id in range(1, CLIENTS + 1)
    ))  # fmt: skip
    put(connection, Course, [{"id": COURSE, "key": "course-v1:Bench+B2+2026", "slug": "proctored", "name": "Proctored",
                              "overrides_grade": True}])  # fmt: skip
    put(connection, Exam, (_exam(id, now=now) for id in exam_ids(size)))
    put(connection, ExamVersion, (
        {"id": id, "exam_id": id, "number": 1, "fingerprint": str(id), "question_count": 0, "created_at": now,
         "frozen_at": now}
        for id in exam_ids(size)
    ))  # fmt: skip
    put(connection, Attempt, _attempts(size, now=now, first_learner=first_learner))
    put(connection, HistoryEntry, (
        {"attempt_id": id, "from_status": None, "to_status": "created", "at": now, "actor": "learner"}
        for of_reviewed in (False, True) for id in attempt_ids(size, of_reviewed=of_reviewed)
    ))  # fmt: skip


def _exam(id: int, *, now: datetime) -> Row:
    return {
        "id": id, "slug": f"exam-{id}", "course_id": COURSE, "content_id": f"exam-{id}", "name": f"Exam {id}",
        "time_limit_minutes": MINUTES, "is_proctored": True, "provider_slug": SLUG, "updated_at": now,
    }  # fmt: skip


def _attempts(size: Size, *, now: datetime, first_learner: int) -> Iterator[Row]:
    """Rows of equal keys, so that they go in by the thousand."""
    waiting, done = exam_ids(size)
    for number, id in enumerate(attempt_ids(size, of_reviewed=False)):
        clock_of_none = {"started_at": None, "deadline_at": None, "hard_stop_at": None, "own_seconds": 0,
                         "completed_at": None, "ended_by": None}  # fmt: skip
        yield {**_attempt(id, waiting, first_learner + number, now=now), **clock_of_none,
               "status": AttemptStatus.DOWNLOAD_SOFTWARE_CLICKED}  # fmt: skip
    for number, id in enumerate(attempt_ids(size, of_reviewed=True)):
        began = now - timedelta(hours=3)
        ends = began + timedelta(minutes=MINUTES)
        its_clock = {"started_at": began, "deadline_at": ends, "hard_stop_at": ends + timedelta(seconds=30),
                     "own_seconds": MINUTES * 60, "completed_at": ends, "ended_by": EndedBy.LEARNER}  # fmt: skip
        yield {**_attempt(id, done, first_learner + number, now=now), **its_clock, "status": AttemptStatus.SUBMITTED}


def _attempt(id: int, exam: int, learner: int, *, now: datetime) -> Row:
    return {
        "id": id, "ref": f"V{id:06d}", "attempt_code": f"code-{id}", "external_id": external_id(id),
        "provider_slug": SLUG, "exam_id": exam, "exam_version_id": exam, "learner_id": learner, "seed": id,
        "created_at": now - timedelta(hours=4), "taking_as_proctored": True, "revision": 1, "version": 1,
    }  # fmt: skip


def _client(id: int) -> str:
    return f"bench-client-{id}"


class ProviderServer:
    """Its machines, each with an access token that the portal gave it."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            now = clock.now()
            clients = [_client(id) for id in range(1, CLIENTS + 1)]
            self._tokens = [access_tokens.issue(client, ["read", "write"], now=now) for client in clients]

    def says(self, what: str, attempt_id: int, body: str) -> dict[str, Any]:
        headers = {
            "Authorization": f"JWT {self._tokens[attempt_id % CLIENTS]}", "Content-Type": "application/json"
        }  # fmt: skip
        path = f"{PLACE}/{external_id(attempt_id)}/{what}"
        return {"method": "POST", "path": path, "headers": headers, "body": body, "expect": 200}


def review_body(comments: int = 3) -> str:
    """A report that finds nothing wrong, which most are, with what was seen all the same."""
    seen = ", ".join(
        f'{{"comment": "{text}", "status": "suspicious", "start": {at}, "stop": {at + 9}, "duration": 9}}'
        for at, text in enumerate(SEEN[:comments], 60)
    )
    return f'{{"status": "passed", "comments": [{seen}], "videoReviewLink": "https://provider.example/v/1"}}'
