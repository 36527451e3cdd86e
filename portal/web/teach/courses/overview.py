"""Exams in a list, each with its readiness and how many attempts run or are paused."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from portal.domain.courses import course_lookup
from portal.domain.readiness import checklist
from portal.domain.readiness import facts as exam_facts
from portal.domain.readiness.checklist import Finding
from portal.domain.readiness.facts import Clocks, ExamFacts
from portal.models import Exam

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
    """Those that should have ended by themselves and did not; see ``portal.domain.lifecycle.ending_faults``."""
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
        is_broken = any(finding.tone == checklist.BAD for finding in self.troubles)
        return self.paused > 0 or (is_broken and not is_far and not self.is_over)


def rows_of(course_ids: Sequence[int], *, now: datetime) -> list[Row]:
    """Every exam of these courses: open ones first, then those to come, then those that are over."""
    exams = course_lookup.exams_of(course_ids)
    facts, clocks = exam_facts.load(exams, now=now), exam_facts.clocks([exam.id for exam in exams], now=now)
    rows = []
    for exam in exams:
        found = checklist.findings(exam, facts[exam.id], now=now)
        troubles = [finding for finding in found if finding.tone != checklist.OK]
        its = asdict(clocks.get(exam.id, Clocks()))
        rows.append(Row(exam=exam, facts=facts[exam.id], troubles=troubles, now=now, **its))
    return sorted(rows, key=_order)


def _order(row: Row) -> tuple[int, datetime]:
    if row.is_over:
        return 2, row.exam.closes_at or row.now
    return int(row.is_coming), row.exam.opens_at or row.now
