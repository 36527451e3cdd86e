"""Getting a learner a place at a provider: reserve here, ask there, confirm here. No lock is held while asking."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.accounts import pairwise
from portal.domain.attempts import attempts, eligibility
from portal.domain.errors import NotFound, NotNow, ProviderUnavailable
from portal.domain.outbox import messages
from portal.domain.proctoring import declining
from portal.domain.providers import lookup, provider_options
from portal.domain.providers.facts import Place, Registered
from portal.domain.text import sanitising
from portal.domain.timekeeping import allowances, running_clock
from portal.models import Attempt, Course, Exam, Provider, Registration, Topic, User

#: How long one process may ask before another may try: longer than the longest time limit of a provider.
LEASE = timedelta(seconds=45)
#: A provider that says more than this has lost its way.
MOST_STEPS = 20


@dataclass(frozen=True, kw_only=True)
class Reserved:
    """A place that is ours to ask for until the lease runs out."""

    registration_id: int
    token: str
    provider: Provider
    place: Place


def find_open(exam: Exam, learner: User) -> Registration | None:
    """The registration that waits for its provider, if there is one."""
    return db.session.scalar(select(Registration).where(Registration.open_key == _open_key(exam, learner)))


def reserve(exam: Exam, learner: User, *, now: datetime) -> Registration:
    """Open a registration, or find the one that is open; and enqueue the request until it is settled.

    :raises NotAllowed, NotNow: the learner may not begin this exam now.
    """
    _wait_for_other_tabs(learner)
    open_one = find_open(exam, learner)
    if open_one is not None:
        return open_one
    attempts.check_begin(exam, learner, now=now)
    latest = attempts.find_latest(exam, learner)
    if declining.earlier(exam, learner, latest):
        raise NotNow(
            "You took an earlier exam of this course without proctoring, so this exam is also without proctoring."
        )
    resumes = latest if eligibility.is_to_resume(latest) else None
    made = Registration(
        open_key=_open_key(exam, learner),
        exam_id=exam.id,
        learner_id=learner.id,
        provider_slug=exam.provider_slug or "",
        attempt_code=str(uuid4()).upper(),
        resumes_id=resumes.id if resumes else None,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()  # The message names it.
    _enqueue_request(made, now=now)
    return made


def _wait_for_other_tabs(learner: User) -> None:
    """Two that begin at the same moment find one registration, instead of one of them failing."""
    db.session.execute(select(User.id).where(User.id == learner.id).with_for_update(key_share=True))


def _enqueue_request(made: Registration, *, now: datetime) -> None:
    """Enqueue the request. The page asks at once; the background asks when the page's own try has had its time."""
    messages.enqueue(
        Topic.PROVIDER_REGISTER,
        now=now,
        key=f"registration-{made.id}",
        available_at=now + LEASE,
        payload={"registration": made.id},
    )


def lease(registration_id: int, *, now: datetime, public_url: str) -> Reserved | None:
    """Take the right to ask; None when it is settled or somebody else is asking. Only inside ``writing()``."""
    query = select(Registration).where(Registration.id == registration_id).with_for_update(of=Registration)
    registration = db.session.scalar(query.execution_options(populate_existing=True))
    if registration is None:
        raise NotFound("There is no such registration.")
    if registration.settled_at or (registration.lease_until and now < registration.lease_until):
        return None
    exam = db.session.get_one(Exam, registration.exam_id, options=[joinedload(Exam.course).load_only(Course.key)])
    learner = db.session.get_one(User, registration.learner_id)
    registration.lease_token, registration.lease_until = uuid4().hex, now + LEASE
    registration.tries += 1
    return Reserved(
        registration_id=registration.id,
        token=registration.lease_token,
        provider=lookup.get(registration.provider_slug),
        place=_place(registration, exam, learner, now=now, public_url=public_url),
    )


def confirm(reserved: Reserved, answer: Registered, *, exam_id: str | None, now: datetime) -> Attempt | None:
    """Make the attempt from the provider's answer; None when another process has settled it meanwhile.

    ``exam_id``: what the provider calls the exam, if it was told of it just now.

    :raises ProviderUnavailable: it gave a name that another exam or attempt has already.
    """
    registration = _held(reserved)
    if registration is None:
        return None
    _check_name(registration, answer.external_id)
    exam = db.session.get_one(Exam, registration.exam_id)
    learner = db.session.get_one(User, registration.learner_id)
    if exam_id:
        lookup.note_exam(exam, registration.provider_slug, exam_id, now=now)
    attempt = attempts.create_registered(exam, learner, registration, answer, now=now)
    registration.attempt_id = attempt.id
    _settle(registration, now=now)
    return attempt


