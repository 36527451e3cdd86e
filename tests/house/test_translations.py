"""Every sentence of a translated page or mail stands in every catalogue, whole, and with the same places to fill in."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from portal import languages
from portal.cli.running import words

CODES = [code for code in languages.NAMES if code != "en"]
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")
WORDS_JS = Path(__file__).parents[2] / "static" / "js" / "messages.js"
PAGES = Path(__file__).parents[2] / "templates"
#: Rooms whose templates hold no sentence outside of the catalogues.
TRANSLATED = ("answer_kinds", "attempt", "errors", "learner", "macros", "proctored", "sign_in")


@cache
def said() -> Catalog:
    return words.extracted()


@cache
def known(code: str) -> Catalog:
    with (languages.FOLDER / f"{code}.po").open("rb") as source:
        return read_po(source, locale=code, abort_invalid=True)


def forms(text: str | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def sentences(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def test_the_pages_say_something():
    assert len(sentences(said())) > 700


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_missing_and_nothing_is_left_over(code):
    found = {message.id for message in sentences(said())}
    kept = {message.id for message in sentences(known(code))}
    assert found - kept == set(), "run: python3 dev.py flask words update"
    assert kept - found == set(), "run: python3 dev.py flask words update"


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_is_translated_and_sure(code):
    unsure = [one.id for one in sentences(known(code)) if one.fuzzy or not words.is_translated(one.string)]
    assert unsure == []


@pytest.mark.parametrize("code", CODES)
def test_the_same_places_are_filled_in(code):
    """A form for one number may leave the number out: ``ein Versuch``."""
    wrong = [(message.id, text) for message in sentences(known(code)) for text in unlike(message)]
    assert wrong == []


def unlike(message):
    """Its translations that do not fill in what the sentence fills in."""
    wanted = {place for text in forms(message.id) for place in PLACES.findall(text)}
    numbers = {"%(num)s", "{n}"} if message.pluralizable else set()
    for text in forms(message.string):
        places = set(PLACES.findall(text))
        if not wanted - numbers <= places <= wanted or re.sub(PLACES, "", text).count("%"):
            yield text


@pytest.mark.parametrize("code", CODES)
def test_spaces_at_the_ends_are_kept(code):
    """Sentences are put together there."""
    wrong = [
        one.id
        for one in sentences(known(code))
        if isinstance(one.id, str) and one.id.endswith(" ") != str(one.string).endswith(" ")
    ]
    assert wrong == []


def test_scripts_have_a_translation_for_everything_they_say():
    english = WORDS_JS.read_text().partition("const ENGLISH = {")[2].partition("\n};")[0]
    from portal.web.attempt.page import js_messages as ours

    spoken = set(re.findall(r"^  (\w+):", english, re.MULTILINE))
    assert spoken == {*ours.SENTENCES, *ours.COUNTED, *ours.SHORT}
    for key, sentence in ours.SENTENCES.items():
        assert f'"{sentence}"' in english, key


@pytest.mark.parametrize("room", TRANSLATED)
def test_no_sentence_stands_outside_of_the_catalogues(room):
    """A crude reading of the templates: three words in a row between two tags, and not within Jinja's braces."""
    for page in sorted((PAGES / room).rglob("*.html")):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(script|style).*?</\1>", "", page.read_text(), flags=re.DOTALL)
        bare = re.findall(r"[A-Za-z]+ [a-z]+ [a-z]+", re.sub(r"<[^>]*>", "\n", text))
        assert bare == [], page.name


def refusals(source: str) -> list[ast.expr]:
    """The sentence of every refusal that a file raises or returns, as it stands in the code."""
    places = {name: (where or (1,))[0] - 1 for name, where in words.KEYWORDS.items() if name[0].isupper()}
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
    said = [(call.args, places[call.func.id]) for call in calls if call.func.id in places]
    return [args[place] for args, place in said if len(args) > place]


#: Files whose refusals name things, for people who read English: course teams, whoever runs the portal, providers.
PUT_TOGETHER = {
    f"portal/{name}.py"
    for name in (
        "domain/attempts/case_answers", "domain/courses/course_settings", "domain/courses/exam_settings",
        "domain/courses/publishing", "domain/courses/requirements", "domain/outbox/webhook_deliveries",
        "domain/outbox/webhook_endpoints", "domain/providers/client_records", "domain/providers/lookup",
        "domain/providers/provider_options", "domain/providers/provider_records", "domain/reviews/claims",
        "domain/reviews/decisions", "domain/timekeeping/allowance_terms", "domain/timekeeping/allowances",
        "domain/timekeeping/granting",
        "providers/json_fields", "providers/practice",
    )
}  # fmt: skip


def test_what_a_learner_is_refused_with_can_be_looked_up():
    """A sentence that is put together from parts is in no catalogue: values go in by name."""
    glued = set()
    for source in sorted((words.ROOT / "portal").rglob("*.py")):
        name = str(source.relative_to(words.ROOT))
        if any(isinstance(one, ast.JoinedStr | ast.BinOp) for one in refusals(source.read_text())):
            glued.add(name)
    assert {name for name in glued if not name.startswith(words.ENGLISH)} == PUT_TOGETHER
