"""Files that learners handed in, as the course team gets them."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.answers import files
from portal.domain.answers.files import Announced
from portal.domain.attempts import attempts
from portal.models import AnswerFile, Question, QuestionKind, Role
from tests import make
from tests.make import NOON, S

PAGE = b"<script>alert(document.domain)</script>"


@pytest.fixture
def attempt(app):
    return make.attempt(S.STARTED, exam=make.exam(questions=[{"kind": QuestionKind.FILE, "title": "The plan"}]))


def upload(attempt, content: bytes, *, of: int) -> int:
    """A file of ``of`` bytes that has arrived as far as ``content``."""
    question = db.session.scalars(db.select(Question.id)).one()
    with writing():
        held = attempts.lock(attempt.id)
        told = Announced(name="plan é.html", media_type="text/html", size_bytes=of)
        file = files.begin(held, question, told, now=NOON)
        files.receive(file, held, 0, content, now=NOON)
        return file.id


def test_a_file_is_saved_and_nothing_in_it_runs(client, sign_in, attempt):
    number = upload(attempt, PAGE, of=len(PAGE))
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    address = f"/teach/attempts/{attempt.ref}/files/{number}"
    assert f'<a href="{address}" download>plan é.html</a>' in client.get(f"/teach/attempts/{attempt.ref}/").text
    answer = client.get(address)
    assert answer.data == PAGE and answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox") and answer.headers["X-Content-Type-Options"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_half_a_file_is_named_so_and_one_of_another_attempt_is_not_there(client, sign_in, attempt):
    number = upload(attempt, PAGE[:10], of=len(PAGE))
    with writing():
        attempts.submit_overdue(attempts.lock(attempt.id), now=NOON + timedelta(hours=2))
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    page = client.get(f"/teach/attempts/{attempt.ref}/").text
    assert "Late or incomplete answers" in page and "the first 1 of 1 kB" in page
    answer = client.get(f"/teach/attempts/{attempt.ref}/files/{number}")
    assert answer.data == PAGE[:10] and "in-part-plan" in answer.headers["Content-Disposition"]
    other = make.attempt(S.STARTED, exam=attempt.exam)
    assert client.get(f"/teach/attempts/{other.ref}/files/{number}").status_code == 404


def test_a_name_of_several_lines_that_an_older_version_stored_is_one_line(client, sign_in, attempt):
    number = upload(attempt, PAGE, of=len(PAGE))
    with writing() as session:
        session.get(AnswerFile, number).name = "plan\r\nBcc: x"
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    answer = client.get(f"/teach/attempts/{attempt.ref}/files/{number}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan Bcc: x"'


def test_a_proctor_sees_the_attempt_but_no_file(client, sign_in, attempt):
    number = upload(attempt, PAGE, of=len(PAGE))
    sign_in(make.member(Role.PROCTOR, course=attempt.exam.course))
    assert "plan" not in client.get(f"/teach/attempts/{attempt.ref}/").text
    assert client.get(f"/teach/attempts/{attempt.ref}/files/{number}").status_code == 403
