"""Refusals as learners read them: in their language, and without what only those who run the portal understand."""

import pytest
import responses
from flask_login import login_user

from portal.db import db
from portal.domain.errors import IllegalTransition, ProviderUnavailable
from portal.models import ProviderExam
from portal.providers.rest import tokens
from portal.web.gate import errors
from tests import fake_providers, make
from tests.make import NOON, S

ACME = "https://acme.example"


@pytest.fixture
def learner(sign_in):
    return sign_in(make.user(language="de"))


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (IllegalTransition("It is started; it cannot become created."), (409, "Ihre Prüfung ist inzwischen")),
        (ProviderUnavailable("Acme does not accept our credentials."), (503, "Der Aufsichtsanbieter gibt")),
    ],
)
def test_inner_words_stay_inside(app, learner, caplog, refusal, told):
    with app.test_request_context("/attempts/AAA-AAAA/check-answers", method="POST"):
        login_user(learner)
        page, status = errors.refuse(refusal)
    assert status == told[0]
    assert told[1] in page and str(refusal) not in page
    assert str(refusal) in caplog.text


def test_a_provider_that_declines_is_named_in_the_learners_language(client, learner):
    secrets = {"base_url": ACME, "client_id": "us", "client_secret": "a secret of some length" * 2}
    fake_providers.provider("acme", name="<b>Acme</b>", client=False, **secrets)
    exam = fake_providers.exam("acme")
    make.row(ProviderExam(exam_id=exam.id, provider_slug="acme", external_id="exam-9", saved_at=NOON))
    make.enrol(exam.course, learner)
    tokens.forget_all()
    with responses.RequestsMock() as acme:
        acme.post(f"{ACME}/oauth2/access_token", json={"access_token": "t", "expires_in": 60})
        acme.post(f"{ACME}/api/v1/exam/exam-9/attempt/", status=422, json={})
        page = client.post(f"/exams/{exam.slug}/begin", follow_redirects=True).text
    assert "&lt;b&gt;Acme&lt;/b&gt; hat die Anmeldung zu dieser Prüfung nicht angenommen." in page


def test_an_answer_that_came_too_late_is_answered_in_the_learners_language(client, learner, the_clock):
    attempt = make.attempt(S.STARTED, learner=learner)
    question = db.session.scalars(db.select(make.Question.id).limit(1)).one()
    the_clock.advance(hours=2)
    answer = client.post(f"/attempts/{attempt.ref}/answers/{question}", json={"value": "b", "version": 0})
    assert answer.status_code == 409
    assert answer.json["error"]["message"].startswith("Ihre Prüfung ist zu Ende. Diese Antwort kam zu spät")
