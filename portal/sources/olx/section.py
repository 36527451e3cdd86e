"""Reads one timed section into an exam: its settings, questions, materials, and what cannot be shown."""

from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element, tostring

from portal.domain.publishing import ExamPublished, QuestionPublished, Unreadable
from portal.sources.olx.attributes import flag, minutes, moment, words
from portal.sources.olx.materials import Materials
from portal.sources.olx.pictures import Pictures
from portal.sources.olx.problem import Problem, questions
from portal.sources.olx.tree import Section, Tree, display_name, url_name

REASONS = {
    "video": "videos are not shown during an exam",
    "discussion": "discussions are closed during an exam",
    "lti": "tools of other services are not opened during an exam",
    "lti_consumer": "tools of other services are not opened during an exam",
    "library_content": "questions drawn at random from a library are not drawn here",
    "itembank": "questions drawn at random from a library are not drawn here",
    "split_test": "content that differs between groups of learners is not chosen here",
    "conditional": "content that depends on other answers is not chosen here",
}
NOT_KNOWN = "this kind of component is not known here"
MISSING = "the export has no file for it"


@dataclass
class Contents:
    """What the components of one section add up to."""

    pictures: Pictures
    questions: list[QuestionPublished] = field(default_factory=list)
    materials: list[str] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def leave_out(self, name: str, kind: str, reason: str) -> None:
        self.unreadable.append(Unreadable(name=name, kind=kind, reason=reason))


def is_timed(section: Section) -> bool:
    return flag(section.element, "is_time_limited")


def exam(tree: Tree, section: Section) -> ExamPublished:
    element = section.element
    name = display_name(element) or url_name(element)
    contents = Contents(Pictures(tree.files))
    for pointer in element:
        _take(tree, pointer, contents)
    return ExamPublished(
        content_id=tree.content_id(element),
        name=name,
        time_limit_minutes=minutes(element, "default_time_limit_minutes", name),
        closes_at=moment(section.due, name),
        is_proctored=flag(element, "is_proctored_enabled", "is_proctored_exam"),
        is_practice=flag(element, "is_practice_exam"),
        is_onboarding=flag(element, "is_onboarding_exam"),
        hide_after_due=flag(element, "hide_after_due"),
        review_rules=words(element, "exam_review_rules"),
        questions=tuple(contents.questions),
        assets=contents.pictures.assets,
        materials_html="\n".join(contents.materials),
        unreadable=tuple(contents.unreadable),
    )


def _take(tree: Tree, pointer: Element, contents: Contents) -> None:
    """Add one component, and what it holds, to the contents; each component counts once."""
    kind, name = pointer.tag, url_name(pointer)
    if (kind, name) in contents.seen:
        return
    contents.seen.add((kind, name))
    element = tree.definition(pointer)
    if element is None:
        contents.leave_out(name, kind, MISSING)
        return
    match kind:
        case "vertical" | "sequential" | "wrapper":
            _take_unit(tree, element, contents)
        case "problem":
            _take_problem(tree, element, contents)
        case "html":
            _take_html(tree, element, contents)
        case _:
            contents.leave_out(display_name(element) or name, kind, REASONS.get(kind, NOT_KNOWN))


def _take_unit(tree: Tree, unit: Element, contents: Contents) -> None:
    before = len(contents.materials)
    for pointer in unit:
        _take(tree, pointer, contents)
    title = display_name(unit)
    if title and len(contents.materials) > before:
        contents.materials.insert(before, f"<h3>{escape(title, quote=False)}</h3>")


def _take_problem(tree: Tree, element: Element, contents: Contents) -> None:
    found = questions(Problem(element=element, content_id=tree.content_id(element)), contents.pictures)
    contents.questions.extend(found)
    if not found:
        name = display_name(element) or url_name(element)
        contents.leave_out(name, "problem", "it asks no question that can be recognised")


def _take_html(tree: Tree, element: Element, contents: Contents) -> None:
    name = display_name(element) or url_name(element)
    html = _html(tree, element)
    if html is None:
        contents.leave_out(name, "html", MISSING)
        return
    materials = Materials(contents.pictures)
    written = materials.rewritten(html)
    for picture in materials.missing:
        contents.leave_out(picture, "picture", f"{name} shows it, but it is not in the export")
    if materials.embeds:
        contents.leave_out(name, "html", "it embeds another page, which is not shown during an exam")
    if written:
        contents.materials.append(written)


def _html(tree: Tree, element: Element) -> str | None:
    """The HTML of a unit: in a file of its own, or within its XML."""
    path = f"html/{element.get('filename') or url_name(element)}.html".replace(":", "/")
    if tree.files.has(path):
        return tree.files.text(path)
    inner = (element.text or "") + "".join(tostring(child, encoding="unicode") for child in element)
    return inner if inner.strip() else None
