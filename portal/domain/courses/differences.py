"""What publishing a course changes, said before and after it happens by the same functions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.courses import versions
from portal.domain.courses.published import CoursePublished, ExamPublished, LeftOut, NotHonoured
from portal.domain.courses.versions import Content
from portal.models import Exam


@dataclass(frozen=True, kw_only=True)
class NeedsAttention:
    """Something that learners are not shown: a question, or a part of a section that is not one."""

    exam: str
    name: str
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Unused:
    """What authors wrote, all for the same effect, and what holds here instead."""

    what: tuple[str, ...]
    meaning: str
    places: dict[str, tuple[str, ...]]
    """By name of the exam; those under the empty name are of the course itself."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What publishing changes. Exams are told by content id, and those switched off by name."""

    added: tuple[str, ...]
    changed: dict[str, tuple[str, ...]]
    """For each exam what is different, in words."""
    unchanged: tuple[str, ...]
    deactivated: tuple[str, ...]
    problems: tuple[NeedsAttention, ...]
    has_new_requirements: bool = False
    left_out: tuple[LeftOut, ...] = ()
    not_honoured: tuple[Unused, ...] = ()
    unknown_provider: str | None = None
    """A provider that the course names and this portal does not know."""

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.deactivated or self.has_new_requirements)


#: How a changed column is called to the person who publishes.
WORDS = {
    "name": "name",
    "time_limit_minutes": "minutes",
    "opens_at": "opening time",
    "closes_at": "closing time",
    "is_proctored": "kind",
    "is_practice": "kind",
    "is_onboarding": "kind",
    "is_active": "turned on again",
    "hide_after_due": "hidden after it closes",
    "provider_slug": "provider",
    "review_rules": "rules for reviewers",
    "may_decline": "whether learners may opt out",
}


def settings(
    exam: ExamPublished, stored: Exam | None, provider: str | None, *, now: datetime | None
) -> dict[str, object]:
    """The columns that the author decides. Rules for reviewers only make sense where somebody reviews."""
    is_reviewed = exam.is_proctored and not exam.is_practice
    chosen = provider or (stored.provider_slug if stored else None)
    return {
        "name": exam.name,
        "time_limit_minutes": exam.time_limit_minutes,
        "opens_at": _opening(exam, stored, now),
        "closes_at": exam.closes_at,
        "is_proctored": exam.is_proctored,
        "is_practice": exam.is_practice,
        "is_onboarding": exam.is_onboarding and exam.is_proctored,
        "is_active": True,
        "hide_after_due": exam.hide_after_due,
        "provider_slug": chosen if exam.is_proctored else None,
        "review_rules": exam.review_rules if is_reviewed else "",
        **({} if exam.may_decline is None else {"may_decline": exam.may_decline}),
    }


def of_exam(stored: Exam, wanted: Mapping[str, object], content: Content) -> tuple[str, ...]:
    """What is different, in words; nothing where all is the same."""
    different = [WORDS[field] for field, value in wanted.items() if getattr(stored, field) != value]
    latest = versions.find_latest(stored.id)
    if latest is None or latest.fingerprint != content.fingerprint:
        different.append("questions")
    return tuple(dict.fromkeys(different))


def problems(published: CoursePublished) -> tuple[NeedsAttention, ...]:
    """Everything that learners are not shown, in the course's order."""
    return tuple(what for exam in published.exams for what in _attention(exam))


def not_honoured(published: CoursePublished) -> tuple[Unused, ...]:
    """Of the course and its exams together: one for each thing that holds here instead."""
    names: dict[str, dict[str, None]] = {}
    places: dict[str, dict[str, dict[str, None]]] = {}
    for exam_name, one in _all(published):
        names.setdefault(one.meaning, {}).update(dict.fromkeys(one.what.split(", ")))
        places.setdefault(one.meaning, {}).setdefault(exam_name, {}).update(dict.fromkeys(one.places))
    return tuple(
        Unused(
            what=tuple(names[meaning]), meaning=meaning, places={name: tuple(where) for name, where in exams.items()}
        )
        for meaning, exams in places.items()
    )


def _all(published: CoursePublished) -> Iterator[tuple[str, NotHonoured]]:
    yield from (("", one) for one in published.not_honoured)
    for exam in published.exams:
        yield from ((exam.name, one) for one in exam.not_honoured)


def _opening(exam: ExamPublished, stored: Exam | None, now: datetime | None) -> datetime | None:
    """When it opens; nothing where that was before anybody heard of it, for then it is simply open."""
    at = exam.opens_at
    is_past = at is not None and now is not None and at <= now
    return None if is_past and (stored is None or stored.opens_at != at) else at


def _attention(exam: ExamPublished) -> Iterator[NeedsAttention]:
    for question in exam.questions:
        if question.problem is not None:
            yield NeedsAttention(exam=exam.name, name=question.title, kind=question.kind, reason=question.problem)
    for part in exam.unreadable:
        yield NeedsAttention(exam=exam.name, name=part.name, kind=part.kind, reason=part.reason)
