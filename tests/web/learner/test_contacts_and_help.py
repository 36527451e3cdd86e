"""Whom to ask: contacts are links, help is open to everybody, a question to the team is one case with an answer."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import case_answers
from portal.models import Notice, NoticeKind, Provider, ProviderKind, Role, SupportCase
from portal.web.formatting.contacts import contact_link
from tests import make
from tests.make import NOON, S


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("ada@example.edu", '<a href="mailto:ada@example.edu">ada@example.edu</a>'),
        ("Desk, ada@example.edu, room 4", 'Desk, <a href="mailto:ada@example.edu">ada@example.edu</a>, room 4'),
        ("https://example.edu/help", '<a href="https://example.edu/help" rel="noopener">https://example.edu/help</a>'),
        ("ada@example.edu.", '<a href="mailto:ada@example.edu">ada@example.edu</a>.'),
        ("+49 30 1234", '<a href="tel:+49301234" dir="ltr">+49 30 1234</a>'),
        ("+49 (0)30 12-34 ext. 5", '<a href="tel:+49301234" dir="ltr">+49 (0)30 12-34</a> ext. 5'),
        ("0351/4633500", '<a href="tel:03514633500" dir="ltr">0351/4633500</a>'),
        ("01/02/2026, 08:00-12:00, room 0123", "01/02/2026, 08:00-12:00, room 0123"),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ('"><script>@example.edu', "&#34;&gt;&lt;script&gt;@example.edu"),
    ],
)
def test_addresses_in_a_contact_are_links_and_nothing_else_is(contact, shown):
    assert contact_link(contact) == f"<bdi>{shown}</bdi>"


def test_a_contact_within_a_refusal_is_a_link_and_the_rest_stays_text(client, sign_in):
    contact = "Ada & <b>Ben</b>, ada@example.edu, 100 %"
    exam = make.exam(course=make.course(contact=contact))
    sign_in(make.user())
    refused = client.get(f"/exams/{exam.slug}/")
    assert refused.status_code == 403
    link = '<a href="mailto:ada@example.edu">ada@example.edu</a>'
    assert f"Contact <bdi>Ada &amp; &lt;b&gt;Ben&lt;/b&gt;, {link}, 100 %</bdi>." in refused.text
    said = client.get(f"/exams/{exam.slug}/", headers={"Accept": "application/json"}).json
    assert said["detail"].endswith(f"Contact {contact}.")
    sign_in(make.user(language="ar"))
    assert link in client.get(f"/exams/{exam.slug}/").text


def test_who_cannot_start_finds_the_contact_as_a_link(client, sign_in, the_clock):
    exam = make.exam(course=make.course(contact="ada@example.edu"), closes_at=NOON + timedelta(hours=1))
    attempt = make.attempt(S.READY_TO_START, exam=exam)
    sign_in(attempt.learner)
    the_clock.advance(hours=2)
    page = client.get(f"/attempts/{attempt.ref}/ready").text
    assert f'<a href="mailto:ada@example.edu?subject={attempt.ref}">ada@example.edu</a>' in page


def test_the_ways_to_reach_a_provider_are_links(client, sign_in):
    reach = {
        "contact_phone": "+1 800 555 0199",
        "contact_email": "help@w.example",
        "contact_url": "https://w.example/a",
    }
    facts = {"kind": ProviderKind.PRACTICE, "name": "W", "created_at": NOON, "updated_at": NOON}
    make.row(Provider(slug="w", **facts, **reach))
    attempt = make.attempt(S.CREATED, exam=make.exam(is_proctored=True, provider_slug="w"), taking_as_proctored=True)
    sign_in(attempt.learner)
    page = client.get(f"/attempts/{attempt.ref}/setup").text
    for address in ("tel:+18005550199", f"mailto:help@w.example?subject={attempt.ref}", "https://w.example/a"):
        assert f'<a href="{address}"' in page


def test_an_email_begun_from_a_page_names_the_reference():
    assert 'href="mailto:ada@example.edu?subject=K7F-2QD4"' in contact_link("ada@example.edu", "K7F-2QD4")


def test_help_is_open_to_everybody_and_every_page_leads_there(client, sign_in):
    page = client.get("/help")
    assert page.status_code == 200
    for words in ("WCAG 2.2", "What data is stored about me", "During an exam"):
        assert words in page.text
    sign_in(make.user(language="de"))
    assert "Was über mich gespeichert wird" in client.get("/help").text
    assert 'href="/help"' in client.get("/me/exams/").text


@pytest.fixture
def attempt(sign_in):
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=3))
    sign_in(attempt.learner)
    return attempt


def ask(client, attempt, words: str):
    return client.post(f"/attempts/{attempt.ref}/ask", data={"words": words, "to": "2"})


def test_the_same_words_twice_are_one_case_and_the_clock_continues(client, attempt):
    deadline_at = attempt.deadline_at
    for _ in range(2):
        assert ask(client, attempt, "Is a ruler allowed? 📏").location == f"/attempts/{attempt.ref}/ask?to=2"
    [case] = db.session.scalars(db.select(SupportCase))
    assert (case.kind, case.text, case.attempt_id) == ("learner_message", "Is a ruler allowed? 📏", attempt.id)
    db.session.refresh(attempt)
    assert (attempt.status, attempt.deadline_at, attempt.is_paused) == (S.STARTED, deadline_at, False)


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
def test_a_message_without_words_or_with_too_many_is_refused(client, attempt, words):
    refused = ask(client, attempt, words)
    assert refused.status_code == 422
    assert "Describe the problem" in refused.text
    assert db.session.scalar(db.select(SupportCase.id)) is None


@pytest.mark.parametrize("status", [S.STARTED, S.SUBMITTED])
def test_the_answer_is_on_the_page_and_a_notice_while_the_exam_runs(client, attempt, status):
    ask(client, attempt, "Is a ruler allowed?")
    if status is S.SUBMITTED:
        client.post(f"/attempts/{attempt.ref}/submit")
    team = make.member(Role.INSTRUCTOR, course=attempt.exam.course)
    with writing():
        case = db.session.scalars(db.select(SupportCase)).one()
        for note in ("Yes.", "A second answer keeps the first."):
            case_answers.answer(case, team, note, now=NOON)
    notices = db.session.scalars(db.select(Notice).filter_by(kind=NoticeKind.MESSAGE)).all()
    assert [one.text for one in notices] == (["Yes."] if status is S.STARTED else [])
    if status is S.STARTED:
        page = client.get(f"/attempts/{attempt.ref}/ask").text
        assert "Is a ruler allowed?" in page and "Yes." in page
        told = client.get(f"/attempts/{attempt.ref}/clock.json?rev=0").json
        assert [one["text"] for one in told["notices"]] == ["The course team answered your message: Yes."]
