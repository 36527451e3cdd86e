"""The components of one section: its questions, its materials, and what learners cannot be shown."""

from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from xml.etree.ElementTree import Element, tostring

from portal.domain.courses.published import QuestionPublished, Unreadable
from portal.sources.errors import UnusablePart, UnusableSource
from portal.sources.olx.export.tree import Tree, display_name, url_name
from portal.sources.olx.export.windows import Level, kept_from_learners, later
from portal.sources.olx.materials import Materials
from portal.sources.olx.pictures import Pictures
from portal.sources.olx.problems.problem import Problem, questions
from portal.sources.olx.remarks import Remarks

REASONS = {
    "video": "videos are not shown during an exam",
    "discussion": "discussions are closed during an exam",
    "lti": "external tools (LTI) are not opened during an exam",
    "lti_consumer": "external tools (LTI) are not opened during an exam",
    "library_content": "random questions from a library are not supported",
    "itembank": "random questions from a library are not supported",
    "randomize": "randomized content is not supported",
    "split_test": "content for groups of learners (content experiments) is not supported",
    "conditional": "conditional content is not supported",
    "openassessment": "peer assessments are not supported",
    "drag-and-drop-v2": "drag-and-drop questions are not supported",
    "poll": "polls and surveys are not part of an exam",
    "survey": "polls and surveys are not part of an exam",
    "word_cloud": "polls and surveys are not part of an exam",
}
NOT_KNOWN = "this type of component is not supported"
MISSING = "the export has no file for it"
UNITS = frozenset({"vertical", "sequential", "wrapper"})
MOST_LEVELS = 20


@dataclass
class Contents:
    """What the components of one section add up to."""

    pictures: Pictures
    remarks: Remarks
    opens_at: datetime | None
    now: datetime | None
    questions: list[QuestionPublished] = field(default_factory=list)
    materials: list[str] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    level: int = 0

    def leave_out(self, name: str, kind: str, reason: str) -> None:
        self.unreadable.append(Unreadable(name=name, kind="unit" if kind in UNITS else kind, reason=reason))


def take(tree: Tree, pointer: Element, contents: Contents) -> None:
    """Add one component, and what it holds, to the contents; each component counts once.

    What is wrong with one component is listed, and the others come in.
    """
    kind, name = str(pointer.tag), url_name(pointer)
    if (kind, name) in contents.seen:
        return
    contents.seen.add((kind, name))
    called = display_name(pointer) or name
    try:
        element = tree.definition(pointer)
        if element is None:
            raise UnusablePart(MISSING)
        called = display_name(element) or name
        _take_defined(tree, element, called, contents)
    except UnusablePart as reason:
        contents.leave_out(called, kind, str(reason))
    except UnusableSource as reason:
        contents.leave_out(called, kind, str(reason).rstrip("."))


def _take_defined(tree: Tree, element: Element, name: str, contents: Contents) -> None:
    kind = element.tag
    hidden = kept_from_learners([Level(called="it", element=element)])
    reason = hidden or later(element, contents.opens_at, contents.now)
    if reason:
        raise UnusablePart(reason)
    if kind in UNITS:
        contents.remarks.block(element, name)
        _take_unit(tree, element, contents)
    elif kind == "problem":
        _take_problem(tree, element, contents)
    elif kind == "html":
        contents.remarks.block(element, name)
        _take_html(tree, element, contents)
    else:
        raise UnusablePart(REASONS.get(kind, NOT_KNOWN))


def _take_unit(tree: Tree, unit: Element, contents: Contents) -> None:
    if contents.level >= MOST_LEVELS:
        raise UnusablePart("it nests its parts too deeply to be read")
    before = len(contents.materials)
    contents.level += 1
    for pointer in unit:
        take(tree, pointer, contents)
    contents.level -= 1
    title = display_name(unit)
    if title and len(contents.materials) > before:
        contents.materials.insert(before, f"<h3>{escape(title, quote=False)}</h3>")


def _take_problem(tree: Tree, element: Element, contents: Contents) -> None:
    problem = Problem(element=element, content_id=tree.content_id(element), remarks=contents.remarks)
    found = questions(problem, contents.pictures)
    contents.questions.extend(found)
    if not found:
        raise UnusablePart("it has no question of a type that is supported")


def _take_html(tree: Tree, element: Element, contents: Contents) -> None:
    name = display_name(element) or url_name(element)
    html = _html(tree, element)
    if html is None:
        raise UnusablePart(MISSING)
    materials = Materials(contents.pictures, contents.remarks, name)
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
