"""What a machine can mark, and how people write numbers."""

from decimal import Decimal

import pytest

from portal.domain.marking import mark, read_number
from portal.models import Question, QuestionKind


def points(kind: QuestionKind, key: dict, value: object) -> int | None:
    return mark(Question(kind=kind, key=key, points=3), value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9.81", "9.81"),
        ("9,81", "9.81"),
        (" 1 000,5 ", "1000.5"),
        ("\u22123", "-3"),
        ("1e3", "1e3"),
        ("1.000,5", None),
        ("nan", None),
        ("inf", None),
        ("ten", None),
        ("", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert read_number(text) == (Decimal(number) if number else None)


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
        ({"texts": ["colou?r"], "regexp": True}, "my color", True),
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
