"""Responses in which learners write a few words."""

import re
from xml.etree.ElementTree import Element

from portal.models.question import QuestionKind
from portal.sources.olx.responses.answered import Answered, Asked, Unanswerable


def read_text(asked: Asked) -> Answered:
    """Any of the accepted texts is right; `type` may ask to ignore case and to match patterns."""
    manner = (asked.response.get("type") or "").lower().split()
    texts = _accepted(asked.response)
    if not texts:
        raise Unanswerable("it has no accepted answer")
    if "regexp" in manner:
        _check_patterns(texts)
    key = {"texts": texts, "ignore_case": "ci" in manner, "regexp": "regexp" in manner}
    return Answered(kind=QuestionKind.SHORT_TEXT, key=key)


def _accepted(response: Element) -> list[str]:
    answer = response.get("answer") or ""
    if "_or_" in answer:
        written = answer.split("_or_")
    else:
        more = response.findall("additional_answer")
        written = [answer, *(element.get("answer") or element.text or "" for element in more)]
    return list(dict.fromkeys(text.strip() for text in written if text.strip()))


def _check_patterns(texts: list[str]) -> None:
    for text in texts:
        try:
            re.compile(text)
        except (re.error, RecursionError, OverflowError) as error:
            raise Unanswerable(f"its pattern {text!r} cannot be read") from error
