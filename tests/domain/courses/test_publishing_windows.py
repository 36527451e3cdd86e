"""Openings, sections that vanish or are hidden, switches, and what is left as it was."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.courses import publishing
from portal.domain.courses.published import LeftOut
from portal.domain.onboarding import profiles
from portal.domain.timekeeping import exam_changes
from portal.models import Attempt, Exam, ImportNote, OutboxMessage
from tests import fake_providers, make
from tests.domain.courses import published as p
from tests.make import NOON, S

pytestmark = pytest.mark.usefixtures("app")
SOON = NOON + timedelta(days=1)
BAD_DATE = "it is due at 'soon', which is not a date"


def publish(*exams, now=NOON, **given):
    with writing():
        return publishing.publish(p.course(*exams, **given), follow=exam_changes.follow, now=now)


def the_exam(content_id="e1"):
    return db.session.scalar(db.select(Exam).filter_by(content_id=content_id))


def left_out(*, is_hidden):
    return LeftOut(content_id="e1", name="Exam e1", reason=BAD_DATE, is_hidden=is_hidden)


def test_an_exam_opens_when_its_author_says():
    publish(p.exam(opens_at=SOON))
    assert the_exam().opens_at == SOON
    learner = make.enrol(the_exam().course)
    with pytest.raises(Exception, match="not open"), writing():
        attempts.create(the_exam(), learner, now=NOON)
    with writing():
        attempts.create(the_exam(), learner, now=SOON)


def test_a_publish_that_moves_the_opening_moves_it():
    publish(p.exam(opens_at=SOON))
    later = SOON + timedelta(days=1)
    assert publishing.difference(p.course(p.exam(opens_at=later)), now=NOON).changed == {"e1": ("opening time",)}
    publish(p.exam(opens_at=later))
    assert the_exam().opens_at == later
    assert publish(p.exam(opens_at=None)).changed == {"e1": ("opening time",)}
    assert the_exam().opens_at is None


@pytest.mark.parametrize("at", [NOON, NOON - timedelta(days=1)])
def test_an_opening_that_is_past_is_simply_open(at):
    publish(p.exam(opens_at=at))
    assert the_exam().opens_at is None
    assert publish(p.exam(opens_at=at)).is_nothing


def test_an_opening_that_has_come_is_no_change():
    publish(p.exam(opens_at=SOON))
    assert publish(p.exam(opens_at=SOON), now=SOON + timedelta(days=1)).is_nothing
    assert the_exam().opens_at == SOON


def test_a_section_that_vanished_is_inactive_and_no_longer_proctored():
    publish(p.exam("e1", is_proctored=True), p.exam("e2"), provider="practice")
    attempt = make.attempt(S.SUBMITTED, exam=the_exam(), provider_slug="practice")
    publish(p.exam("e2"), provider="practice", now=SOON)
    gone = the_exam()
    assert (gone.is_active, gone.is_proctored) == (False, False)
    assert db.session.get(Attempt, attempt.id).provider_slug == "practice"
    told = db.session.scalars(db.select(OutboxMessage).filter_by(topic="provider.exam")).all()
    assert [message.payload["provider"] for message in told] == ["practice", "practice"]
    publish(p.exam("e1", is_proctored=True), p.exam("e2"))
    assert (the_exam().is_active, the_exam().is_proctored, the_exam().provider_slug) == (True, True, "practice")


def test_whoever_was_verified_stays_so_when_the_section_vanishes():
    kind = {"is_proctored": True, "is_practice": True, "is_onboarding": True}
    publish(p.exam("e1", **kind), p.exam("e2"), provider="practice")
    exam = the_exam()
    learner = make.enrol(exam.course)
    make.attempt(S.VERIFIED, exam=exam, learner=learner, provider_slug="practice", completed_at=NOON)
    publish(p.exam("e2"), provider="practice")
    assert len(profiles.attempts_of(learner)) == 1


@pytest.mark.parametrize("is_hidden", [True, False])
def test_a_section_left_out_keeps_its_exam_unless_it_is_hidden(is_hidden):
    publish(p.exam("e1", time_limit_minutes=45), p.exam("e2"))
    found = publish(p.exam("e2"), left_out=(left_out(is_hidden=is_hidden),))
    assert found.deactivated == (("Exam e1",) if is_hidden else ())
    assert (the_exam().is_active, the_exam().time_limit_minutes) == (not is_hidden, 45)
    [note] = db.session.scalars(db.select(ImportNote))
    stays = "the exam is turned off" if is_hidden else "the exam did not change"
    assert (note.exam_id, note.meaning) == (the_exam().id, f"{BAD_DATE}; {stays}")


def test_a_section_left_out_from_the_beginning_makes_no_exam():
    found = publish(p.exam("e2"), left_out=(left_out(is_hidden=False),))
    assert (the_exam(), found.left_out[0].name) == (None, "Exam e1")


def test_both_switches_off_leave_the_exams_exactly_as_they_are():
    publish(p.exam("e1"), p.exam("e2"))
    with writing():
        found = publishing.publish(
            p.course(exams=(), leaves_exams_because="both are off"), follow=exam_changes.follow, now=NOON
        )
    assert found.is_nothing
    assert the_exam("e1").is_active and the_exam("e2").is_active


@pytest.mark.parametrize(("said", "stored"), [(True, True), (False, False), (None, True)])
def test_opting_out_is_as_the_author_says_or_as_it_was(said, stored):
    publish(p.exam(is_proctored=True, may_decline=True))
    publish(p.exam(is_proctored=True, may_decline=said))
    assert the_exam().may_decline is stored


@pytest.mark.parametrize(
    ("name", "is_proctored", "unknown"),
    [("nobody", True, "nobody"), ("nobody", False, None), (None, True, None), ("acme", True, None)],
)
def test_a_provider_that_nobody_knows_is_named(name, is_proctored, unknown):
    fake_providers.provider("acme")
    assert publish(p.exam(is_proctored=is_proctored), provider=name).unknown_provider == unknown
