"""Keys that no answer could be marked by are told before anybody answers; see ``test_marking`` for those that work."""

import pytest

from portal.domain.answers.kinds import KINDS
from portal.domain.answers.marking import mark
from portal.models import Question, QuestionKind

K = QuestionKind
IDS = ["a", "b", "c"]
USABLE = [
    (K.ONE_CHOICE, {"choice": "a"}),
    (K.ONE_CHOICE, {"choices": ["a", "b"]}),
    (K.ONE_CHOICE, {"choices": [], "partial": {"b": 50}}),
    (K.SEVERAL_CHOICES, {"choices": []}),
    (K.SEVERAL_CHOICES, {"choices": ["a"], "partial_credit": "edc"}),
    (K.SHORT_TEXT, {"texts": ["(?=x)y"]}),
    (K.SHORT_TEXT, {"texts": ["gr[ae]y"], "regexp": True}),
    (K.NUMBER, {"value": "9.81", "tolerance": "0.05", "additional": ["2^3", "5%"]}),
    (K.NUMBER, {"low": "1"}),
    (K.NUMBER, {"high": "2", "low": None}),
]
UNUSABLE = [
    (K.ONE_CHOICE, {"choice": "d"}, "'d', which is none of its choices"),
    (K.ONE_CHOICE, {"choices": ["a"], "partial": {"d": 50}}, "'d', which is none of its choices"),
    (K.ONE_CHOICE, {"choices": None}, "names no choices"),
    (K.ONE_CHOICE, {"partial": {"a": 50}}, "names no choices"),
    (K.ONE_CHOICE, {"choice": "a", "partial": ["a"]}, "names no choices"),
    (K.SEVERAL_CHOICES, {"choices": None}, "names no choices"),
    (K.SEVERAL_CHOICES, {"choices": ["a", ["b"]]}, "none of its choices"),
    (K.SHORT_TEXT, {"texts": 5}, "names no text"),
    (K.SHORT_TEXT, {"texts": []}, "names no text"),
    (K.SHORT_TEXT, {"texts": ["a", "(?=x)y"], "regexp": True}, "its pattern '(?=x)y' cannot be used: it looks ahead"),
    (K.SHORT_TEXT, {"texts": ["(" * 90], "regexp": True}, f"its pattern '{'(' * 59}…' cannot be used"),
    (K.NUMBER, {"tolerance": "1"}, "names no number"),
    (K.NUMBER, {"value": "a few"}, "'a few' cannot be read as a number"),
    (K.NUMBER, {"value": "1e999999999"}, "cannot be read as a number"),
    (K.NUMBER, {"low": "1", "high": "many"}, "'many' cannot be read as a number"),
    (K.NUMBER, {"value": "4", "additional": ["$x"]}, "'$x' cannot be read as a number"),
    (K.LONG_TEXT, {"texts": ["a"]}, "a person marks it"),
    (K.FILE, {"name": "a"}, "a person marks it"),
]


@pytest.mark.parametrize(("kind", "key"), USABLE)
def test_a_key_that_marks_anything_is_usable(kind, key):
    assert KINDS[kind].why_unusable(key, IDS) is None
    question = Question(kind=kind, key=key, points=1, choices=[{"id": id} for id in IDS])
    assert mark(question, ["a"] if kind is K.SEVERAL_CHOICES else "a") is not None


@pytest.mark.parametrize(("kind", "key", "why"), UNUSABLE)
def test_a_key_that_cannot_be_used_is_told_in_words(kind, key, why):
    assert why in (KINDS[kind].why_unusable(key, IDS) or "")


@pytest.mark.parametrize("kind", [K.ONE_CHOICE, K.SEVERAL_CHOICES])
def test_without_choices_there_is_nothing_to_choose(kind):
    assert KINDS[kind].why_unusable({"choices": []}, []) == "it has no choices"
