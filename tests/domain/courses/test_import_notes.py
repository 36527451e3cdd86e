"""What an author wrote and an exam does without is kept with the exam, once, until an import says otherwise."""

import pytest

from portal.db import db, writing
from portal.domain.courses import publishing
from portal.domain.courses.published import LeftOut, NotHonoured
from portal.domain.timekeeping import exam_changes
from portal.models import ImportNote, Question
from tests.domain.courses import published as p
from tests.make import NOON

pytestmark = pytest.mark.usefixtures("app")
TRIES = NotHonoured(what="max_attempts", meaning="there are no tries to count", places=("A", "B"))
HINTS = NotHonoured(what="<hint>", meaning="hints are not shown", places=("A",))
LEFT = LeftOut(content_id="e1", name="Exam e1", reason="it has no time limit", is_hidden=False)


def publish(*exams, **given):
    with writing():
        return publishing.publish(p.course(*exams, **given), follow=exam_changes.follow, now=NOON)


def notes():
    rows = db.session.scalars(db.select(ImportNote).order_by(ImportNote.id))
    return [(row.what, row.meaning, row.places) for row in rows]


def test_they_are_kept_with_the_exam_and_replaced():
    publish(p.exam(not_honoured=(TRIES, HINTS)))
    assert notes() == [(one.what, one.meaning, list(one.places)) for one in (TRIES, HINTS)]
    found = publish(p.exam(not_honoured=(HINTS,)))
    assert found.is_nothing  # Nothing that a learner meets.
    assert [what for what, _, _ in notes()] == ["<hint>"]
    publish(p.exam())
    assert notes() == []


def test_twice_is_once():
    publish(p.exam(not_honoured=(TRIES,)))
    [before] = db.session.scalars(db.select(ImportNote.id))
    publish(p.exam(not_honoured=(TRIES,)))
    assert list(db.session.scalars(db.select(ImportNote.id))) == [before]


def test_a_section_left_out_says_so_once_and_keeps_the_rest():
    publish(p.exam(not_honoured=(TRIES,)))
    for _ in range(2):
        with writing():
            publishing.publish(p.course(exams=(), left_out=(LEFT,)), follow=exam_changes.follow, now=NOON)
    assert [what for what, _, _ in notes()] == ["the last import", "max_attempts"]
    publish(p.exam(not_honoured=(TRIES,)))
    assert [what for what, _, _ in notes()] == ["max_attempts"]


def test_the_report_has_one_line_for_what_means_the_same():
    same = NotHonoured(what="submission_wait_seconds", meaning=TRIES.meaning, places=("C",))
    found = publish(p.exam("e1", not_honoured=(TRIES,)), p.exam("e2", not_honoured=(same, HINTS)))
    tries, hints = found.not_honoured
    assert (tries.what, tries.places) == (
        ("max_attempts", "submission_wait_seconds"),
        {"Exam e1": ("A", "B"), "Exam e2": ("C",)},
    )
    assert hints.places == {"Exam e2": ("A",)}


def test_a_unit_is_stored_clean():
    publish(p.exam(questions=(p.question(unit="<b>kg</b><script>x()</script>"), p.question("q2"))))
    units = db.session.scalars(db.select(Question.unit_html).order_by(Question.position))
    assert list(units) == ["<b>kg</b>", ""]
