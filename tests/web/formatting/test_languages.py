"""Whose language a page and a mail is in, and that what others wrote keeps its own direction."""

import re

import pytest
from flask_login import login_user

from portal import languages
from portal.db import writing
from portal.domain.accounts import people
from portal.domain.attempts import attempts
from portal.domain.errors import LimitReached
from portal.web.gate import errors
from tests import make
from tests.make import NOON, S


@pytest.fixture
def reader(sign_in):
    return sign_in(make.user(language="ar", time_zone="Europe/Berlin"))


def begun(page: str) -> str:
    return page.partition("<html ")[2].partition(">")[0]


def test_a_page_is_in_the_language_of_its_reader_and_runs_its_way(client, reader):
    page = client.get("/me/exams/").text
    assert 'lang="ar" dir="rtl"' in begun(page)
    assert "امتحاناتي" in page and "My exams" not in page


def test_settings_offer_every_language_in_its_own_words(client, reader):
    page = client.get("/me/settings").text
    for code, name in languages.NAMES.items():
        assert re.search(rf'<option[^>]* value="{code}">{name}</option>', page), code


def test_another_language_is_answered_in_that_language(client, reader):
    page = client.get("/me/settings").text
    kept = dict(re.findall(r'name="(\w+)"(?:(?!</select>).)*?selected value="([^"]*)"', page, re.DOTALL))
    done = client.post(
        "/me/settings", data={**kept, "language": "de", "text_size": "usual"}, follow_redirects=True
    ).text
    assert 'lang="de" dir="ltr"' in begun(done)
    assert "Ihre Einstellungen sind gespeichert." in done


@pytest.mark.parametrize(("asked", "given"), [("de-AT,de;q=0.9", "de"), ("ar", "ar"), ("fr", "en"), ("", "en")])
def test_somebody_unknown_reads_what_their_browser_asks_for(client, asked, given):
    assert f'lang="{given}"' in begun(client.get("/signin", headers={"Accept-Language": asked}).text)


def test_the_rooms_of_the_course_team_are_in_english(client, reader):
    assert 'lang="en" dir="ltr"' in begun(client.get("/teach/").text)


def test_times_and_names_keep_their_direction(client, reader):
    exam = make.exam(name="Algebra (1)", course=make.course(name="Mathematics"))
    make.enrol(exam.course, reader)
    with writing():
        attempt = attempts.start(attempts.create(exam, reader, now=NOON), reader, now=NOON)
    page = client.get(f"/attempts/{attempt.ref}/exam/1").text
    assert '<b dir="ltr">60</b>' in page
    assert '<time class="ltr" id="timer-end">14:00</time>' in page
    assert '<b dir="auto">Algebra (1)</b>' in page
    assert "<bdi>Algebra (1)</bdi>" in client.get("/me/exams/").text


@pytest.mark.parametrize("number", [0, 1, 2, 3, 11, 100])
def test_arabic_has_six_forms(app, number):
    with app.test_request_context(), languages.force_locale("ar"):
        said = languages.ngettext("%(num)s minute", "%(num)s minutes", number)
    forms = {1: "دقيقة واحدة", 2: "دقيقتان", 3: "3 دقائق"}
    assert said == forms.get(number, f"{number} دقيقة")


def test_a_refusal_comes_in_the_language_of_its_reader(client, reader):
    page = client.get("/attempts/AAA-AAAA/").text
    assert "لا توجد لك محاولة بهذا الرقم المرجعي." in page


def test_a_refusal_with_a_number_in_it(app, reader):
    refusal = LimitReached("Too many tries. Try again in %(minutes)s minutes.", retry_after_seconds=1, minutes=7)
    with app.test_request_context("/me/exams/"):
        login_user(reader)
        page, status, _headers = errors.refuse(refusal)
    assert status == 429
    assert "7" in page and "كثرت المحاولات" in page


def test_a_refusal_says_the_same_to_whoever_reads_english():
    with pytest.raises(Exception, match=f"Use at least {people.SHORTEST_PASSWORD} characters"):
        people.check_new_password("short", email="a@example.edu", name="A")


def test_what_others_wrote_is_never_looked_up_or_trusted(client, reader):
    exam = make.exam(name="Send <b>", is_proctored=True, provider_slug="nobody", review_rules="Send <i>")
    make.enrol(exam.course, reader)
    page = client.get(f"/exams/{exam.slug}/rules").text
    assert "<li>Send &lt;i&gt;</li>" in page and "<bdi>Send &lt;b&gt;</bdi>" in page


def test_a_page_about_each_status_is_whole_in_each_language(client, sign_in):
    for code in languages.NAMES:
        learner = sign_in(make.user(language=code))
        for status in (S.SUBMITTED, S.REJECTED, S.ERROR):
            attempt = make.attempt(status, exam=make.exam(), learner=learner)
            page = client.get(f"/attempts/{attempt.ref}/status")
            assert page.status_code == 200 and f'lang="{code}"' in begun(page.text)


@pytest.mark.parametrize(
    ("choices", "runs"),
    [(["Ice", "ماء"], ' dir="ltr"'), (["ماء", "Ice"], ' dir="rtl"'), (["<b>1</b>", "2"], "")],
)
def test_choices_run_the_way_of_the_question_not_of_the_page(client, reader, choices, runs):
    asked = {"kind": "one_choice", "title": "1", "text_html": "<p dir='auto'>1 + 1 = ?</p>"}
    asked["choices"] = [{"id": str(number), "html": html} for number, html in enumerate(choices)]
    exam = make.exam(questions=[asked])
    make.enrol(exam.course, reader)
    with writing():
        attempt = attempts.start(attempts.create(exam, reader, now=NOON), reader, now=NOON)
    assert f'<div class="choices"{runs}>' in client.get(f"/attempts/{attempt.ref}/exam/1").text
