"""Responses in which learners choose: one choice, several choices, or one from a list."""

import re
import shlex
from decimal import Decimal, InvalidOperation
from html import escape
from xml.etree.ElementTree import Element

from portal.domain.publishing import ChoicePublished
from portal.models.question import QuestionKind
from portal.sources.olx.attributes import shown
from portal.sources.olx.responses.answered import Answered, Asked, Html, Unanswerable

MOST_CHOICES = 500
LONGEST_OPTIONS = 50_000
DECIDED = "a script decides which choice is right"
#: What counts every decision, or halves with every error.
BY_DECISION = frozenset({"edc", "halves"})


def read_choice(asked: Asked) -> Answered:
    """One choice; any of the right ones is right, and where the author says so, others earn a part."""
    return _one(asked, *_listed(asked.entry, "choice", asked.html))


def read_choices(asked: Asked) -> Answered:
    """Exactly the right choices must be ticked, perhaps none; radio buttons allow but one."""
    choices, right = _listed(asked.entry, "choice", asked.html)
    if asked.entry.tag == "radiogroup":
        return _one(asked, choices, right)
    key: dict[str, object] = {"choices": right}
    credit = (asked.response.get("partial_credit") or "").strip().lower()
    if credit in BY_DECISION:
        key["partial_credit"] = credit
    return Answered(kind=QuestionKind.SEVERAL_CHOICES, key=key, choices=choices, is_credit_read=credit in BY_DECISION)


def read_option(asked: Asked) -> Answered:
    """A list to choose from, written as elements or as one attribute."""
    entry = asked.entry
    if entry.find(".//option") is not None:
        return _one(asked, *_listed(entry, "option", asked.html))
    texts = _options(entry.get("options") or "")
    wanted = (entry.get("correct") or "").strip()
    if "$" in wanted:
        raise Unanswerable(DECIDED)
    choices = tuple(_choice(place, escape(text, quote=False)) for place, text in enumerate(texts))
    right = [choice.id for choice, text in zip(choices, texts, strict=True) if text.strip() == wanted]
    return _one(asked, choices, right)


def _listed(entry: Element, tag: str, html: Html) -> tuple[tuple[ChoicePublished, ...], list[str]]:
    found = list(entry.iter(tag))
    if not found:
        raise Unanswerable("it has no choices")
    _refuse_too_many(len(found))
    if any("$" in (element.get("correct") or "") for element in found):
        raise Unanswerable(DECIDED)
    choices = tuple(_choice(place, html(element).strip()) for place, element in enumerate(found))
    right = [choice.id for choice, element in zip(choices, found, strict=True) if _said(element) == "true"]
    return choices, right


def _said(choice: Element) -> str:
    return (choice.get("correct") or "").strip().lower()


def _choice(place: int, html: str) -> ChoicePublished:
    """Choices are called by their place: the names authors give them often say which one is right."""
    return ChoicePublished(id=f"choice_{place}", html=html)


def _one(asked: Asked, choices: tuple[ChoicePublished, ...], right: list[str]) -> Answered:
    """Without a right choice it only asks: authors write surveys so."""
    is_credit_read = (asked.response.get("partial_credit") or "").strip().lower() == "points"
    partial = _partial(asked.entry, choices) if is_credit_read else {}
    key: dict[str, object] = {"choice": right[0]} if len(right) == 1 else {"choices": right}
    if partial:
        key["partial"] = partial
    has_key = bool(right or partial)
    return Answered(
        kind=QuestionKind.ONE_CHOICE, key=key if has_key else {}, choices=choices, is_credit_read=is_credit_read
    )


def _partial(entry: Element, choices: tuple[ChoicePublished, ...]) -> dict[str, float]:
    """What choices that are right in part earn, in per cent; half where the author does not say."""
    found = [element for element in entry.iter() if element.tag in ("choice", "option")]
    pairs = zip(choices, found, strict=True) if len(found) == len(choices) else ()
    return {choice.id: _per_cent(element) for choice, element in pairs if _said(element) == "partial"}


def _per_cent(element: Element) -> float:
    written = element.get("point_value") or "0.5"
    try:
        share = Decimal(written.strip())
    except InvalidOperation as error:
        raise Unanswerable(f"one of its choices is worth {shown(written)}, which is no number") from error
    if not share.is_finite() or not 0 <= share <= 1:
        raise Unanswerable(f"one of its choices is worth {shown(written)}, which is not between 0 and 1")
    per_cent = float(round(share * 100, 2))
    return int(per_cent) if per_cent.is_integer() else per_cent


def _refuse_too_many(count: int) -> None:
    if count > MOST_CHOICES:
        raise Unanswerable(f"it has more than {MOST_CHOICES} choices")


def _options(written: str) -> list[str]:
    """The texts in `('one','two')`; an apostrophe within a word does not end its text."""
    if len(written) > LONGEST_OPTIONS:
        raise Unanswerable(f"its list of options is longer than {LONGEST_OPTIONS:,} characters")
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
    _refuse_too_many(len(texts))
    return texts
