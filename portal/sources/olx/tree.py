"""The tree of a course as its export spells it: blocks point to one another by kind and name."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from xml.etree.ElementTree import Element, tostring

from portal.sources.errors import UnusablePart, UnusableSource
from portal.sources.olx.attributes import storable
from portal.sources.olx.files import Files
from portal.sources.olx.windows import Level

LONGEST_NAME = 255


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section and the chapter and course it stands in."""

    content_id: str
    name: str
    course: Element
    chapter: Element
    element: Element | None
    broken: str = ""
    """Why there is no element; empty when there is one."""

    @property
    def known(self) -> Element:
        """:raises UnusablePart: the export does not have it."""
        if self.element is None:
            raise UnusablePart(self.broken)
        return self.element

    @property
    def chapter_called(self) -> str:
        return f"the chapter {display_name(self.chapter) or url_name(self.chapter)}"

    @property
    def levels(self) -> tuple[Level, ...]:
        """What it stands in, the outermost first, and itself."""
        return (
            Level(called="the course", element=self.course),
            Level(called="its chapter", element=self.chapter),
            Level(called="it", element=self.known),
        )


class Tree:
    """The blocks of one course."""

    def __init__(self, files: Files) -> None:
        self.files = files
        pointer = files.xml("course.xml")
        if pointer.tag != "course":
            raise UnusableSource(f"course.xml describes a {pointer.tag}, not a course.")
        self.org, self.number = pointer.get("org", ""), pointer.get("course", "")
        self.run = pointer.get("url_name", "")
        if not (self.org and self.number and self.run):
            raise UnusableSource("course.xml must name the course's org, course and url_name (its run).")
        self._policy = self._read_policy()
        self.course = self._needed(pointer)

    @property
    def key(self) -> str:
        return f"course-v1:{self.org}+{self.number}+{self.run}"

    def content_id(self, element: Element) -> str:
        place = f"{self.org}+{self.number}+{self.run}"
        return f"block-v1:{place}+type@{element.tag}+block@{url_name(element)}"

    def sections(self) -> Iterator[Section]:
        """Every section that can be reached from the course, each once, in the course's order."""
        found: dict[str, Section] = {}
        chapters = self._children(self.course, "chapter")
        pairs = ((chapter, pointer) for chapter in chapters for pointer in chapter.findall("sequential"))
        for chapter, pointer in pairs:
            name = url_name(pointer)
            if name not in found:
                found[name] = self._section(pointer, chapter)
        yield from found.values()

    def _section(self, pointer: Element, chapter: Element) -> Section:
        """What is wrong with one section is its own affair: the others are read all the same."""
        element, broken = None, ""
        try:
            element = self._needed(pointer)
        except UnusableSource as reason:
            broken = str(reason).rstrip(".")
        return Section(
            content_id=self.content_id(pointer),
            name=display_name(pointer if element is None else element) or url_name(pointer),
            course=self.course,
            chapter=chapter,
            element=element,
            broken=broken,
        )

    def definition(self, pointer: Element) -> Element | None:
        """The block itself: written in place, or in the file of its kind; None when that file is missing."""
        if len(pointer) or (pointer.text or "").strip():
            return self._with_policy(pointer, pointer)
        name = pointer.get("filename") if pointer.tag == "problem" else None
        path = f"{pointer.tag}/{(name or url_name(pointer)).replace(':', '/')}.xml"
        if self.files.has(path):
            return self._with_policy(pointer, self.files.xml(path))
        only_a_pointer = set(pointer.keys()) <= {"url_name", "org", "course", "filename"}
        return None if only_a_pointer and pointer.tag != "html" else self._with_policy(pointer, pointer)

    def _children(self, parent: Element, kind: str) -> Iterator[Element]:
        for pointer in parent.findall(kind):
            yield self._needed(pointer)

    def _needed(self, pointer: Element) -> Element:
        element = self.definition(pointer)
        if element is None:
            name = url_name(pointer)
            raise UnusableSource(f"The export has no file {pointer.tag}/{name}.xml, which its outline names.")
        return element

    def _with_policy(self, pointer: Element, element: Element) -> Element:
        """The course's policy says more than the pointer, and the pointer what the block's own file leaves out."""
        policy = self._policy.get(f"{pointer.tag}/{url_name(pointer)}", {})
        for name, text in {**pointer.attrib, **element.attrib}.items():
            element.set(name, text)
        for name, said in (policy if isinstance(policy, dict) else {}).items():
            element.set(storable(name), storable(said) if isinstance(said, str) else json.dumps(said))
        element.set("url_name", url_name(pointer))
        return element

    def _read_policy(self) -> dict[str, object]:
        path = f"policies/{self.run}/policy.json"
        if not self.files.has(path):
            return {}
        try:
            policy = json.loads(self.files.text(path))
        except (ValueError, RecursionError) as error:
            raise UnusableSource(f"{path} is not well-formed JSON.") from error
        return policy if isinstance(policy, dict) else {}


def url_name(element: Element) -> str:
    """The block's own name; one written in place without a name is called after its content."""
    return element.get("url_name") or sha256(tostring(element)).hexdigest()[:32]


def display_name(element: Element) -> str:
    """On one line, and no longer than a heading may be."""
    name = " ".join((element.get("display_name") or "").split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
