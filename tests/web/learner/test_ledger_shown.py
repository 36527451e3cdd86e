"""Credit, grade and certificate as the learner and the course team read them."""

import pytest

from portal.db import writing
from portal.domain.attempts import attempts, resetting
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.jobs import worker
from portal.models import AttemptStatus as S
from portal.models import ProviderKind, Role
from tests import fake_providers, make
from tests.make import NOON


@pytest.fixture
def attempt(app):
    fake_providers.provider("acme", kind=ProviderKind.PRACTICE, client=False)
    exam = fake_providers.exam(course=make.course(overrides_grade=True))
    return fake_providers.attempt(S.SUBMITTED, exam=exam, learner=make.enrol(exam.course))


def move(attempt, *statuses):
    for status in statuses:
        with writing():
            transitions.move(attempts.lock(attempt.id), status, Cause(actor=Actor.REVIEWER), now=NOON)
    worker.work_through(now=NOON)


def page(client, attempt):
    return client.get(f"/attempts/{attempt.ref}/status").text


@pytest.mark.parametrize(
    ("statuses", "says"),
    [
        ((S.VERIFIED,), {"This exam counts."}),
        ((S.REJECTED,), {"This exam does not count.", "Set to zero", "currently not valid"}),
        ((S.REJECTED, S.VERIFIED), {"This exam counts.", "marks are unchanged", "valid again"}),
        ((S.ERROR,), {"This exam does not count."}),
    ],
)
def test_the_learner_reads_what_it_means(client, sign_in, attempt, statuses, says):
    sign_in(attempt.learner)
    assert "What it means for you" not in page(client, attempt)
    move(attempt, *statuses)
    shown = page(client, attempt)
    assert "What it means for you" in shown
    every = {"This exam counts.", "This exam does not count.", "Set to zero", "marks are unchanged",
             "currently not valid", "valid again", "Decided with the review"}  # fmt: skip
    assert {words for words in every if words in shown} == says


def test_the_course_team_reads_every_entry(client, sign_in, attempt):
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    path = f"/teach/attempts/{attempt.ref}/"
    assert "Credit and grade" not in client.get(path).text
    move(attempt, S.REJECTED)
    shown = client.get(path).text
    for words in ("Credit: failed", "Grade: overridden", "Certificate: invalidated", "proctoring by Acme"):
        assert words in shown


def test_a_reset_leaves_nothing_standing(client, sign_in, attempt):
    move(attempt, S.REJECTED)
    with writing():
        attempts.archive(attempts.lock(attempt.id), Cause(actor=Actor.STAFF, reason="Reset"), now=NOON)
    sign_in(attempt.learner)
    assert "What it means for you" not in page(client, attempt)
    worker.work_through(now=NOON + resetting.UNDO_WITHIN)
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    shown = client.get(f"/teach/attempts/{attempt.ref}/").text
    assert "Credit: removed" in shown and "Grade: restored" in shown


def test_a_timed_exam_means_nothing_here(client, sign_in):
    timed = make.attempt(S.SUBMITTED)
    sign_in(timed.learner)
    assert "What it means for you" not in page(client, timed)
