"""What reading one response gives."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from portal.domain.publishing import ChoicePublished
from portal.models.question import QuestionKind


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How a question is answered and which answer is right."""

    kind: QuestionKind
    key: dict[str, object]
    choices: tuple[ChoicePublished, ...] = ()
    is_credit_read: bool = False
    """Whether the way in which the author gives part credit is followed."""


class Unanswerable(Exception):
    """The response's key cannot be read; the message says why, to follow the response type and a colon."""


Html = Callable[[Element], str]
"""Writes the content of an element as HTML."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A response, its input (or itself when it has none), and how to write HTML."""

    response: Element
    entry: Element
    html: Html


Reader = Callable[[Asked], Answered]
