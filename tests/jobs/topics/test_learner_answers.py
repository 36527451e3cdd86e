"""The team's answer to a learner's message, by email: with both texts, as text."""

import pytest

from portal.db import writing
from portal.domain.attempts import attempts, case_answers, learner_messages
from portal.jobs import worker
from portal.models import Role
from tests import make, review_factories
from tests.jobs.mail.mailbox import html, text
from tests.make import NOON

WORDS = "The camera <b>fails</b>.\nBcc: eve@example.edu"
ANSWER = "Use another browser. We gave you <i>10 minutes</i>."


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "The course team has answered you about Clouds"),
        ("de", "Das Kursteam hat Ihnen zu Clouds geantwortet"),
        ("ar", "أجابك فريق المقرر بشأن Clouds"),
    ],
)
def test_the_answer_is_emailed_with_both_texts(app, mails, language, subject):
    learner = make.user(name="Nora", email="nora@example.edu", language=language)
    exam = make.exam(is_proctored=True, provider_slug="proctorco", name="Clouds")
    attempt = review_factories.proctored(exam=exam, learner=learner)
    staff = make.member(Role.STAFF, course=exam.course)
    with writing():
        case = learner_messages.send(attempts.lock(attempt.id), WORDS, learner, now=NOON)
    worker.work_through(now=NOON)
    mails.empty()
    with writing():
        case_answers.answer(case, staff, ANSWER, now=NOON)
    [mail] = mails()
    assert (mail["To"], mail["Subject"], mail["Bcc"]) == ("nora@example.edu", subject, None)
    for words in ("The camera <b>fails</b>.", ANSWER, f"http://localhost/attempts/{attempt.ref}/"):
        assert words in text(mail)
    assert "&lt;i&gt;10 minutes" in html(mail) and "<i>10" not in html(mail)
