"""The questions of versions that learners have met: those never change, so each process reads them once.

Reading and building the rows of twenty questions took a tenth of the time of a question's page; the figures are in
``docs/performance.md``.
"""

from collections import OrderedDict
from threading import Lock

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import defer

from portal.db import db, is_writing
from portal.db.fast import one_read, prepared
from portal.models import ExamVersion, Question

#: Of the questions' texts, choices and keys together, in one process.
MOST_CHARACTERS = 8_000_000

_kept: OrderedDict[int, tuple[Question, ...]] = OrderedDict()
_sizes: dict[int, int] = {}
_lock = Lock()


def of(version_id: int) -> tuple[Question, ...]:
    """Those that a learner can answer, in the order of the exam. Nobody changes them: they are no part of a session.

    Of a version that nobody has met yet they may still change, so they are read each time.
    """
    with _lock:
        if version_id in _kept:
            _kept.move_to_end(version_id)
            return _kept[version_id]
    rows = db.session.execute(_questions(), {"version": version_id}).all()
    questions = tuple(question for question, _ in rows)
    if rows and all(is_frozen for _, is_frozen in rows) and _is_committed(version_id):
        for question in questions:
            db.session.expunge(question)
        _keep(version_id, questions)
    return questions


def forget_all() -> None:
    """For tests, each of which begins with an empty database and the same numbers."""
    with _lock:
        _kept.clear()
        _sizes.clear()


def _is_committed(version_id: int) -> bool:
    """Whether others see it frozen, too: an open transaction may see what is never committed."""
    if not is_writing():
        return True
    with one_read() as connection:
        return bool(connection.scalar(_is_frozen(), {"version": version_id}))


def _keep(version_id: int, questions: tuple[Question, ...]) -> None:
    size = sum(len(one.text_html) + len(str(one.choices)) + len(str(one.key)) for one in questions)
    with _lock:
        _kept[version_id], _sizes[version_id] = questions, size
        while sum(_sizes.values()) > MOST_CHARACTERS:
            oldest, _ = _kept.popitem(last=False)
            del _sizes[oldest]


@prepared
def _questions() -> Select[Question, bool]:
    query = select(Question, ExamVersion.frozen_at.is_not(None)).join(ExamVersion)
    query = query.where(Question.exam_version_id == bindparam("version"), Question.problem.is_(None))
    return query.options(defer(Question.original)).order_by(Question.position)


@prepared
def _is_frozen() -> Select[bool]:
    return select(ExamVersion.frozen_at.is_not(None)).where(ExamVersion.id == bindparam("version"))
