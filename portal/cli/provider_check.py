"""Talks with a provider step by step, and says of each step whether it works and how long it took."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from portal import clock, providers
from portal.db import db, writing
from portal.domain.courses import course_lookup
from portal.domain.errors import PortalError, ProviderUnavailable
from portal.domain.providers import lookup, provider_records
from portal.domain.providers.facts import Configuration, ExamFacts
from portal.domain.providers.port import ChecksCredentials, IsConfigured, KeepsExams


@dataclass(frozen=True, kw_only=True)
class Finding:
    step: str
    is_fine: bool
    milliseconds: int
    detail: str = ""
    value: Any = None

    @property
    def line(self) -> str:
        said = f"{self.step:<15}  {'ok' if self.is_fine else 'no'}  {self.milliseconds:>6} ms"
        return f"{said}  {self.detail}".rstrip()


#: Sent where no exam is proctored by the provider yet; never active, so nobody can take it.
TRIAL = ExamFacts(
    number=0,
    course_key="course-v1:Invigil+Connection+Test",
    content_id="connection-test",
    external_id=None,
    name="Connection test",
    time_limit_minutes=1,
    is_proctored=True,
    is_practice=True,
    is_active=False,
    closes_at=None,
    hide_after_due=False,
    provider_slug="",
    review_rules="",
)


def run(slug: str) -> list[Finding]:
    """Every step that this kind of provider has. :raises NotFound: there is no such provider."""
    provider, facts = providers.of(lookup.get(slug)), _an_exam(slug)
    db.session.rollback()  # Nothing is held while the provider takes its time.
    findings = []
    if isinstance(provider, ChecksCredentials):
        findings.append(_step(provider.credentials, provider.check_credentials))
    if isinstance(provider, IsConfigured):
        findings.append(_configured(slug, lambda: provider.configuration(["en"])))
    if isinstance(provider, KeepsExams):
        findings += _exam_kept(slug, provider, facts)
    return findings


def _configured(slug: str, ask: Callable[[], Configuration]) -> Finding:
    found = _step("configuration", ask)
    if not found.is_fine:
        return found
    with writing():
        provider_records.note_configuration(lookup.get(slug), found.value, now=clock.now())
    return replace(found, detail=f"{found.value.name or 'no name'}, {len(found.value.instructions)} instructions")


def _exam_kept(slug: str, provider: KeepsExams, facts: ExamFacts) -> list[Finding]:
    saved = _step("exam saved", lambda: provider.save_exam(facts))
    if not saved.is_fine:
        return [saved]
    if facts.number:
        with writing():
            lookup.note_exam(course_lookup.get_exam(facts.number), slug, saved.value, now=clock.now())
    return [replace(saved, detail=facts.name), _step("exam read back", lambda: _read_back(provider, saved.value))]


def _read_back(provider: KeepsExams, external_id: str) -> None:
    if provider.read_exam(external_id) is None:
        raise ProviderUnavailable("The provider did not return the exam that it had just accepted.")


def _an_exam(slug: str) -> ExamFacts:
    exam = course_lookup.any_proctored_by(slug)
    return lookup.exam_facts(exam, slug) if exam else replace(TRIAL, provider_slug=slug)


def _step(step: str, do: Callable[[], object]) -> Finding:
    began = time.monotonic()

    def taken() -> int:
        return round((time.monotonic() - began) * 1000)

    try:
        value = do()
    except PortalError as err:
        return Finding(step=step, is_fine=False, milliseconds=taken(), detail=str(err))
    return Finding(step=step, is_fine=True, milliseconds=taken(), value=value)
