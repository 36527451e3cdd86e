"""The way to a provider's dashboard: a link made at the click, for who may, and in no page."""

from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from portal.db import db
from portal.domain.accounts import pairwise
from portal.domain.errors import ProviderUnavailable
from portal.domain.providers import lookup
from portal.models import HistoryEntry, ProviderExam, ProviderKind, Role
from portal.providers import KINDS
from portal.providers.rest.provider import RestProvider
from tests import fake_providers, make
from tests.make import NOON, S

SECRET = "a secret that signs links, of 32 bytes or more"


@pytest.fixture
def attempt(app):
    fake_providers.provider(base_url="https://acme.example", client_id="us", client_secret=SECRET, client=False)
    attempt = fake_providers.attempt(S.SUBMITTED)
    make.row(ProviderExam(exam_id=attempt.exam_id, provider_slug="acme", external_id="exam-9", saved_at=NOON))
    return attempt


@pytest.fixture
def staff(attempt, sign_in):
    return sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course, user=make.user(name="Dr Lind")))


def said_by(answer):
    """What the link's key says; its signature is checked."""
    assert answer.status_code == 303 and answer.headers["Referrer-Policy"] == "no-referrer"
    address = urlsplit(answer.location)
    assert (address.netloc, address.path) == ("acme.example", "/api/v1/instructor/us/")
    token = parse_qs(address.query)["jwt"][0]
    return jwt.decode(token, OctKey.import_key(SECRET)).claims


def test_to_one_attempt_and_that_is_kept(client, staff, attempt):
    said = said_by(client.post(f"/teach/attempts/{attempt.ref}/dashboard"))
    assert (said["exam_id"], said["attempt_id"]) == ("exam-9", attempt.external_id)
    assert said["user"]["full_name"] == "Dr Lind"
    assert said["user"]["id"] == pairwise.pairwise_id("acme", staff.id)
    line = db.session.scalars(db.select(HistoryEntry).filter_by(event="dashboard_opened")).one()
    assert line.by_id == staff.id
    assert "Provider dashboard opened" in client.get(f"/teach/attempts/{attempt.ref}/").text


def test_to_an_exam_and_to_its_settings_there(client, staff, attempt):
    said = said_by(client.post(f"/teach/exams/{attempt.exam.slug}/dashboard"))
    assert said["exam_id"] == "exam-9" and "config" not in said and "attempt_id" not in said
    assert said_by(client.post(f"/teach/exams/{attempt.exam.slug}/provider-settings"))["config"] is True


def test_each_link_is_new_and_stands_in_no_page(client, staff, attempt):
    first, second = (said_by(client.post(f"/teach/exams/{attempt.exam.slug}/dashboard")) for _ in range(2))
    assert first["jti"] != second["jti"]
    for page in (f"/teach/exams/{attempt.exam.slug}/", f"/teach/attempts/{attempt.ref}/"):
        shown = client.get(page)
        assert "Provider dashboard" in shown.text and "jwt" not in shown.text
        assert "form-action 'self' https://acme.example" in shown.headers["Content-Security-Policy"]


def test_a_provider_is_told_no_name_where_its_record_says_so(client, staff, attempt):
    fake_providers.change(lookup.get("acme"), options={"sends_name": False, "sends_email": False})
    user = said_by(client.post(f"/teach/attempts/{attempt.ref}/dashboard"))["user"]
    assert (user["full_name"], user["email"]) == ("", "")


@pytest.mark.parametrize(
    "change", [{"kind": ProviderKind.PRACTICE}, {"kind": ProviderKind.PSI}, {"options": {"has_dashboard": False}}]
)
def test_a_provider_without_a_dashboard_is_not_offered(client, staff, attempt, change):
    fake_providers.change(lookup.get("acme"), **change)
    assert "Provider dashboard" not in client.get(f"/teach/attempts/{attempt.ref}/").text
    refused = client.post(f"/teach/attempts/{attempt.ref}/dashboard")
    assert refused.status_code == 404 and "has no dashboard" in refused.text


class AwayProvider(RestProvider):
    """Would have to be asked for the link, and does not answer."""

    def dashboard_url(self, wanted):
        assert not db.session().in_transaction(), "a provider is asked outside any transaction"
        raise ProviderUnavailable("Acme did not answer within 10 seconds.")


def test_what_fails_is_said_plainly(client, staff, attempt, monkeypatch):
    fake_providers.change(lookup.get("acme"), client_secret="")
    refused = client.post(f"/teach/exams/{attempt.exam.slug}/dashboard")
    assert refused.status_code == 503 and "Acme did not return a link to its dashboard" in refused.text

    monkeypatch.setitem(KINDS, ProviderKind.REST, AwayProvider)
    for place in (f"/teach/exams/{attempt.exam.slug}/dashboard", f"/teach/attempts/{attempt.ref}/dashboard"):
        refused = client.post(place)
        assert refused.status_code == 503 and "did not answer within 10 seconds" in refused.text


def test_before_there_is_a_place_there_is_nothing_to_see(client, staff, attempt):
    early = fake_providers.attempt(S.CREATED, exam=attempt.exam, external_id=None)
    assert "Provider dashboard" not in client.get(f"/teach/attempts/{early.ref}/").text
    assert client.post(f"/teach/attempts/{early.ref}/dashboard").status_code == 409
    other = fake_providers.exam(course=attempt.exam.course)
    assert client.post(f"/teach/exams/{other.slug}/provider-settings").status_code == 409


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (Role.INSTRUCTOR, [303, 303, 303]),
        (Role.STAFF, [303, 303, 403]),
        (Role.PROCTOR, [403, 403, 403]),
        (Role.REVIEWER, [403, 403, 403]),
    ],
)
def test_who_may_go_there(client, sign_in, attempt, role, statuses):
    exam = attempt.exam
    doors = [f"/teach/attempts/{attempt.ref}/dashboard"]
    doors += [f"/teach/exams/{exam.slug}/{what}" for what in ("dashboard", "provider-settings")]
    sign_in(make.member(role, course=exam.course))
    assert [client.post(door).status_code for door in doors] == statuses
    sign_in(make.member(role))
    assert [client.post(door).status_code for door in doors] == [404] * 3
