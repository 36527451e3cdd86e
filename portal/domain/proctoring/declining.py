"""Taking a proctored exam without proctoring: what the learner gives up, and which other exams it touches."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.attempts import creation, eligibility
from portal.domain.courses import prerequisites, versions
from portal.domain.errors import NotNow, sentence
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import messages
from portal.models import Attempt, Exam, HistoryEntry, Topic, User
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import PRE_START


def why_not(exam: Exam, latest: Attempt | None) -> str:
    """Why this exam cannot be taken without proctoring; empty when it can."""
    if not exam.is_proctored or exam.is_practice:
        return sentence("Only a proctored exam that counts can be taken without proctoring.")
    if not exam.may_decline:
        return sentence("The course team requires proctoring for this exam.")
    if latest is not None and latest.status is S.DECLINED:
        return sentence("You have already made this choice.")
    if latest is not None and latest.status not in PRE_START | eligibility.UNCOUNTED:
        return sentence("Your exam has started or ended, so you can no longer choose this.")
    return ""


def decline(exam: Exam, learner: User, *, now: datetime) -> Attempt:
    """Opt out of proctoring, and of the course's other untouched proctored exams where the course says so.

    :raises NotNow: it cannot be chosen; says why. :raises NotAllowed: not enrolled.
    """
    latest = eligibility.find_latest(exam, learner)
    if reason := why_not(exam, latest):
        raise NotNow(reason)
    _check_begin(exam, learner, latest, now=now)
    declined = _decline_one(exam, learner, latest, Cause(actor=Actor.LEARNER, user=learner), now=now)
    reason = f"{exam.name} was taken without proctoring."
    for other, theirs in touched(exam, learner):
        _decline_one(other, learner, theirs, Cause(actor=Actor.PORTAL, reason=reason), now=now)
    return declined


def earlier(exam: Exam, learner: User, latest: Attempt | None) -> str:
    """The name of what the course asks for before this exam, if it was taken without proctoring; else empty.

    Then this exam is taken without it, too, whatever its own setting (edx-proctoring 5.5). What continues where
    it was suspended has been asked that before.
    """
    if not exam.is_proctored or exam.is_practice or eligibility.is_to_resume(latest):
        return ""
    declined = prerequisites.prerequisites_for(learner, exam).declined
    return declined[0].requirement.display_name if declined else ""


def follow_earlier(exam: Exam, learner: User, *, now: datetime) -> bool:
    """Decline this exam because of :func:`earlier`. False when nothing calls for it, or it has begun or is over.

    :raises NotAllowed, NotNow: the learner may not begin it now.
    """
    latest = eligibility.find_latest(exam, learner)
    cause, untouched = earlier(exam, learner, latest), PRE_START | (eligibility.UNCOUNTED - {S.DECLINED})
    if not cause or (latest is not None and latest.status not in untouched):
        return False
    _check_begin(exam, learner, latest, now=now)
    reason = f"{cause} was taken without proctoring."
    _decline_one(exam, learner, latest, Cause(actor=Actor.PORTAL, reason=reason), now=now)
    return True


def _check_begin(exam: Exam, learner: User, latest: Attempt | None, *, now: datetime) -> None:
    if latest is not None and latest.is_live:
        return
    if reason := eligibility.why_not(exam, learner, now=now, is_declining=True):
        raise reason


def touched(exam: Exam, learner: User) -> list[tuple[Exam, Attempt | None]]:
    """The other exams that declining this one would decline, each with the learner's attempt at it.

    Practice, timed and inactive exams are never touched, nor those that are running or over.
    """
    if not exam.course.decline_cascades or not exam.is_proctored or exam.is_practice:
        return []
    query = select(Exam).where(
        Exam.course_id == exam.course_id,
        Exam.id != exam.id,
        Exam.is_active,
        Exam.is_proctored,
        Exam.is_practice.is_(False),
    )
    others = [(other, eligibility.find_latest(other, learner)) for other in db.session.scalars(query.order_by(Exam.id))]
    return [
        (other, theirs)
        for other, theirs in others
        if (theirs is None or theirs.status in PRE_START) and versions.find_latest(other.id) is not None
    ]


def touched_by(attempt: Attempt, at: datetime) -> list[str]:
    """The names of the other exams that declining ``attempt`` at that moment declined, too."""
    query = (
        select(Exam.name)
        .join(Attempt, Attempt.exam_id == Exam.id)
        .join(HistoryEntry, HistoryEntry.attempt_id == Attempt.id)
        .where(
            Exam.course_id == attempt.exam.course_id,
            Attempt.learner_id == attempt.learner_id,
            Attempt.id != attempt.id,
            HistoryEntry.to_status == S.DECLINED,
            HistoryEntry.actor == Actor.PORTAL,
            HistoryEntry.at == at,
        )
    )
    return list(db.session.scalars(query.order_by(Exam.id)))


def _decline_one(exam: Exam, learner: User, latest: Attempt | None, cause: Cause, *, now: datetime) -> Attempt:
    attempt = latest if latest is not None and latest.is_live else creation.unproctored(exam, learner, now=now)
    if attempt.external_id is not None:
        key = f"{attempt.ref}.declined.{Topic.PROVIDER_REMOVE}"
        messages.enqueue(Topic.PROVIDER_REMOVE, now=now, key=key, attempt=attempt)
    attempt.taking_as_proctored = False
    transitions.move(attempt, S.DECLINED, cause, now=now)
    return attempt
