"""Responses in which learners write a few words."""

from xml.etree.ElementTree import Element

from portal.domain.patterns import why_unusable
from portal.models.question import QuestionKind
from portal.sources.olx.attributes import shown
from portal.sources.olx.responses.answered import Answered, Asked, Unanswerable


def read_text(asked: Asked) -> Answered:
    """Any of the accepted texts is right, each fitting the whole answer; without one it only asks.

    `type` may ask to ignore case and to match patterns.
    """
    manner = (asked.response.get("type") or "").lower().split()
    texts = _accepted(asked.response)
    if not texts:
        return Answered(kind=QuestionKind.SHORT_TEXT, key={})
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
        reason = why_unusable(text)
        if reason is not None:
            raise Unanswerable(f"its pattern {shown(text)} cannot be used: {reason}")
