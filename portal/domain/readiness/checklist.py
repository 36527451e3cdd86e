"""Is an exam ready? What its course team should know before learners meet it, found before they do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.readiness.facts import ExamFacts
from portal.domain.timekeeping import budget
from portal.models import Exam, ExamKind, User

BAD, WARN, OK = "bad", "warn", "ok"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the checklist. ``tone`` is bad (learners would be stopped), warn or ok."""

    tone: str
    title: str
    details: str = ""
    about: str = ""
    """Where to mend it: ``questions``, ``allowances`` or nothing."""


@dataclass(frozen=True, kw_only=True)
class Squeezed:
    """A learner whom the window leaves less than they have, with the moment they would need it open until."""

    learner: User
    needs_until_at: datetime
    closes_at: datetime


def findings(exam: Exam, facts: ExamFacts, *, now: datetime) -> list[Finding]:
    """Everything worth knowing, the worst first."""
    found = [*_state(exam, now), *_questions(facts), *_window(exam, facts, now), *_proctoring(exam, facts)]
    found += [_learners(facts), *_cases(facts)]
    found.append(Finding(tone=OK, title=f"At zero it is submitted by itself, {exam.grace_seconds} s for transport"))
    return sorted(found, key=lambda finding: (BAD, WARN, OK).index(finding.tone))


def squeezed(exam: Exam, facts: ExamFacts, *, now: datetime) -> list[Squeezed]:
    """Learners with allowances who cannot have all their minutes before the exam closes for them."""
    begins_at = exam.opens_at or now
    late = []
    for learner, granted in facts.allowances:
        closes_at = budget.window_closes_at(exam, granted)
        own = timedelta(seconds=budget.own_seconds(exam, granted))
        if closes_at and now < closes_at < begins_at + own:
            late.append(Squeezed(learner=learner, needs_until_at=begins_at + own, closes_at=closes_at))
    return sorted(late, key=lambda one: one.needs_until_at, reverse=True)


def _state(exam: Exam, now: datetime) -> list[Finding]:
    if not exam.is_active:
        why = "The published course no longer has it, or hides it from learners. The author publishes it again."
        return [Finding(tone=BAD, title="It is switched off", details=why)]
    if exam.closes_at is None and exam.kind is not ExamKind.PRACTICE:
        why = "Learners can begin it at any time. The author can publish a due date."
        return [Finding(tone=WARN, title="It never closes", details=why)]
    return []


def _questions(facts: ExamFacts) -> list[Finding]:
    if not facts.answerable:
        why = "Learners cannot start it; no clock runs."
        if facts.problems:
            why = f"All of its {facts.problems} questions need attention. {why} The author mends and publishes them."
        else:
            why = f"{why} The author publishes the course again with questions in this section."
        return [Finding(tone=BAD, title="It has no questions", details=why, about="questions")]
    found = []
    if facts.problems or facts.unreadable:
        parts = [_count(facts.problems, "question"), _count(facts.unreadable, "other part")]
        title = f"{' and '.join(part for part in parts if part)} of its section cannot be shown"
        why = "Learners do not meet them. Questions says why; the author mends and publishes them."
        found.append(Finding(tone=WARN, title=title, details=why, about="questions"))
    by_hand = f", {facts.by_hand} marked by a person" if facts.by_hand else ", all marked by machine"
    title = f"{_count(facts.answerable, 'question')}, {_count(facts.points, 'mark')}{by_hand}"
    return [*found, Finding(tone=OK, title=title, about="questions")]


def _window(exam: Exam, facts: ExamFacts, now: datetime) -> list[Finding]:
    if exam.opens_at and exam.closes_at and exam.closes_at - exam.opens_at < timedelta(minutes=exam.time_limit_minutes):
        why = f"It takes {exam.time_limit_minutes} minutes and closes sooner. The author publishes a later due date."
        return [Finding(tone=BAD, title="It closes too early for everybody", details=why)]
    late = squeezed(exam, facts, now=now)
    if not late:
        return []
    who = names([one.learner.name for one in late])
    return [
        Finding(
            tone=BAD,
            title=f"The closing time is too early for {_count(len(late), 'learner')}",
            details=f"Their allowances need it open for longer: {who}. An instructor grants them a longer window.",
            about="allowances",
        )
    ]


def _proctoring(exam: Exam, facts: ExamFacts) -> list[Finding]:
    if not exam.is_proctored:
        return []
    if exam.provider_slug is None:
        why = (
            "Learners cannot start it. The author names a provider in the course's advanced settings and publishes "
            "it again; an administrator can tell which providers this portal knows."
        )
        return [Finding(tone=BAD, title="It has no provider", details=why)]
    if facts.provider_name is None:
        why = (
            f"Learners cannot start it. An administrator adds the provider {exam.provider_slug}, "
            "or the author publishes the course again with one that this portal knows."
        )
        return [Finding(tone=BAD, title="Its provider is not known here", details=why)]
    if not facts.provider_is_on:
        why = f"Learners cannot start it until an administrator switches {facts.provider_name} on again."
        return [Finding(tone=BAD, title="Its provider is switched off", details=why)]
    found = [Finding(tone=OK, title=f"Proctored by {facts.provider_name}")]
    if not exam.is_practice and not facts.has_practice:
        why = "Learners meet the proctoring for the first time when it counts. The author can publish one."
        found.append(Finding(tone=WARN, title="The course has no practice exam", details=why))
    return found


def _learners(facts: ExamFacts) -> Finding:
    if not facts.learners:
        return Finding(
            tone=WARN,
            title="Nobody is enrolled in the course",
            details="No learner can see it yet. An administrator enrols them.",
        )
    return Finding(tone=OK, title=f"{_count(facts.learners, 'learner')} can take it")


def _cases(facts: ExamFacts) -> list[Finding]:
    """Without an instructor only an administrator can change the course's settings."""
    if facts.reaches_somebody:
        return []
    why = (
        "Appeals, interruptions and learners' messages are emailed to no one. An administrator gives the course an "
        "instructor, or an email address in its settings."
    )
    return [Finding(tone=BAD, title="Nobody hears of its support cases", details=why)]


def names(everybody: Sequence[str], *, most: int = 6) -> str:
    """``A, B and C``, or the first few and how many more."""
    if len(everybody) > most:
        return f"{', '.join(everybody[:most])} and {len(everybody) - most} more"
    return " and ".join(part for part in (", ".join(everybody[:-1]), everybody[-1]) if part)


def _count(number: int, noun: str) -> str:
    if not number:
        return ""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
