"""What an import brings, as people see it: a unit behind its field, pictures of the material, notes for the team."""

import pytest

from portal.db import db, writing
from portal.domain import courses
from portal.domain.publishing import AssetPublished, NotHonoured
from portal.models import Answer, Asset, Attempt, Exam, Question, QuestionKind, Role
from tests import make
from tests.domain import published as p
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
        courses.publish(p.course(published), now=NOON)
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
    assert "Different from the course" not in client.get(f"/teach/exams/{exam.slug}/").text


def test_the_team_sees_units_and_what_is_never_marked(client, exam, sign_in):
    sign_in(make.member(Role.STAFF, course=exam.course))
    page = client.get(f"/teach/exams/{exam.slug}/questions").text
    assert page.count("behind the field") == 2
    assert "not at all: it has no key" in page


def test_the_team_reads_an_answer_with_its_unit(client, attempt, sign_in):
    question = db.session.scalars(db.select(Question).filter_by(content_id="q1")).one()
    with writing() as session:
        session.add(Answer(attempt_id=attempt.id, question_id=question.id, value="19", version=1, saved_at=NOON))
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    page = client.get(f"/teach/attempts/{attempt.ref}/").text
    assert '19 <span class="muted"><math ' in page


@pytest.mark.parametrize(("more", "is_repeated"), [("", True), ("x" * 9000, False)])
def test_each_part_of_a_text_with_gaps_has_the_text_or_leads_to_it(client, sign_in, more, is_repeated):
    first = p.question("g1", group="g", text_html=f"<p>The sky is (1) and the sea is (2). {more}</p>")
    rest = p.question("g2", group="g", text_html="<p><strong>(2)</strong> </p>")
    with writing():
        courses.publish(p.course(p.exam(questions=(p.question("q0"), first, rest), closes_at=None)), now=NOON)
    exam = db.session.scalars(db.select(Exam)).one()
    attempt = make.attempt(S.STARTED, exam=exam, learner=sign_in(make.enrol(exam.course)))
    pages = [" ".join(client.get(f"/attempts/{attempt.ref}/exam/{number}").text.split()) for number in (1, 2, 3)]
    assert ["to which this belongs" in page for page in pages] == [False, False, True]
    assert ("and the sea is (2)." in pages[2]) is is_repeated
    assert ('<details class="more" open><summary>The text of question 2' in pages[2]) is is_repeated
    assert (f'href="/attempts/{attempt.ref}/exam/2">The text of question 2' in pages[2]) is not is_repeated
