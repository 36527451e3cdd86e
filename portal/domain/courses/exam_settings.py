"""What a course's team may decide for one exam while it is open: one table, and every change kept with its author."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.errors import BadInput
from portal.models import Attempt, CourseChange, Exam, User
from portal.models.attempts.attempt import RUNNING, UNCLAIMED

#: On or off, or a whole number.
Value = bool | int


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A column of the exam that its team may set. The page, its form and the list of changes are made from it."""

    column: str
    group: str
    """The heading below which the page has it."""
    label: str
    effect: str
    """What it does, also to attempts under way; the team reads it before it saves."""
    most: int | None = None
    """For a number of seconds, the largest; None: it is on or off."""
    reaches: Callable[[Exam, Value], None] | None = None
    """What a change does to attempts under way besides being read by them."""
    waits_for_the_last: bool = False
    """It cannot change while an attempt is under way."""

    @property
    def is_switch(self) -> bool:
        return self.most is None

    def words(self, value: Value) -> str:
        return ("on" if value else "off") if self.is_switch else f"{value} seconds"


def free_all(exam: Exam) -> None:
    """Let every window of the exam's running attempts write again."""
    running = update(Attempt).where(Attempt.exam_id == exam.id, Attempt.status.in_(RUNNING))
    db.session.execute(running.values(window_browser=None, window_tab=None, window_seen_at=None))


def claim_all(exam: Exam) -> None:
    """Have each of the exam's running attempts belong to the window that speaks next, unless it belongs to one."""
    running = update(Attempt).where(Attempt.exam_id == exam.id, Attempt.status.in_(RUNNING))
    db.session.execute(running.where(Attempt.window_browser.is_(None)).values(window_browser=UNCLAIMED))


def _claim_or_free(exam: Exam, is_on: Value) -> None:
    (claim_all if is_on else free_all)(exam)


SETTINGS = (
    Setting(
        column="one_window",
        group="Windows",
        label="One window at a time",
        effect="Off: learners can answer in several windows, and choose when two answers differ. On: only one window "
        "accepts answers. A second window says where the exam is open and can replace the first, which becomes "
        "read-only. No answers are lost. The history records each change and both devices.",
        reaches=_claim_or_free,
    ),
    Setting(
        column="allows_parallel",
        group="Windows",
        label="Allow at the same time as another exam",
        effect="Off: learners must submit any other running exam before they start. On: both clocks can run at the "
        "same time. Changes apply to new starts; attempts in progress continue.",
    ),
    Setting(
        column="shuffles_questions",
        group="Questions",
        label="Shuffle questions for each learner",
        effect="Questions that belong together stay together. You cannot change this while an attempt is in progress, "
        "because the order would change during the exam.",
        waits_for_the_last=True,
    ),
    Setting(
        column="shows_marks",
        group="Afterwards",
        label="Show marks from automatic marking",
        effect="Learners see their marks after the exam closes for them. If it never closes, they see them after they "
        "submit. Changes apply immediately, including to submitted attempts.",
    ),
    Setting(
        column="grace_seconds",
        group="Afterwards",
        label="Seconds for late answers",
        effect="How long the portal accepts answers after time is up. Pages without scripts always have at least "
        "90 seconds. Attempts in progress keep their setting.",
        most=300,
    ),
)
OF_COLUMN = {setting.column: setting for setting in SETTINGS}


def change(exam: Exam, said: Mapping[str, Value], by: User, *, now: datetime) -> list[CourseChange]:
    """Set these columns; what changed, line by line. Setting what is set already changes nothing.

    :raises BadInput: a number out of bounds, or a setting that has to wait until no attempt is under way.
    """
    lines = []
    for setting in SETTINGS:
        was = getattr(exam, setting.column)
        if (value := said.get(setting.column, was)) == was:
            continue
        _check(setting, value, exam)
        setattr(exam, setting.column, value)
        if setting.reaches:
            setting.reaches(exam, value)
        facts = {"old_value": setting.words(was), "new_value": setting.words(value), "at": now, "by_id": by.id}
        lines.append(CourseChange(course_id=exam.course_id, setting=name_of(setting, exam), **facts))
    db.session.add_all(lines)
    return lines


def _check(setting: Setting, value: Value, exam: Exam) -> None:
    if setting.most is not None and not 0 <= value <= setting.most:
        raise BadInput(setting.column, f"Enter between 0 and {setting.most} seconds.")
    if setting.waits_for_the_last and (running := running_now(exam)):
        under_way = "1 attempt is" if running == 1 else f"{running} attempts are"
        raise BadInput(setting.column, f"{under_way} in progress. Change this setting after the last attempt ends.")


def running_now(exam: Exam) -> int:
    """How many attempts a change would reach at once."""
    running = select(func.count(Attempt.id)).where(Attempt.exam_id == exam.id, Attempt.status.in_(RUNNING))
    return db.session.scalar(running.where(Attempt.archived_at.is_(None))) or 0


def name_of(setting: Setting, exam: Exam) -> str:
    """How the list of changes names it: by the exam's address, too, which no other exam ever has."""
    return f"{setting.column} {exam.slug}"


def names(changes: Sequence[CourseChange]) -> dict[str, str]:
    """Which setting of which exam each of a course's changes was about, in words, by :func:`name_of`."""
    named = {change.setting: change.setting.partition(" ") for change in changes}
    of_exams = {name: (column, slug) for name, (column, _, slug) in named.items() if slug and column in OF_COLUMN}
    slugs = {slug for _, slug in of_exams.values()}
    found = db.session.execute(select(Exam.slug, Exam.name).where(Exam.slug.in_(slugs))) if slugs else ()
    exams = {row.slug: row.name for row in found}
    return {
        name: f"{exams[slug]}: {OF_COLUMN[column].label}" for name, (column, slug) in of_exams.items() if slug in exams
    }


def changes_of(exam: Exam, *, most: int = 20) -> Sequence[CourseChange]:
    """The newest first."""
    kept = select(CourseChange).where(CourseChange.course_id == exam.course_id)
    mine = kept.where(CourseChange.setting.in_([name_of(setting, exam) for setting in SETTINGS]))
    newest = mine.order_by(CourseChange.id.desc()).options(joinedload(CourseChange.by))
    return db.session.scalars(newest.limit(most)).all()
