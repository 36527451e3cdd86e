"""The exam page's script reads the fields of every kind of question, puts an answer back, and says it in words."""

import pytest
from playwright.sync_api import expect

from portal.domain.answers.kinds import KINDS
from portal.models import Question
from tests import kinds, make
from tests.make import S

READ_BACK = """async (value) => {
  const { inWords, put, read, wayOf } = await import("/static/js/answer_fields.js");
  const form = document.getElementById("answer-form");
  const before = read(form);
  put(form, value);
  const after = read(form);
  put(form, null);
  return { before, after, words: inWords(form, value), cleared: read(form), way: wayOf(form) };
}"""


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name.value)
def test_what_stands_in_the_fields_is_the_answer(context, let_in, time, page, kind):
    facts = kinds.example(kind)
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[facts]))
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    time.hold(page)
    value = kinds.answer_to(kind)
    found = page.evaluate(READ_BACK, value)
    words = kind.text(Question(choices=facts["choices"]), value)
    assert (found["before"], found["after"], found["cleared"], found["words"]) == (None, value, None, words)
    expect(page.locator("#answer-form [name=value], #answer-form [type=file]").first).to_be_visible()
