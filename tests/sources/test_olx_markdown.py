"""Problems that exist only in the authoring tool's Markdown."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pytest

from portal.models.courses.question import QuestionKind

if TYPE_CHECKING:
    from tests.sources.conftest import Export


@pytest.mark.parametrize(
    ("written", "kind", "key"),
    [
        ("( ) A {{no}}\n(x) B", QuestionKind.ONE_CHOICE, {"choice": "choice_1"}),
        (
            "[x] A\n[ ] B\n[x] C {{u:yes}}",
            QuestionKind.SEVERAL_CHOICES,
            {"choices": ["choice_0", "choice_2"]},
        ),
        ("[[ A, (B), C ]]", QuestionKind.ONE_CHOICE, {"choice": "choice_1"}),
        ("[[\nA\n(B, b)\n]]", QuestionKind.ONE_CHOICE, {"choice": "choice_1"}),
        ("= 600 +-5%", QuestionKind.NUMBER, {"value": "600", "tolerance_percent": "5"}),
        (
            "= Doc\nor= Happy",
            QuestionKind.SHORT_TEXT,
            {"texts": ["Doc", "Happy"], "ignore_case": True, "regexp": False},
        ),
        ("= |a+", QuestionKind.SHORT_TEXT, {"texts": ["a+"], "ignore_case": True, "regexp": True}),
    ],
)
def test_each_way_to_answer(export: Export, written: str, kind: QuestionKind, key: dict[str, object]) -> None:
    text = f"Text.\n>>Which?||Look well.<<\n{written}\n||A hint||\n[explanation]\nReason\n[explanation]\n"
    attribute = escape(text).replace("\n", "&#10;")
    (question,) = export.questions(f'<problem markdown="{attribute}"/>')
    assert (question.kind, question.key, question.problem) == (kind, key, None)
    assert question.text_html == "<div>Text.</div><p>Which?</p><p>Look well.</p>"


def test_a_line_divides_questions(export: Export) -> None:
    attribute = escape(">>One?<<\n= 1\n---\n>>a < b?<<\n(x) yes\n( ) no").replace("\n", "&#10;")
    first, second = export.questions(f'<problem markdown="{attribute}" display_name="P"/>')
    assert (first.text_html, second.text_html) == ("<p>One?</p>", "<p>a &lt; b?</p>")
    assert (first.title, second.title) == ("P (1)", "P (2)")
