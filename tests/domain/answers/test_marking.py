"""What a machine can mark, and how people write numbers."""

from decimal import Decimal

import pytest

from portal.db import writing
from portal.domain.answers import answers, kinds
from portal.domain.answers.answers import Said
from portal.domain.answers.marking import mark, mark_attempt
from portal.domain.attempts import attempts
from portal.domain.text import patterns
from portal.models import Question, QuestionKind
from tests import make
from tests.make import NOON, S


def points(kind: QuestionKind, key: dict, value: object) -> int | None:
    return mark(Question(kind=kind, key=key, points=3), value)


@pytest.mark.parametrize(
    ("key", "given", "is_right"),
    [
        ({"value": "100", "tolerance_percent": "5"}, "105", True),
        ({"value": "100", "tolerance_percent": "5"}, "105.01", False),
        ({"value": "-2", "tolerance": "0.1"}, "-2.1", True),
        ({"value": "3"}, "3.0", True),
        ({"low": "1", "high": "2", "high_inclusive": False}, "2", False),
        ({"low": "1", "high": "2", "high_inclusive": False}, "1", True),
        ({"low": "1"}, "5000", True),
        ({"value": "3"}, "three", False),
        ({"value": "0.3333333333333333333333333333", "tolerance": "0"}, "1/3", True),
        ({"value": "0.3333", "tolerance_percent": "1"}, "0.333", True),
        ({"value": "1000"}, "1,000", False),  # One, as the page said.
        ({"value": "1000"}, "1,000.0", True),
        ({"value": "1000"}, "1 000", True),
        ({"value": "0.05"}, "5%", True),
        ({"value": "4"}, "1e1000000", False),
        ({"value": "4"}, "-1e1000000", False),
        ({"value": "4"}, "1E+999999999", False),
        ({"value": "4"}, "1/0", False),
        ({"value": "0.5", "tolerance_percent": "1", "additional": ["50"]}, "0.503", True),
        ({"value": "0.5", "tolerance_percent": "1", "additional": ["50"]}, "50", True),
        ({"value": "0.5", "tolerance_percent": "1", "additional": ["50"]}, "50.3", False),
        ({"value": "0.5", "tolerance_percent": "1", "additional": ["50"]}, "0.6", False),
        ({"low": "1", "high": "2", "additional": ["2^3"]}, "8", True),
    ],
)
def test_a_number_within_its_tolerance_is_right(key, given, is_right):
    assert points(QuestionKind.NUMBER, key, given) == (3 if is_right else 0)


@pytest.mark.parametrize(
    ("key", "given", "is_right"),
    [
        ({"texts": ["Mount Everest"]}, "Mount  Everest ", True),
        ({"texts": ["Mount Everest"]}, "mount everest", False),
        ({"texts": ["Mount Everest"], "ignore_case": True}, "mount everest", True),
        ({"texts": ["colou?r"], "regexp": True}, "my color", False),
        ({"texts": [".*colou?r"], "regexp": True}, "my color", True),
        ({"texts": ["owl"], "ignore_case": True, "regexp": True}, " OWL ", True),
        ({"texts": ["owl"], "ignore_case": True, "regexp": True}, "a growling dog", False),
        ({"texts": ["red", "gr[ae]y"], "regexp": True}, "gray", True),
        ({"texts": ["(?=x)y", "gr[ae]y"], "regexp": True}, "gray", True),  # The other way in can be run.
        ({"texts": ["l'\u00e9t\u00e9"]}, "l\u2019e\u0301te\u0301", True),
        ({"texts": ["\u201cYes\u201d"]}, '"Yes"', True),
        ({"texts": ["New York"]}, "New\u00a0York", True),
        ({"texts": ["Stra\u00dfe"], "ignore_case": True}, "STRASSE", True),
        ({"texts": ["a", "b"]}, "b", True),
    ],
)
def test_an_exact_text_is_right(key, given, is_right):
    assert points(QuestionKind.SHORT_TEXT, key, given) == (3 if is_right else 0)


