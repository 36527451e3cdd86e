"""A word or a few."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from portal.domain.answers.kinds.answer_kind import ALL, NONE, ByMachine, Key
from portal.domain.answers.kinds.written import Written
from portal.domain.courses.published import QuestionPublished
from portal.domain.text import patterns, same_text
from portal.models import QuestionKind

LONGEST_SHOWN = 60


class ShortText(Written, ByMachine):
    """The key: ``{"texts": [...], "ignore_case": bool, "regexp": bool}``. The answer: a text."""

    name = QuestionKind.SHORT_TEXT
    example = QuestionPublished(
        content_id="a-short-text",
        kind=QuestionKind.SHORT_TEXT,
        title="A short text",
        text_html="<p>What is the opposite of <em>early</em>?</p>",
        points=1,
        key={"texts": ["late"], "ignore_case": True, "regexp": False},
        group="a-short-text",
        original="",
    )

    def why_unusable(self, key: Key, choice_ids: Collection[str]) -> str | None:
        texts = key.get("texts")
        if not texts or not isinstance(texts, list):
            return "its key names no text"
        reasons = ((str(text), patterns.why_unusable(str(text))) for text in texts) if key.get("regexp") else ()
        return next((f"its pattern {_quoted(text)} cannot be used: {why}" for text, why in reasons if why), None)

    def judge(self, key: Key, value: Any, offered: int) -> Decimal:
        """One of the texts, read as people read it; with ``regexp`` the whole answer must fit one of the patterns."""
        ignores_case = bool(key.get("ignore_case"))
        if key.get("regexp"):
            return ALL if _fits_one(key["texts"], str(value), ignores_case) else NONE
        given, *right = (same_text.as_read(str(text)) for text in (value, *key["texts"]))
        if ignores_case:
            given, right = given.casefold(), [text.casefold() for text in right]
        return ALL if given in right else NONE

    def right_answer(self, key: Key) -> Any:
        return None if key.get("regexp") else key["texts"][0]

    def wrong_answer(self, key: Key, choice_ids: Collection[str]) -> Any:
        return "I am not sure"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…")


def _fits_one(texts: list[Any], given: str, ignores_case: bool) -> bool:
    """:raises Unusable: none fits of those that can be run, and one cannot."""
    usable = [str(text) for text in texts if patterns.why_unusable(str(text)) is None]
    if any(patterns.fits(text, given, ignores_case=ignores_case) for text in usable):
        return True
    for text in texts:
        if reason := patterns.why_unusable(str(text)):
            raise patterns.Unusable(f"a pattern in its key cannot be used: {reason}")
    return False
