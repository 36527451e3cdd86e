"""PSI's review: its own words and names, its callback token, and one answer to everything that is wrong."""

import json

import pytest

from portal.db import db
from portal.models import HistoryEntry, ProviderKind, Review, ReviewComment
from portal.web.provider_api import psi
from tests import fake_providers, make
from tests.fake_providers import CALLBACK_TOKEN, deliveries, psi_review, status_of
from tests.make import NOON, S

REVIEW = "/api/edx_proctoring/proctoring_review_callback"
LINK = "https://provider.example/v/1"


@pytest.fixture(autouse=True)
def record(app):
    return fake_providers.provider("psi", kind=ProviderKind.PSI, client=False)


def attempt(status=S.SUBMITTED, *, external_id="Loc-1", **given):
    return fake_providers.attempt(
        status, exam=given.pop("exam", None) or fake_providers.exam("psi"), external_id=external_id, **given
    )


def report(client, body, *, token=CALLBACK_TOKEN, **given):
    sent = {"data": body} if isinstance(body, bytes) else {"json": body}
    return client.post(f"{REVIEW}/{token}" if token else f"{REVIEW}/", **sent, **given)


@pytest.mark.parametrize(
    ("word", "becomes"),
    [("Clean", S.VERIFIED), ("Rules Violation", S.VERIFIED), ("Suspicious", S.SECOND_REVIEW_REQUIRED),
     ("Not Reviewed", S.ERROR)],
)  # fmt: skip
def test_what_psis_words_make_of_an_attempt(client, word, becomes):
    """For this provider a rules violation passes, as upstream."""
    made = attempt()
    assert report(client, psi_review(made, word)).json == "OK"
    assert status_of(made) is becomes
    kept = db.session.scalars(db.select(Review)).one()
    assert (kept.provider_status, kept.to_status, kept.video_url) == (word, becomes, LINK)
    assert len(db.session.scalars(db.select(ReviewComment)).all()) == 2


def test_where_a_machine_decides_alone_suspicious_is_rejected(client):
    made = attempt(exam=fake_providers.exam("psi", course=make.course(needs_second_review=False)))
    report(client, psi_review(made, "Suspicious"))
    assert status_of(made) is S.REJECTED


@pytest.mark.parametrize("way", ["path", "path with a slash", "basic"])
def test_the_token_comes_in_the_path_or_as_a_password(client, way):
    made = attempt()
    given = {
        "path": {"path": f"{REVIEW}/{CALLBACK_TOKEN}"},
        "path with a slash": {"path": f"{REVIEW}/{CALLBACK_TOKEN}/"},
        "basic": {"path": f"{REVIEW}/", "auth": ("psi", CALLBACK_TOKEN)},
    }[way]
    assert client.post(json=psi_review(made), **given).json == "OK"
    assert status_of(made) is S.VERIFIED


def refused(answer):
    """Always the same, so that nobody can try codes and secrets out."""
    assert (answer.status_code, answer.json) == (400, {"detail": psi.GENERIC})


@pytest.mark.parametrize("token", ["", "wrong", "None", "a%20token", "é", "%00", CALLBACK_TOKEN + "x"])
def test_without_the_token_nothing_is_stored(client, token):
    """The pair of ids alone could be known to a learner."""
    made = attempt()
    refused(report(client, psi_review(made), token=token))
    refused(client.post(f"{REVIEW}/", json=psi_review(made), auth=("psi", "wrong")))
    assert (status_of(made), deliveries()) == (S.SUBMITTED, [])


def test_a_provider_without_a_token_accepts_nothing(client, record):
    fake_providers.change(record, secret_options="{}")
    made = attempt()
    refused(report(client, psi_review(made), token=""))
    refused(client.post(f"{REVIEW}/", json=psi_review(made), auth=("psi", "")))
    assert status_of(made) is S.SUBMITTED


def test_another_psi_providers_token_reaches_only_its_own(client):
    fake_providers.provider(
        "psi-two", kind=ProviderKind.PSI, client=False, secret_options=json.dumps({"callback_token": "two"})
    )
    made = attempt()
    refused(report(client, psi_review(made), token="two"))
    assert status_of(made) is S.SUBMITTED
    assert [(one.provider_slug, one.attempt_id, one.outcome) for one in deliveries()] == [("psi-two", None, "kept")]


