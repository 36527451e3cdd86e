"""Makes the tables and the data that the plan says, and writes what the load tool sends."""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone
from edx_proctoring.models import ProctoredExam, ProctoredExamStudentAllowance, ProctoredExamStudentAttempt

from bench.peers.edx import counting, people

BEGAN = time.monotonic()
AT_ONCE = 10_000
MADE = (get_user_model(), ProctoredExam, ProctoredExamStudentAttempt, ProctoredExamStudentAllowance)


def fill(plan: dict[str, Any], *, now: datetime) -> None:
    """All of it in one transaction; then let the database count what it holds."""
    call_command("migrate", verbosity=0, run_syncdb=True)
    with transaction.atomic():
        put(get_user_model(), (person(*row) for row in plan["people"]))
        put(ProctoredExam, (exam(row, now=now) for row in plan["exams"]))
        for made in put(ProctoredExamStudentAttempt, (attempt(row, now=now) for row in plan["attempts"])):
            ProctoredExamStudentAttempt.history.bulk_history_create(made)
        put(ProctoredExamStudentAllowance, (allowance(*row) for row in plan["allowances"]))
    with connection.cursor() as cursor:
        for statement in (*connection.ops.sequence_reset_sql(no_style(), MADE), "ANALYZE"):
            cursor.execute(statement)


def put(model: type[Any], rows: Iterable[Any]) -> list[list[Any]]:
    """Many at once, past the signals; the history of what they are is for the caller to write."""
    source: Iterator[Any] = iter(rows)
    made = []
    while batch := list(islice(source, AT_ONCE)):
        made.append(model.objects.bulk_create(batch))
    say(f"{sum(map(len, made)):,} × {model.__name__}")
    return made


def person(id: int, username: str, email: str, is_staff: bool) -> Any:
    return get_user_model()(id=id, username=username, email=email, is_staff=is_staff, password=people.NO_PASSWORD)


def exam(row: dict[str, Any], *, now: datetime) -> ProctoredExam:
    return ProctoredExam(**row, is_active=True, due_date=now + timedelta(days=7))


def attempt(row: list[Any], *, now: datetime) -> ProctoredExamStudentAttempt:
    """One that began so many seconds ago, with a provider's name where a provider watches."""
    id, learner, exam_id, status, minutes, seconds_ago, external_id = row
    began = None if seconds_ago is None else now - timedelta(seconds=seconds_ago)
    is_over = status == "submitted"
    return ProctoredExamStudentAttempt(
        id=id, user_id=learner, proctored_exam_id=exam_id, status=status, attempt_code=f"code-{id}",
        started_at=began, completed_at=began + timedelta(minutes=minutes // 2) if began and is_over else None,
        allowed_time_limit_mins=minutes if began else None, created=began or now, external_id=external_id,
        taking_as_proctored=external_id is not None,
    )  # fmt: skip


def allowance(learner: int, exam_id: int, minutes: int) -> ProctoredExamStudentAllowance:
    key = ProctoredExamStudentAllowance.ADDITIONAL_TIME_GRANTED[0]
    return ProctoredExamStudentAllowance(user_id=learner, proctored_exam_id=exam_id, key=key, value=str(minutes))


def say(text: str) -> None:
    print(f"{time.monotonic() - BEGAN:5.0f} s  {text}", file=sys.stderr, flush=True)


def run(plan_file: Path, journeys_file: Path) -> None:
    plan = json.loads(plan_file.read_text())
    fill(plan, now=timezone.now())
    signed = {name: [list(map(people.signed, journey)) for journey in journeys]
              for name, journeys in plan["journeys"].items()}  # fmt: skip
    statements = {name: counting.count(name, journeys[-1]) for name, journeys in signed.items()}
    journeys_file.write_text(json.dumps({"journeys": signed, "statements": statements}))
    say(f"{sum(map(len, signed.values())):,} journeys")
