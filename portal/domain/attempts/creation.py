"""How an attempt comes to be: for a timed exam at once, for a proctored one from its provider's answer."""

import secrets
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from portal.db import db
from portal.domain.attempts import resetting
from portal.domain.attempts.eligibility import Known, find_latest, is_to_resume, needs_provider, why_not
from portal.domain.courses import versions
from portal.domain.errors import NotNow
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.providers.facts import Registered
from portal.models import Answer, Attempt, Exam, ExamVersion, Registration, ResumeState, User
from portal.models import AttemptStatus as S

#: No 0, O, 1 or I: a reference is read out on the telephone.
REF_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_ref() -> str:
    letters = "".join(secrets.choice(REF_LETTERS) for _ in range(7))
    return f"{letters[:3]}-{letters[3:]}"


def check_begin(exam: Exam, learner: User, *, now: datetime) -> None:
    """:raises NotAllowed: not enrolled. :raises NotNow: not open, closed, none left, something is missing."""
    if reason := why_not(exam, learner, now=now):
        raise reason


def create(exam: Exam, learner: User, *, now: datetime) -> Attempt:
    """Open an attempt without a provider; a learner who already has a live one gets that one back.

    :raises NotAllowed, NotNow: as :func:`check_begin`; and a proctored exam needs its provider's answer first.
    """
    latest = find_latest(exam, learner)
    if latest and latest.is_live:
        return latest
    known = Known(latest=latest, version=versions.find_latest(exam.id))
    if reason := why_not(exam, learner, now=now, known=known):
        raise reason
    if needs_provider(exam, latest):
        raise NotNow("Start this exam through its proctoring provider.")
    attempt = _blank(exam, learner, latest, version=known.version, now=now)
    return _add(attempt, Cause(actor=Actor.LEARNER, user=learner), latest, now=now)


def create_registered(
    exam: Exam, learner: User, registration: Registration, answer: Registered, *, now: datetime
) -> Attempt:
    """Open a proctored attempt in the place its provider keeps, or note that the provider refused for onboarding.

    A live attempt that came to be meanwhile is given back instead, and so is the last one where the provider refuses
    for the same reason again: who presses *Get ready* ten times while a check is pending has one attempt, not ten.
    """
    latest = find_latest(exam, learner)
    if latest and (latest.is_live or (answer.refused_as is not None and latest.status is answer.refused_as)):
        return latest
    attempt = _blank(exam, learner, latest, now=now)
    attempt.attempt_code = registration.attempt_code
    attempt.provider_slug = registration.provider_slug
    attempt.external_id = answer.external_id
    attempt.taking_as_proctored = True
    if answer.refused_as is None:
        return _add(attempt, Cause(actor=Actor.LEARNER, user=learner), latest, now=now)
    refused = Cause(actor=Actor.PROVIDER, reason=f"{registration.provider_slug} refused.")
    return _add(attempt, refused, latest, status=answer.refused_as, now=now)


def unproctored(exam: Exam, learner: User, *, now: datetime) -> Attempt:
    """A new attempt without a provider, whether or not the learner may begin one; for :mod:`declining`."""
    attempt = _blank(exam, learner, None, now=now)
    return _add(attempt, Cause(actor=Actor.LEARNER, user=learner), None, now=now)


def _blank(
    exam: Exam, learner: User, latest: Attempt | None, *, version: ExamVersion | None = None, now: datetime
) -> Attempt:
    """A new attempt at the newest version; one that resumes another keeps its version and order."""
    resumes = latest if is_to_resume(latest) else None
    version = resumes.exam_version if resumes else version or versions.find_latest(exam.id)
    if version is None:
        raise NotNow("This exam has no questions yet.")
    version.frozen_at = version.frozen_at or now
    made = Attempt(
        ref=new_ref(),
        attempt_code=str(uuid4()).upper(),
        exam_id=exam.id,
        exam_version_id=version.id,
        learner_id=learner.id,
        status=S.CREATED,
        seed=resumes.seed if resumes else secrets.randbelow(2**31),
        created_at=now,
        is_sample=exam.is_practice,
        resumes_id=resumes.id if resumes else None,
        **(_kept(resumes) if resumes else {}),
    )
    for name, held in (("exam", exam), ("exam_version", version), ("learner", learner)):
        set_committed_value(made, name, held)  # They are here already; nobody asks for them again.
    return made


def _kept(resumes: Attempt) -> dict[str, object]:
    """What goes along into the attempt that continues: the time, and what the exam promised at the first start."""
    names = ("time_remaining_seconds", "limit_seconds", "promised_close_at", "promised_at", "window_closes_at")
    return {name: getattr(resumes, name) for name in names}


def _add(attempt: Attempt, cause: Cause, latest: Attempt | None, *, status: S = S.CREATED, now: datetime) -> Attempt:
    db.session.add(attempt)
    db.session.flush()  # History needs its number.
    transitions.begin(attempt, status, cause, now=now)
    if attempt.exam.is_proctored:  # Nobody else waits to be told of a reset.
        resetting.make_final(attempt, now=now)
    _replace_sample(latest, attempt, now=now)
    # A provider's refusal uses up nothing: the learner may resume once it is put right.
    if latest is not None and attempt.resumes_id == latest.id and attempt.is_live:
        latest.resume_state = ResumeState.RESUMED
        _copy_answers(latest, attempt)
    return attempt


def _replace_sample(latest: Attempt | None, attempt: Attempt, *, now: datetime) -> None:
    """A retry of proctored practice or onboarding takes the place of the try before it."""
    if latest is None or attempt.provider_slug is None:
        return
    if transitions.may_move(latest, S.ONBOARDING_RESET, Actor.LEARNER):
        transitions.move(latest, S.ONBOARDING_RESET, Cause(actor=Actor.LEARNER, reason="Tried again."), now=now)


def _copy_answers(old: Attempt, new: Attempt) -> None:
    """A resumed exam continues where it stopped."""
    for answer in db.session.scalars(select(Answer).where(Answer.attempt_id == old.id)):
        db.session.add(
            Answer(
                attempt_id=new.id,
                question_id=answer.question_id,
                value=answer.value,
                version=answer.version,
                is_flagged=answer.is_flagged,
                saved_at=answer.saved_at,
                client_at=answer.client_at,
            )
        )
    new.answered_count, new.saved_at = old.answered_count, old.saved_at
