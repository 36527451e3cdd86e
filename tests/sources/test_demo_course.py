"""Reads the exports that others wrote."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.domain.courses.published import CoursePublished, ExamPublished
from portal.models.courses.question import QuestionKind
from portal.sources.olx import read


@pytest.fixture
def demo(shared: Path) -> CoursePublished:
    return read(shared / "demo-course-with-exams.tar.gz")


def _exam(course: CoursePublished, words: str) -> ExamPublished:
    (found,) = [exam for exam in course.exams if exam.name.startswith(words)]
    return found


def test_a_course_without_timed_sections_has_no_exams(shared: Path) -> None:
    course = read(shared / "demo-course.tar.gz")
    assert course.key == "course-v1:OpenedX+DemoX+DemoCourse"
    assert course.exams == ()


def test_the_three_exams_have_their_settings(demo: CoursePublished) -> None:
    assert demo.name == "Open edX Demo Course"
    assert demo.provider == "practice"
    assert sorted(exam.time_limit_minutes for exam in demo.exams) == [10, 45, 90]
    basic, special = _exam(demo, "Basic"), _exam(demo, "Specialty")
    assert basic.content_id.endswith("+type@sequential+block@276a277f5a784f53a7525e28b96e9a1b")
    assert basic.closes_at == datetime(2030, 6, 1, 16, tzinfo=UTC)
    assert (basic.is_proctored, basic.is_practice, basic.is_onboarding) == (False, False, False)
    assert (special.time_limit_minutes, special.closes_at) == (10, None)
    assert (special.is_proctored, special.is_practice) == (True, True)


def test_the_proctored_exam_keeps_its_review_rules(demo: CoursePublished) -> None:
    exam = _exam(demo, "Advanced")
    assert (exam.is_proctored, exam.is_practice, exam.hide_after_due) == (True, False, True)
    assert exam.closes_at == datetime(2030, 6, 2, 16, tzinfo=UTC)
    assert "second screen" in exam.review_rules


def test_the_timed_exam_is_read_question_by_question(demo: CoursePublished) -> None:
    questions = _exam(demo, "Basic").questions
    assert Counter(question.kind for question in questions) == {
        QuestionKind.ONE_CHOICE: 11,
        QuestionKind.SEVERAL_CHOICES: 2,
        QuestionKind.NUMBER: 2,
        QuestionKind.SHORT_TEXT: 3,
        QuestionKind.LONG_TEXT: 2,
    }
    assert len({question.content_id for question in questions}) == 20
    problems = {question.problem for question in questions if question.problem}
    assert problems == {"formularesponse: a formula with variables cannot be marked here"}


def test_its_pictures_come_along(demo: CoursePublished) -> None:
    exam = _exam(demo, "Basic")
    assert [asset.name for asset in exam.assets] == ["Abacus.png"]
    assert exam.assets[0].content.startswith(b"\x89PNG")
    assert any('src="asset:Abacus.png"' in question.text_html for question in exam.questions)


def test_no_answer_shows_in_what_learners_see(demo: CoursePublished) -> None:
    seen = "".join(
        question.text_html + "".join(choice.html for choice in question.choices)
        for exam in demo.exams
        for question in exam.questions
    )
    for told in (
        "Explanation",
        "actually have keener eyesight",
        "Recall the quadratic",
        "correct=",
        "..bble",
    ):
        assert told not in seen


def test_what_cannot_be_shown_is_listed(demo: CoursePublished) -> None:
    exam = _exam(demo, "Advanced")
    kinds = Counter(component.kind for component in exam.unreadable)
    assert kinds == {"video": 4, "lti": 2, "library_content": 1, "annotatable": 1}
    problems = [question.problem or "" for question in exam.questions]
    assert sum(text.startswith("customresponse: Python-graded questions") for text in problems) == 3
    assert any("picture sahara_desert_pexels.jpeg is not in the export" in text for text in problems)


def test_a_script_that_fills_in_variables_asks_for_attention(demo: CoursePublished) -> None:
    question = _exam(demo, "Advanced").questions[0]
    assert question.kind is QuestionKind.LONG_TEXT
    assert "a script fills in $x, $y, $z" in (question.problem or "")
