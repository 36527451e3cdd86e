"""Files in parts: in order, once, whole or not at all, begun in time, and swept up when nobody goes on."""

import hashlib
from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.answers import files as answer_files
from portal.domain.answers.files import MOST_FILES, Announced
from portal.domain.attempts import attempts
from portal.domain.errors import BadInput, Conflict, NotFound
from portal.models import Answer, AnswerFile, AnswerFilePart, Attempt, Question, QuestionKind
from tests import make
from tests.make import NOON, S

CONTENT = b"0123456789" * 30
HOUR = timedelta(hours=1)


@pytest.fixture
def attempt(app) -> Attempt:
    exam = make.exam(questions=[{"kind": QuestionKind.FILE}, {}])
    return make.attempt(S.STARTED, exam=exam)


def asked(attempt, kind=QuestionKind.FILE) -> int:
    query = db.select(Question.id).filter_by(exam_version_id=attempt.exam_version_id, kind=kind)
    return db.session.scalars(query).one()


def announced(content=CONTENT, name="plan.pdf", **facts) -> Announced:
    known = {"sha256": hashlib.sha256(content).hexdigest(), **facts}
    return Announced(name=name, media_type="application/pdf", size_bytes=len(content), **known)


def begin(attempt, what=None, *, at=NOON, kind=QuestionKind.FILE) -> int:
    with writing():
        return answer_files.begin(attempts.lock(attempt.id), asked(attempt, kind), what or announced(), now=at).id


def send(attempt, file_id, start, content, *, at=NOON) -> bool:
    with writing():
        held = attempts.lock(attempt.id)
        return answer_files.receive(answer_files.find(held, file_id), held, start, content, now=at)


def rows(kind) -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(kind))


def stored() -> AnswerFile:
    db.session.rollback()
    return db.session.scalars(db.select(AnswerFile).execution_options(populate_existing=True)).one()


def test_parts_in_order_become_the_answer_with_the_last_one(attempt):
    file_id = begin(attempt)
    assert send(attempt, file_id, 0, CONTENT[:100]) is False
    assert rows(Answer) == 0
    assert send(attempt, file_id, 100, CONTENT[100:]) is True
    assert db.session.scalars(db.select(Answer.value)).one() == {"file": file_id, "name": "plan.pdf", "size_bytes": 300}
    assert answer_files.content(stored()) == CONTENT


def test_a_part_twice_is_kept_once_and_the_last_one_twice_is_still_complete(attempt):
    file_id = begin(attempt)
    for _ in range(2):
        assert send(attempt, file_id, 0, CONTENT[:100]) is False
    assert (stored().received_bytes, rows(AnswerFilePart)) == (100, 1)
    for moment in (NOON, NOON + 3 * HOUR):
        assert send(attempt, file_id, 100, CONTENT[100:], at=moment) is True
    assert db.session.scalars(db.select(Answer.version)).one() == 1


@pytest.mark.parametrize("start", [50, 150, 299])
def test_a_part_that_does_not_follow_is_told_where_to_continue(attempt, start):
    file_id = begin(attempt)
    send(attempt, file_id, 0, CONTENT[:100])
    with pytest.raises(Conflict) as refusal:
        send(attempt, file_id, start, b"x" * 100)
    assert refusal.value.current == {"received_bytes": 100}
    assert (stored().received_bytes, rows(AnswerFilePart)) == (100, 1)


def test_the_same_file_again_continues_where_it_stopped_and_is_never_two(attempt):
    file_id = begin(attempt)
    send(attempt, file_id, 0, CONTENT[:100])
    assert begin(attempt) == file_id
    send(attempt, file_id, 100, CONTENT[100:])
    assert begin(attempt) == file_id
    assert rows(AnswerFile) == 1


def test_another_file_of_the_same_name_and_size_is_another_and_replaces_what_was_under_way(attempt):
    first = begin(attempt)
    send(attempt, first, 0, CONTENT[:100])
    second = begin(attempt, announced(CONTENT[::-1]))
    assert (rows(AnswerFile), rows(AnswerFilePart)) == (1, 0)
    assert stored().sha256 == hashlib.sha256(CONTENT[::-1]).hexdigest()
    assert second > first
    with pytest.raises(NotFound):
        send(attempt, first, 100, CONTENT[100:])


def test_without_a_digest_nothing_is_taken_for_the_same(attempt):
    send(attempt, begin(attempt, announced(sha256=None)), 0, CONTENT[:100])
    begin(attempt, announced(sha256=None))
    assert (rows(AnswerFile), stored().received_bytes) == (1, 0)


