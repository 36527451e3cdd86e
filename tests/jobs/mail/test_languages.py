"""Each mail is in the language that its reader chose, whole, with its times and names in their places."""

import re

import pytest

from portal.db import writing
from portal.domain.outbox import messages
from tests import make
from tests.jobs.mail.mailbox import html, text
from tests.jobs.topics.test_emails import NAMES
from tests.make import NOON, S

#: For learners; a case is for the course team, whose rooms are in English.
FOR_LEARNERS = [name for name in NAMES if name != "support_case"]
FACTS = {"seconds": 600, "link": "http://localhost/signin/new-password/abc"}


@pytest.fixture
def mail(app, mails):
    def mail(name: str, language: str):
        learner = make.user(name="Nora", language=language, time_zone="Europe/Berlin")
        course = make.course(name="Wetter", contact="team@example.org")
        exam = make.exam(course=course, name="Wolken")
        attempt = make.attempt(S.STARTED, exam=exam, learner=learner, saved_at=NOON, completed_at=NOON)
        with writing():
            about = {"template": name, **FACTS}
            messages.enqueue("email", now=NOON, key=f"{name}.{language}", attempt=attempt, payload=about)
        [sent] = mails()
        return sent

    return mail


@pytest.mark.parametrize("name", FOR_LEARNERS)
def test_nothing_of_a_mail_stays_in_english(mail, name):
    sent = mail(name, "ar")
    read = re.sub(r"\S*[/@]\S*", "", text(sent))
    assert re.findall(r"[A-Za-z]+ [a-z]+ [a-z]+", f"{sent['Subject']}\n{read}") == []
    assert '<html lang="ar" dir="rtl">' in html(sent)
    assert "مرحبًا Nora،" in read


@pytest.mark.parametrize("name", FOR_LEARNERS)
def test_text_and_page_of_a_mail_say_the_same_in_each_language(mail, name):
    for language, greeting in (("en", "Hello Nora,"), ("de", "Guten Tag Nora,")):
        sent = mail(name, language)
        assert greeting in text(sent) and greeting in html(sent)
        assert f'<html lang="{language}" dir="ltr">' in html(sent)


@pytest.mark.parametrize(
    ("language", "moment"),
    [
        ("en", "Monday 2 March 2026, 13:00 (Europe/Berlin)"),
        ("de", "Montag, 2. März 2026, 13:00 (Europe/Berlin)"),
        ("ar", "الاثنين 2 مارس 2026، 13:00 (Europe/Berlin)"),
    ],
)
def test_times_are_written_as_the_language_writes_them(mail, language, moment):
    assert moment in text(mail("attempt_submitted", language))


def test_lengths_are_counted_as_the_language_counts(mail):
    assert "أُضيف 10 دقائق" in mail("time_added", "ar")["Subject"]
    assert "10 Minuten mehr" in mail("time_added", "de")["Subject"]


def test_a_language_that_is_not_spoken_here_is_english(mail):
    assert "Hello Nora," in text(mail("review_passed", "fr"))
