"""Asks a provider for a learner's place, between two short writes: for the page that waits, and for the job."""

import logging

from flask import current_app

from portal import clock, providers
from portal.db import db, writing
from portal.domain.errors import PortalError, ProviderRefused, ProviderUnavailable
from portal.domain.proctoring import registrations
from portal.domain.proctoring.registrations import Reserved
from portal.domain.providers import lookup
from portal.domain.providers.facts import Named, Registered

log = logging.getLogger(__name__)


def register(registration_id: int) -> str | None:
    """Ask once; the attempt's reference, or None while the provider or another asker keeps us waiting.

    Safe to call again and again, from several places at once.

    :raises ProviderRefused: the provider said no, and the registration is closed.
    """
    with writing():
        reserved = registrations.lease(registration_id, now=clock.now(), public_url=current_app.config["PUBLIC_URL"])
    db.session.rollback()  # Nothing is held while the provider takes its time.
    if reserved is None:
        return None
    try:
        exam_id, answer = _ask(reserved)
    except ProviderRefused as err:
        with writing():
            registrations.fail_reserved(reserved, str(err), now=clock.now())
        raise
    except ProviderUnavailable as err:
        _wait(reserved, err)
        return None
    return _confirm(reserved, answer, exam_id)


def _ask(reserved: Reserved) -> tuple[str | None, Registered]:
    """The provider learns of the exam before its first attempt."""
    provider, place, exam_id = providers.of(reserved.provider), reserved.place, None
    if place.exam.external_id is None:
        exam_id = provider.save_exam(place.exam)
        place = registrations.with_exam(place, exam_id)
    return exam_id, provider.register(place)


def _wait(reserved: Reserved, err: ProviderUnavailable) -> None:
    """The next try may come at once, from the page or from the job."""
    log.warning("%s did not give a place: %s", reserved.provider.slug, err)
    with writing():
        registrations.note_failure(reserved, str(err), now=clock.now())


def _confirm(reserved: Reserved, answer: Registered, exam_id: str | None) -> str | None:
    try:
        with writing():
            attempt = registrations.confirm(reserved, answer, exam_id=exam_id, now=clock.now())
            ref = attempt.ref if attempt else None
            named = lookup.named(attempt) if attempt else None
    except ProviderUnavailable as err:
        _wait(reserved, err)  # It answered, but not with something to tell two places apart by.
        return None
    except PortalError as err:
        # Such as: the exam was withdrawn while the provider was asked.
        with writing():
            registrations.fail_reserved(reserved, str(err), now=clock.now())
        raise
    if named is not None:
        _keep_instructions(reserved, named)
    return ref


def _keep_instructions(reserved: Reserved, named: Named) -> None:
    """A learner without the provider's steps has its general ones, so a failure here stops nobody."""
    db.session.rollback()
    try:
        seen = providers.of(reserved.provider).see(named, reserved.place.languages)
    except (ProviderUnavailable, ProviderRefused) as err:
        log.warning("%s gave no instructions: %s", reserved.provider.slug, err)
        return
    if seen.instructions:
        with writing():
            registrations.note_instructions(reserved.registration_id, seen.instructions)
