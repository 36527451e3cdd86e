"""The token endpoint: what it gives to whom, in the words of RFC 6749, and how often one may guess."""

import json
from base64 import b64encode

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from portal.db import db
from portal.db.encrypted import derived_key
from portal.domain.providers.api_clients import hash_secret
from portal.models import ApiClient
from tests import fake_providers
from tests.fake_providers import SECRET

ENDPOINT = "/oauth2/access_token"
ASKED = {"grant_type": "client_credentials", "client_id": "acme-client", "client_secret": SECRET}


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{name}:{secret}".encode()).decode()}


@pytest.fixture(autouse=True)
def acme(app):
    return fake_providers.provider()


@pytest.fixture
def record():
    return db.session.scalars(db.select(ApiClient)).one()


@pytest.mark.parametrize("path", [ENDPOINT, ENDPOINT + "/"])
def test_what_edx_clients_send_is_answered_as_they_expect(client, path):
    answer = client.post(path, data={**ASKED, "token_type": "jwt"})
    assert answer.status_code == 200
    assert answer.json["token_type"] == "JWT"
    assert answer.json["expires_in"] == 3600
    assert answer.json["scope"] == "read write"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "sent",
    [
        {"data": ASKED},
        {"json": ASKED},
        {"data": json.dumps(ASKED), "content_type": "text/plain"},
        {"data": {"grant_type": "client_credentials"}, "headers": basic("acme-client", SECRET)},
        {"data": {"grant_type": "client_credentials"}, "headers": basic("acme%2Dclient", SECRET.replace(" ", "%20"))},
    ],
    ids=["form", "json", "json as text", "basic", "basic, percent-encoded"],
)
def test_credentials_come_in_every_way(client, sent):
    assert client.post(ENDPOINT, **sent).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "given"), [("jwt", "JWT"), ("JWT", "JWT"), ("bearer", "Bearer"), ("mac", "Bearer"), (None, "Bearer")]
)
def test_the_type_of_token_is_the_one_asked_for(client, wanted, given):
    asked = ASKED if wanted is None else {**ASKED, "token_type": wanted}
    assert client.post(ENDPOINT, data=asked).json["token_type"] == given


def test_the_token_says_who_and_for_how_long(client, the_clock):
    token = client.post(ENDPOINT, data=ASKED).json["access_token"]
    said = jwt.decode(token, OctKey.import_key(derived_key("access tokens")), algorithms=["HS256"]).claims
    now = int(the_clock.now.timestamp())
    assert (said["sub"], said["iss"], said["aud"]) == (
        "acme-client",
        "http://localhost",
        "http://localhost/api/edx_proctoring",
    )
    assert (said["iat"], said["exp"]) == (now, now + 3600)
    assert said["scope"] == "read write"
    assert len(said["jti"]) == 32


def test_every_token_is_its_own(client):
    assert len({client.post(ENDPOINT, data=ASKED).json["access_token"] for _ in range(3)}) == 3


def test_scopes_are_those_of_the_client(client, record):
    fake_providers.change(record, scopes=["attempts:callback", "reviews:write"])
    assert client.post(ENDPOINT, data=ASKED).json["scope"] == "attempts:callback reviews:write"
    assert client.post(ENDPOINT, data={**ASKED, "scope": "reviews:write all"}).json["scope"] == "reviews:write"
    assert client.post(ENDPOINT, data={**ASKED, "scope": "read write"}).json["scope"] == "read write"


