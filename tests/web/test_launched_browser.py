"""An exam of PSI runs in the browser that was launched, and in no other."""

import pytest

from portal.models import ProviderKind
from tests import make, vendors
from tests.make import NOON, S


@pytest.fixture
def attempt(app, sign_in):
    vendors.vendor("psi", kind=ProviderKind.PSI)
    learner = make.user()
    sign_in(learner)
    exam = vendors.exam("psi")
    made = vendors.attempt(S.DOWNLOAD_SOFTWARE_CLICKED, exam=exam, learner=learner, rules_read_at=NOON)
    make.enrol(exam.course, learner)
    return made


def launch(client, attempt):
    place = "/api/edx_proctoring/proctoring_launch_callback/start_exam"
    return client.get(f"{place}/{attempt.attempt_code}")


def test_the_launched_browser_takes_the_exam(client, attempt):
    assert launch(client, attempt).status_code == 302
    home = f"/attempts/{attempt.ref}"
    assert client.post(f"{home}/start").status_code == 303
    assert client.get(f"{home}/exam/1").status_code == 200
    assert client.post(f"{home}/exam/1", data={"value": "a", "version": 0}).status_code == 303


def test_another_browser_does_not(app, client, attempt, sign_in):
    launch(client, attempt)
    home = f"/attempts/{attempt.ref}"
    client.post(f"{home}/start")
    other = app.test_client()
    sign_in(attempt.learner, other)
    page = other.get(f"{home}/exam/1")
    assert page.status_code == 403
    assert "browser of your proctoring provider" in page.text
    assert other.post(f"{home}/exam/1", data={"value": "a", "version": 0}).status_code == 403
    assert other.post(f"{home}/answers/1", json={"value": "a", "version": 0}).status_code == 403
    assert other.get(f"{home}/clock.json").status_code == 200


def test_it_is_not_started_elsewhere_either(app, client, attempt, sign_in):
    launch(client, attempt)
    other = app.test_client()
    sign_in(attempt.learner, other)
    assert other.post(f"/attempts/{attempt.ref}/start").status_code == 403
    assert vendors.status_of(attempt) is S.READY_TO_START


def test_a_made_up_proof_is_none(client, attempt):
    vendors.change(attempt, status=S.READY_TO_START)
    client.set_cookie("exam", attempt.ref)
    assert client.post(f"/attempts/{attempt.ref}/start").status_code == 403
