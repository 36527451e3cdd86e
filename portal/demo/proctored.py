"""How the demo's learners take exams with a proctor: registered, watched and reported on by the same verbs as any."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from portal.demo import exams, story
from portal.demo.story import Sitting
from portal.domain.proctoring import practice_proctor, registrations, setup
from portal.domain.providers import lookup, provider_records
from portal.domain.providers.facts import CommentReceived, Registered, ReviewReceived
from portal.domain.providers.port import PASSED
from portal.domain.providers.provider_records import Changes
from portal.domain.reviews import appeals, decision_sending, decisions, provider_reports, verdicts
from portal.domain.reviews.appeals import Answered
from portal.domain.reviews.verdicts import LEGACY, Decided, Source
from portal.models import Attempt, Exam, User, Verdict
from portal.providers.practice import PracticeProvider

#: As the built-in proctor is set below.
SOURCE = Source(slug=exams.PROCTOR, passing=frozenset({PASSED}), supports_onboarding=True)
#: How long a learner takes to get ready, and a decision waits before it counts.
SET_UP, UNDO = timedelta(minutes=6), timedelta(minutes=10)
APPEAL_DAYS = 14


def add_proctor(*, now: datetime) -> None:
    """The proctor inside the portal: buttons on a page of the learner's own, and no network."""
    said = Changes(
        name="Practice proctor",
        contact_email="help@example.org",
        options={"supports_onboarding": True},
        texts={
            ("en", "recorded"): "Nothing is recorded: this proctor is only for practice.",
            ("en", "kept"): "Nothing is kept.",
        },
    )
    provider_records.add(exams.PROCTOR, PracticeProvider, said, now=now)


def begin(exam: Exam, learner: User, *, now: datetime) -> Attempt:
    """Reserve a place, ask for it, and have it confirmed, as the page does."""
    made = registrations.reserve(exam, learner, now=now)
    reserved = registrations.lease(made.id, now=now, public_url="")
    assert reserved is not None, "Nobody else asks while the demo is loaded."
    given = Registered(external_id=f"demo-{made.id}")
    attempt = registrations.confirm(reserved, given, exam_id=None, now=now)
    assert attempt is not None, "Nobody else settles it meanwhile."
    return attempt


def set_up(attempt: Attempt, *, now: datetime) -> None:
    """The learner opens the proctor's page and reads the rules; the proctor says that they are ready."""
    setup.open_provider(attempt, attempt.learner, now=now)
    setup.read_rules(attempt, now=now)
    act(attempt, "ready", now=now + timedelta(minutes=2))


def act(attempt: Attempt, action: str, *, now: datetime) -> None:
    """A button of the practice proctor."""
    provider = lookup.get(exams.PROCTOR)
    practice_proctor.act(attempt, provider, action, review=SOURCE, now=now)


def sit(exam: Exam, sitting: Sitting, *, chance: random.Random) -> Attempt:
    """Take an exam with the proctor, from the first page on."""
    attempt = begin(exam, sitting.learner, now=sitting.began_at - SET_UP)
    set_up(attempt, now=sitting.began_at - SET_UP)
    return story.take(attempt, sitting, chance)


def report(attempt: Attempt, status: str, *seen: CommentReceived, now: datetime) -> None:
    """The proctor says what it saw."""
    said = ReviewReceived(status=status, provider_status=LEGACY[status], comments=seen)
    provider_reports.receive(attempt, said, SOURCE, None, now=now)


def saw(comment: str, word: str, minute: float, *, seconds: int = 15) -> CommentReceived:
    """Something at so many minutes of the recording."""
    start = int(minute * 60)
    return CommentReceived(
        comment=comment,
        provider_status=LEGACY[word],
        start_seconds=start,
        stop_seconds=start + seconds,
        duration_seconds=seconds,
    )


def decide(attempt: Attempt, decided: Decided, by: User, *, now: datetime, is_sent: bool = True) -> None:
    """A reviewer decides; ten minutes later it counts, unless ``is_sent`` says that it still waits."""
    is_rejected = decided.verdict is Verdict.REJECT
    marks = {one.id: decisions.CONCERN if is_rejected else decisions.OK for one in decisions.incidents(attempt)}
    made = decisions.make(attempt, decided, by, marks=marks, send_at=now + UNDO, now=now)
    if is_sent:
        decision_sending.send(made, now=now + UNDO)


def appeal(attempt: Attempt, text: str, *, now: datetime) -> None:
    """The learner asks for another look."""
    appeals.send(attempt, text, attempt.learner, days=APPEAL_DAYS, now=now)


def answer(attempt: Attempt, text: str, by: User, *, accepts: bool, now: datetime) -> None:
    appeals.answer(attempt, Answered(text=text, accepts=accepts), by, now=now)


def sit_all(
    exam: Exam, learners: Sequence[User], *, first_at: datetime, chance: random.Random
) -> Mapping[str, Attempt]:
    """One after another, two hours apart; all have submitted. By first name."""
    return {
        learner.name.split()[0]: sit(
            exam,
            Sitting(
                learner=learner,
                began_at=first_at + number * timedelta(hours=2),
                minutes=exam.time_limit_minutes * chance.uniform(0.5, 0.95),
                care=story.CARE[number % len(story.CARE)],
            ),
            chance=chance,
        )
        for number, learner in enumerate(learners)
    }


def accept(note: str = "") -> Decided:
    return Decided(verdict=Verdict.ACCEPT, note=note)


def reject(reason_code: str, sentence: str) -> Decided:
    assert reason_code in verdicts.REASONS
    return Decided(verdict=Verdict.REJECT, reason_code=reason_code, sentence=sentence)
