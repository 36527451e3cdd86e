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
    found.append(Finding(tone=OK, title=f"Submitted when time is up, with {exam.grace_seconds} s for late answers"))
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
        why = "Ask the author to publish the exam again. The course no longer has it, or hides it from learners."
        return [Finding(tone=BAD, title="The exam is turned off", details=why)]
    if exam.closes_at is None and exam.kind is not ExamKind.PRACTICE:
        why = "Learners can start it at any time. The author can publish a due date."
        return [Finding(tone=WARN, title="The exam never closes", details=why)]
    return []


def _questions(facts: ExamFacts) -> list[Finding]:
    if not facts.answerable:
        why = "Learners cannot start the exam."
        if facts.problems:
            why = f"{why} Ask the author to correct and publish its {facts.problems} questions again."
        else:
            why = f"{why} Ask the author to add questions to this section and publish the course again."
        return [Finding(tone=BAD, title="The exam has no questions", details=why, about="questions")]
    found = []
    if facts.problems or facts.unreadable:
        parts = [_count(facts.problems, "question"), _count(facts.unreadable, "other part")]
        title = f"{' and '.join(part for part in parts if part)} of this section cannot be shown"
        why = "Check the reasons under Questions, then ask the author to correct them. Learners do not see them."
        found.append(Finding(tone=WARN, title=title, details=why, about="questions"))
    by_hand = f", {facts.by_hand} marked by a person" if facts.by_hand else ", all marked automatically"
    title = f"{_count(facts.answerable, 'question')}, {_count(facts.points, 'mark')}{by_hand}"
    return [*found, Finding(tone=OK, title=title, about="questions")]


def _window(exam: Exam, facts: ExamFacts, now: datetime) -> list[Finding]:
    if exam.opens_at and exam.closes_at and exam.closes_at - exam.opens_at < timedelta(minutes=exam.time_limit_minutes):
        why = "Ask the author to publish a later due date. The exam closes before its time limit ends."
        return [Finding(tone=BAD, title="The exam closes too early for all learners", details=why)]
    late = squeezed(exam, facts, now=now)
    if not late:
        return []
    who = names([one.learner.name for one in late])
    return [
        Finding(
            tone=BAD,
            title=f"The closing time is too early for {_count(len(late), 'learner')}",
            details=f"Ask an instructor to grant a longer window to {who}. Their allowances end after the exam closes.",
            about="allowances",
        )
    ]


def _proctoring(exam: Exam, facts: ExamFacts) -> list[Finding]:
    if not exam.is_proctored:
        return []
    if exam.provider_slug is None:
        why = (
            "Learners cannot start it. Ask the author to name a provider in the advanced settings and publish "
            "the course again. An administrator can list the providers of this portal."
        )
        return [Finding(tone=BAD, title="The exam has no provider", details=why)]
    if facts.provider_name is None:
        why = (
            f"Learners cannot start it. Ask an administrator to add the provider {exam.provider_slug}, "
            "or ask the author to publish the course again with another provider."
        )
        return [Finding(tone=BAD, title="The provider is unknown", details=why)]
    if not facts.provider_is_on:
        why = f"Ask an administrator to turn on {facts.provider_name}. Until then, learners cannot start the exam."
        return [Finding(tone=BAD, title="The provider is turned off", details=why)]
    found = [Finding(tone=OK, title=f"Proctored by {facts.provider_name}")]
    if not exam.is_practice and not facts.has_practice:
        why = "Ask the author to publish one. Otherwise learners first use the proctoring in an exam that counts."
        found.append(Finding(tone=WARN, title="The course has no practice exam", details=why))
    return found


def _learners(facts: ExamFacts) -> Finding:
    if not facts.learners:
        return Finding(
            tone=WARN,
            title="No learners are enrolled in the course",
            details="Ask an administrator to enrol learners. Nobody can see the exam yet.",
        )
    return Finding(tone=OK, title=f"{_count(facts.learners, 'learner')} can take it")


def _cases(facts: ExamFacts) -> list[Finding]:
    """Without an instructor only an administrator can change the course's settings."""
    if facts.reaches_somebody:
        return []
    why = (
        "Ask an administrator to add an instructor, or an email address in the course settings. Until then, nobody "
        "gets emails about appeals, interruptions and messages from learners."
    )
    return [Finding(tone=BAD, title="Nobody gets emails about support cases", details=why)]


def names(everybody: Sequence[str], *, most: int = 6) -> str:
    """``A, B and C``, or the first few and how many more."""
    if len(everybody) > most:
        return f"{', '.join(everybody[:most])} and {len(everybody) - most} more"
    return " and ".join(part for part in (", ".join(everybody[:-1]), everybody[-1]) if part)


def _count(number: int, noun: str) -> str:
    if not number:
        return ""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
