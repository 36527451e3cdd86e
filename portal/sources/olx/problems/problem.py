"""Reads one problem into the questions it asks, with their keys, and without anything that tells them."""

import re
from dataclasses import dataclass, replace
from html import escape
from xml.etree.ElementTree import Element, tostring

from portal.domain.answers import kinds
from portal.domain.courses.published import QuestionPublished
from portal.models.courses.question import QuestionKind
from portal.sources.errors import UnusablePart
from portal.sources.olx.export.tree import display_name, url_name
from portal.sources.olx.hidden import prune
from portal.sources.olx.pictures import Pictures
from portal.sources.olx.problems import markdown, problem_remarks
from portal.sources.olx.problems.parts import Part, hand_out_text, parts
from portal.sources.olx.problems.passage import Passage
from portal.sources.olx.problems.points import shared_points
from portal.sources.olx.problems.problem_remarks import Became
from portal.sources.olx.problems.responses import READERS, UNKNOWN, Answered, Asked, Unanswerable
from portal.sources.olx.remarks import Remarks

VARIABLE = re.compile(r"\$\{?[A-Za-z_]\w*")
SCRIPT = "script"
MOST_PARTS = 500
#: As many letters of the author's XML are kept with every part of a problem; longer XML with the first alone.
MOST_KEPT = 100_000
LONGEST_CONTEXT = 80


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A problem as its file spells it, what the course calls it, and where to note what is not honoured."""

    element: Element
    content_id: str
    remarks: Remarks

    @property
    def name(self) -> str:
        return display_name(self.element)

    @property
    def place(self) -> str:
        return self.name or url_name(self.element)


def questions(problem: Problem, pictures: Pictures) -> tuple[QuestionPublished, ...]:
    """One question for each response the problem holds; none when it holds none.

    :raises UnusablePart: it holds more than anybody can answer.
    """
    original = tostring(problem.element, encoding="unicode")
    element = _with_responses(problem.element)
    hides = prune(element)
    found = parts(element)
    if len(found) > MOST_PARTS:
        raise UnusablePart(f"it asks more than {MOST_PARTS} questions")
    if not found:
        return ()
    passage = Passage(pictures)
    hand_out_text(element, found, passage)
    _note_variables(element, passage)
    answers = [_answered(part, passage) for part in found]
    drafts = [_question(problem, part, answer, passage) for part, answer in zip(found, answers, strict=True)]
    asked = _as_parts(element, drafts, found, original)
    if not any(question.problem for question in asked):
        strict = frozenset(part.response for part, answer in zip(found, answers, strict=True) if _is_strict(answer))
        became = Became(element=element, place=problem.place, asked=asked, hides=hides, all_or_nothing=strict)
        problem_remarks.note(became, problem.remarks, pictures)
    return asked


def _as_parts(
    element: Element, drafts: list[QuestionPublished], found: list[Part], original: str
) -> tuple[QuestionPublished, ...]:
    """With what depends on the others of the problem: points, names, and whether the whole XML is kept."""
    earns = [draft.problem is not None or kinds.is_marked(draft) for draft in drafts]
    points = shared_points(element, earns)
    kept = original if len(original) * len(drafts) <= MOST_KEPT else ""
    return tuple(
        replace(_numbered(draft, part, place, len(drafts)), points=worth, original=original if place == 1 else kept)
        for place, (draft, part, worth) in enumerate(zip(drafts, found, points, strict=True), start=1)
    )


def _is_strict(answer: Answered | str) -> bool:
    """Whether part credit, if the author gives any, is not given here."""
    return isinstance(answer, Answered) and not answer.is_credit_read


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
        return f"{kind}: {UNKNOWN.get(kind, 'this type of question is not supported')}"
    try:
        return _usable(reader(Asked(response=part.response, entry=part.entry, html=passage.inside)))
    except Unanswerable as error:
        return f"{kind}: {error}"


def _usable(answered: Answered) -> Answered:
    """:raises Unanswerable: no answer could be marked by its key."""
    ids = [choice.id for choice in answered.choices]
    if answered.key and (why := kinds.KINDS[answered.kind].why_unusable(answered.key, ids)):
        raise Unanswerable(why)
    return answered


def _question(problem: Problem, part: Part, answer: Answered | str, passage: Passage) -> QuestionPublished:
    """What one part alone says; its place among the problem's parts decides the rest."""
    read = Answered(kind=QuestionKind.LONG_TEXT, key={}) if isinstance(answer, str) else answer
    reasons = (answer if isinstance(answer, str) else None, *passage.notes)
    return QuestionPublished(
        content_id=problem.content_id,
        kind=read.kind,
        title=problem.name,
        text_html=part.text_html,
        points=1,
        choices=read.choices,
        key=read.key,
        unit=escape(" ".join((part.entry.get("trailing_text") or "").split()), quote=False),
        group=url_name(problem.element),
        problem="; ".join(filter(None, reasons)) or None,
        original="",
    )


def _numbered(draft: QuestionPublished, part: Part, place: int, count: int) -> QuestionPublished:
    """With an address of its own, and a name that tells it from the other parts of its problem."""
    if count == 1:
        return draft
    about = f" {part.context[:LONGEST_CONTEXT]}" if part.context else ""
    suffix = f"+part@{place}" if place > 1 else ""
    return replace(draft, content_id=draft.content_id + suffix, title=f"{draft.title} ({place}){about}".strip())


def _note_variables(element: Element, passage: Passage) -> None:
    """A problem whose script fills in variables cannot be shown; one whose script does not, can."""
    if element.find(f".//{SCRIPT}") is None:
        return
    names = sorted({match for text in _words(element) for match in VARIABLE.findall(text)})
    if names:
        passage.note(f"a script fills in {', '.join(names)}, and scripts are not run here")


def _words(element: Element) -> list[str]:
    """All texts and attributes outside scripts, the problem's own settings and its solutions."""
    found: list[str] = []
    for child in element:
        found.append(child.tail or "")
        if child.tag in (SCRIPT, "solution", "demandhint"):
            continue
        found.extend((child.text or "", *child.attrib.values(), *_words(child)))
    return [element.text or "", *found]
