"""Ready and reviewed, as providers send them: every alias, every word, and what is refused."""

import pytest

from portal.db import db
from portal.models import DeliveryOutcome, OutboxMessage, Review, ReviewComment, SupportCase
from tests import fake_providers, make
from tests.fake_providers import deliveries, review, say, status_of
from tests.make import S

PLACES = [
    "/api/edx_proctoring/v1/proctored_exam/attempt",
    "/api/v1/edx_proctoring/proctored_exam/attempt",
    "/api/v1/edx_proctoring/v1/proctored_exam/attempt",
]


@pytest.fixture(autouse=True)
def acme(app):
    return fake_providers.provider()


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("scheme", ["JWT", "Bearer", "jwt"])
@pytest.mark.parametrize("place", PLACES)
def test_every_alias_takes_both_messages(client, place, scheme, slash):
    exam = fake_providers.exam()
    fresh = fake_providers.attempt(S.CREATED, exam=exam, external_id="fresh")
    done = fake_providers.attempt(S.SUBMITTED, exam=exam, external_id="done-1_A")
    headers = {"Authorization": f"{scheme} {fake_providers.token()}"}
    for attempt, what, body in ((fresh, "ready", {"status": "ready"}), (done, "reviewed", review())):
        answer = client.post(f"{place}/{attempt.external_id}/{what}{slash}", json=body, headers=headers)
        assert (answer.status_code, answer.json, answer.mimetype) == (200, "OK", "application/json")
    assert (status_of(fresh), status_of(done)) == (S.READY_TO_START, S.VERIFIED)


@pytest.mark.parametrize("status", list(S))
def test_ready_moves_only_what_was_not_ready(client, status):
    attempt = fake_providers.attempt(status)
    assert say(client, "ready", {"status": "ready"}).json == "OK"
    waiting = {S.CREATED, S.DOWNLOAD_SOFTWARE_CLICKED}
    assert status_of(attempt) is (S.READY_TO_START if status in waiting else status)


@pytest.mark.parametrize(
    "body",
    [b"", b"  ", b"{}", b"null", b'{"status": "ready", "more": 1}', b"[]", b"<html>", b'{"status": "finished"}',
     b'{"status": 5}', b"\xff"],
)  # fmt: skip
def test_ready_ignores_its_body_as_edx_does(client, body):
    attempt = fake_providers.attempt(S.CREATED)
    assert say(client, "ready", body).status_code == 200
    assert status_of(attempt) is S.READY_TO_START


def test_ready_of_a_reset_attempt_moves_nothing(client):
    attempt = fake_providers.attempt(S.CREATED, archived_at=make.NOON, archive_reason="Reset.")
    assert say(client, "ready", {}).status_code == 200
    assert status_of(attempt) is S.CREATED


FAILING = [("violation", S.REJECTED), ("suspicious", S.REJECTED)]
HELD = [("violation", S.SECOND_REVIEW_REQUIRED), ("suspicious", S.SECOND_REVIEW_REQUIRED)]
ALWAYS = [("passed", S.VERIFIED), ("not_reviewed", S.ERROR)]


@pytest.mark.parametrize(
    "case",
    [
        *((word, became, {}, {}, {}, "") for word, became in [*ALWAYS, *HELD]),
        *((word, became, {"needs_second_review": False}, {}, {}, "") for word, became in [*ALWAYS, *FAILING]),
        *((word, became, {}, {}, {}, "reviewer") for word, became in [*ALWAYS, *FAILING]),
        *((word, became, {}, {}, {}, "stranger") for word, became in [*ALWAYS, *HELD]),
        *((word, became, {}, {}, {}, "nobody") for word, became in [*ALWAYS, *HELD]),
        *(
            (word, became, {}, {"is_practice": True, "is_onboarding": True}, {"supports_onboarding": True}, "")
            for word, became in [*ALWAYS, *FAILING]
        ),
        *((word, became, {}, {"is_practice": True}, {}, "") for word, became in [*ALWAYS, *HELD]),
        ("violation", S.VERIFIED, {}, {}, {"passing_statuses": "passed,violation"}, ""),
    ],
)
def test_what_a_providers_word_makes_of_an_attempt(client, acme, case):
    """A name counts only if its account may review this course."""
    word, became, course, exam, options, reviewed_by = case
    fake_providers.change(acme, options=options)
    of_course = make.course(**course)
    reviewer = make.member(make.Role.REVIEWER, course=of_course)
    known = {"reviewer": reviewer.email, "stranger": make.user().email, "nobody": "who@example.edu"}
    attempt = fake_providers.attempt(exam=fake_providers.exam(course=of_course, **exam))
    named = {"reviewed_by": known[reviewed_by]} if reviewed_by else {}
    assert say(client, "reviewed", review(word, **named)).json == "OK"
    assert status_of(attempt) is became
    kept = db.session.scalars(db.select(Review)).one()
    assert (kept.status, kept.provider_status, kept.to_status, kept.is_current) == (word, word, became, True)
    assert kept.reviewer_id == (reviewer.id if reviewed_by == "reviewer" else None)
    assert kept.reviewer_name == (known[reviewed_by] if reviewed_by in {"stranger", "nobody"} else "")
    assert [one.status for one in db.session.scalars(db.select(ReviewComment))] == ["suspicious"]


