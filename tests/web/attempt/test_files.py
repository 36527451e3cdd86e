"""Files in parts over HTTP: what a script hears, and that a refusal leaves nothing half written."""

import hashlib
import io

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.models import Answer, AnswerFile, AnswerFilePart, Attempt, Question, QuestionKind
from tests import make
from tests.make import S

CONTENT = b"0123456789" * 30
PDF = {"name": "plan.pdf", "media_type": "application/pdf", "size_bytes": 300}
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def attempt(app, sign_in, the_clock):
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[{"kind": QuestionKind.FILE}]))
    sign_in(attempt.learner)
    return attempt


@pytest.fixture
def home(attempt) -> str:
    question = db.session.scalars(db.select(Question.id)).one()
    return f"/attempts/{attempt.ref}/files/{question}"


@pytest.fixture
def parts(client, home) -> str:
    """Where the parts of a file that was announced go."""
    return client.post(f"{home}/begin", json={**PDF, "sha256": DIGEST}).json["url"]


def put(client, address: str, content: bytes):
    headers = {"Accept": "application/json"}
    return client.put(address, data=content, content_type="application/octet-stream", headers=headers)


def submit_form(client, home: str, content: bytes, name: str = "big.bin", **how):
    """As the page's plain form does."""
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(content), name, "file")})
    return client.post(home, data=body, content_type=f"multipart/form-data; boundary={boundary}", **how)


def rows() -> tuple[int, int, int]:
    db.session.rollback()
    return tuple(
        db.session.scalar(db.select(db.func.count()).select_from(k)) for k in (AnswerFile, AnswerFilePart, Answer)
    )


def test_announced_sent_in_two_parts_and_answered_with_the_clock(client, home, parts):
    assert put(client, f"{parts}?from=0", CONTENT[:100]).json["received_bytes"] == 100
    again = client.post(f"{home}/begin", json={**PDF, "sha256": DIGEST}).json
    assert (again["url"], again["received_bytes"], again["is_complete"]) == (parts, 100, False)
    done = put(client, f"{parts}?from=100", CONTENT[100:]).json
    assert (done["is_complete"], done["version"], done["value"]["name"]) == (True, 1, "plan.pdf")
    assert {"now", "rev", "deadline", "hard_stop", "saved_at"} <= set(done)
    assert rows() == (1, 2, 1)


def test_a_part_too_many_and_one_too_large(client, parts):
    gap = put(client, f"{parts}?from=50", CONTENT[50:])
    assert (gap.status_code, gap.json["error"]["code"], gap.json["current"]) == (409, "conflict", {"received_bytes": 0})
    large = put(client, f"{parts}?from=0", b"x" * (1024 * 1024 + 1))
    assert (large.status_code, large.json["error"]["code"]) == (413, "too_large")
    longer = put(client, f"{parts}?from=0", CONTENT + b"x")
    assert (longer.status_code, longer.json["error"]["field"]) == (422, "file")
    assert rows() == (1, 0, 0)


@pytest.mark.parametrize("address", ["", "?from=-1", "?from=x"])
def test_a_part_without_a_place(client, parts, address):
    assert put(client, f"{parts}{address}", b"x").status_code == 422
    assert put(client, f"{parts}?from=0", b"").status_code == 422
    assert rows() == (1, 0, 0)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "file"), ({"name": 3}, "file"), ({"size_bytes": "3"}, "size_bytes"),
        ({"size_bytes": True}, "size_bytes"),
        ({"size_bytes": 0}, "file"), ({"size_bytes": 21 * 1024 * 1024}, "file"), ({"sha256": "abc"}, "sha256"),
    ],
)  # fmt: skip
def test_an_announcement_that_cannot_be_used_names_the_field(client, home, changed, field):
    answer = client.post(f"{home}/begin", json={**PDF, **changed})
    assert (answer.status_code, answer.json["error"]["field"]) == (422, field)
    assert rows() == (0, 0, 0)


