"""Whose word counts at the callbacks: a provider's own token, in its time. Nobody else's ever moves anything."""

import base64
import json
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from portal.db import db
from portal.db.encrypted import derived_key
from portal.models import ApiClient, HistoryEntry, Provider, ProviderKind, Review
from portal.web.provider_api import access_tokens
from tests import fake_providers, make
from tests.fake_providers import PLACE, deliveries, review, say, status_of
from tests.make import NOON, S

BODIES = {"ready": {"status": "ready"}, "reviewed": review()}


@pytest.fixture(autouse=True)
def acme(app):
    return fake_providers.provider()


@pytest.fixture
def waiting():
    """What each message would move: an attempt that may become ready, and one that may be reviewed."""
    exam = fake_providers.exam()
    return {
        "ready": fake_providers.attempt(S.CREATED, exam=exam, external_id="fresh"),
        "reviewed": fake_providers.attempt(S.SUBMITTED, exam=exam, external_id="done"),
    }


def claims(**changed):
    at = int(NOON.timestamp())
    said = {
        "iss": "http://localhost", "aud": "http://localhost/api/edx_proctoring", "sub": "acme-client",
        "iat": at, "nbf": at, "exp": at + 3600, "jti": "a" * 32, "scope": "read write",
    }  # fmt: skip
    return {name: value for name, value in {**said, **changed}.items() if value is not None}


def signed(said, *, key=None, alg="HS256", **head):
    ours = derived_key("access tokens")
    return jwt.encode({"alg": alg, **head}, said, OctKey.import_key(key or ours), algorithms=["HS256", "HS512"])


def part(said):
    return (
        base64.urlsafe_b64encode(said if isinstance(said, bytes) else json.dumps(said).encode()).rstrip(b"=").decode()
    )


def unsigned(alg):
    return f"{part({'alg': alg, 'typ': 'JWT'})}.{part(claims())}."


def without_signature():
    return signed(claims()).rpartition(".")[0] + "."


def with_another_payload():
    head, _, signature = signed(claims(sub="nobody")).split(".")
    return f"{head}.{part(claims())}.{signature}"


TOKENS = {
    "none at all": lambda: "",
    "alg none": lambda: unsigned("none"),
    "alg NONE": lambda: unsigned("NONE"),
    "alg empty": lambda: unsigned(""),
    "without its signature": without_signature,
    "another payload under the signature": with_another_payload,
    "signed by somebody else": lambda: signed(claims(), key="k" * 40),
    "signed with the client's secret": lambda: signed(claims(), key=fake_providers.SECRET),
    "signed another way": lambda: signed(claims(), alg="HS512"),
    "with its own key inside": lambda: signed(claims(), key="k" * 40, jwk={"kty": "oct", "k": part(b"k" * 40)}),
    "expired": lambda: fake_providers.token(now=NOON - timedelta(seconds=3601)),
    "expired this second": lambda: fake_providers.token(now=NOON - timedelta(seconds=3600)),
    "not yet": lambda: fake_providers.token(now=NOON + timedelta(hours=1)),
    "not yet, by more than clocks differ": lambda: fake_providers.token(now=NOON + timedelta(seconds=31)),
    "without an end": lambda: signed(claims(exp=None)),
    "with words for an end": lambda: signed(claims(exp="tomorrow")),
    "for other addresses": lambda: signed(claims(aud="http://localhost")),
    "for a list of other addresses": lambda: signed(claims(aud=["a", "b"])),
    "for nobody": lambda: signed(claims(aud=None)),
    "of another portal": lambda: signed(claims(iss="http://portal.example")),
    "of an unknown client": lambda: fake_providers.token("nobody"),
    "of a client that is a list": lambda: signed(claims(sub=["acme-client"])),
    "no token": lambda: "word",
    "broken": lambda: "a.b.c",
    "long": lambda: "a" * 6000 + "." + "b" * 6000 + "." + "c",
    "not ASCII": lambda: "é.ü.ß",
}  # fmt: skip


def refused(client, what, token, code):
    answer = client.post(f"{PLACE}/{attempt_name(what)}/{what}", json=BODIES[what], headers=token)
    assert (answer.status_code, answer.mimetype) == (code, "application/json"), answer.data
    assert answer.json["detail"].endswith(".")
    return answer


def attempt_name(what):
    return {"ready": "fresh", "reviewed": "done"}[what]


def nothing_has_moved(waiting):
    assert (status_of(waiting["ready"]), status_of(waiting["reviewed"])) == (S.CREATED, S.SUBMITTED)
    assert db.session.scalars(db.select(Review)).all() == []
    assert db.session.scalars(db.select(HistoryEntry)).all() == []


def test_the_token_made_here_by_hand_is_good(client, waiting):
    """So that the others fail for the reason they name."""
    for what, attempt in waiting.items():
        headers = {"Authorization": f"JWT {signed(claims())}"}
        assert client.post(f"{PLACE}/{attempt.external_id}/{what}", json=BODIES[what], headers=headers).json == "OK"
    assert (status_of(waiting["ready"]), status_of(waiting["reviewed"])) == (S.READY_TO_START, S.VERIFIED)


def test_the_clock_of_the_machine_that_gave_it_may_be_a_little_ahead(client, waiting):
    headers = {"Authorization": f"JWT {fake_providers.token(now=NOON + timedelta(seconds=30))}"}
    place = f"{PLACE}/{waiting['ready'].external_id}/ready"
    assert client.post(place, json=BODIES["ready"], headers=headers).json == "OK"


