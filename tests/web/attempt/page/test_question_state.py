"""The signs in the list of questions, the counts beside it, the check and the receipt say the same of every answer."""

import re

import pytest

from portal.domain.answers import answers
from portal.models import QuestionKind
from tests import make
from tests.make import S

FILE = {"file": 1, "name": "map.png", "size_bytes": 9}
#: Kind, what is saved, whether it is flagged, and the sign it has.
CASES = [
    (QuestionKind.ONE_CHOICE, "b", False, "done"),
    (QuestionKind.ONE_CHOICE, None, True, "flag"),
    (QuestionKind.SEVERAL_CHOICES, ["a", "c"], True, "flag"),
    (QuestionKind.SEVERAL_CHOICES, [], False, "open"),
    (QuestionKind.SHORT_TEXT, "ink", False, "done"),
    (QuestionKind.SHORT_TEXT, "  ", False, "open"),
    (QuestionKind.SHORT_TEXT, "\ufeff", False, "done"),
    (QuestionKind.SHORT_TEXT, "\x00\x07", False, "open"),
    (QuestionKind.LONG_TEXT, "0", False, "done"),
    (QuestionKind.NUMBER, "9.81", False, "done"),
    (QuestionKind.NUMBER, "1,000", False, "done"),
    (QuestionKind.NUMBER, "a lot", False, "unread"),
    (QuestionKind.NUMBER, "a lot", True, "flag"),
]
SIGNS = re.compile(r'<a data-question="\d+"([^>]*) class="(\w+)"')
COUNT = re.compile(r"(\d+) of (\d+) answered, (\d+) flagged")


@pytest.fixture
def attempt(client, sign_in):
    """Each answer saved as the page's script does it."""
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[{"kind": kind} for kind, *_ in CASES]))
    sign_in(attempt.learner)
    for question, (_, value, is_flagged, sign) in zip(answers.ordered_questions(attempt), CASES, strict=True):
        said = {"value": value, "flagged": is_flagged, "version": 0}
        reply = client.post(f"/attempts/{attempt.ref}/answers/{question.id}", json=said).json
        assert reply["is_answered"] is (sign in {"done", "unread"} or (sign == "flag" and value is not None))
    return attempt


def test_signs_and_counts_agree_on_every_page(client, attempt):
    place = f"/attempts/{attempt.ref}"
    page = client.get(f"{place}/exam/1").text
    signs = SIGNS.findall(page)
    assert [sign for _, sign in signs[1:]] == [sign for *_, sign in CASES[1:]]
    answered, flagged = (sum(name in facts for facts, _ in signs) for name in ("data-answered", "data-flagged"))
    assert set(COUNT.findall(page)) == {(str(answered), str(len(CASES)), str(flagged))}
    assert f"{len(CASES) - answered} questions have no answer. {flagged} are flagged." in client.get(
        f"{place}/check-answers"
    ).text.replace("\n", " ")
    assert f"{answered} <small>of {len(CASES)}" in client.get(f"{place}/end").text
    client.post(f"{place}/submit")
    assert f"<dd>{answered} of {len(CASES)}" in client.get(f"{place}/status").text