def test_after_the_end_both_are_told_so(client, home, parts, the_clock):
    the_clock.advance(minutes=60)
    late = client.post(f"{home}/begin", json={**PDF, "name": "other.pdf", "sha256": "0" * 64})
    assert (late.status_code, late.json["is_late"], late.json["is_complete"]) == (200, True, False)
    assert put(client, f"{parts}?from=0", CONTENT[:100]).status_code == 200
    the_clock.advance(seconds=30)
    late = put(client, f"{parts}?from=100", CONTENT[100:])
    assert (late.status_code, late.json["is_late"], late.json["is_complete"]) == (200, True, True)
    assert late.json["message"].startswith("Your time was up when plan.pdf arrived. The file is stored separately")
    assert rows() == (2, 2, 0)


def test_a_file_of_the_plain_form_that_comes_too_late_is_kept_apart_and_both_sides_see_it(
    client, home, attempt, the_clock
):
    the_clock.advance(minutes=61)
    page = submit_form(client, home, CONTENT, "plan.pdf", follow_redirects=True)
    assert "Your time was up when this arrived, so it does not count automatically." in page.text
    assert rows() == (1, 1, 0)
    with writing():
        attempts.submit_overdue(attempts.lock(attempt.id), now=the_clock())
    receipt = client.get(f"/attempts/{attempt.ref}/status").text
    assert "plan.pdf" in receipt and "arrived late" in receipt


def test_a_file_is_taken_back_and_the_question_has_no_answer(client, home, attempt):
    submit_form(client, home, CONTENT, "plan.pdf")
    for says in ("You removed the file.", "No file yet."):
        page = client.post(
            f"/attempts/{attempt.ref}/exam/1", data={"go": "take_back", "version": "1"}, follow_redirects=True
        )
        assert says in page.text
    db.session.rollback()
    assert (db.session.scalars(db.select(Answer.value)).one(), db.session.get(Attempt, attempt.id).answered_count) == (
        None,
        0,
    )


def test_the_twenty_first_file_is_refused_in_words_and_not_for_a_while(client, home):
    for number in range(20):
        submit_form(client, home, b"%d" % number, "plan.pdf")
    answer = client.post(f"{home}/begin", json={**PDF, "sha256": DIGEST})
    assert (answer.status_code, answer.json["error"]["field"]) == (422, "file")
    assert "already uploaded 20 files" in answer.json["error"]["message"] and "Retry-After" not in answer.headers


def test_a_refusal_is_in_the_learners_language(client, home, attempt, sign_in):
    with_german = make.attempt(S.STARTED, exam=attempt.exam, learner=make.user(language="de"))
    sign_in(with_german.learner)
    answer = client.post(home.replace(attempt.ref, with_german.ref) + "/begin", json={**PDF, "size_bytes": 0})
    assert answer.json["error"]["message"].startswith("Wählen Sie eine Datei, die nicht leer")


def test_the_files_of_others_do_not_exist(client, home, parts, sign_in, attempt):
    other = make.attempt(S.STARTED, exam=attempt.exam)
    sign_in(other.learner)
    assert put(client, f"{parts}?from=0", CONTENT).status_code == 404
    assert put(client, parts.replace(attempt.ref, other.ref) + "?from=0", CONTENT).status_code == 404
    assert client.post(f"{home}/begin", json=PDF).status_code == 404
    assert rows() == (1, 0, 0)


def test_the_plain_form_takes_what_it_says_it_takes(client, home):
    page = submit_form(client, home, b"x" * 20 * 1024 * 1024, follow_redirects=True)
    assert "Your file big.bin is saved." in page.text
    assert submit_form(client, home, b"x" * (20 * 1024 * 1024 + 1)).status_code == 422
    assert rows() == (1, 20, 1)


def test_a_flag_leaves_the_file_of_the_script_as_it_is(client, home, attempt):
    submit_form(client, home, CONTENT, "plan.pdf")
    page = client.get(f"/attempts/{attempt.ref}/exam/1").text
    assert "data-file=" in page and "plan.pdf" in page.partition("data-file=")[2].partition(">")[0]
