"""Finds the providers this portal knows, and says what each may be told about exams and learners."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import undefer

from portal.db import db, encrypted
from portal.db.fast import one_read
from portal.domain.errors import NotFound, ProviderUnavailable
from portal.domain.providers.facts import ExamFacts, Named
from portal.models import Attempt, AttemptStatus, Exam, Provider, ProviderExam, ProviderKind


def find(slug: str | None, *, talks: bool = True) -> Provider | None:
    """The provider's record with its secrets, so that it can be used when the transaction has ended.

    Where nobody speaks with it, ``talks=False`` leaves them alone.
    """
    query = select(Provider).where(Provider.slug == slug)
    secrets = (undefer(Provider.client_secret), undefer(Provider.secret_options)) if talks else ()
    return db.session.scalar(query.options(*secrets))


def get(slug: str | None, *, talks: bool = True) -> Provider:
    """As :func:`find` does. :raises NotFound: no such provider."""
    provider = find(slug, talks=talks)
    if provider is None:
        raise NotFound(f"There is no provider {slug}.")
    return provider


def list_all() -> Sequence[Provider]:
    """Every provider with its secrets, by slug."""
    whole = select(Provider).options(undefer(Provider.client_secret), undefer(Provider.secret_options))
    return db.session.scalars(whole.order_by(Provider.slug)).all()


def list_of(kind: ProviderKind, *, with_secret_options: bool = False) -> Sequence[Provider]:
    """Every provider of a kind."""
    secrets = (undefer(Provider.secret_options),) if with_secret_options else ()
    return db.session.scalars(select(Provider).where(Provider.kind == kind).options(*secrets)).all()


def find_with_attempt(attempt_code: str, kind: ProviderKind) -> tuple[Attempt, Provider] | None:
    """An attempt of a provider of this kind, and the provider with its secret options."""
    query = select(Attempt, Provider).join(Provider, Provider.slug == Attempt.provider_slug)
    query = query.options(undefer(Provider.secret_options))
    row = db.session.execute(query.where(Attempt.attempt_code == attempt_code, Provider.kind == kind)).first()
    return (row[0], row[1]) if row else None


def find_names(slug: str, attempt_code: str) -> tuple[int, str | None] | None:
    """Number of the provider's attempt with this code, and the provider's own name for it; archived ones too."""
    query = select(Attempt.id, Attempt.external_id)
    row = db.session.execute(query.where(Attempt.attempt_code == attempt_code, Attempt.provider_slug == slug)).first()
    return (row[0], row[1]) if row else None


def status_and_kind(ref: str, learner_id: int) -> Row[AttemptStatus, ProviderKind | None] | None:
    """Of a learner's own attempt and its provider; no kind without one. One short read, past the session."""
    with one_read() as connection:
        return connection.execute(_STATUS_AND_KIND, {"ref": ref, "learner_id": learner_id}).one_or_none()


#: Built once, because every first request of an attempt begins with it.
_STATUS_AND_KIND = (
    select(Attempt.status, Provider.kind)
    .outerjoin(Provider, Provider.slug == Attempt.provider_slug)
    .where(Attempt.ref == bindparam("ref"), Attempt.learner_id == bindparam("learner_id"))
)


def is_locked(provider: Provider) -> bool:
    """Whether a secret of this record was encrypted under a secret key that is not known any more."""
    return encrypted.is_locked(provider.client_secret) or encrypted.is_locked(provider.secret_options)


def external_id_of(exam: Exam, slug: str) -> str | None:
    """What the provider calls the exam; None before it was told of it."""
    query = select(ProviderExam.external_id).where(ProviderExam.exam_id == exam.id, ProviderExam.provider_slug == slug)
    return db.session.scalar(query)


def note_exam(exam: Exam, slug: str, external_id: str, *, now: datetime) -> None:
    """Keep what the provider calls the exam. The same name again changes only the time.

    :raises ProviderUnavailable: another exam has this name at this provider.
    """
    same = select(ProviderExam.exam_id).where(
        ProviderExam.provider_slug == slug, ProviderExam.external_id == external_id
    )
    if db.session.scalar(same) not in {None, exam.id}:
        raise ProviderUnavailable("The provider returned the ID of another exam.")
    query = select(ProviderExam).where(ProviderExam.exam_id == exam.id, ProviderExam.provider_slug == slug)
    kept = db.session.scalar(query)
    if kept is None:
        db.session.add(ProviderExam(exam_id=exam.id, provider_slug=slug, external_id=external_id, saved_at=now))
        return
    kept.external_id, kept.saved_at = external_id, now


def exam_facts(exam: Exam, slug: str) -> ExamFacts:
    """The exam as this provider may know it; inactive for a provider that no longer proctors it."""
    return ExamFacts(
        number=exam.id,
        course_key=exam.course.key,
        content_id=exam.content_id,
        external_id=external_id_of(exam, slug),
        name=exam.name,
        time_limit_minutes=exam.time_limit_minutes,
        is_proctored=exam.is_proctored,
        is_practice=exam.is_practice,
        is_active=exam.is_active and exam.is_proctored and exam.provider_slug == slug,
        closes_at=exam.closes_at,
        hide_after_due=exam.hide_after_due,
        provider_slug=slug,
        review_rules=exam.review_rules,
    )


def named(attempt: Attempt) -> Named | None:
    """The attempt in its provider's words; None when the provider never gave it a name."""
    if attempt.provider_slug is None or attempt.external_id is None:
        return None
    exam_id = external_id_of(attempt.exam, attempt.provider_slug)
    return Named(exam_external_id=exam_id or "", external_id=attempt.external_id, attempt_code=attempt.attempt_code)
