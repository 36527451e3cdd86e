"""An appeal and its answer, for the learner: within reach whichever way it was answered."""

import pytest

from portal import clock
from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.reviews import appeals, decision_sending, decisions
from portal.domain.reviews.appeals import Answered
from portal.domain.reviews.verdicts import Decided
from portal.models import Verdict
from tests import fake_providers, make, review_factories

ANSWER = "We listened again: it was the radio."


@pytest.fixture
def refused(app):
    """Not accepted by a person, and the learner asks for another look."""
    fake_providers.provider("proctorco", base_url="https://proctorco.example", client=False)
    attempt = review_factories.waiting(learner=make.user())
    said = Decided(verdict=Verdict.REJECT, reason_code="help", sentence="A second voice was heard.")
    decide(attempt, said)
    with writing():
        appeals.send(attempts.lock(attempt.id), "It was the radio.", attempt.learner, days=14, now=clock.now())
    return attempt


def decide(attempt, said):
    by = review_factories.reviewer(attempt)
    with writing():
        locked, now = attempts.lock(attempt.id), clock.now()
        marks = {one.id: decisions.CONCERN for one in decisions.incidents(locked)}
        decision_sending.send(decisions.make(locked, said, by, marks=marks, send_at=now, now=now), now=now)
    db.session.refresh(attempt)


def answer(attempt, accepts):
    by = review_factories.reviewer(attempt)
    with writing():
        appeals.answer(attempts.lock(attempt.id), Answered(text=ANSWER, accepts=accepts), by, now=clock.now())


def read(client, attempt) -> tuple[str, str]:
    """What the learner's status page says, and where its link leads."""
    place = f"/attempts/{attempt.ref}/appeal"
    page = client.get(f"/attempts/{attempt.ref}/status").text
    assert f'href="{place}"' in page
    return page, client.get(place).text


@pytest.mark.parametrize("accepts", [True, False])
def test_the_answer_can_be_read_whatever_it_says(client, sign_in, refused, accepts):
    answer(refused, accepts)
    sign_in(refused.learner)
    page, answered = read(client, refused)
    assert ("Your exam is accepted" in page) == accepts
    assert "Read the answer" in page and ANSWER in answered
    assert "Do you disagree?" not in page or not accepts


def test_an_exam_accepted_without_an_answer_still_shows_the_appeal(client, sign_in, refused):
    decide(refused, Decided(verdict=Verdict.ACCEPT))
    sign_in(refused.learner)
    page, appeal = read(client, refused)
    assert "Your exam is accepted" in page and "See your appeal" in page
    assert "It was the radio." in appeal


def test_who_never_appealed_is_told_nothing_of_it(client, sign_in, app):
    fake_providers.provider("proctorco", base_url="https://proctorco.example", client=False)
    attempt = review_factories.waiting(learner=make.user())
    decide(attempt, Decided(verdict=Verdict.ACCEPT))
    sign_in(attempt.learner)
    assert "appeal" not in client.get(f"/attempts/{attempt.ref}/status").text.lower()
