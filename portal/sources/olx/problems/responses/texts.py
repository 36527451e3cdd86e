"""Responses in which learners write a few words."""

from xml.etree.ElementTree import Element

from portal.models.courses.question import QuestionKind
from portal.sources.olx.problems.responses.answered import Answered, Asked


def read_text(asked: Asked) -> Answered:
    """Any of the accepted texts is right, each fitting the whole answer; without one it only asks.

    `type` may ask to ignore case and to match patterns.
    """
    manner = (asked.response.get("type") or "").lower().split()
    texts = _accepted(asked.response)
    if not texts:
        return Answered(kind=QuestionKind.SHORT_TEXT, key={})
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
