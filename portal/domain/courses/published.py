"""What an author has published, as plain values: the shape every source of courses is read into."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from portal.models.courses.question import QuestionKind


@dataclass(frozen=True, kw_only=True)
class ChoicePublished:
    """One answer a learner may choose."""

    id: str
    html: str


@dataclass(frozen=True, kw_only=True)
class QuestionPublished:
    """One question; `group` is shared by the questions that the author wrote as one problem.

    The shape of `key` follows the kind: the class of each kind in `portal.domain.answers.kinds` says it.
    A question that a machine would mark and that has no key, {}, only asks: it is worth 0 points.
    """

    content_id: str
    kind: QuestionKind
    title: str
    text_html: str
    points: int
    choices: tuple[ChoicePublished, ...] = ()
    key: dict[str, object] = field(default_factory=dict)
    unit: str = ""
    """HTML that stands behind the field and is read with it."""
    group: str
    problem: str | None = None
    """Why the question cannot be shown to learners as it stands; None when it can."""
    original: str
    """The author's own XML, kept as text."""


@dataclass(frozen=True, kw_only=True)
class AssetPublished:
    """A picture that a question or the exam's materials refer to as `asset:NAME`."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A component of the exam that has no counterpart here."""

    name: str
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class NotHonoured:
    """Something the author wrote that has no effect here; equal ones are one, with all their places."""

    what: str
    """As the author spells it, such as ``max_attempts``."""
    meaning: str
    """What holds here instead."""
    places: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A timed section that brings no exam this time, and why."""

    content_id: str
    name: str
    reason: str
    is_hidden: bool
    """Its author hides it: an exam made from it before is switched off. Otherwise that exam stays as it is."""


@dataclass(frozen=True, kw_only=True)
class ExamPublished:
    """One timed section of a course."""

    content_id: str
    name: str
    time_limit_minutes: int
    opens_at: datetime | None = None
    closes_at: datetime | None
    is_proctored: bool
    is_practice: bool
    is_onboarding: bool
    hide_after_due: bool
    review_rules: str
    questions: tuple[QuestionPublished, ...]
    assets: tuple[AssetPublished, ...]
    materials_html: str = ""
    unreadable: tuple[Unreadable, ...] = ()
    not_honoured: tuple[NotHonoured, ...] = ()
    may_decline: bool | None = None
    """Whether learners may opt out of proctoring. None: the source says nothing about it."""


@dataclass(frozen=True, kw_only=True)
class RequirementPublished:
    """Something a course asks of its learners before credit."""

    namespace: str
    """`proctored_exam`: the name is the content id of an exam; `grade` never holds anybody up."""
    name: str
    display_name: str


@dataclass(frozen=True, kw_only=True)
class CoursePublished:
    """A course and every timed section that a learner can reach in it."""

    key: str
    name: str
    exams: tuple[ExamPublished, ...]
    provider: str | None
    requirements: tuple[RequirementPublished, ...] | None = None
    """In the order in which they must be met. None: the source says nothing about them, as a course export does."""
    left_out: tuple[LeftOut, ...] = ()
    not_honoured: tuple[NotHonoured, ...] = ()
    """What the course itself says and no exam uses."""
    other_sections: int = 0
    """How many of its sections have no time limit, so that they are no exams."""
    leaves_exams_because: str = ""
    """Why all exams of the course stay exactly as they are; empty when they do not."""
