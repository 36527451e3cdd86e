"""What tests of providers need: no token of the test before, and a provider that gives one."""

from collections.abc import Iterator

import pytest
import responses

from portal.providers.rest import tokens
from tests.providers.records import BASE


@pytest.fixture(autouse=True)
def no_tokens() -> Iterator[None]:
    tokens.forget_all()
    yield
    tokens.forget_all()


@pytest.fixture
def provider_server():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as provider_server:
        provider_server.post(f"{BASE}/oauth2/access_token", json={"access_token": "first", "expires_in": 3600})
        yield provider_server
