"""What a learner writes to the course team, and the answer: on both sides' pages, and by email, whole."""

import pytest

from portal.db import db
from portal.domain.attempts import attempts
from portal.models import HistoryEntry, OutboxMessage, ProviderKind, ResumeState, Role, SupportCase
from tests import fake_providers, make, review_factories
from tests.make import NOON, S

WORDS = "The camera <b>fails</b>.\n.Bcc: eve@example.edu"
ANSWER = "Use another browser. We gave you <i>10 minutes</i>."


@pytest.fixture
def learner(app, sign_in):
    fake_providers.provider("watcher", kind=ProviderKind.PRACTICE, client=False)
    return sign_in(make.user(name="Nora", email="nora@example.edu", language="en"))


def asked(client, learner, status=S.CREATED, words=WORDS, **given):
    exam = make.exam(is_proctored=True, provider_slug="watcher", name="Clouds", course=make.course(name="Weather"))
    facts = {"taking_as_proctored": True, "external_id": attempts.new_ref(), "rules_read_at": NOON, **given}
    attempt = make.attempt(status, exam=exam, learner=learner, **facts)
    assert client.post(f"/attempts/{attempt.ref}/message", data={"words": words}).status_code == 303
    return attempt


def answered(client, sign_in, attempt, note=ANSWER):
    sign_in(make.member(Role.STAFF, course=attempt.exam.course, user=make.user(name="Dr Lind")))
    [case] = db.session.scalars(db.select(SupportCase).filter_by(closed_at=None))
    page = client.get("/teach/cases").text
    assert "Your answer to the learner" in page and "gets it by email" in page
    closed = client.post(f"/teach/cases/{case.id}/close", data={"note": note}, follow_redirects=True)
    assert "The learner sees it on their exam page" in closed.text


PAGES = {S.CREATED: "setup", S.READY_TO_START: "setup", S.SUBMITTED: "status", S.ERROR: "interrupted"}


@pytest.mark.parametrize("status", PAGES)
def test_both_texts_stand_on_the_learners_page_and_on_the_teams(client, sign_in, learner, status):
    attempt = asked(
        client, learner, status, resume_state=ResumeState.RESUMABLE if status is S.ERROR else ResumeState.NONE
    )
    here = f"/attempts/{attempt.ref}/{PAGES[status]}"
    before = client.get(here).text
    assert "The camera &lt;b&gt;fails&lt;/b&gt;." in before and "has not answered yet" in before
    answered(client, sign_in, attempt)
    page = client.get(f"/teach/attempts/{attempt.ref}/").text
    for words in ("Messages from the learner", "The camera &lt;b&gt;fails", "Use another browser.", "Dr Lind answered"):
        assert words in page
    sign_in(learner)
    after = client.get(here).text
    assert "Use another browser. We gave you &lt;i&gt;10 minutes&lt;/i&gt;." in after and "The camera" in after
    assert "has not answered yet" not in after and "Dr Lind" not in after


def test_a_second_answer_is_told_once(client, sign_in, learner):
    attempt = asked(client, learner)
    answered(client, sign_in, attempt)
    [case] = db.session.scalars(db.select(SupportCase))
    client.post(f"/teach/cases/{case.id}/close", data={"note": "Another answer"})
    topics = db.session.scalars(db.select(OutboxMessage.topic)).all()
    assert (topics.count("email"), case.closing_note) == (1, ANSWER)
    events = [line.event for line in db.session.scalars(db.select(HistoryEntry).order_by(HistoryEntry.id))]
    assert events == ["learner_wrote", "learner_answered"]


def test_the_setup_page_shows_the_answer_by_itself(client, sign_in, learner):
    attempt = asked(client, learner)
    asks = f"/attempts/{attempt.ref}/setup.json"
    before = client.get(asks).json["words"]
    answered(client, sign_in, attempt)
    sign_in(learner)
    assert client.get(asks).json["words"] != before


def test_an_answer_shows_in_an_exam_that_runs_and_leaves_the_clock_alone(client, sign_in, learner):
    attempt = asked(client, learner, S.STARTED)
    asks = f"/attempts/{attempt.ref}/clock.json?rev={attempt.revision}"
    before = client.get(asks).json
    answered(client, sign_in, attempt)
    sign_in(learner)
    after = client.get(asks).json
    assert [(one["kind"], one["text"]) for one in after["notices"]] == [
        ("message", f"The course team answered your message: {ANSWER}")
    ]
    assert (after["deadline"], after["rev"]) == (before["deadline"], before["rev"] + 1)


def test_the_same_words_are_one_message_and_ten_may_wait(client, learner):
    attempt = asked(client, learner)
    place = f"/attempts/{attempt.ref}/message"
    for number in [*range(9), 0, 1]:
        assert client.post(place, data={"words": f"Help {number}"}).status_code == 303
    refused = client.post(place, data={"words": "Help at last"})
    assert refused.status_code == 409 and "10 messages from you" in refused.text
    assert db.session.query(SupportCase).count() == 10


def test_the_same_words_after_an_answer_are_a_new_message(client, sign_in, learner):
    attempt = asked(client, learner, words="Help")
    answered(client, sign_in, attempt)
    sign_in(learner)
    for _ in range(2):
        client.post(f"/attempts/{attempt.ref}/message", data={"words": "Help"})
    cases = db.session.scalars(db.select(SupportCase).order_by(SupportCase.id)).all()
    assert [(case.text, case.closed_at is None) for case in cases] == [("Help", False), ("Help", True)]
    enqueued = db.session.scalars(db.select(OutboxMessage.key).filter_by(topic="support")).all()
    assert len(enqueued) == 2


def test_both_texts_stand_on_the_page_of_a_timed_exam_that_is_over(client, sign_in, learner):
    attempt = make.attempt(S.STARTED, learner=learner)
    client.post(f"/attempts/{attempt.ref}/ask", data={"words": "Is a ruler allowed?", "to": "1"})
    client.post(f"/attempts/{attempt.ref}/submit")
    answered(client, sign_in, attempt, note="It was.")
    sign_in(learner)
    page = client.get(f"/attempts/{attempt.ref}/status").text
    assert "Is a ruler allowed?" in page and "It was." in page


@pytest.mark.parametrize("words", ["", "  ", "\x00", "x" * 2001])
def test_a_message_says_something(client, learner, words):
    attempt = asked(client, learner)
    assert client.post(f"/attempts/{attempt.ref}/message", data={"words": words}).status_code == 422
    assert db.session.query(SupportCase).count() == 1


def test_a_question_and_its_answer_are_not_another_attempts(client, sign_in, learner):
    asked(client, learner)
    other = asked(client, sign_in(make.user()), words="Something else")
    assert "The camera" not in client.get(f"/attempts/{other.ref}/setup").text
    sign_in(review_factories.reviewer(other))
    assert "The camera" not in client.get("/teach/cases").text
