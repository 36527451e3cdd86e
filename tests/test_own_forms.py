"""Forms in production, from browsers that say much, little or nothing of where a form came from."""

import re

import pytest

from portal import create_app
from portal.db import db
from tests import make
from tests.client import CheckedClient, Witness
from tests.conftest import SETTINGS

OURS = "https://exams.example.edu"
EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """A portal behind HTTPS as production has it."""
    data = tmp_path_factory.mktemp("production")
    settings = {**SETTINGS, "TESTING": False, "WTF_CSRF_ENABLED": True, "PROPAGATE_EXCEPTIONS": False}
    settings |= {"PUBLIC_URL": OURS, "ENV": "production", "PROXIES": 0, "WORKER": "off"}
    app = create_app(**settings, DATA=str(data), DATABASE_URL=f"sqlite:///{data}/portal.sqlite")
    app.test_client_class = CheckedClient
    app.extensions["witness"] = Witness(app)
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def post(client, address, headers, **data):
    """Load the page, and send its form with these headers."""
    page = client.get("/signin" if address == "/signin" else "/me/settings", base_url=OURS).text
    sent = {**data, "csrf_token": TOKEN.search(page)[1]}
    return client.post(address, base_url=OURS, data=sent, headers=headers)


SAYS_OURS = {
    "nothing at all": {},
    "Origin": {"Origin": OURS},
    "Sec-Fetch-Site": {"Sec-Fetch-Site": "same-origin"},
    "sent again by hand": {"Sec-Fetch-Site": "none"},
    "Referer": {"Referer": f"{OURS}/signin"},
    "Origin null": {"Origin": "null"},
    "Origin null and Sec-Fetch-Site": {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    "Origin over an odd Referer": {"Origin": OURS, "Referer": f"{EVIL}/page"},
}
SAYS_ANOTHER = {
    "Origin": {"Origin": EVIL},
    "our host without TLS": {"Origin": "http://exams.example.edu"},
    "our name in theirs": {"Origin": "https://exams.example.edu.evil.example"},
    "Origin over ours as Referer": {"Origin": EVIL, "Referer": f"{OURS}/signin"},
    "Sec-Fetch-Site": {"Sec-Fetch-Site": "cross-site"},
    "another host of our domain": {"Sec-Fetch-Site": "same-site"},
    "Referer": {"Referer": f"{EVIL}/page"},
    "Origin null and Referer": {"Origin": "null", "Referer": f"{EVIL}/page"},
    "nonsense": {"Origin": "https://[evil"},
}


@pytest.mark.parametrize("headers", SAYS_OURS.values(), ids=SAYS_OURS)
def test_a_form_of_ours_signs_in_and_writes(production, headers):
    client, person = production.test_client(), make.user(password=make.PASSWORD)
    signed_in = post(client, "/signin", headers, email=person.email, password=make.PASSWORD)
    assert (signed_in.status_code, signed_in.location) == (303, "/")
    assert post(client, "/me/theme", headers, theme="dark").status_code == 303
    db.session.refresh(person)
    assert person.theme == "dark"


@pytest.mark.parametrize("headers", SAYS_ANOTHER.values(), ids=SAYS_ANOTHER)
def test_a_form_from_elsewhere_changes_nothing_and_is_told_so(production, headers):
    client, person = production.test_client(), make.user(password=make.PASSWORD)
    post(client, "/signin", {}, email=person.email, password=make.PASSWORD)
    refused = post(client, "/me/theme", headers, theme="dark")
    assert refused.status_code == 400
    assert "This form came from" in refused.text and "Nothing was changed" in refused.text
    db.session.refresh(person)
    assert person.theme == "system"


def test_a_proxy_that_hides_our_name_is_no_other_site(production):
    """The address that the portal is known by counts, too."""
    client, person = production.test_client(), make.user(password=make.PASSWORD)
    inside = "https://10.0.0.7:5000"
    page = client.get("/signin", base_url=inside).text
    sent = {"email": person.email, "password": make.PASSWORD, "csrf_token": TOKEN.search(page)[1]}
    assert client.post("/signin", base_url=inside, data=sent, headers={"Origin": OURS}).status_code == 303


def test_without_a_cookie_the_refusal_speaks_of_cookies(production):
    client = production.test_client(use_cookies=False)
    refused = post(client, "/signin", {"Origin": OURS}, email="a@example.edu", password="x")
    assert refused.status_code == 400
    assert "did not send our cookie" in refused.text
    assert "Allow cookies" in refused.text


def test_with_an_old_token_the_refusal_speaks_of_the_page(production):
    client, person = production.test_client(), make.user(password=make.PASSWORD)
    post(client, "/signin", {}, email=person.email, password=make.PASSWORD)
    refused = client.post("/me/theme", base_url=OURS, data={"csrf_token": "old"})
    assert (refused.status_code, "from before you signed in or out" in refused.text) == (400, True)
