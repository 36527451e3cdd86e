"""Notes what of a problem's XML has no effect on the questions that it became."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from portal.domain.answers import kinds
from portal.domain.courses.published import QuestionPublished
from portal.domain.text.sanitising import ATTRIBUTES, TAGS
from portal.sources.olx.dictionary import (
    ALL_OR_NOTHING,
    DEAD_LINK,
    ELEMENTS,
    HIDDEN,
    HONOURED,
    LEFT_OUT,
    LOOK,
)
from portal.sources.olx.pictures import Pictures, called
from portal.sources.olx.problems.passage import HTML, SEE_THROUGH
from portal.sources.olx.problems.points import weight_of
from portal.sources.olx.remarks import Remarks

ONLY_ASKED = "learners are asked; it is worth 0 points and never marked"
OF_THE_FORMAT = frozenset(HONOURED) - {"*"}


@dataclass(frozen=True, kw_only=True)
class Became:
    """A problem and what it became."""

    element: Element
    place: str
    asked: tuple[QuestionPublished, ...]
    hides: bool
    """Whether its author hides a part of it."""
    all_or_nothing: frozenset[Element]
    """Responses whose part credit, if the author gives any, is given in a way that is not followed."""


def note(became: Became, remarks: Remarks, pictures: Pictures) -> None:
    """Note every attribute and element without effect, and points that are not as the author wrote them."""
    if became.hides:
        remarks.add(became.place, "hidden text", HIDDEN)
    for question in became.asked:
        if not kinds.is_marked(question):
            what = "no right choice" if kinds.of(question).has_choices else "no right answer"
            remarks.add(question.title or became.place, what, ONLY_ASKED)
    _note_weight(became, remarks)
    for element in _kept(became.element, became.place, remarks):
        _note_element(element, became, remarks, pictures)


def _note_weight(became: Became, remarks: Remarks) -> None:
    weight, points = weight_of(became.element), sum(question.points for question in became.asked)
    if weight is not None and weight != points and any(question.key for question in became.asked):
        remarks.add(became.place, f"weight {weight}", f"points are whole here: it is worth {points}")


def _kept(element: Element, place: str, remarks: Remarks) -> Iterator[Element]:
    """The elements that may be shown, outermost first; what is left out whole is noted."""
    waiting = [element]
    while waiting:
        one = waiting.pop()
        tag = one.tag if isinstance(one.tag, str) else ""
        if tag in ELEMENTS:
            remarks.add(place, f"<{tag}>", ELEMENTS[tag])
            continue
        yield one
        waiting.extend(reversed(one))


def _note_element(element: Element, became: Became, remarks: Remarks, pictures: Pictures) -> None:
    tag = element.tag
    if tag in OF_THE_FORMAT:
        remarks.block(element, became.place)
        if element in became.all_or_nothing and element.get("partial_credit"):
            remarks.add(became.place, "partial_credit", ALL_OR_NOTHING)
    elif tag in TAGS:
        remarks.html(element.attrib, became.place, kept=frozenset(ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())))
        _note_link(element, became.place, remarks, pictures)
    elif tag in HTML | SEE_THROUGH:
        remarks.add(became.place, f"<{tag}>", LOOK)
    else:
        remarks.add(became.place, f"<{tag}>", LEFT_OUT)


def _note_link(element: Element, place: str, remarks: Remarks, pictures: Pictures) -> None:
    target = element.get("href", "") if element.tag == "a" else ""
    if target and not target.startswith("#") and not leads_somewhere(target, pictures):
        remarks.add(place, link_name(target), DEAD_LINK)


def link_name(target: str) -> str:
    """What to call a link that leads nowhere; those within the course are named by numbers that say nothing."""
    is_within = "jump_to" in target or target.startswith("/course")
    return "link into the course's own pages" if is_within else f"link to {called(target)}"


def leads_somewhere(target: str, pictures: Pictures) -> bool:
    """Whether a link of the author's still opens something here."""
    return pictures.link(target).startswith(("asset:", "https://"))