@pytest.mark.parametrize("scope", ["exams:write", "email profile", "read", "Write"])
def test_asking_for_nothing_that_is_held_is_an_invalid_scope(client, record, scope):
    fake_providers.change(record, scopes=["attempts:callback", "reviews:write"])
    answer = client.post(ENDPOINT, data={**ASKED, "scope": scope})
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope")
    assert "attempts:callback reviews:write" in answer.json["error_description"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_refused_client_is_asked_for_basic_as_rfc_7617_has_it(client):
    answer = client.post(ENDPOINT, data={**ASKED, "client_secret": "wrong"})
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="provider API", charset="UTF-8"'


@pytest.mark.parametrize(
    "asked",
    [
        {**ASKED, "client_secret": "wrong"},
        {**ASKED, "client_id": "nobody"},
        {**ASKED, "client_id": "nobody \ud800"},
        {"grant_type": "client_credentials"},
        {"grant_type": "client_credentials", "client_id": "acme-client"},
        {"grant_type": "client_credentials", "client_id": "acme-client", "client_secret": ""},
    ],
)
def test_a_wrong_credential_is_an_invalid_client(client, asked):
    answer = client.post(ENDPOINT, json=asked)
    assert answer.status_code == 401
    assert answer.json["error"] == "invalid_client"
    assert "WWW-Authenticate" in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_whether_a_client_exists_is_not_told(client):
    answers = [client.post(ENDPOINT, data={**ASKED, **wrong}) for wrong in ({"client_id": "x"}, {"client_secret": "x"})]
    assert answers[0].json == answers[1].json


@pytest.mark.parametrize(
    "credential", ["Basic", "Basic !!!", "Basic " + b64encode(b"\xff:\xfe").decode(), "Basic Og=="]
)
def test_a_broken_basic_credential_is_an_invalid_client(client, credential):
    data = {"grant_type": "client_credentials"}
    answer = client.post(ENDPOINT, data=data, headers={"Authorization": credential})
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({}, "invalid_request"),
        ({"client_id": "acme-client", "client_secret": SECRET}, "invalid_request"),
        ({**ASKED, "grant_type": 5}, "invalid_request"),
        ([1], "invalid_request"),
        ({**ASKED, "grant_type": "password"}, "unsupported_grant_type"),
        ({**ASKED, "grant_type": "pässword\n"}, "unsupported_grant_type"),
    ],
)
def test_what_is_asked_for_wrongly_is_named(client, asked, error):
    answer = client.post(ENDPOINT, json=asked)
    assert (answer.status_code, answer.json["error"]) == (400, error)


def test_a_disabled_client_gets_none(client, record):
    fake_providers.change(record, is_enabled=False)
    assert client.post(ENDPOINT, data=ASKED).status_code == 401


def test_the_previous_secret_is_good_until_the_change_is_over(client, record):
    fake_providers.change(record, secret_hash=hash_secret("new"), previous_secret_hash=hash_secret(SECRET))
    assert client.post(ENDPOINT, data=ASKED).status_code == 200
    assert client.post(ENDPOINT, data={**ASKED, "client_secret": "new"}).status_code == 200
    fake_providers.change(record, previous_secret_hash=None)
    assert client.post(ENDPOINT, data=ASKED).status_code == 401


def test_other_methods_and_large_bodies_are_refused_as_json(client):
    assert client.get(ENDPOINT).status_code == 405
    assert client.get(ENDPOINT).json["error"] == "invalid_request"
    answer = client.post(ENDPOINT, data=b"{" + b" " * 1024 * 1024)
    assert (answer.status_code, answer.json["error"]) == (413, "invalid_request")


def test_guessing_ends(client, the_clock):
    wrong = {**ASKED, "client_secret": "guess"}
    assert {client.post(ENDPOINT, data=wrong).status_code for _ in range(20)} == {401}
    answer = client.post(ENDPOINT, data=ASKED)
    assert (answer.status_code, answer.json["error"]) == (429, "invalid_request")
    assert answer.headers["Retry-After"] == "900"
    the_clock.advance(minutes=15)
    assert client.post(ENDPOINT, data=ASKED).status_code == 200


def test_a_strangers_guesses_do_not_keep_the_provider_out(client):
    for _ in range(21):
        client.post(ENDPOINT, data={**ASKED, "client_secret": "guess"}, environ_base={"REMOTE_ADDR": "192.0.2.9"})
    assert client.post(ENDPOINT, data=ASKED).status_code == 200


def test_one_address_may_not_guess_for_many_clients(client):
    codes = [client.post(ENDPOINT, data={**ASKED, "client_id": f"c{n}"}).status_code for n in range(61)]
    assert codes == [401] * 60 + [429]


def test_right_credentials_may_come_often(client):
    assert {client.post(ENDPOINT, data=ASKED).status_code for _ in range(70)} == {200}