def test_bytes_that_are_not_the_announced_ones_never_become_the_answer(attempt):
    file_id = begin(attempt)
    send(attempt, file_id, 0, b"x" * 100)
    assert send(attempt, file_id, 100, CONTENT[100:]) is False
    assert (stored().received_bytes, rows(AnswerFilePart), rows(Answer)) == (0, 0, 0)
    assert send(attempt, file_id, 0, CONTENT) is True


def test_begun_in_time_it_may_continue_in_the_grace_and_be_found_again_there(attempt):
    file_id = begin(attempt, at=NOON + HOUR - timedelta(seconds=1))
    late = NOON + HOUR + timedelta(seconds=29)
    assert begin(attempt, at=late) == file_id
    assert send(attempt, file_id, 0, CONTENT, at=late) is True
    assert db.session.scalars(db.select(Answer.in_grace)).one() is True


def apart(attempt) -> list[tuple[str, int]]:
    db.session.rollback()
    return [
        (file.name, file.received_bytes)
        for file in answer_files.apart(attempt, answer_files.list_for(attempt, answers.ordered_questions(attempt)))
    ]


def test_a_file_begun_after_the_deadline_is_kept_apart_and_never_the_answer(attempt):
    in_time = begin(attempt)
    late = begin(attempt, announced(b"other", name="late.pdf"), at=NOON + HOUR)
    assert begin(attempt, at=NOON + HOUR) == in_time, "what was under way is not lost by a late one"
    assert send(attempt, late, 0, b"other", at=NOON + HOUR) is True
    assert (apart(attempt), rows(Answer)) == ([("late.pdf", 5)], 0)
    assert begin(attempt, announced(b"other", name="late.pdf"), at=NOON + 2 * HOUR) == late, (
        "the same again is no second"
    )


def test_a_file_begun_in_time_whose_last_part_is_late_is_kept_apart_and_never_the_answer(attempt):
    file_id = begin(attempt)
    send(attempt, file_id, 0, CONTENT[:100])
    assert send(attempt, file_id, 100, CONTENT[100:], at=NOON + HOUR + timedelta(seconds=30)) is True
    assert (stored().is_late, stored().sha256, rows(Answer)) == (True, hashlib.sha256(CONTENT).hexdigest(), 0)
    assert apart(attempt) == [("plan.pdf", 300)]


def test_what_arrived_in_part_is_named_when_the_attempt_has_ended(attempt):
    send(attempt, begin(attempt), 0, CONTENT[:100])
    assert apart(attempt) == [], "it is still under way"
    with writing():
        attempts.submit_overdue(attempts.lock(attempt.id), now=NOON + 2 * HOUR)
    assert apart(attempt) == [("plan.pdf", 100)]


def test_earlier_files_are_those_that_were_replaced_or_taken_back(attempt):
    for content in (b"one", b"two"):
        send(attempt, begin(attempt, announced(content, name=f"{content.decode()}.pdf")), 0, content)
    files, given = answer_files.list_for(attempt, answers.ordered_questions(attempt)), answers.list_for(attempt)
    assert [file.name for file in answer_files.earlier(files, given)] == ["one.pdf"]


@pytest.mark.parametrize("size", [0, answer_files.LARGEST_FILE_BYTES + 1])
def test_sizes_that_cannot_be_taken(attempt, size):
    with pytest.raises(BadInput, match="not larger than 20 MB"):
        begin(attempt, Announced(name="a", media_type="", size_bytes=size))
    assert rows(AnswerFile) == 0


def test_more_than_was_announced_is_refused(attempt):
    with pytest.raises(BadInput, match="larger than expected"):
        send(attempt, begin(attempt), 0, CONTENT + b"x")
    with pytest.raises(BadInput, match="does not accept files"):
        begin(attempt, kind=QuestionKind.ONE_CHOICE)
    assert rows(AnswerFilePart) == 0


def test_there_is_an_end_to_files_for_one_question(attempt):
    for number in range(MOST_FILES):
        content = bytes([number]) * 3
        send(attempt, begin(attempt, announced(content)), 0, content)
    with pytest.raises(BadInput, match="already uploaded 20 files"):
        begin(attempt, announced(b"one more"))
    assert rows(AnswerFile) == MOST_FILES


def test_what_never_arrived_is_swept_up_and_all_that_did_stays(attempt):
    send(attempt, begin(attempt), 0, CONTENT)
    begin(attempt, announced(b"other file"))
    for moment, swept in ((NOON + 47 * HOUR, 0), (NOON + 48 * HOUR, 1), (NOON + 49 * HOUR, 0)):
        with writing() as session:
            assert answer_files.forget_abandoned(session, moment) == swept
    assert (stored().completed_at, rows(AnswerFilePart)) == (NOON, 1)
    send(attempt, begin(attempt, announced(b"other file")), 0, b"oth")
    with writing() as session:
        assert answer_files.forget_abandoned(session, NOON + 48 * HOUR) == 0
