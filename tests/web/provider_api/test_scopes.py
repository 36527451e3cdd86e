"""What a token may do: what its scopes say, as far as its client holds them, and until its key is retired."""

import pytest

from portal.db import db
from portal.models import ApiClient
from tests import fake_providers
from tests.fake_providers import PLACE, deliveries
from tests.web.provider_api.test_authentication import (
    BODIES,
    attempt_name,
    claims,
    nothing_has_moved,
    refused,
    signed,
)
from tests.web.provider_api.test_authentication import acme as acme
from tests.web.provider_api.test_authentication import waiting as waiting

SCOPES = {"ready": "attempts:callback", "reviewed": "reviews:write"}


@pytest.mark.parametrize("what", ["ready", "reviewed"])
@pytest.mark.parametrize(
    ("scope", "may"),
    [
        ("read write", {"ready", "reviewed"}),
        ("write", {"ready", "reviewed"}),
        ("attempts:callback", {"ready"}),
        ("reviews:write", {"reviewed"}),
        ("attempts:callback reviews:write", {"ready", "reviewed"}),
        ("read", set()),
        ("", set()),
        (None, set()),
    ],
)
def test_a_token_does_what_its_scopes_say_and_nothing_else(client, waiting, scope, may, what):
    headers = {"Authorization": f"Bearer {signed(claims(scope=scope))}"}
    if what in may:
        assert client.post(f"{PLACE}/{attempt_name(what)}/{what}", json=BODIES[what], headers=headers).json == "OK"
        return
    answer = refused(client, what, headers, 403)
    said = answer.json["detail"]
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer realm="provider API", error="insufficient_scope", error_description="{said}", scope="{SCOPES[what]}"'
    )
    nothing_has_moved(waiting)
    assert deliveries() == []


def test_what_a_client_no_longer_holds_its_tokens_do_no_longer(client, waiting):
    fake_providers.change(db.session.scalars(db.select(ApiClient)).one(), scopes=["attempts:callback"])
    refused(client, "reviewed", {"Authorization": f"Bearer {signed(claims())}"}, 403)
    nothing_has_moved(waiting)


@pytest.mark.parametrize("fallbacks", [True, False])
def test_a_token_outlives_a_new_secret_key_while_the_old_one_is_a_fallback(
    client, app, waiting, monkeypatch, fallbacks
):
    headers = {"Authorization": f"JWT {fake_providers.token()}"}
    old = app.config["SECRET_KEY"]
    monkeypatch.setitem(app.config, "SECRET_KEY", "a new secret key of some length, for this")
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old] if fallbacks else [])
    answer = client.post(f"{PLACE}/fresh/ready", json={}, headers=headers)
    assert answer.status_code == (200 if fallbacks else 401)
