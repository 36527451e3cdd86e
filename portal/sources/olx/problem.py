"""Reads one problem into the questions it asks, with their keys, and without anything that tells them."""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from xml.etree.ElementTree import Element, tostring

from portal.domain.publishing import QuestionPublished
from portal.models.question import QuestionKind
from portal.sources.olx import markdown
from portal.sources.olx.parts import Part, hand_out_text, parts
from portal.sources.olx.passage import Passage
from portal.sources.olx.pictures import Pictures
from portal.sources.olx.responses import READERS, UNKNOWN, Answered, Asked, Unanswerable
from portal.sources.olx.tree import display_name, url_name

VARIABLE = re.compile(r"\$\{?[A-Za-z_]\w*")
SCRIPT = "script"
MOST_POINTS = Decimal(10_000)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A problem as its file spells it, and what the course calls it."""

    element: Element
    content_id: str


def questions(problem: Problem, pictures: Pictures) -> tuple[QuestionPublished, ...]:
    """One question for each response the problem holds; none when it holds none."""
    original = tostring(problem.element, encoding="unicode")
    element = _with_responses(problem.element)
    found = parts(element)
    if not found:
        return ()
    passage = Passage(pictures)
    hand_out_text(element, found, passage)
    scripted = _scripted(element)
    if scripted:
        passage.note(scripted)
    answers = [_answered(part, passage) for part in found]
    points = shared_points(element, len(found))
    drafts = [_question(problem, part, answer) for part, answer in zip(found, answers, strict=True)]
    return tuple(
        replace(
            draft,
            content_id=draft.content_id + (f"+part@{place}" if place > 1 else ""),
            points=worth,
            attention="; ".join(filter(None, (draft.attention, *passage.notes))) or None,
            original=original,
        )
        for place, (draft, worth) in enumerate(zip(drafts, points, strict=True), start=1)
    )


def _with_responses(element: Element) -> Element:
    """The problem itself, or, when it is written in Markdown alone, what that Markdown means."""
    written = element.get("markdown") or ""
    if parts(element) or not written.strip() or written == "null":
        return element
    made = markdown.problem(written)
    made.attrib.update(element.attrib)
    return made


def _answered(part: Part, passage: Passage) -> Answered | str:
    """The key, or why there is none."""
    kind = part.response.tag
    reader = READERS.get(kind)
    if reader is None:
        return f"{kind}: {UNKNOWN.get(kind, 'this type of question is not known here')}"
    try:
        return reader(Asked(response=part.response, entry=part.entry, html=passage.inside))
    except Unanswerable as error:
        return f"{kind}: {error}"


def _question(problem: Problem, part: Part, answer: Answered | str) -> QuestionPublished:
    """What one part alone says; its place among the problem's parts decides the rest."""
    read = Answered(kind=QuestionKind.LONG_TEXT, key={}) if isinstance(answer, str) else answer
    return QuestionPublished(
        content_id=problem.content_id,
        kind=read.kind,
        title=display_name(problem.element),
        text_html=part.text_html,
        points=1,
        choices=read.choices,
        key=read.key,
        group=url_name(problem.element),
        attention=answer if isinstance(answer, str) else None,
        original="",
    )


def _scripted(element: Element) -> str:
    """Why a problem whose script fills in variables cannot be shown; nothing when its script does not."""
    if element.find(f".//{SCRIPT}") is None:
        return ""
    names = sorted({match for text in _words(element) for match in VARIABLE.findall(text)})
    return f"a script fills in {', '.join(names)}, and scripts are not run here" if names else ""


def _words(element: Element) -> list[str]:
    """All texts and attributes outside scripts, the problem's own settings and its solutions."""
    found: list[str] = []
    for child in element:
        found.append(child.tail or "")
        if child.tag in (SCRIPT, "solution", "demandhint"):
            continue
        found.extend((child.text or "", *child.attrib.values(), *_words(child)))
    return [element.text or "", *found]


def shared_points(element: Element, count: int) -> list[int]:
    """The problem's weight in whole points, shared out; without a weight each part is worth one point.

    Earlier parts take what does not divide evenly. A part of a problem that counts at all is worth at
    least one point, so that no answer is asked for nothing; a weight of zero makes all parts worth none.
    """
    try:
        weight = Decimal((element.get("weight") or "").strip('" '))
        whole = int(max(min(weight, MOST_POINTS), -MOST_POINTS).to_integral_value(ROUND_HALF_UP))
    except (InvalidOperation, OverflowError, ValueError):
        return [1] * count
    if weight == Decimal("-Infinity"):
        return [1] * count
    if weight <= 0:
        return [0] * count
    share, left = divmod(whole, count)
    return [max(share + (place < left), 1) for place in range(count)]
