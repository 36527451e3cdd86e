"""Every refusal in JSON has its sentence in the same place, ``detail``, whoever is asked; a token's has RFC 6749's."""

import pytest

from tests import fake_providers, make
from tests.fake_providers import PLACE
from tests.make import S

JSON = {"Accept": "application/json"}


@pytest.fixture
def attempt(app, sign_in):
    fake_providers.provider()
    made = make.attempt(S.SUBMITTED)
    sign_in(made.learner)
    return made


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/edx_proctoring/v1/nothing", 404),
        ("DELETE", "/api/edx_proctoring/v1/proctored_exam/active_attempt", 405),
        ("GET", "/api/edx_proctoring/v1/proctored_exam/attempt/999", 400),
        ("GET", "/api/edx_proctoring/v1/user_onboarding/status", 400),
        ("POST", f"{PLACE}/x/ready", 401),
        ("POST", f"{PLACE}/x/reviewed", 401),
        ("GET", "/attempts/XXX-XXXX/", 404),
        ("GET", "/attempts/XXX-XXXX/clock.json", 401),
        ("POST", "/attempts/{ref}/start", 409),
        ("POST", "/attempts/{ref}/answers/1", 422),
        ("GET", "/teach/provider-log", 403),
    ],
)
def test_the_sentence_is_in_detail(client, attempt, method, path, code):
    answer = client.open(path.format(ref=attempt.ref), method=method, headers=JSON)
    assert (answer.status_code, answer.mimetype) == (code, "application/json"), answer.text
    assert answer.json["detail"].endswith(".") or " " in answer.json["detail"]
    assert answer.json.get("error", {}).get("message", answer.json["detail"]) == answer.json["detail"]


def test_a_guest_is_told_in_detail_too(app):
    for path in ("/me/exams/", "/attempts/XXX-XXXX/setup.json"):
        answer = app.test_client().get(path, headers=JSON)
        assert (answer.status_code, answer.json["error"]["message"]) == (401, answer.json["detail"])


def test_a_token_is_refused_in_the_words_of_rfc_6749(client):
    for answer in (client.get("/oauth2/access_token"), client.post("/oauth2/access_token")):
        assert set(answer.json) == {"error", "error_description"}
