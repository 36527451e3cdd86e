"""Courses as a source would hand them over, for tests of publishing."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from portal.domain.courses.published import (
    AssetPublished,
    ChoicePublished,
    CoursePublished,
    ExamPublished,
    QuestionPublished,
)
from portal.models import QuestionKind

KEY = "course-v1:Test+P1+2026"
CLOSES = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
PICTURE = AssetPublished(name="p.png", media_type="image/png", content=b"a picture")


def question(name: str = "q1", /, **given: Any) -> QuestionPublished:
    facts: dict[str, Any] = {
        "content_id": name,
        "kind": QuestionKind.ONE_CHOICE,
        "title": f"Question {name}",
        "text_html": "<p>Which one?</p>",
        "points": 1,
        "choices": (ChoicePublished(id="a", html="A"), ChoicePublished(id="b", html="B")),
        "key": {"choice": "b"},
        "group": name,
        "original": f"<problem>{name}</problem>",
    }
    return QuestionPublished(**{**facts, **given})


def exam(name: str = "e1", /, **given: Any) -> ExamPublished:
    facts: dict[str, Any] = {
        "content_id": name,
        "name": f"Exam {name}",
        "time_limit_minutes": 60,
        "closes_at": CLOSES,
        "is_proctored": False,
        "is_practice": False,
        "is_onboarding": False,
        "hide_after_due": False,
        "review_rules": "",
        "questions": (question("q1"), question("q2")),
        "assets": (),
    }
    return ExamPublished(**{**facts, **given})


def course(*exams: ExamPublished, **given: Any) -> CoursePublished:
    whole = CoursePublished(key=KEY, name="Published", exams=exams or (exam("e1"), exam("e2")), provider=None)
    return replace(whole, **given)
