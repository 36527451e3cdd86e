"""Topics "provider.…": tells a provider what it must know, and asks again for a place it could not give yet."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from portal import clock, providers, registration
from portal.db import db, writing
from portal.domain.accounts import people
from portal.domain.attempts import attempts
from portal.domain.courses import course_lookup
from portal.domain.errors import PortalError, ProviderRefused, ProviderUnavailable
from portal.domain.proctoring import registrations
from portal.domain.providers import lookup, provider_log
from portal.domain.providers.facts import Named
from portal.domain.providers.port import ProctoringProvider, Retires
from portal.jobs.outbox import lanes
from portal.jobs.outbox.claims import Claimed


@dataclass(frozen=True, kw_only=True)
class Known:
    """An attempt that its provider has a name for, and who speaks with that provider."""

    provider: ProctoringProvider
    named: Named


#: What the provider log says of an attempt that has no name there.
NOBODY = "The attempt was never registered with the provider, so this call was not needed."


def start(message: Claimed) -> str | None:
    """The exam has begun. Each of these returns None where the provider said yes, else what stands in the log."""
    return _tell(message, lambda known: known.provider.start(known.named))


def stop(message: Claimed) -> str | None:
    """It was submitted."""
    return _tell(message, lambda known: known.provider.stop(known.named))


def fail(message: Claimed) -> str | None:
    """It could not continue."""
    return _tell(message, lambda known: known.provider.fail(known.named))


def remove(message: Claimed) -> str | None:
    """It was reset, and the provider may forget it."""
    return _tell(message, lambda known: known.provider.remove(known.named))


def _tell(message: Claimed, tell: Callable[[Known], str | None]) -> str | None:
    known = _known(message)
    if known is None:
        return NOBODY
    with lanes.calling(f"The provider {known.provider.slug}"):
        return tell(known)


def save_exam(message: Claimed) -> str | None:
    """An exam is new to the provider or has changed. Always says how it is now, so a repeat is harmless."""
    slug = message.payload["provider"]
    exam = course_lookup.find_exam(message.payload["exam"])
    record = lookup.find(slug)
    if exam is None or record is None or not record.is_enabled:
        db.session.rollback()
        return "The provider is turned off or deleted, so the call was not sent."
    provider, facts = providers.of(record), lookup.exam_facts(exam, slug)
    db.session.rollback()  # Nothing is held while the provider takes its time.
    with lanes.calling(f"The provider {slug}"):
        external_id = provider.save_exam(facts)
    if external_id is not None and external_id != facts.external_id:
        with writing():
            lookup.note_exam(course_lookup.get_exam(facts.number), slug, external_id, now=clock.now())
    return None if external_id is not None or not provider.listens else "This provider does not store exams."


def retire(message: Claimed) -> str | None:
    """A learner wants to be forgotten. :raises ProviderUnavailable: the provider has not done it yet."""
    record = lookup.find(message.payload["provider"])
    provider = providers.of(record) if record else None
    db.session.rollback()
    if not isinstance(provider, Retires):
        return "This provider does not support the deletion of learners."
    with lanes.calling(f"The provider {provider.slug}"):
        return provider.retire(message.payload["pairwise_id"])


def register(message: Claimed) -> None:
    """Ask again for a place, where the page's own tries were in vain.

    :raises ProviderUnavailable: still no answer, and the registration is still open.
    """
    registration_id = message.payload["registration"]
    _close_if_too_late(registration_id)
    if _waits_because(registration_id) is None:
        return
    # A refusal closes the registration, and the learner's page says so: nothing more to do here.
    with suppress(ProviderRefused):
        registration.register(registration_id)
    if (why := _waits_because(registration_id)) is not None:
        raise ProviderUnavailable(why)


def _close_if_too_late(registration_id: int) -> None:
    """A place in an exam whose window has closed, or that was withdrawn, is of no use to the learner."""
    now = clock.now()
    with writing():
        registration = registrations.find_unsettled(registration_id, is_held=True)
        if registration is None:
            return
        exam, learner = course_lookup.get_exam(registration.exam_id), people.get(registration.learner_id)
        try:
            attempts.check_begin(exam, learner, now=now)
        except PortalError as err:
            registrations.fail(registration, str(err), now=now)


def _waits_because(registration_id: int) -> str | None:
    """Why the registration is still open; None when it is settled."""
    db.session.rollback()
    registration = registrations.find_unsettled(registration_id)
    return None if registration is None else registration.last_error or "The registration is in progress."


def _known(message: Claimed) -> Known | None:
    """None when the provider never gave the attempt a name, so there is nobody to tell.

    :raises ProviderUnavailable: the provider must first hear what happened earlier.
    """
    attempt = attempts.find_whole(message.attempt_id)
    named = lookup.named(attempt) if attempt else None
    record = lookup.find(attempt.provider_slug) if attempt and named else None
    known = Known(provider=providers.of(record), named=named) if record and named else None
    waits_for = provider_log.earlier_topic(message.id, message.attempt_id) if known else None
    db.session.rollback()
    if waits_for is not None:
        raise ProviderUnavailable(f"Another call must succeed first: {waits_for}.")
    return known
