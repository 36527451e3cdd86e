"""Thousands of made-up bodies at the providers' addresses: never a 500, nothing lost, and no move but the contract's.

Each run sends 300. ``PORTAL_TEST_FUZZ=10000 pytest tests/resilience/fuzzing/test_callbacks.py`` sends so many:
do it after every change to ``portal/web/provider_api`` or ``portal/providers``.
"""

import os
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.db import db, writing
from portal.domain.reviews import verdicts
from portal.domain.reviews.verdicts import Decided
from portal.models import (
    Attempt,
    Delivery,
    DeliveryOutcome,
    HistoryEntry,
    OutboxMessage,
    ProviderKind,
    Review,
    ReviewComment,
    Role,
    SignInFailure,
    SupportCase,
    Verdict,
)
from portal.web.provider_api import rate_limit
from tests import fake_providers, make
from tests.fake_providers import CALLBACK_TOKEN, PLACE, SECRET
from tests.make import NOON, S
from tests.resilience.fuzzing import fuzzed_bodies

BODIES = int(os.environ.get("PORTAL_TEST_FUZZ", "300"))
ADDRESSES = 4
THOROUGHLY = settings(
    max_examples=max(1, BODIES // ADDRESSES), deadline=None, suppress_health_check=list(HealthCheck), database=None
)
PSI_REVIEW = f"/api/edx_proctoring/proctoring_review_callback/{CALLBACK_TOKEN}"
TYPES = st.sampled_from([None, "application/json", "text/plain", "application/x-www-form-urlencoded", "é;;", "x" * 300])
NAMES = st.none() | st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=300)
TELLING = {S.CREATED, S.SUBMITTED, S.SECOND_REVIEW_REQUIRED, S.VERIFIED, S.REJECTED, S.ERROR}
_numbers = count(1)


class Registered:
    """One attempt in every status at each of two providers, put back after each message."""

    def __init__(self) -> None:
        fake_providers.provider("acme", options={"supports_onboarding": True})
        fake_providers.provider("psi", kind=ProviderKind.PSI, client=False)
        reviewer = make.member(Role.REVIEWER, user=make.user(email=fuzzed_bodies.REVIEWER))
        self.attempts = {slug: self._of(slug, reviewer) for slug in ("acme", "psi")}
        with db.engine.connect() as connection:
            rows = [dict(row._mapping) for row in connection.execute(db.select(Attempt.__table__))]
        self.as_it_was = {row["id"]: row for row in rows}

    def _of(self, slug: str, reviewer: Any) -> list[int]:
        exam = fake_providers.exam(slug)
        make.member(Role.REVIEWER, course=exam.course, user=reviewer)
        sample = fake_providers.exam(slug, course=exam.course, is_practice=True, is_onboarding=True)

        def made(status: S = S.SUBMITTED, **given: Any) -> Attempt:
            name = f"{slug}-{next(_numbers)}"
            return fake_providers.attempt(status, **{"exam": exam, "external_id": name, **given})

        decided = made(S.SECOND_REVIEW_REQUIRED)
        with writing() as session:
            verdict = Decided(verdict=Verdict.ACCEPT)
            verdicts.decide(session.merge(decided), verdict, session.merge(reviewer), now=NOON)
        reset = made(archived_at=NOON, archive_reason="Reset.")
        return [one.id for one in [*map(made, S), made(exam=sample), reset, decided]]

    def of(self, slug: str) -> st.SearchStrategy[int]:
        """Those that a report may move come more often."""
        ids = self.attempts[slug]
        return st.sampled_from(ids + 4 * [one for one in ids if self.as_it_was[one]["status"] in TELLING])

    def moved(self) -> dict[int, S]:
        """The attempts that were changed in any way (each change counts up the version), with their status now."""
        with db.engine.connect() as connection:
            now = connection.execute(db.select(Attempt.id, Attempt.version, Attempt.status)).all()
        return {number: status for number, version, status in now if version != self.as_it_was[number]["version"]}

    def put_back(self) -> None:
        rate_limit.forget_all()
        db.session.rollback()
        with writing() as session:
            of_machines = db.select(Review.id).where(Review.is_human.is_(False))
            session.execute(db.delete(ReviewComment).where(ReviewComment.review_id.in_(of_machines)))
            session.execute(db.delete(Review).where(Review.is_human.is_(False)))
            for table in (SupportCase, OutboxMessage, HistoryEntry, Delivery, SignInFailure):
                session.execute(db.delete(table))
            for number in self.moved():
                session.execute(db.update(Attempt.__table__).filter_by(id=number).values(self.as_it_was[number]))


@pytest.fixture
def registered(app):
    return Registered()


def send(client, registered, path, body, headers) -> Any:
    """Twice; the second time nothing may change any more. Answered in JSON, with words for what was refused."""
    registered.put_back()
    answer = client.post(path, data=body, **headers)
    moved = registered.moved()
    assert answer.status_code in {200, 400, 404}, answer.data
    assert answer.json == "OK" or list(answer.json) == ["detail"]
    kept = fake_providers.deliveries()
    assert [one.outcome for one in kept] == [DeliveryOutcome.USED if answer.status_code == 200 else "kept"]
    lines = db.session.scalar(db.select(db.func.count(HistoryEntry.id)))
    again = client.post(path, data=body, **headers)
    assert (again.status_code, again.data, registered.moved()) == (answer.status_code, answer.data, moved)
    assert db.session.scalar(db.select(db.func.count(HistoryEntry.id))) == lines
    return answer, moved


