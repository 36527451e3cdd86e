"""Refusals as learners read them: in their language, and without what only those who run the portal understand."""

import pytest

from portal.db import db
from portal.domain.attempts import attempts
from portal.domain.errors import IllegalTransition, ProviderRefused, ProviderUnavailable
from portal.web.learner import beginning
from tests import fake_providers, make
from tests.make import S


@pytest.fixture
def learner(sign_in):
    return sign_in(make.user(language="de"))


def refusing(refusal):
    def refuse(*args, **facts):
        raise refusal

    return refuse


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (IllegalTransition("It is started; it cannot become created."), (409, "Ihre Prüfung ist inzwischen")),
        (ProviderUnavailable("Acme does not accept our credentials."), (503, "Der Aufsichtsanbieter gibt")),
    ],
)
def test_inner_words_stay_inside(client, learner, monkeypatch, caplog, refusal, told):
    attempt = make.attempt(S.STARTED, learner=learner)
    monkeypatch.setattr(attempts, "check_answers", refusing(refusal))
    answer = client.post(f"/attempts/{attempt.ref}/check-answers")
    assert answer.status_code == told[0]
    assert told[1] in answer.text and str(refusal) not in answer.text
    assert str(refusal) in caplog.text


def test_a_provider_that_declines_is_named_in_the_learners_language(client, learner, monkeypatch):
    fake_providers.provider("acme", name="<b>Acme</b>")
    exam = fake_providers.exam("acme")
    make.enrol(exam.course, learner)
    refusal = ProviderRefused("%(name)s did not accept your registration for this exam.", name="<b>Acme</b>")
    monkeypatch.setattr(beginning.registration, "register", refusing(refusal))
    page = client.post(f"/exams/{exam.slug}/begin", follow_redirects=True).text
    assert "&lt;b&gt;Acme&lt;/b&gt; hat die Anmeldung zu dieser Prüfung nicht angenommen." in page


def test_an_answer_that_came_too_late_is_answered_in_the_learners_language(client, learner, the_clock):
    attempt = make.attempt(S.STARTED, learner=learner)
    question = db.session.scalars(db.select(make.Question.id).limit(1)).one()
    the_clock.advance(hours=2)
    answer = client.post(f"/attempts/{attempt.ref}/answers/{question}", json={"value": "b", "version": 0})
    assert answer.status_code == 409
    assert answer.json["error"]["message"].startswith("Ihre Prüfung ist zu Ende. Diese Antwort kam zu spät")
