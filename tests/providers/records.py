"""Records of providers, exams and places for the tests of who speaks with them; no database needed."""

import json
from dataclasses import replace
from typing import Any

from portal import providers
from portal.domain.providers.facts import ExamFacts, Named, Place
from portal.models import Provider, ProviderKind
from tests.make import NOON

BASE = "https://provider.example"
NAMED = Named(exam_external_id="exam-1", external_id="attempt-1")
SECRETS = '{"secret_key": "signing secret", "crypto_key": "123456789012345678901234"}'
EXAM = ExamFacts(
    number=7,
    course_key="course-v1:Test+C1+2026",
    content_id="section-1",
    external_id="exam-1",
    name="Algebra: final",
    time_limit_minutes=90,
    is_proctored=True,
    is_practice=False,
    is_active=True,
    closes_at=NOON,
    hide_after_due=False,
    provider_slug="acme",
    review_rules="Open book.",
)
PLACE = Place(
    exam=EXAM,
    attempt_code="0000-CODE",
    pairwise_id="ab" * 32,
    full_name="Ada King Byron",
    email="ada@example.edu",
    time_limit_minutes=100,
    is_sample=False,
    review_rules="Open book.",
    review_exception="May stand up.",
    public_url="https://portal.example.edu/",
)


def record(kind: ProviderKind = ProviderKind.REST, **given: Any) -> Provider:
    facts = {
        "slug": "acme", "kind": kind, "name": "Acme", "base_url": BASE,
        "public_base_url": "", "client_id": "portal-1", "client_secret": "a secret",
        "secret_options": SECRETS, "options": {},
    }  # fmt: skip
    return Provider(**{**facts, **given})


def speak(kind: ProviderKind = ProviderKind.REST, **given: Any) -> Any:
    """What speaks with such a provider."""
    return providers.of(record(kind, **given))


def exam(**given: Any) -> ExamFacts:
    return replace(EXAM, **given)


def place(**given: Any) -> Place:
    return replace(PLACE, **given)


def said(call: Any) -> Any:
    """The JSON that went out in a call."""
    return json.loads(call.request.body)