def test_several_choices_must_all_be_right():
    key = {"choices": ["a", "c"]}
    assert points(QuestionKind.SEVERAL_CHOICES, key, ["c", "a"]) == 3
    assert points(QuestionKind.SEVERAL_CHOICES, key, ["a"]) == 0
    assert points(QuestionKind.SEVERAL_CHOICES, key, ["a", "b", "c"]) == 0


def test_no_answer_is_no_points_and_long_text_waits_for_a_person():
    assert points(QuestionKind.ONE_CHOICE, {"choice": "a"}, None) == 0
    assert points(QuestionKind.ONE_CHOICE, {"choice": "a"}, "a") == 3
    assert points(QuestionKind.LONG_TEXT, {}, "my essay") is None


def test_what_no_machine_can_judge_is_said_and_not_called_wrong():
    with pytest.raises(patterns.Unusable):
        points(QuestionKind.SHORT_TEXT, {"texts": ["(?=x)y"], "regexp": True}, "y")


@pytest.mark.parametrize("key", [{"choices": ["a", "b"]}, {"choice": "a"}, {"choices": ["a"]}])
def test_any_of_the_right_choices_earns_everything(key):
    assert points(QuestionKind.ONE_CHOICE, key, "a") == 3
    assert points(QuestionKind.ONE_CHOICE, key, "b") == (3 if "b" in key.get("choices", []) else 0)
    assert points(QuestionKind.ONE_CHOICE, key, "c") == 0


def test_a_choice_may_be_partly_right():
    key = {"choices": ["a"], "partial": {"b": 50, "c": "25"}}
    assert [points(QuestionKind.ONE_CHOICE, key, one) for one in "abcd"] == [3, Decimal("1.5"), Decimal("0.75"), 0]


#: Points of 3, of so many choices, when "a" and "b" are right.
PARTLY = [
    ("edc", 3, ["a"], "2"),
    ("edc", 3, ["a", "b"], "3"),
    ("edc", 3, ["c"], "0"),
    ("edc", 4, ["a", "b", "c"], "2.25"),
    ("edc", 7, ["a"], "2.57"),
    ("edc", 3, [], "0"),  # Nothing ticked is no answer, in the format, too.
    ("halves", 3, ["a"], "1.5"),
    ("halves", 2, ["a"], "0"),
    ("halves", 5, ["a", "c"], "0.75"),
    ("halves", 4, ["a", "c"], "0"),
    ("halves", 5, ["c", "d"], "0"),
    (None, 3, ["a"], "0"),
]


@pytest.mark.parametrize(("manner", "offered", "given", "earned"), PARTLY)
def test_a_part_of_the_right_boxes_earns_what_the_format_says(manner, offered, given, earned):
    key = {"choices": ["a", "b"]} | ({"partial_credit": manner} if manner else {})
    question = Question(
        kind=QuestionKind.SEVERAL_CHOICES, key=key, points=3, choices=[{"id": one} for one in "abcdefg"[:offered]]
    )
    assert mark(question, given) == Decimal(earned)


def test_an_attempt_is_marked_by_how_many_choices_there_were(app):
    asked = {"kind": QuestionKind.SEVERAL_CHOICES, "key": {"choices": ["a", "b"], "partial_credit": "edc"}, "points": 3}
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[asked]))
    [question] = answers.ordered_questions(attempt)
    with writing():
        held = attempts.lock(attempt.id)
        answers.save(held, question.id, Said(value=["a"], seen_version=0), now=NOON)
        mark_attempt(held)
        assert (held.points, held.points_possible) == (2, 3)


@pytest.mark.parametrize("kind", QuestionKind)
def test_without_a_key_nobody_marks_what_a_machine_would(kind):
    is_for_a_person = kind in {QuestionKind.LONG_TEXT, QuestionKind.FILE}
    question = Question(kind=kind, key={}, points=3)
    assert mark(question, "a") is None
    assert kinds.is_marked(question) is is_for_a_person
