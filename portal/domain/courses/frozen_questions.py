"""The questions of versions that learners have met: those never change, so each process reads them once.

Reading and building the rows of twenty questions took a tenth of the time of a question's page; the figures are in
``docs/performance.md``.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import defer

from portal.db import db, is_writing
from portal.db.fast import one_read, prepared
from portal.models import ExamVersion, Question

#: Of all their texts, choices and keys together, in one process.
MOST_CHARACTERS = 8_000_000


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A version that never changes any more."""

    questions: tuple[Question, ...]
    materials_html: str
    characters: int


_kept: OrderedDict[int, Kept] = OrderedDict()
_lock = Lock()


def of(version_id: int) -> tuple[Question, ...]:
    """Those that a learner can answer, in the order of the exam. Nobody changes them: they are no part of a session.

    Of a version that nobody has met yet they may still change, so they are read each time.
    """
    if kept := _find(version_id):
        return kept.questions
    rows = db.session.execute(_questions(), {"version": version_id}).all()
    questions = tuple(question for question, _ in rows)
    if rows and all(is_frozen for _, is_frozen in rows) and _is_committed(version_id):
        for question in questions:
            db.session.expunge(question)
        materials_html = db.session.scalar(_materials(), {"version": version_id}) or ""
        size = len(materials_html) + sum(map(_characters, questions))
        _keep(version_id, Kept(questions=questions, materials_html=materials_html, characters=size))
    return questions


def materials_of(version_id: int) -> str:
    """The document panel beside its questions, sanitised; empty where there is none."""
    if kept := _find(version_id):
        return kept.materials_html
    return db.session.scalar(_materials(), {"version": version_id}) or ""


def forget_all() -> None:
    """For tests, each of which begins with an empty database and the same numbers."""
    with _lock:
        _kept.clear()


def _find(version_id: int) -> Kept | None:
    with _lock:
        if version_id in _kept:
            _kept.move_to_end(version_id)
        return _kept.get(version_id)


def _is_committed(version_id: int) -> bool:
    """Whether others see it frozen, too: an open transaction may see what is never committed."""
    if not is_writing():
        return True
    with one_read() as connection:
        return bool(connection.scalar(_is_frozen(), {"version": version_id}))


def _characters(question: Question) -> int:
    return len(question.text_html) + len(str(question.choices)) + len(str(question.key))


def _keep(version_id: int, new: Kept) -> None:
    with _lock:
        _kept[version_id] = new
        while sum(one.characters for one in _kept.values()) > MOST_CHARACTERS:
            _kept.popitem(last=False)


@prepared
def _questions() -> Select[Question, bool]:
    query = select(Question, ExamVersion.frozen_at.is_not(None)).join(ExamVersion)
    query = query.where(Question.exam_version_id == bindparam("version"), Question.problem.is_(None))
    return query.options(defer(Question.original)).order_by(Question.position)


@prepared
def _materials() -> Select[str]:
    return select(ExamVersion.materials_html).where(ExamVersion.id == bindparam("version"))


@prepared
def _is_frozen() -> Select[bool]:
    return select(ExamVersion.frozen_at.is_not(None)).where(ExamVersion.id == bindparam("version"))
