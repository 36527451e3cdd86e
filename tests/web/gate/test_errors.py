"""Every refusal has its status, its page and its JSON; a fault of ours has a reference."""

import logging
import re

import pytest
from flask import Blueprint, abort, request
from flask_login import login_required
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import create_app
from portal.db import db
from portal.domain import errors
from portal.models import Role
from tests import make
from tests.client import CheckedClient, Witness
from tests.conftest import SETTINGS
from tests.make import S

REFUSALS = {
    "not_found": (404, errors.NotFound("There is no such exam.")),
    "not_allowed": (403, errors.NotAllowed("You are not enrolled.")),
    "not_now": (409, errors.NotNow("It opens at noon.")),
    "late": (409, errors.TooLate("The time is up.")),
    "illegal_transition": (409, errors.IllegalTransition("It is handed in already.")),
    "bad_input": (422, errors.BadInput("minutes", "Give whole minutes.")),
    "conflict": (409, errors.Conflict("Another tab saved this.", current={"version": 3})),
    "limit_reached": (429, errors.LimitReached("Wait a minute.", retry_after_seconds=60)),
    "provider_unavailable": (503, errors.ProviderUnavailable("The proctor does not answer.")),
}
bp = Blueprint("trials", __name__)


@bp.route("/trials/refuse/<code>", methods=["GET", "POST"])
@bp.get("/api/trials/refuse/<code>", endpoint="api")
def refuse(code):
    raise REFUSALS[code][1]


@bp.get("/trials/race/<kind>")
def race(kind):
    raise IntegrityError("INSERT", {}, Exception("unique")) if kind == "insert" else StaleDataError()


@bp.get("/trials/fault")
def fault():
    raise ZeroDivisionError("a secret of the inside")


@bp.get("/trials/abort/<int:status>")
def refuse_plainly(status):
    abort(status)


@bp.post("/trials/form")
@login_required
def form():
    return {"typed": request.form.get("text")}


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    """An app of our own, with views that fail on purpose."""
    data = tmp_path_factory.mktemp("trials")
    strict = {**SETTINGS, "WTF_CSRF_ENABLED": True, "PROPAGATE_EXCEPTIONS": False}
    app = create_app(**strict, DATA=str(data), DATABASE_URL=f"sqlite:///{data}/portal.sqlite")
    app.register_blueprint(bp)
    app.test_client_class = CheckedClient
    app.extensions["witness"] = Witness(app)
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(trials):
    return trials.test_client()


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_as_a_page(client, code):
    status, refusal = REFUSALS[code]
    answer = client.get(f"/trials/refuse/{code}")
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert str(refusal) in answer.text


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize(
    ("path", "headers"),
    [("/api/trials/refuse/", {}), ("/trials/refuse/", {"Accept": "application/json"})],
)
def test_a_refusal_as_json(client, code, path, headers):
    status, refusal = REFUSALS[code]
    answer = client.get(path + code, headers=headers)
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert answer.json["error"]["message"] == str(refusal)


def test_json_says_which_field_what_stands_there_and_when_to_come_back(client):
    assert client.get("/api/trials/refuse/bad_input").json["error"]["field"] == "minutes"
    assert client.get("/api/trials/refuse/conflict").json["current"] == {"version": 3}
    assert client.get("/api/trials/refuse/limit_reached").headers["Retry-After"] == "60"


@pytest.mark.parametrize("kind", ["insert", "update"])
def test_who_loses_a_race_is_told_to_look_again(client, kind):
    answer = client.get(f"/trials/race/{kind}")
    assert answer.status_code == 409
    assert "Check the page again" in answer.text


def test_a_fault_shows_a_reference_and_nothing_of_the_inside(client, caplog):
    with caplog.at_level(logging.ERROR):
        answer = client.get("/trials/fault")
    assert answer.status_code == 500
    [reference] = set(re.findall(r"E[0-9A-Z]{2}-[0-9A-Z]{4}", answer.text))
    assert reference in caplog.text
    assert "a secret of the inside" in caplog.text
    assert "secret of the inside" not in answer.text


def test_a_fault_while_showing_a_fault_is_still_an_answer(client, trials, monkeypatch):
    monkeypatch.setattr(trials.jinja_env, "get_or_select_template", lambda *a, **k: 1 / 0)
    answer = client.get("/trials/fault")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert "Your reference is E" in answer.text


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 415, 418])
def test_what_flask_refuses_looks_the_same(client, status):
    answer = client.get(f"/trials/abort/{status}")
    assert answer.status_code == status
    assert answer.mimetype == "text/html"


def test_a_wrong_method_names_the_right_ones(client):
    assert "GET" in client.post("/status", headers={"X-CSRFToken": "x"}).headers["Allow"]


class TestForms:
    """A form without a good token changes nothing, and its sender learns what to do."""

    def signed_in(self, client):
        person = make.user(password=make.PASSWORD)
        page = client.get("/signin").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        data = {"email": person.email, "password": make.PASSWORD, "csrf_token": token}
        assert client.post("/signin", data=data).status_code == 303
        return person

    def token(self, client):
        return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/trials/abort/404").text)[1]

    def test_without_a_token_a_person_is_asked_to_go_back(self, client):
        self.signed_in(client)
        answer = client.post("/trials/form", data={"text": "my words"})
        assert answer.status_code == 400
        assert "Nothing was changed" in answer.text
        assert "Go back" in answer.text

    def test_a_script_learns_why(self, client):
        self.signed_in(client)
        answer = client.post("/trials/form", json={"text": "my words"})
        assert (answer.status_code, answer.json["error"]["code"]) == (400, "form_expired")

    def test_who_is_signed_out_is_told_that_instead(self, client):
        answer = client.post("/trials/form", json={"text": "my words"})
        assert (answer.status_code, answer.json["error"]["code"]) == (401, "signed_out")
        assert client.post("/trials/form", data={"text": "my words"}).status_code == 303

    def test_a_page_open_since_before_works_after_signing_in_again(self, client):
        person = self.signed_in(client)
        old = self.token(client)
        client.post("/signout", data={"csrf_token": old})
        page = client.get("/signin").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        data = {"email": person.email, "password": make.PASSWORD, "csrf_token": token}
        client.post("/signin", data=data)
        assert client.post("/trials/form", data={"text": "kept", "csrf_token": old}).json == {"typed": "kept"}

    def test_one_persons_token_is_no_good_for_another(self, client, trials):
        self.signed_in(client)
        other = trials.test_client()
        self.signed_in(other)
        answer = other.post("/trials/form", data={"csrf_token": self.token(client)})
        assert answer.status_code == 400


def test_a_refusal_leads_back_to_the_attempt_that_it_is_about(client, sign_in):
    attempt = make.attempt(S.SUBMITTED)
    sign_in(make.member(Role.PROCTOR, course=attempt.exam.course))
    for address in (f"/teach/attempts/{attempt.ref}/add-time", f"/teach/attempts/{attempt.ref}/files/1"):
        assert f'href="/teach/attempts/{attempt.ref}/"' in client.get(address).text


@pytest.mark.parametrize(
    ("came_from", "leads"),
    [
        ("http://localhost/me/exams/?page=2", "/me/exams/?page=2"),
        ("http://elsewhere.example/me/exams/", "/"),
        ("http://localhost//elsewhere.example/", "/"),
        ("", "/"),
    ],
)
def test_a_refusal_leads_back_to_the_page_before_and_never_to_another_host(client, sign_in, came_from, leads):
    sign_in(make.user())
    page = client.get("/nowhere", headers={"Referer": came_from}).text
    assert f'class="button primary large" href="{leads}"' in page
