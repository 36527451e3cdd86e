"""Learners' pages in a language in which each sentence of the catalogue is a mark: what reads English has none."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from flask import Flask

from portal import languages
from portal.db import writing
from portal.models import User
from tests.make import S
from tests.web.attempt.test_every_state import CASES, PAGES, SENT, in_state, learner

PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")
#: Pages of somebody who is signed in, and of somebody who is not.
OTHERS = ("/me/exams/", "/me/settings", "/help", "/me/onboarding/", "/nowhere")
SIGNED_OUT = ("/signin/", "/signin/forgotten", "/signin/new-password/nothing", "/help", "/nowhere")
#: Three English words in a row are a sentence; what the tests call their exams and people has fewer.
SENTENCE = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")
SEEN = re.compile(r'\b(?:aria-label|title|placeholder|alt|value)="([^"]*)"')

__all__ = ["learner"]  # The fixture of the neighbour.


@pytest.fixture(autouse=True)
def marked(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """German, with each sentence replaced by a mark and the values that it fills in."""
    with (languages.FOLDER / "de.po").open("rb") as source:
        catalog = read_po(source, locale="de")
    for message in catalog:
        if message.id:
            asked = message.id if isinstance(message.id, tuple) else (message.id,)
            said = ["¤" + " ".join(PLACES.findall(text)) + (" " if text.endswith(" ") else "") for text in asked]
            message.string = tuple(said) if message.pluralizable else said[0]
    with (tmp_path / "de.po").open("wb") as target:
        write_po(target, catalog)
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    read_again(app)
    yield
    monkeypatch.undo()
    read_again(app)


def read_again(app: Flask) -> None:
    languages.catalogue.cache_clear()
    app.jinja_env.forget_languages()


def english(html: str) -> list[str]:
    """The sentences of a page, in its text and in what is read out or shown of its elements, that bear no mark."""
    text = re.sub(r"<!--.*?-->|<(script|style|svg|template).*?</\1>", "", html, flags=re.DOTALL)
    shown = [*re.sub(r"<[^>]*>", "\n", text).split("\n"), *SEEN.findall(text)]
    return [line.strip() for line in map(unescape, shown) if SENTENCE.search(line)]


def is_read(answer) -> bool:
    return answer.mimetype == "text/html" and not 300 <= answer.status_code < 400


def bare(answers) -> dict[str, list[str]]:
    """Address -> its English sentences, of the pages among ``answers``."""
    pages = [(place, answer) for place, answer in answers if is_read(answer)]
    return {place: found for place, answer in pages if (found := english(answer.text))}


@pytest.fixture
def german(learner: User) -> User:
    with writing():
        learner.language = "de"
    return learner


@pytest.mark.parametrize("case", [case for case in CASES if not case[2] and case[3]], ids=str)
def test_no_page_of_an_attempt_says_a_sentence_that_no_catalogue_has(client, german, the_clock, case):
    attempt = in_state(german, *case)
    the_clock.advance(minutes=5)
    places = [*(f"/attempts/{attempt.ref}/{page}" for page in PAGES), f"/exams/{attempt.exam.slug}/", "/me/exams/"]
    assert bare((place, client.get(place)) for place in places) == {}


@pytest.mark.parametrize("status", [S.CREATED, S.READY_TO_START, S.STARTED, S.ERROR, S.SUBMITTED, S.REJECTED])
def test_nor_does_a_refusal(client, german, status):
    attempt = in_state(german, status, "plain", False, True)
    sent = [(f"/attempts/{attempt.ref}/{place}", body) for place, body in SENT.items() if body != "json"]
    assert bare((place, client.post(place, data=body)) for place, body in sent) == {}


@pytest.mark.parametrize("place", OTHERS)
def test_nor_does_any_other_page(client, german, place):
    assert bare([(place, client.get(place))]) == {}


@pytest.mark.parametrize("place", SIGNED_OUT)
def test_nor_does_a_page_before_signing_in(client, place):
    answer = client.get(place, headers={"Accept-Language": "de"})
    assert is_read(answer)
    assert english(answer.text) == []


def test_the_mark_is_there(client, german):
    page = client.get(f"/attempts/{in_state(german, S.STARTED, 'plain', False, False).ref}/exam/1").text
    assert page.count("¤") > 5
