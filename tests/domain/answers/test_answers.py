"""Answers: kept once, never over a newer one, never lost."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.answers.answers import Said
from portal.domain.attempts import attempts
from portal.domain.errors import BadInput, Conflict, NotFound
from portal.models import Answer, LateAnswer, Question, QuestionKind
from tests import make
from tests.make import NOON


@pytest.fixture
def attempt(app):
    exam = make.exam(time_limit_minutes=60, questions=[{}, {}, {"kind": QuestionKind.SHORT_TEXT}])
    learner = make.enrol(exam.course)
    with writing():
        return attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)


def question(attempt, kind: QuestionKind) -> Question:
    return next(q for q in answers.ordered_questions(attempt) if q.kind is kind)


def save(attempt, question_id, value, *, seen=0, at=NOON):
    with writing():
        return answers.save(attempts.lock(attempt.id), question_id, Said(value=value, seen_version=seen), now=at)


def test_an_answer_counts_its_versions(attempt):
    text = question(attempt, QuestionKind.SHORT_TEXT)
    assert save(attempt, text.id, "one").version == 1
    assert save(attempt, text.id, "two", seen=1).version == 2
    with writing():
        assert attempts.lock(attempt.id).answered_count == 1


def test_the_same_answer_twice_is_harmless(attempt):
    text = question(attempt, QuestionKind.SHORT_TEXT)
    save(attempt, text.id, "one")
    assert save(attempt, text.id, "one").version == 1


def test_a_stale_page_is_told_what_stands_there(attempt):
    text = question(attempt, QuestionKind.SHORT_TEXT)
    save(attempt, text.id, "newer")
    with pytest.raises(Conflict) as refusal:
        save(attempt, text.id, "older")
    assert refusal.value.current["value"] == "newer"
    assert db.session.scalars(db.select(Answer.value)).all() == ["newer"]


def test_in_the_grace_it_counts_and_is_marked(attempt):
    text = question(attempt, QuestionKind.SHORT_TEXT)
    answer = save(attempt, text.id, "just", at=NOON + timedelta(minutes=60, seconds=20))
    assert answer.in_grace is True


def test_after_the_hard_stop_it_is_kept_apart(attempt):
    text = question(attempt, QuestionKind.SHORT_TEXT)
    save(attempt, text.id, "in time")
    late = save(attempt, text.id, "too late", seen=1, at=NOON + timedelta(minutes=60, seconds=30))
    assert isinstance(late, LateAnswer)
    assert db.session.scalars(db.select(Answer.value)).all() == ["in time"]
    assert [late.value for late in answers.list_late(attempt)] == ["too late"]


def test_what_came_too_late_is_kept_once_however_often_it_is_sent(attempt):
    text = question(attempt, QuestionKind.SHORT_TEXT)
    for value in ("late", "late", "later", "late"):
        save(attempt, text.id, value, at=NOON + timedelta(minutes=61))
    assert [late.value for late in answers.list_late(attempt)] == ["late", "later", "late"]


def test_a_value_of_another_kind_is_refused(attempt):
    choice = question(attempt, QuestionKind.ONE_CHOICE)
    for value in ("no such choice", ["a"], 7):
        with pytest.raises(BadInput):
            save(attempt, choice.id, value)
    text = question(attempt, QuestionKind.SHORT_TEXT)
    with pytest.raises(BadInput):
        save(attempt, text.id, "x" * (64 * 1024 + 1))


def test_another_exams_question_is_not_found(attempt):
    other = make.exam()
    stranger = db.session.scalars(db.select(Question).join(Question.version).filter_by(exam_id=other.id)).first()
    with pytest.raises(NotFound):
        save(attempt, stranger.id, "x")


def test_the_order_follows_the_seed(attempt):
    questions = answers.ordered_questions(attempt)
    assert answers.shuffled(questions, 7) == answers.shuffled(questions, 7)
    orders = {tuple(q.id for q in answers.shuffled(questions, seed)) for seed in range(30)}
    assert len(orders) > 1