@pytest.mark.parametrize("what", ["ready", "reviewed"])
@pytest.mark.parametrize("token", TOKENS)
def test_a_token_that_is_not_good_moves_nothing(client, waiting, token, what):
    answer = refused(client, what, {"Authorization": f"JWT {TOKENS[token]()}"}, 401)
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="provider API", error="invalid_token", '
        'error_description="The token is invalid or expired, or its client is turned off."'
    )
    nothing_has_moved(waiting)
    assert deliveries() == []  # Strangers fill no tables.


@pytest.mark.parametrize("what", ["ready", "reviewed"])
@pytest.mark.parametrize("header", [{}, {"Authorization": ""}, {"Authorization": "Basic YWNtZS1jbGllbnQ6eA=="}])
def test_another_credential_is_none(client, waiting, header, what):
    """RFC 6750, 3.1: who has sent no token is told no error."""
    assert refused(client, what, header, 401).headers["WWW-Authenticate"] == 'Bearer realm="provider API"'
    nothing_has_moved(waiting)


@pytest.mark.parametrize("what", ["ready", "reviewed"])
@pytest.mark.parametrize("who", ["learner", "team", "administrator"])
def test_a_person_who_is_signed_in_is_nobody_here(client, sign_in, waiting, who, what):
    attempt = waiting[what]
    people = {
        "learner": lambda: attempt.learner,
        "team": lambda: make.member(make.Role.REVIEWER, course=attempt.exam.course),
        "administrator": make.administrator,
    }
    sign_in(people[who]())
    refused(client, what, {}, 401)
    nothing_has_moved(waiting)


@pytest.mark.parametrize("what", ["ready", "reviewed"])
def test_another_providers_attempt_is_unknown(client, waiting, what):
    """It is told nothing about it, and what it sent is kept for a person under its own name."""
    fake_providers.provider("rival")
    answer = say(client, what, BODIES[what], about=attempt_name(what), by="rival-client")
    assert answer.status_code == (404 if what == "ready" else 400)
    assert answer.json == say(client, what, BODIES[what], about="no-such-name", by="rival-client").json
    nothing_has_moved(waiting)
    assert [(one.provider_slug, one.attempt_id, one.outcome) for one in deliveries()] == [("rival", None, "kept")] * 2


@pytest.mark.parametrize("what", ["ready", "reviewed"])
def test_a_client_without_a_provider_may_report_nothing(client, waiting, what):
    make.row(ApiClient(client_id="platform", secret_hash="", created_at=NOON))
    assert say(client, what, BODIES[what], about=attempt_name(what), by="platform").status_code == 403
    nothing_has_moved(waiting)


@pytest.mark.parametrize("what", ["ready", "reviewed"])
def test_nobody_speaks_for_the_practice_proctor(client, what):
    fake_providers.provider("built-in", kind=ProviderKind.PRACTICE)
    attempt = fake_providers.attempt(
        S.CREATED if what == "ready" else S.SUBMITTED, exam=fake_providers.exam("built-in")
    )
    before = attempt.status
    assert say(client, what, BODIES[what], by="built-in-client").status_code == 403
    assert status_of(attempt) is before
    assert deliveries() == []


@pytest.mark.parametrize("what", ["ready", "reviewed"])
def test_a_client_that_was_switched_off_is_out_at_once(client, waiting, what):
    token = {"Authorization": f"JWT {fake_providers.token()}"}
    fake_providers.change(db.session.scalars(db.select(ApiClient)).one(), is_enabled=False)
    refused(client, what, token, 401)
    nothing_has_moved(waiting)


def test_a_provider_that_was_switched_off_still_reports_what_it_has_seen(client, waiting):
    fake_providers.change(db.session.scalars(db.select(Provider)).one(), is_enabled=False)
    assert say(client, "reviewed", about="done").json == "OK"
    assert status_of(waiting["reviewed"]) is S.VERIFIED


def test_a_runaway_loop_is_slowed_down_and_nobody_else(client, app, monkeypatch, waiting, the_clock):
    monkeypatch.setitem(app.config, "PROVIDER_CALLS_PER_MINUTE", 3)
    fake_providers.provider("rival")
    assert [say(client, "ready", {}, about="fresh").status_code for _ in range(3)] == [200] * 3
    answer = say(client, "reviewed", about="done")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert status_of(waiting["reviewed"]) is S.SUBMITTED
    assert say(client, "ready", {}, about="x", by="rival-client").status_code == 404
    the_clock.advance(seconds=60)
    assert say(client, "reviewed", about="done").status_code == 200


@pytest.mark.parametrize("path", [f"{PLACE}/ext-1/ready", f"{PLACE}/ext-1/reviewed", "/api/edx_proctoring/nothing"])
def test_other_methods_and_addresses_are_answered_as_json(client, path):
    for method in ("get", "put", "patch", "delete"):
        answer = getattr(client, method)(path)
        assert answer.status_code in {404, 405}
        assert (answer.mimetype, list(answer.json)) == ("application/json", ["detail"])


def test_tokens_say_nothing_about_the_key(app):
    assert derived_key("access tokens") != derived_key("pairwise ids")
    assert access_tokens.read(signed(claims()), now=NOON).client_id == "acme-client"