def _check_name(registration: Registration, external_id: str | None) -> None:
    """Two attempts of one name could not be told apart when the provider reports on one of them."""
    same = select(Attempt.id).where(
        Attempt.provider_slug == registration.provider_slug, Attempt.external_id == external_id
    )
    if external_id is not None and db.session.scalar(same) is not None:
        raise ProviderUnavailable("The provider returned the ID of another attempt.")


def with_exam(place: Place, exam_id: str | None) -> Place:
    """The same place, in the exam's name that the provider has just given it."""
    return replace(place, exam=replace(place.exam, external_id=exam_id))


def note_failure(reserved: Reserved, why: str, *, now: datetime) -> None:
    """The provider did not answer; the next try may come at once. Nothing is lost."""
    registration = _held(reserved)
    if registration is not None:
        registration.last_error = why[:500]
        registration.lease_token = registration.lease_until = None


def fail(registration: Registration, why: str, *, now: datetime) -> None:
    """Close it without an attempt: the provider said no, or the exam's window has closed."""
    registration.last_error = why[:500]
    _settle(registration, now=now)


def fail_reserved(reserved: Reserved, why: str, *, now: datetime) -> None:
    """:func:`fail` for who holds the lease; does nothing when somebody else settled it."""
    registration = _held(reserved)
    if registration is not None:
        fail(registration, why, now=now)


def note_instructions(registration_id: int, steps: Sequence[str]) -> None:
    """Keep the provider's steps for this learner; what is dangerous in them is taken out first."""
    registration = db.session.get_one(Registration, registration_id)
    registration.instructions = [sanitising.clean(step, {}) for step in steps[:MOST_STEPS]]


def instructions_for(attempt: Attempt) -> list[str]:
    """The steps the provider gave when it kept the place; sanitised HTML."""
    query = select(Registration.instructions).where(Registration.attempt_id == attempt.id)
    return list(db.session.scalar(query.limit(1)) or [])


def of(attempt: Attempt) -> Registration | None:
    """How the attempt came to its place; None where nobody was asked for one."""
    return db.session.scalar(select(Registration).where(Registration.attempt_id == attempt.id).limit(1))


def find_unsettled(registration_id: int, *, is_held: bool = False) -> Registration | None:
    """None when it is settled, or gone. ``is_held``: until the transaction ends."""
    found = db.session.get(Registration, registration_id, with_for_update=is_held or None)
    return found if found is not None and found.settled_at is None else None


def latest(exam: Exam, learner: User) -> Registration | None:
    """The newest registration, open or settled: what the waiting page tells of."""
    query = select(Registration).where(Registration.exam_id == exam.id, Registration.learner_id == learner.id)
    return db.session.scalar(query.order_by(Registration.id.desc()).limit(1))


def _settle(registration: Registration, *, now: datetime) -> None:
    registration.settled_at, registration.open_key = now, None
    registration.lease_token = registration.lease_until = None


def _held(reserved: Reserved) -> Registration | None:
    query = select(Registration).where(
        Registration.id == reserved.registration_id,
        Registration.lease_token == reserved.token,
        Registration.settled_at.is_(None),
    )
    return db.session.scalar(query.with_for_update(of=Registration).execution_options(populate_existing=True))


def _open_key(exam: Exam, learner: User) -> str:
    return f"{exam.id}.{learner.id}"


def _place(registration: Registration, exam: Exam, learner: User, *, now: datetime, public_url: str) -> Place:
    provider = lookup.get(registration.provider_slug)
    options = provider_options.of(provider)
    granted = allowances.in_force(exam, learner.id, now=now)
    latest = eligibility.find_latest(exam, learner)
    facts = running_clock.before_start(exam, learner.id, latest, now=now)
    if not exam.is_active and not eligibility.is_to_resume(latest):
        raise NotNow("This exam is currently not available.")
    return Place(
        exam=lookup.exam_facts(exam, registration.provider_slug),
        attempt_code=registration.attempt_code,
        pairwise_id=pairwise.pairwise_id(registration.provider_slug, learner.id),
        full_name=learner.name if options.sends_name else None,
        email=learner.email if options.sends_email else None,
        time_limit_minutes=-(-facts.own_seconds // 60),
        is_sample=exam.is_practice,
        review_rules=exam.review_rules,
        review_exception=allowances.note_for_proctor(granted),
        public_url=public_url,
        languages=(learner.language,),
    )
