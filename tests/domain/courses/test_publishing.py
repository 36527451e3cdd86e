"""Publishing a course: the whole list counts, twice is once, nothing is ever deleted."""

import pytest

from portal.db import db, writing
from portal.domain.courses import publishing
from portal.domain.errors import BadInput
from portal.domain.timekeeping import exam_changes
from portal.models import Course, Exam, ExamKind
from tests.domain.courses import published as p
from tests.make import NOON

pytestmark = pytest.mark.usefixtures("app")


def publish(*exams, **given):
    with writing():
        return publishing.publish(p.course(*exams, **given), follow=exam_changes.follow, now=NOON)


def the_exam(content_id="e1"):
    return db.session.scalar(db.select(Exam).filter_by(content_id=content_id))


def test_a_new_course_brings_its_exams():
    found = publish()
    assert (found.added, found.changed, found.unchanged, found.deactivated) == (("e1", "e2"), {}, (), ())
    course = db.session.scalars(db.select(Course)).one()
    assert (course.key, course.name, course.slug) == (p.KEY, "Published", "test-p1-2026")
    exam = the_exam()
    assert (exam.slug, exam.time_limit_minutes, exam.closes_at) == ("published-exam-e1", 60, p.CLOSES)


def test_the_second_time_nothing_changes():
    publish()
    found = publish()
    assert found.is_nothing
    assert found.unchanged == ("e1", "e2")


def test_a_dry_run_writes_nothing():
    found = publishing.difference(p.course())
    assert found.added == ("e1", "e2")
    assert db.session.scalar(db.select(Course)) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"time_limit_minutes": 90}, "minutes"),
        ({"closes_at": None}, "closing time"),
        ({"name": "Renamed"}, "name"),
        ({"is_proctored": True}, "kind"),
        ({"hide_after_due": True}, "hidden after it closes"),
        ({"questions": (p.question("q1"),)}, "questions"),
    ],
)
def test_what_changed_is_said_in_words_and_stored(change, words):
    publish(p.exam())
    assert publishing.difference(p.course(p.exam(**change))).changed == {"e1": (words,)}
    publish(p.exam(**change))
    assert publish(p.exam(**change)).is_nothing


def test_a_renamed_exam_keeps_its_address():
    publish(p.exam())
    publish(p.exam(name="Something else"))
    assert (the_exam().slug, the_exam().name) == ("published-exam-e1", "Something else")


def test_two_exams_of_the_same_name_have_two_addresses():
    publish(p.exam("e1", name="Quiz"), p.exam("e2", name="Quiz"))
    assert {the_exam("e1").slug, the_exam("e2").slug} == {"published-quiz", "published-quiz-2"}


def test_a_missing_exam_is_switched_off_and_comes_back():
    publish()
    assert publish(p.exam("e1")).deactivated == ("Exam e2",)
    exam_id = the_exam("e2").id
    assert not the_exam("e2").is_active
    assert publish(p.exam("e1")).is_nothing
    assert publish().changed == {"e2": ("turned on again",)}
    assert (the_exam("e2").id, the_exam("e2").is_active) == (exam_id, True)


def test_a_course_without_exams_switches_all_of_them_off():
    publish()
    with writing():
        found = publishing.publish(p.course(exams=()), follow=exam_changes.follow, now=NOON)
    assert found.deactivated == ("Exam e1", "Exam e2")


def test_rules_for_reviewers_only_where_somebody_reviews():
    rules = {"review_rules": "No calculator"}
    publish(
        p.exam("timed", **rules),
        p.exam("practice", is_proctored=True, is_practice=True, **rules),
        p.exam("proctored", is_proctored=True, **rules),
    )
    assert [the_exam(name).review_rules for name in ("timed", "practice", "proctored")] == ["", "", "No calculator"]


def test_only_proctored_exams_have_the_courses_provider():
    publish(p.exam("timed"), p.exam("proctored", is_proctored=True), provider="practice")
    assert the_exam("timed").provider_slug is None
    assert the_exam("proctored").provider_slug == "practice"


def test_a_provider_that_is_not_named_stays():
    publish(p.exam(is_proctored=True), provider="practice")
    assert publish(p.exam(is_proctored=True), provider=None).is_nothing


def test_onboarding_is_proctored_or_it_is_practice():
    publish(p.exam(is_practice=True, is_onboarding=True))
    assert the_exam().kind is ExamKind.PRACTICE


def test_practice_may_be_taken_as_often_as_one_likes():
    publish(p.exam("practice", is_practice=True), p.exam("timed"))
    assert (the_exam("practice").maximum_attempts, the_exam("timed").maximum_attempts) == (0, 1)


@pytest.mark.parametrize(
    "exams",
    [
        (p.exam(), p.exam()),
        (p.exam(time_limit_minutes=0),),
        (p.exam(time_limit_minutes=10**20),),
        (p.exam(opens_at=p.CLOSES),),
        (p.exam(questions=(p.question(), p.question())),),
    ],
    ids=["same exam twice", "no minutes", "more than a year", "opens when it closes", "same question twice"],
)
def test_what_no_exam_can_be_is_refused_whole(exams):
    with pytest.raises(BadInput):
        publish(p.exam("fine"), *exams)
    assert db.session.scalar(db.select(Course)) is None


def test_what_needs_attention_is_listed_by_name_and_kind():
    broken = p.question("q9", problem="a script works it out")
    [needs] = publish(p.exam(questions=(p.question(), broken))).problems
    assert (needs.exam, needs.name, needs.kind) == ("Exam e1", "Question q9", "one_choice")