def test_comments_keep_their_place_in_the_recording(client):
    fake_providers.attempt()
    seen = {"comment": "A voice", "status": "Loud", "start": 5, "stop": 9.7, "duration": "4", "more": 1}
    assert (
        say(client, "reviewed", review(comments=0) | {"comments": [seen, {"comment": "x", "status": "ok"}]}).json
        == "OK"
    )
    first, second = db.session.scalars(db.select(ReviewComment).order_by(ReviewComment.id))
    assert (first.comment, first.provider_status, first.status) == ("A voice", "Loud", "")
    assert (first.start_seconds, first.stop_seconds, first.duration_seconds) == (5, 9, 4)
    assert (second.start_seconds, second.stop_seconds, second.duration_seconds) == (0, 0, 0)


def cases():
    return [case.kind for case in db.session.scalars(db.select(SupportCase))]


def test_a_suspicious_report_opens_one_case(client):
    fake_providers.attempt()
    say(client, "reviewed", review("suspicious"))
    say(client, "reviewed", review("suspicious"))
    assert cases() == ["suspicious"]
    assert db.session.scalars(db.select(OutboxMessage.topic)).all().count("support") == 1


@pytest.mark.parametrize("word", ["passed", "violation", "not_reviewed"])
def test_other_reports_open_no_case(client, word):
    fake_providers.attempt()
    say(client, "reviewed", review(word))
    assert cases() == []


def test_a_named_reviewer_needs_no_case(client):
    attempt = fake_providers.attempt()
    reviewer = make.member(make.Role.REVIEWER, course=attempt.exam.course)
    say(client, "reviewed", review("suspicious", reviewed_by=reviewer.email.upper()))
    assert status_of(attempt) is S.REJECTED
    assert cases() == []


def test_an_exam_that_became_timed_is_still_reviewed(client):
    """Upstream answers 412 and stores nothing; here nothing a provider sent is lost."""
    attempt = fake_providers.attempt()
    fake_providers.change(attempt.exam, is_proctored=False, provider_slug=None)
    assert say(client, "reviewed").status_code == 200
    assert status_of(attempt) is S.VERIFIED


def test_a_reset_attempt_keeps_its_status_and_gets_its_review(client):
    attempt = fake_providers.attempt(archived_at=make.NOON, archive_reason="Reset.")
    assert say(client, "reviewed", review("violation")).status_code == 200
    assert status_of(attempt) is S.SUBMITTED
    assert db.session.scalars(db.select(Review)).one().to_status == S.SUBMITTED
    assert deliveries()[0].outcome is DeliveryOutcome.USED


def test_neither_link_nor_secret_is_kept_in_the_clear(client):
    fake_providers.attempt()
    link = "https://provider.example/v/secret-42"
    body = review(
        videoReviewLink=link, payload={"videoReviewLink": link}, api_key="k-99", note=f"see {link}", other=[1]
    )
    assert say(client, "reviewed", body).status_code == 200
    with db.engine.connect() as connection:
        names = [table.name for table in db.metadata.sorted_tables]
        tables = [connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in names]
    assert "secret-42" not in str(tables)
    assert "k-99" not in str(tables)
    kept = deliveries()[0]
    assert '"other": [1]' in kept.body
    assert kept.headers["Authorization"] == "JWT [not kept here]"
    assert db.session.scalars(db.select(Review.video_url)).one() == link


def count(statements):
    return len([sql for sql in statements if not sql.startswith("BEGIN")])


@pytest.mark.parametrize("word", ["passed", "violation", "suspicious", "not_reviewed"])
def test_a_review_costs_at_most_ten_statements(client, statements, word, monkeypatch):
    fake_providers.attempt(exam=fake_providers.exam(course=make.course(overrides_grade=True)))
    monkeypatch.setattr("socket.socket.connect", None)  # Nothing is asked of anybody.
    statements.clear()
    assert say(client, "reviewed", review(word, comments=3, videoReviewLink="https://v.example/1")).status_code == 200
    assert count(statements) <= 10
    assert db.session.scalar(db.select(db.func.count(ReviewComment.id))) == 3


def test_ready_costs_at_most_ten_statements(client, statements):
    fake_providers.attempt(S.DOWNLOAD_SOFTWARE_CLICKED)
    statements.clear()
    assert say(client, "ready", {"status": "ready"}).status_code == 200
    assert count(statements) <= 6
