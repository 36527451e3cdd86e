"""Every kind of question on the pages: its field for learners, its answer for the team, and its buttons."""

from io import BytesIO
from typing import Any

import pytest

from portal.db import db
from portal.domain.answers import answers
from portal.domain.answers.kinds import KINDS, AnswerKind
from portal.models import Attempt, Question, Role
from tests import kinds, make
from tests.make import S

FIELD, FILE = ' name="value"', ' name="file" type="file"'


@pytest.fixture(params=KINDS.values(), ids=lambda kind: kind.name.value)
def kind(request) -> AnswerKind:
    return request.param


@pytest.fixture
def attempt(kind, sign_in) -> Attempt:
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[kinds.example(kind)]))
    sign_in(attempt.learner)
    return attempt


@pytest.fixture
def give(client, attempt, kind):
    """Answers the question as its page without a script does."""

    def give(**form: Any) -> None:
        here, question = f"/attempts/{attempt.ref}", db.session.scalars(db.select(Question)).one()
        if kind.takes_files and not form:
            file = {"file": (BytesIO(b"abc"), "plan.pdf"), "number": "1"}
            assert client.post(f"{here}/files/{question.id}", data=file).status_code == 303
        else:
            told = {"version": "0", "go": "stay", "value": kinds.answer_to(kind), **form}
            assert client.post(f"{here}/exam/1", data=told).status_code == 303

    return give


def test_its_template_has_a_field_and_an_answer(app, kind):
    shown = app.jinja_env.get_template(kind.template).module
    assert callable(shown.field) and callable(shown.said)


def test_its_page_asks_and_ticks(client, attempt, kind, give):
    here = f"/attempts/{attempt.ref}/exam/1"
    blank = client.get(here).text
    assert (FILE if kind.takes_files else FIELD) in blank
    assert kind.example.text_html in blank
    assert f'data-kind="{kind.name.value}"' in blank and " data-answered" not in blank
    give()
    assert " data-answered" in client.get(here).text


def test_an_answer_is_there_again_and_can_be_taken_back(client, attempt, kind, give):
    give()
    [question] = answers.ordered_questions(attempt)
    stored = answers.list_for(attempt)[question.id]
    words = kind.text(question, stored.value)
    page = client.get(f"/attempts/{attempt.ref}/exam/1").text
    assert (" checked" in page or " selected" in page) if kind.has_choices else words in page
    give(go="take_back" if kind.takes_files else "clear", version=str(stored.version))
    db.session.rollback()
    assert answers.list_for(attempt)[question.id].value is None


def test_two_answers_are_shown_in_words(client, attempt, kind, give):
    """Neither by the names of choices nor as a file is stored."""
    give()
    [question] = answers.ordered_questions(attempt)
    words = kind.text(question, answers.list_for(attempt)[question.id].value)
    reply = client.post(f"/attempts/{attempt.ref}/exam/1", data={"version": "0", "go": "stay"})
    if kind.takes_files:  # The form leaves a file as it is, so there are never two.
        assert reply.status_code == 303
    else:
        assert reply.status_code == 409
        quoted = '<blockquote class="quote" dir="auto">{}</blockquote>'
        assert quoted.format(words) in reply.text and quoted.format("No answer") in reply.text


def test_the_team_reads_the_answer_and_of_which_kind_it_is(client, sign_in, attempt, kind, give):
    give()
    [question] = answers.ordered_questions(attempt)
    words = kind.text(question, answers.list_for(attempt)[question.id].value)
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    assert words in client.get(f"/teach/attempts/{attempt.ref}/").text
    listed = client.get(f"/teach/exams/{attempt.exam.slug}/questions").text
    assert f'<td data-label="Kind">{kind.label}</td>' in listed
    assert ("automatic" if kind.is_by_machine else "by a person") in listed
