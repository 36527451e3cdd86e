"""Exams in a list, each with its readiness and how many attempts run or stand still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import contains_eager

from portal.db import db
from portal.domain import ending_faults, exam_facts, readiness
from portal.domain.exam_facts import ExamFacts
from portal.domain.readiness import Finding
from portal.models import Attempt, Course, Exam
from portal.models.attempt import RUNNING

#: How far ahead the first page looks for exams that are not ready.
SOON = timedelta(days=21)


@dataclass(frozen=True, kw_only=True)
class Row:
    exam: Exam
    facts: ExamFacts
    troubles: list[Finding]
    """What is not in order."""
    running: int
    paused: int
    hanging: int
    """Those that should have ended by themselves and did not; see ``portal.domain.ending_faults``."""
    now: datetime

    @property
    def is_coming(self) -> bool:
        return self.exam.is_active and self.exam.opens_at is not None and self.exam.opens_at > self.now

    @property
    def is_over(self) -> bool:
        return not self.exam.is_active or (self.exam.closes_at is not None and self.exam.closes_at <= self.now)

    @property
    def is_worth_a_look(self) -> bool:
        """Somebody waits, or learners would be stopped soon."""
        is_far = self.exam.opens_at is not None and self.exam.opens_at > self.now + SOON
        is_broken = any(finding.tone == readiness.BAD for finding in self.troubles)
        return self.paused > 0 or (is_broken and not is_far and not self.is_over)


def rows_of(course_ids: Sequence[int], *, now: datetime) -> list[Row]:
    """Every exam of these courses: open ones first, then those to come, then those that are over."""
    query = select(Exam).join(Exam.course).where(Exam.course_id.in_(course_ids))
    exams = list(db.session.scalars(query.options(contains_eager(Exam.course)).order_by(Course.name, Exam.id)))
    facts, clocks = exam_facts.load(exams, now=now), _clocks([exam.id for exam in exams], now=now)
    rows = []
    for exam in exams:
        running, paused, hanging = clocks.get(exam.id, (0, 0, 0))
        found = readiness.findings(exam, facts[exam.id], now=now)
        troubles = [finding for finding in found if finding.tone != readiness.OK]
        counts = {"running": running, "paused": paused, "hanging": hanging}
        rows.append(Row(exam=exam, facts=facts[exam.id], troubles=troubles, now=now, **counts))
    return sorted(rows, key=_order)


def _order(row: Row) -> tuple[int, datetime]:
    if row.is_over:
        return 2, row.exam.closes_at or row.now
    return int(row.is_coming), row.exam.opens_at or row.now


def _clocks(exam_ids: list[int], *, now: datetime) -> dict[int, tuple[int, int, int]]:
    """By exam: attempts under way, those of them that wait for somebody to let their clock go on, those that hang."""
    runs, hangs = Attempt.status.in_(RUNNING), ending_faults.hangs(now)
    waits = and_(runs, Attempt.is_paused, Attempt.break_ends_at.is_(None))
    query = (
        select(Attempt.exam_id, *(func.sum(case((those, 1), else_=0)) for those in (runs, waits, hangs)))
        .where(Attempt.exam_id.in_(exam_ids), Attempt.archived_at.is_(None), or_(runs, hangs))
        .group_by(Attempt.exam_id)
    )
    return {exam_id: (int(run), int(wait), int(hang)) for exam_id, run, wait, hang in db.session.execute(query)}
