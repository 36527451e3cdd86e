"""Each kind of response becomes its kind of question, with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.models.courses.question import QuestionKind

if TYPE_CHECKING:
    from tests.sources.conftest import Export


def _only(export: Export, inside: str) -> tuple[QuestionKind, dict[str, object], str | None]:
    (question,) = export.questions(f'<problem display_name="P">{inside}</problem>')
    return question.kind, question.key, question.problem


def test_one_choice_is_right(export: Export) -> None:
    (question,) = export.questions(
        "<problem><multiplechoiceresponse><label>Which?</label><choicegroup shuffle='true'>"
        "<choice correct='false' name='wrong'>A<choicehint>not A</choicehint></choice>"
        "<choice correct='true' name='right'>B &lt; <b>C</b></choice>"
        "</choicegroup></multiplechoiceresponse></problem>"
    )
    assert (question.kind, question.key) == (QuestionKind.ONE_CHOICE, {"choice": "choice_1"})
    assert [choice.html for choice in question.choices] == ["A", "B &lt; <b>C</b>"]
    assert question.text_html == "<p>Which?</p>"
    assert question.problem is None


def test_several_choices_are_right(export: Export) -> None:
    choices = "".join(f"<choice correct='{right}'>x</choice>" for right in ("true", "false", "True"))
    read = _only(export, f"<choiceresponse><checkboxgroup>{choices}</checkboxgroup></choiceresponse>")
    assert read == (QuestionKind.SEVERAL_CHOICES, {"choices": ["choice_0", "choice_2"]}, None)


@pytest.mark.parametrize(
    "entry",
    [
        "<optioninput options=\"('one','it\\'s two, really','three')\" correct=\"it's two, really\"/>",
        "<optioninput><option correct='False'>one</option><option correct='True'>it's two, really"
        "<optionhint>two</optionhint></option><option correct='False'>three</option></optioninput>",
    ],
)
def test_a_list_of_options_is_one_choice(export: Export, entry: str) -> None:
    (question,) = export.questions(f"<problem><optionresponse>{entry}</optionresponse></problem>")
    assert (question.kind, question.key) == (QuestionKind.ONE_CHOICE, {"choice": "choice_1"})
    assert [choice.html for choice in question.choices] == ["one", "it's two, really", "three"]


def test_a_few_words_match_without_case(export: Export) -> None:
    read = _only(
        export,
        "<stringresponse answer='Doc' type='ci'><additional_answer answer='Happy'/>"
        "<textline correct_answer='Doc' label='Name a dwarf.'/></stringresponse>",
    )
    key = {"texts": ["Doc", "Happy"], "ignore_case": True, "regexp": False}
    assert read == (QuestionKind.SHORT_TEXT, key, None)


def test_older_texts_separate_their_answers_with_or(export: Export) -> None:
    read = _only(export, "<stringresponse answer='tea_or_coffee'><textline/></stringresponse>")
    assert read[1] == {"texts": ["tea", "coffee"], "ignore_case": False, "regexp": False}


def test_a_pattern_must_be_readable(export: Export) -> None:
    inside = "<stringresponse answer='(a' type='regexp'><textline/></stringresponse>"
    kind, key, problem = _only(export, inside)
    assert (kind, key) == (QuestionKind.LONG_TEXT, {})
    assert problem == "stringresponse: its pattern '(a' cannot be used: it cannot be read (missing ): (a)"


@pytest.mark.parametrize(
    ("answer", "tolerance", "key"),
    [
        ("9.81", "0.05", {"value": "9.81", "tolerance": "0.05"}),
        ("9.81", "5%", {"value": "9.81", "tolerance_percent": "5"}),
        ("3/4", "0", {"value": "0.75", "tolerance": "0"}),
        ("-2^3*(1+1)", "0", {"value": "-16", "tolerance": "0"}),
        ("5%", "0", {"value": "0.05", "tolerance": "0"}),
        ("1.5e3", "0", {"value": "1500", "tolerance": "0"}),
        ("007", "0", {"value": "7", "tolerance": "0"}),
        ("2k", "0", {"value": "2000", "tolerance": "0"}),
        ("[1,2)", "0", {"low": "1", "high": "2", "low_inclusive": True, "high_inclusive": False}),
        ("(-1, 5/2]", "0", {"low": "-1", "high": "2.5", "low_inclusive": False, "high_inclusive": True}),
    ],
)
def test_a_number_and_its_tolerance(export: Export, answer: str, tolerance: str, key: dict[str, object]) -> None:
    parameter = f"<responseparam type='tolerance' default='{tolerance}'/>"
    inside = f"<numericalresponse answer='{answer}'>{parameter}<textline/></numericalresponse>"
    assert _only(export, inside) == (QuestionKind.NUMBER, key, None)


def test_a_number_without_tolerance_is_as_exact_as_the_format_asks(export: Export) -> None:
    read = _only(export, "<numericalresponse answer='600'><formulaequationinput/></numericalresponse>")
    assert read[1] == {"value": "600", "tolerance_percent": "0.001"}


@pytest.mark.parametrize("answer", ["$z", "1+2*j", "9^9^9^9", "__import__('os')", "", "[2,1]", "[1;2]", "1/0"])
def test_a_number_that_cannot_be_read_asks_for_attention(export: Export, answer: str) -> None:
    inside = f'<numericalresponse answer="{answer}"><textline/></numericalresponse>'
    kind, key, problem = _only(export, inside)
    assert (kind, key) == (QuestionKind.LONG_TEXT, {})
    assert (problem or "").startswith("numericalresponse: ")


@pytest.mark.parametrize("response", ["customresponse", "imageresponse", "dreamresponse"])
def test_other_responses_are_named(export: Export, response: str) -> None:
    kind, key, problem = _only(export, f"<p>Do it.</p><{response} answer='x'><jsinput/></{response}>")
    assert (kind, key) == (QuestionKind.LONG_TEXT, {})
    assert (problem or "").startswith(f"{response}: ")
