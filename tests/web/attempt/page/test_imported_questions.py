"""What an import brings, as people see it: a unit behind its field, pictures of the material, notes for the team."""

import pytest

from portal.db import db, writing
from portal.domain.courses import publishing
from portal.domain.courses.published import AssetPublished, NotHonoured
from portal.domain.timekeeping import exam_changes
from portal.models import Answer, Asset, Attempt, Exam, Question, QuestionKind, Role
from tests import make
from tests.domain.courses import published as p
from tests.make import NOON, S

UNIT = {"unit": r"\(\%\) of <b>all</b><script>x()</script>", "choices": ()}
NUMBER = p.question("q1", kind=QuestionKind.NUMBER, key={"value": "20"}, **UNIT)
TEXT = p.question("q2", kind=QuestionKind.SHORT_TEXT, key={"texts": ["a"]}, **UNIT)
SURVEY = p.question("q3", key={}, points=0)
MAP = AssetPublished(name="map.png", media_type="image/png", content=b"a map")
NOTES = (
    NotHonoured(what="max_attempts", meaning="there are no tries to count", places=tuple("ABCDE")),
    NotHonoured(what="<b>x</b>", meaning="nothing here depends on it", places=("the <section>",)),
)


@pytest.fixture
def exam(app) -> Exam:
    published = p.exam(
        questions=(NUMBER, TEXT, SURVEY, p.question("q4")), not_honoured=NOTES, assets=(MAP,),
        materials_html='<img src="asset:map.png" alt="Map">', closes_at=None,
    )  # fmt: skip
    with writing():
        publishing.publish(p.course(published), follow=exam_changes.follow, now=NOON)
    return db.session.scalars(db.select(Exam)).one()


@pytest.fixture
def attempt(exam, sign_in) -> Attempt:
    learner = make.enrol(exam.course)
    sign_in(learner)
    return make.attempt(S.STARTED, exam=exam, learner=learner)


@pytest.mark.parametrize("number", [1, 2])
def test_a_unit_stands_behind_the_field_and_is_read_with_it(client, attempt, number):
    page = client.get(f"/attempts/{attempt.ref}/exam/{number}").text
    field, _, behind = page.partition('id="value"')
    assert "Your answer</label>" in field
    assert 'aria-describedby="unit' in behind.partition(">")[0] or "aria-describedby=unit" in behind.partition(">")[0]
    unit = behind.partition('id="unit"')[2].partition("</span>")[0]
    assert "<math " in unit and "<b>all</b>" in unit and "script" not in unit


@pytest.mark.parametrize("number", [3, 4])
def test_a_question_without_a_unit_has_none(client, attempt, number):
    assert 'id="unit"' not in client.get(f"/attempts/{attempt.ref}/exam/{number}").text


def test_a_picture_of_the_material_is_served(client, attempt):
    sha256 = db.session.scalars(db.select(Asset.sha256)).one()
    page = client.get(f"/attempts/{attempt.ref}/exam/1").text
    assert f"/attempts/{attempt.ref}/assets/{sha256}" in page
    assert client.get(f"/attempts/{attempt.ref}/assets/{sha256}").data == b"a map"


def test_the_team_reads_what_the_exam_does_without(client, exam, sign_in):
    sign_in(make.member(Role.STAFF, course=exam.course))
    page = client.get(f"/teach/exams/{exam.slug}/").text
    assert "max_attempts" in page and "There are no tries to count." in page and "5 places" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page and "the &lt;section&gt;" in page


def test_an_exam_that_does_without_nothing_says_nothing(client, sign_in, app):
    exam = make.exam()
    sign_in(make.member(Role.STAFF, course=exam.course))
    assert "Import notes" not in client.get(f"/teach/exams/{exam.slug}/").text


def test_the_team_sees_units_and_what_is_never_marked(client, exam, sign_in):
    sign_in(make.member(Role.STAFF, course=exam.course))
    page = client.get(f"/teach/exams/{exam.slug}/questions").text
    assert page.count("behind the field") == 2
    assert "none, because it has no key" in page


def test_the_team_reads_an_answer_with_its_unit(client, attempt, sign_in):
    question = db.session.scalars(db.select(Question).filter_by(content_id="q1")).one()
    with writing() as session:
        session.add(Answer(attempt_id=attempt.id, question_id=question.id, value="19", version=1, saved_at=NOON))
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    page = client.get(f"/teach/attempts/{attempt.ref}/").text
    assert '19 <span class="muted"><math ' in page
