"""Responses in which learners choose: one choice, several choices, or one from a list."""

import re
import shlex
from html import escape
from xml.etree.ElementTree import Element

from portal.domain.publishing import ChoicePublished
from portal.models.question import QuestionKind
from portal.sources.olx.responses.answered import Answered, Asked, Html, Unanswerable


def read_choice(asked: Asked) -> Answered:
    """One of the choices is right."""
    choices, right = _listed(asked.entry, "choice", asked.html)
    return _one(choices, right)


def read_choices(asked: Asked) -> Answered:
    """Exactly the right choices must be ticked, perhaps none; radio buttons allow but one."""
    choices, right = _listed(asked.entry, "choice", asked.html)
    if asked.entry.tag == "radiogroup":
        return _one(choices, right)
    return Answered(kind=QuestionKind.SEVERAL_CHOICES, key={"choices": right}, choices=choices)


def read_option(asked: Asked) -> Answered:
    """A list to choose from, written as elements or as one attribute."""
    entry = asked.entry
    if entry.find(".//option") is not None:
        return _one(*_listed(entry, "option", asked.html))
    texts = _options(entry.get("options") or "")
    wanted = (entry.get("correct") or "").strip()
    choices = tuple(_choice(place, escape(text, quote=False)) for place, text in enumerate(texts))
    right = [choice.id for choice, text in zip(choices, texts, strict=True) if text.strip() == wanted]
    return _one(choices, right)


def _listed(entry: Element, tag: str, html: Html) -> tuple[tuple[ChoicePublished, ...], list[str]]:
    found = list(entry.iter(tag))
    if not found:
        raise Unanswerable("it has no choices")
    if any("$" in (element.get("correct") or "") for element in found):
        raise Unanswerable("a script decides which choice is right")
    choices = tuple(_choice(place, html(element).strip()) for place, element in enumerate(found))
    right = [
        choice.id
        for choice, element in zip(choices, found, strict=True)
        if (element.get("correct") or "").strip().lower() == "true"
    ]
    return choices, right


def _choice(place: int, html: str) -> ChoicePublished:
    """Choices are called by their place: the names authors give them often say which one is right."""
    return ChoicePublished(id=f"choice_{place}", html=html)


def _one(choices: tuple[ChoicePublished, ...], right: list[str]) -> Answered:
    if not right:
        raise Unanswerable("none of its choices is marked as right")
    if len(right) > 1:
        raise Unanswerable("several of its choices are marked as right although only one can be chosen")
    return Answered(kind=QuestionKind.ONE_CHOICE, key={"choice": right[0]}, choices=choices)


def _options(written: str) -> list[str]:
    """The texts in `('one','two')`; an apostrophe within a word does not end its text."""
    apostrophe = "\ue000"
    mended = re.sub(r"(?<=[A-Za-z])\\?'(?=[A-Za-z])|\\'", apostrophe, written.strip()[1:-1])
    lexer = shlex.shlex(mended)
    lexer.quotes, lexer.whitespace, lexer.commenters = "'\"", ", \t\n", ""
    try:
        texts = [token[1:-1].replace(apostrophe, "'") for token in lexer if token[0] in "'\""]
    except ValueError as error:
        raise Unanswerable("its list of options is not written as ('one','two')") from error
    if not texts:
        raise Unanswerable("it has no options")
    return texts
