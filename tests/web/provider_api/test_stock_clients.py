"""Clients that anybody can install, unmodified and without a special option: token, ready, reviewed."""

from io import BytesIO

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import BackendApplicationClient, InvalidScopeError
from requests.adapters import BaseAdapter
from requests_oauthlib import OAuth2Session

from portal.domain.providers import scopes
from tests import fake_providers
from tests.fake_providers import PLACE, SECRET, status_of
from tests.make import S

PORTAL = "https://portal.example"
TOKEN = f"{PORTAL}/oauth2/access_token"
ASKED = {"nothing": None, "what edX's ask for": ["read", "write"], "its own": list(scopes.OF_PROVIDERS)}


class IntoThePortal(BaseAdapter):
    """Hands a client's requests to the portal without a network, as if over https."""

    def __init__(self, client):
        super().__init__()
        self.client = client

    def send(self, request, **_):
        path = request.url.removeprefix(PORTAL)
        came = self.client.open(path, method=request.method, data=request.body, headers=dict(request.headers))
        answer = requests.Response()
        answer.status_code, answer.headers, answer.request, answer.url = came.status_code, came.headers, request, path
        answer.raw = BytesIO(came.data)
        return answer

    def close(self):
        pass


def requests_oauthlib(over_http, scope, way):
    session = OAuth2Session(client=BackendApplicationClient(client_id="acme-client", scope=scope), scope=scope)
    session.mount(PORTAL, over_http)
    given = {"auth": ("acme-client", SECRET)} if way == "basic" else {"client_secret": SECRET}
    session.fetch_token(TOKEN, include_client_id=way != "basic", **given)
    return session


def authlib(over_http, scope, way):
    wanted = " ".join(scope) if scope else None
    way = "client_secret_basic" if way == "basic" else "client_secret_post"
    session = AuthlibSession("acme-client", SECRET, scope=wanted, token_endpoint_auth_method=way)
    session.mount(PORTAL, over_http)
    session.fetch_token(TOKEN, grant_type="client_credentials")
    return session


CLIENTS = {"requests-oauthlib": requests_oauthlib, "Authlib": authlib}


@pytest.fixture(autouse=True)
def acme(app):
    fake_providers.provider()
    fake_providers.change(fake_providers.client_record(), scopes=list(scopes.OF_PROVIDERS))


@pytest.mark.parametrize("way", ["basic", "form"])
@pytest.mark.parametrize("scope", ASKED)
@pytest.mark.parametrize("name", CLIENTS)
def test_token_ready_reviewed(client, name, scope, way):
    exam = fake_providers.exam()
    fresh = fake_providers.attempt(S.CREATED, exam=exam, external_id="fresh")
    done = fake_providers.attempt(S.SUBMITTED, exam=exam, external_id="done")
    session = CLIENTS[name](IntoThePortal(client), ASKED[scope], way)
    assert session.token["token_type"] == "Bearer"
    assert session.post(f"{PORTAL}{PLACE}/fresh/ready", json={"status": "ready"}).json() == "OK"
    assert session.post(f"{PORTAL}{PLACE}/done/reviewed", json=fake_providers.review()).json() == "OK"
    assert (status_of(fresh), status_of(done)) == (S.READY_TO_START, S.VERIFIED)


def test_a_client_hears_which_scope_was_not_its_own(client):
    with pytest.raises(InvalidScopeError, match="attempts:callback reviews:write"):
        requests_oauthlib(IntoThePortal(client), ["exams:write"], "form")