def about(made, **changed):
    names = {"examCode": made.attempt_code, "ssiRecordLocator": made.external_id, **changed}
    return psi_review(made, examMetaData={name: value for name, value in names.items() if value is not None})


@pytest.mark.parametrize(
    "changed",
    [{"examCode": "other"}, {"ssiRecordLocator": "other"}, {"ssiRecordLocator": ""}, {"ssiRecordLocator": None},
     {"examCode": None}, {"examCode": 5}, {"ssiRecordLocator": ["Loc-1"]}],
)  # fmt: skip
def test_both_names_are_needed(client, changed):
    made = attempt()
    refused(report(client, about(made, **changed)))
    assert status_of(made) is S.SUBMITTED
    assert [one.outcome for one in fake_providers.waiting("psi")] == ["kept"]


@pytest.mark.parametrize("locator", ["LOC-1", "loc-1"])
def test_the_case_of_the_locator_does_not_matter(client, locator):
    made = attempt()
    assert report(client, about(made, ssiRecordLocator=locator)).json == "OK"
    assert report(client, about(made)).json == "OK"
    assert status_of(made) is S.VERIFIED


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"\xff\xfe", b"[]", b"null", b'"Clean"', b"[" * 50_000, b"{" + b" " * 1024 * 1024],
)
def test_what_is_no_review_is_kept(client, body):
    made = attempt()
    refused(report(client, body))
    assert status_of(made) is S.SUBMITTED
    [kept] = fake_providers.waiting("psi")
    assert kept.note.endswith(".")


@pytest.mark.parametrize(
    "changed",
    [{"reviewStatus": "passed"}, {"reviewStatus": None}, {"webCamComments": [{"comments": 5}]},
     {"desktopComments": "none"}, {"videoReviewLink": 7}],
)  # fmt: skip
def test_a_wrong_shape_is_kept_with_its_reason(client, changed):
    made = attempt()
    refused(report(client, {**psi_review(made), **changed}))
    assert status_of(made) is S.SUBMITTED
    [kept] = fake_providers.waiting("psi")
    assert (kept.attempt_id, next(iter(changed)) in kept.note) == (made.id, True)


def test_before_the_end_it_waits_for_a_person(client):
    made = attempt(S.STARTED)
    refused(report(client, psi_review(made)))
    assert status_of(made) is S.STARTED
    [kept] = fake_providers.waiting("psi")
    assert "has not ended" in kept.note


def test_a_reset_attempt_keeps_its_status_and_gets_its_review(client):
    made = attempt(archived_at=NOON, archive_reason="Reset.")
    assert report(client, psi_review(made, "Suspicious")).json == "OK"
    assert status_of(made) is S.SUBMITTED
    assert db.session.scalars(db.select(Review)).one().to_status == S.SUBMITTED


def test_the_same_again_is_a_repeat(client):
    made = attempt()
    for _ in range(3):
        assert report(client, psi_review(made, "Suspicious")).json == "OK"
    assert [one.outcome for one in deliveries()] == ["used", "repeated", "repeated"]
    assert len(db.session.scalars(db.select(Review)).all()) == 1
    assert len(db.session.scalars(db.select(HistoryEntry)).all()) == 1


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_the_content_type_is_ignored(client, content_type):
    made = attempt()
    assert report(client, json.dumps(psi_review(made)).encode(), content_type=content_type).json == "OK"
    assert client.get(f"{REVIEW}/{CALLBACK_TOKEN}").status_code == 405


def test_neither_link_nor_codes_are_kept_in_the_clear(client):
    made = attempt()
    report(client, psi_review(made, overAllComments=f"see {LINK}"))
    with db.engine.connect() as connection:
        rows = [
            connection.exec_driver_sql(f"SELECT * FROM {name}").all()
            for name in ("delivery", "review", "history_entry")
        ]
    assert LINK not in str(rows)
    assert made.attempt_code not in str(rows)
    assert CALLBACK_TOKEN not in str(rows)


def test_guessing_tokens_is_slowed_down(client, monkeypatch):
    monkeypatch.setattr(psi, "REVIEWS_PER_MINUTE", 3)
    assert [report(client, {}, token="guess").status_code for _ in range(4)] == [400, 400, 400, 429]
