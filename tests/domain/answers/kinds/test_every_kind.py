"""What holds for every kind of question: its class, its key, its answers from the form to the mark."""

from importlib import import_module

import pytest
from werkzeug.datastructures import MultiDict

from portal.domain.answers import kinds as answer_kinds
from portal.domain.answers.kinds import KINDS, AnswerKind, ByMachine
from portal.domain.answers.marking import mark
from portal.domain.errors import BadInput
from portal.models import Answer, Question, QuestionKind
from tests import kinds
from tests.kinds import answer_to

MARKED = [kind for kind in KINDS.values() if isinstance(kind, ByMachine)]


def name_of(kind: AnswerKind) -> str:
    return kind.name.value


every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=name_of)
every_marked_kind = pytest.mark.parametrize("kind", MARKED, ids=name_of)


def example(kind: AnswerKind) -> Question:
    return Question(**kinds.example(kind))


def ids_in(question: Question) -> list[str]:
    return [choice["id"] for choice in question.choices]


@pytest.mark.parametrize("member", QuestionKind)
def test_every_member_has_its_class_in_the_file_of_its_name(member):
    kind = KINDS[member]
    assert kind.name is member
    assert kind is answer_kinds.of(kind.example)
    assert type(kind).__module__ == import_module(f"portal.domain.answers.kinds.{member.value}").__name__


@every_kind
def test_its_own_answer_is_kept_as_it_is_and_counts(kind):
    question, value = example(kind), answer_to(kind)
    assert kind.check(question, value, Answer(value=value)) == value
    assert kind.is_answered(value)


@every_kind
def test_nothing_is_no_answer(kind):
    assert not kind.is_answered(None)
    assert kind.text(example(kind), None) == ""
    assert kind.from_form(MultiDict(), None) is None


@every_kind
def test_an_answer_has_words(kind):
    question = example(kind)
    words = kind.text(question, answer_to(kind))
    assert words and "<" not in words
    assert all(id not in words.split(", ") for id in ids_in(question))  # Nobody knows a choice by its id.


@every_kind
@pytest.mark.parametrize("strange", [7, {"a": 1}, [["a"]], True, ["no such choice"]])
def test_what_is_no_answer_of_the_kind_is_refused(kind, strange):
    with pytest.raises(BadInput):
        kind.check(example(kind), strange, None)


@every_kind
def test_what_the_form_sends_is_the_answer(kind):
    """A file is sent by a request of its own; the form leaves what is there."""
    value = answer_to(kind)
    form = MultiDict({} if kind.takes_files else {"value": value})
    assert kind.from_form(form, Answer(value=value) if kind.takes_files else None) == value


@every_kind
def test_an_answer_can_be_taken_back(kind):
    value = answer_to(kind)
    form = MultiDict({"value": value, "go": "take_back" if kind.takes_files else "clear"})
    assert kind.from_form(form, Answer(value=value)) is None


@every_kind
def test_the_key_of_its_example_can_be_used(kind):
    question = example(kind)
    assert kind.is_marked(question.key)
    assert kind.why_unusable(question.key, ids_in(question)) is None
    assert kind.why_unusable({"no such": "key"}, ids_in(question))


@every_marked_kind
def test_a_machine_tells_right_from_wrong(kind):
    question = example(kind)
    wrong = kind.wrong_answer(question.key, ids_in(question))
    assert mark(question, kind.right_answer(question.key)) == question.points
    assert mark(question, kind.check(question, wrong, None)) < question.points


@pytest.mark.parametrize("kind", [one for one in KINDS.values() if one not in MARKED], ids=name_of)
def test_the_rest_waits_for_a_person(kind):
    assert mark(example(kind), answer_to(kind)) is None
    assert kind.is_marked({})


def test_the_lists_for_queries_follow_the_classes():
    assert {*answer_kinds.BY_PERSON} == {one.name for one in KINDS.values() if one not in MARKED}
