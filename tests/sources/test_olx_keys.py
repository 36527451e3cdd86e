"""A key means what the format says: any of several right, part credit, further numbers, patterns, and none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.models.courses.question import QuestionKind
from portal.sources.olx.dictionary import ALL_OR_NOTHING

if TYPE_CHECKING:
    from tests.sources.conftest import Export

RADIO = "<multiplechoiceresponse {more}><choicegroup>{choices}</choicegroup></multiplechoiceresponse>"
BOXES = "<choiceresponse {more}><checkboxgroup>{choices}</checkboxgroup></choiceresponse>"
LIST = "<optionresponse {more}><optioninput>{choices}</optioninput></optionresponse>"
TEXT = "<stringresponse {more}><textline/></stringresponse>"
NUMBER = "<numericalresponse {more}><formulaequationinput/></numericalresponse>"


def _choices(*right: str, tag: str = "choice") -> str:
    return "".join(f"<{tag} {how}>x</{tag}>" for how in right)


def _key(export: Export, inside: str) -> dict[str, Any]:
    (question,) = export.questions(f"<problem display_name='P'>{inside}</problem>")
    assert question.problem is None
    return question.key


def _notes(export: Export) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {note.what: (note.meaning, note.places) for note in export.exam().not_honoured}


TRUE, FALSE, PARTLY = 'correct="true"', 'correct="false"', 'correct="partial"'


@pytest.mark.parametrize(
    ("inside", "key"),
    [
        (RADIO.format(more="", choices=_choices(TRUE, TRUE, FALSE)), {"choices": ["choice_0", "choice_1"]}),
        (RADIO.format(more="", choices=_choices(FALSE, TRUE)), {"choice": "choice_1"}),
        (LIST.format(more="", choices=_choices(TRUE, TRUE, tag="option")), {"choices": ["choice_0", "choice_1"]}),
        (
            "<optionresponse><optioninput options=\"('a','b','a')\" correct='a'/></optionresponse>",
            {"choices": ["choice_0", "choice_2"]},
        ),
        (
            BOXES.format(more="", choices=_choices(TRUE, FALSE)).replace("checkboxgroup", "radiogroup"),
            {"choice": "choice_0"},
        ),
    ],
)
def test_any_of_several_right(export: Export, inside: str, key: dict[str, Any]) -> None:
    assert _key(export, inside) == key


@pytest.mark.parametrize(
    ("inside", "key"),
    [
        (BOXES.format(more='partial_credit="EDC"', choices=_choices(TRUE, FALSE)), "edc"),
        (BOXES.format(more='partial_credit="halves"', choices=_choices(TRUE, FALSE)), "halves"),
    ],
)
def test_part_credit_for_several_choices(export: Export, inside: str, key: str) -> None:
    assert _key(export, inside) == {"choices": ["choice_0"], "partial_credit": key}
    assert not _notes(export)


@pytest.mark.parametrize(("value", "per_cent"), [("", 50), ('point_value="0.25"', 25), ('point_value="0.333"', 33.3)])
def test_part_credit_for_one_choice(export: Export, value: str, per_cent: float) -> None:
    choices = _choices(TRUE, f"{PARTLY} {value}", FALSE)
    read = _key(export, RADIO.format(more='partial_credit="points"', choices=choices))
    assert read == {"choice": "choice_0", "partial": {"choice_1": per_cent}}
    assert not _notes(export)


def test_part_credit_alone_is_a_key(export: Export) -> None:
    read = _key(export, RADIO.format(more='partial_credit="points"', choices=_choices(PARTLY, FALSE)))
    assert read == {"choices": [], "partial": {"choice_0": 50}}


@pytest.mark.parametrize("value", ["2", "-1", "NaN", "much", "1e999999999"])
def test_part_credit_that_cannot_be(export: Export, value: str) -> None:
    choices = _choices(TRUE, f'{PARTLY} point_value="{value}"')
    radio = RADIO.format(more='partial_credit="points"', choices=choices)
    (question,) = export.questions(f"<problem>{radio}</problem>")
    assert "one of its choices is worth" in (question.problem or "")


@pytest.mark.parametrize(
    "inside",
    [
        BOXES.format(more='partial_credit="points"', choices=_choices(TRUE, FALSE)),
        RADIO.format(more='partial_credit="EDC"', choices=_choices(TRUE, FALSE)),
        NUMBER.format(more='answer="4" partial_credit="list"'),
    ],
)
def test_part_credit_that_is_not_given_is_listed(export: Export, inside: str) -> None:
    assert "partial_credit" not in _key(export, inside)
    assert _notes(export) == {"partial_credit": (ALL_OR_NOTHING, ("P",))}


@pytest.mark.parametrize(
    ("answers", "additional"),
    [(["50"], ["50"]), (["1/4", "25%", "50"], ["0.25", "50"]), ([], None)],
)
def test_several_right_numbers(export: Export, answers: list[str], additional: list[str] | None) -> None:
    more = "".join(f'<additional_answer answer="{answer}"/>' for answer in answers)
    tolerance = '<responseparam type="tolerance" default="1%"/>'
    inside = f'<numericalresponse answer="0.5">{tolerance}{more}<formulaequationinput/></numericalresponse>'
    wanted: dict[str, Any] = {"value": "0.5", "tolerance_percent": "1"}
    assert _key(export, inside) == wanted | ({"additional": additional} if additional else {})


def test_several_right_numbers_in_markdown(export: Export) -> None:
    (question,) = export.questions('<problem markdown="&gt;&gt;How many?&lt;&lt;&#10;= 5&#10;or= 6&#10;"/>')
    assert question.key == {"value": "5", "tolerance_percent": "0.001", "additional": ["6"]}


def test_a_further_number_that_is_none_asks_for_attention(export: Export) -> None:
    inside = '<numericalresponse answer="5"><additional_answer answer="$x"/><textline/></numericalresponse>'
    (question,) = export.questions(f"<problem>{inside}</problem>")
    assert question.problem == "numericalresponse: '$x' cannot be read as a number"


NO_KEY = [
    (RADIO.format(more="", choices=_choices(FALSE, FALSE)), QuestionKind.ONE_CHOICE, "no right choice"),
    (LIST.format(more="", choices=_choices(FALSE, FALSE, tag="option")), QuestionKind.ONE_CHOICE, "no right choice"),
    (TEXT.format(more='answer=""'), QuestionKind.SHORT_TEXT, "no right answer"),
]


@pytest.mark.parametrize("weight", ["", "weight='0'", "weight='3'"])
@pytest.mark.parametrize(("inside", "kind", "what"), NO_KEY)
def test_a_question_without_a_key_is_asked_for_nothing(
    export: Export, inside: str, kind: QuestionKind, what: str, weight: str
) -> None:
    (question,) = export.questions(f"<problem display_name='Campus' {weight}>{inside}</problem>")
    assert (question.kind, question.key, question.points, question.problem) == (kind, {}, 0, None)
    assert _notes(export)[what][1] == ("Campus",)


def test_many_questions_without_a_key_are_one_line(export: Export) -> None:
    survey = RADIO.format(more="", choices=_choices(FALSE, FALSE))
    export.outline("".join(f'<problem display_name="Q{n}">{survey}</problem>' for n in range(70)))
    (note,) = export.exam().not_honoured
    assert (note.what, len(note.places)) == ("no right choice", 70)


def test_the_other_parts_share_the_weight(export: Export) -> None:
    survey = RADIO.format(more="", choices=_choices(FALSE, FALSE))
    one, two = "<numericalresponse answer='1'/>", "<numericalresponse answer='2'/>"
    whole = f"<problem weight='4'>{one}{survey}{two}</problem>"
    assert [question.points for question in export.questions(whole)] == [2, 0, 2]


@pytest.mark.parametrize("answer", ["owl", ".*owl.*", "gr[ae]y", "^owl$"])
def test_patterns_are_taken_as_they_are_and_fit_the_whole_answer(export: Export, answer: str) -> None:
    read = _key(export, TEXT.format(more=f'answer="{answer}" type="ci regexp"'))
    assert read == {"texts": [answer], "ignore_case": True, "regexp": True}


@pytest.mark.parametrize("answer", ["(a", "(?=a)b", r"(a)\1", "a" * 1001, "(?P&lt;n&gt;a)(?P=n)"])
def test_patterns_that_cannot_be_run_are_listed(export: Export, answer: str) -> None:
    (question,) = export.questions("<problem>" + TEXT.format(more=f'answer="{answer}" type="regexp"') + "</problem>")
    assert (question.kind, question.key) == (QuestionKind.LONG_TEXT, {})
    assert (question.problem or "").startswith("stringresponse: its pattern ")


@pytest.mark.parametrize(("weight", "points", "listed"), [("2.5", 3, True), ("0.5", 1, True), ("3", 3, False)])
def test_points_are_whole_and_what_that_changes_is_listed(
    export: Export, weight: str, points: int, listed: bool
) -> None:
    (question,) = export.questions(f"<problem weight='{weight}'><numericalresponse answer='1'/></problem>")
    assert question.points == points
    assert bool(_notes(export)) == listed
