"""The power is cut while people work: what they were told is saved is saved, and no clock has moved."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.client import HTTPException

import pytest

from portal.db import db
from portal.models import Answer, Attempt, EndedBy, HistoryEntry, LateAnswer, OutboxMessage, Question, QuestionKind
from tests import make
from tests.make import S

LEARNERS, SAVES_BEFORE, CUTS = 20, 5, 2
TEN_SECONDS = timedelta(seconds=10)


def words(version: int) -> str:
    """What a learner has typed by their save of this number."""
    return f"One thought after the other, {version} by now."


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


class Typist:
    """A learner who types without a pause, and remembers the last answer they were told is saved."""

    def __init__(self, portal, attempt: Attempt, question_id: int) -> None:
        self.ref, self.question_id = attempt.ref, question_id
        self.id, self.version, self.refused = attempt.id, 0, []
        self.browser = portal.browser(attempt.learner)

    def save(self) -> None:
        """:raises OSError, HTTPException: nobody said that it is saved."""
        answered = self.browser.save(self.ref, self.question_id, words(self.version + 1), version=self.version)
        if answered.status == 200:
            self.version = answered.says["version"]
        else:
            self.refused.append(answered)

    def type(self, everybody_types: threading.Barrier) -> None:
        """Until the server is gone."""
        for _ in range(SAVES_BEFORE):
            self.save()
        everybody_types.wait(60)
        try:
            while not self.refused:
                self.save()
        except (OSError, HTTPException):
            return


@pytest.fixture
def exam(portal):
    return make.exam(questions=[{"kind": QuestionKind.LONG_TEXT}])


def typists(portal, exam, number=LEARNERS):
    [question_id] = portal.look(db.select(Question.id))
    made = [make.attempt(exam=exam) for _ in range(number)]
    return lambda: [Typist(portal, attempt, question_id) for attempt in made]


def stored(portal, typist):
    """The one answer that is kept: its version and its words."""
    kept = db.select(Answer.version, Answer.value).where(Answer.attempt_id == typist.id)
    [answer] = portal.look(kept)
    return answer


def type_until_it_is_cut(portal, server, learners):
    everybody_types = threading.Barrier(len(learners) + 1)
    with ThreadPoolExecutor(len(learners)) as pool:
        typing = [pool.submit(learner.type, everybody_types) for learner in learners]
        everybody_types.wait(60)
        portal.kill(server)
    for done in typing:
        done.result()
    assert [learner.refused for learner in learners] == [[]] * len(learners)


def test_a_server_that_is_killed_loses_no_answer_and_no_second(portal, exam):
    sit_down = typists(portal, exam)
    server = portal.serve()
    learners = sit_down()
    for _ in range(CUTS):
        type_until_it_is_cut(portal, server, learners)
        portal.advance(minutes=5)
        server = portal.serve()
        for learner in learners:
            version, value = stored(portal, learner)
            assert version - learner.version in {0, 1}  # One more may be kept than was told.
            assert value == words(version)
            learner.version = version
            assert value in learner.browser.get(f"/attempts/{learner.ref}/exam/1").text
    check_clocks(portal, learners)
    for learner in learners:
        learner.save()
        assert stored(portal, learner) == (learner.version, words(learner.version))
    assert portal.look(db.select(HistoryEntry)) == []


def check_clocks(portal, learners):
    """Each says the deadline that was given at the start, and what is left until then, also to a new page."""
    for learner in learners:
        [deadline_at] = portal.look(db.select(Attempt.deadline_at).where(Attempt.id == learner.id))
        earliest = milliseconds(portal.now())
        said = learner.browser.get(f"/attempts/{learner.ref}/clock.json").says
        latest = milliseconds(portal.now())
        assert (said["state"], said["rev"]) == ("in_progress", 0)
        assert said["deadline"] == milliseconds(deadline_at) == milliseconds(make.NOON + timedelta(hours=1))
        assert earliest - 1 <= said["now"] <= latest + 1


def test_who_is_gone_at_the_end_is_submitted_with_every_answer(portal, exam):
    sit_down = typists(portal, exam, 3)
    portal.serve()
    learners = sit_down()
    [(deadline_at, hard_stop_at), *_] = portal.look(db.select(Attempt.deadline_at, Attempt.hard_stop_at))
    portal.set_clock(deadline_at - timedelta(seconds=30))
    for learner in learners:
        for _ in range(SAVES_BEFORE):
            learner.save()
        learner.browser.close()  # As when the machine dies: it never says good-bye.
    portal.set_clock(hard_stop_at - timedelta(seconds=2))
    running = db.select(Attempt.id).where(Attempt.status != S.SUBMITTED)
    portal.wait_until(lambda: portal.look(running) == [])
    facts = portal.look(db.select(Attempt.ended_by, Attempt.completed_at, Attempt.answered_count))
    assert facts == [(EndedBy.TIME, deadline_at, 1)] * len(learners)
    assert [stored(portal, learner) for learner in learners] == [(SAVES_BEFORE, words(SAVES_BEFORE))] * len(learners)
    submitted = portal.look(db.select(HistoryEntry.at, HistoryEntry.to_status))
    assert [became for _, became in submitted] == [S.SUBMITTED] * len(learners)
    assert all(hard_stop_at <= at <= hard_stop_at + TEN_SECONDS for at, _ in submitted)
    portal.wait_until(lambda: None not in portal.look(db.select(OutboxMessage.done_at)))
    assert len(portal.mails()) == len(learners)
    comes_back_too_late(portal, learners[0])


def comes_back_too_late(portal, learner):
    """What the browser still had is kept apart, and the answer that counted stays."""
    late = learner.browser.save(learner.ref, learner.question_id, "Too late", version=learner.version)
    assert (late.status, late.says["error"]["code"]) == (409, "late")
    assert stored(portal, learner) == (SAVES_BEFORE, words(SAVES_BEFORE))
    assert portal.look(db.select(LateAnswer.attempt_id, LateAnswer.value)) == [(learner.id, "Too late")]