def called(content_type: str | None, name: str | None) -> dict[str, Any]:
    named = {"Webhook-Id": name} if name else {}
    return {"content_type": content_type, "headers": {"Authorization": f"JWT {fake_providers.token()}", **named}}


def fuzz(test: Callable[..., None], **strategies: Any) -> None:
    THOROUGHLY(given(kind=TYPES, name=NAMES, **strategies)(test))()


def expect(registered, number, moved, becomes) -> None:
    """Only this attempt may have moved, and only to there."""
    before = registered.as_it_was[number]["status"]
    assert moved == ({} if becomes is before else {number: becomes})


def test_ready(client, registered):
    def one(number, body, kind, name):
        row = registered.as_it_was[number]
        answer, moved = send(client, registered, f"{PLACE}/{row['external_id']}/ready", body, called(kind, name))
        becomes = fuzzed_bodies.after_ready(row["status"])
        expect(registered, number, moved, row["status"] if row["archived_at"] else becomes)
        assert answer.status_code == 200

    fuzz(one, number=registered.of("acme"), body=fuzzed_bodies.bodies(fuzzed_bodies.RIGHT_READY, fuzzed_bodies.READY))


def review_of(registered, number, outcome, *, word, named, passing):
    """A report that was taken does what the tables say; one that was not does nothing."""
    row, (answer, moved) = registered.as_it_was[number], outcome
    is_done = row["archived_at"] or number in {ids[-1] for ids in registered.attempts.values()}
    becomes = row["status"]
    if answer.status_code == 200 and not is_done:
        sample = bool(row["is_sample"]) and passing == {"passed"}
        becomes = fuzzed_bodies.after_review(row["status"], word, named=named, is_sample=sample, passing=passing)
    expect(registered, number, moved, becomes)


def test_reviewed(client, registered):
    def one(number, body, kind, name):
        row, said = registered.as_it_was[number], fuzzed_bodies.read(body)
        answer, moved = send(client, registered, f"{PLACE}/{row['external_id']}/reviewed", body, called(kind, name))
        fields = said if isinstance(said, dict) else {}
        assert answer.status_code == 400 or fields["status"] in fuzzed_bodies.WORDS
        named = fields.get("reviewed_by") or ""
        review_of(registered, number, (answer, moved), word=fields.get("status"), named=named, passing={"passed"})

    fuzz(
        one, number=registered.of("acme"), body=fuzzed_bodies.bodies(fuzzed_bodies.RIGHT_REVIEWS, fuzzed_bodies.REVIEWS)
    )


def test_psi_review(client, registered):
    codes = {number: registered.as_it_was[number]["attempt_code"] for number in registered.attempts["psi"]}

    def body_of(number):
        names = codes[number], registered.as_it_was[number]["external_id"]
        bodies = fuzzed_bodies.bodies(fuzzed_bodies.right_psi_reviews(*names), fuzzed_bodies.psi_reviews(*names))
        return st.tuples(st.just(number), bodies)

    def one(case, kind, name):
        number, body = case
        answer, moved = send(client, registered, PSI_REVIEW, body, called(kind, name))
        said = fuzzed_bodies.read(body)
        fields = said if isinstance(said, dict) else {}
        word = fuzzed_bodies.LEGACY.get(fields.get("reviewStatus")) if answer.status_code == 200 else None
        review_of(registered, number, (answer, moved), word=word, named="", passing={"passed", "violation"})

    fuzz(one, case=registered.of("psi").flatmap(body_of))


REFUSALS = {"invalid_client", "invalid_request", "invalid_scope", "unsupported_grant_type"}


def test_token(client, registered):
    """A token is given for the right secret only; whatever is sent, nothing is stored but a wrong try."""

    def one(body, kind, name, basic):
        registered.put_back()
        headers = {"Authorization": basic, "X-Request-ID": name or ""}
        address = {"REMOTE_ADDR": f"2001:db8::{next(_numbers):x}"}
        path = "/oauth2/access_token"
        answer = client.post(path, data=body, content_type=kind, headers=headers, environ_base=address)
        assert answer.status_code in {200, 400, 401}, answer.data
        assert ("access_token" in answer.json) == (answer.status_code == 200)
        if answer.status_code == 200:
            assert SECRET in body.decode()
        else:
            assert answer.json["error"] in REFUSALS
        assert (registered.moved(), fake_providers.deliveries()) == ({}, [])

    basics = st.sampled_from(["", "Basic", "Basic !", "Basic Og==", "Bearer x", "JWT a.b.c", "Digest a=b"])
    fuzz(
        one,
        body=fuzzed_bodies.bodies(fuzzed_bodies.right_credentials(SECRET), fuzzed_bodies.credentials(SECRET)),
        basic=basics,
    )
