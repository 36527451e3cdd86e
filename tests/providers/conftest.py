"""What tests of vendors need: no token of the test before, and a vendor that gives one."""

from collections.abc import Iterator

import pytest
import responses

from portal.providers.rest import tokens
from tests.providers.vendors import BASE


@pytest.fixture(autouse=True)
def no_tokens() -> Iterator[None]:
    tokens.forget_all()
    yield
    tokens.forget_all()


@pytest.fixture
def vendor():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as vendor:
        vendor.post(f"{BASE}/oauth2/access_token", json={"access_token": "first", "expires_in": 3600})
        yield vendor
