"""Turns the readable parts of a problem into HTML and leaves out whatever would give its answer away."""

from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import Element

from portal.sources.olx.pictures import Pictures, why_missing

# Everything that is neither here nor in the tables below is left out with all it holds: in a problem,
# an element that is not HTML is either an input or a place for answers.
NAMES = """
    a abbr article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details
    dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark
    nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead
    time tr tt u ul var wbr
"""
HTML = frozenset(NAMES.split())
VOID = frozenset({"br", "col", "hr", "img", "wbr"})
AS_PARAGRAPH = frozenset({"label", "description"})
SEE_THROUGH = frozenset({"problem", "text", "form", "fieldset", "legend", "noscript"})
CANNOT_BE_SHOWN = frozenset({"iframe", "object", "embed", "video", "audio", "math", "svg", "canvas"})
BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})
TELLING = frozenset({"answer", "correct", "correct_answer", "expect", "expected", "explanation"})


class Passage:
    """Writes one problem's text; what learners would miss is noted as it is met."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._notes: dict[str, None] = {}
        self.gaps: Mapping[Element, int] = {}
        """Elements to show as a numbered gap instead of their content."""

    def inside(self, element: Element) -> str:
        """The element's content, without the element itself."""
        return escape(element.text or "", quote=False) + "".join(self.whole(child) for child in element)

    def whole(self, element: Element) -> str:
        """The element and the text that follows it."""
        return self._element(element) + escape(element.tail or "", quote=False)

    def _element(self, element: Element) -> str:
        tag = _local(element.tag)
        if element in self.gaps:
            return f" <strong>({self.gaps[element]})</strong> "
        if tag in CANNOT_BE_SHOWN:
            self.note(f"it holds <{tag}>, which cannot be shown here")
            return ""
        if tag in AS_PARAGRAPH:
            return self._paragraph(element)
        if tag == "clarification":
            return f" ({self.inside(element).strip()})"
        if tag in SEE_THROUGH or tag.endswith("response"):
            return self.inside(element)
        return self._html(element, tag) if tag in HTML else ""

    def _html(self, element: Element, tag: str) -> str:
        attributes = {name: text for name, text in element.items() if _local(name) not in TELLING}
        if tag == "img":
            attributes["src"] = self._source(element)
        elif tag == "a" and "href" in attributes:
            attributes["href"] = self._pictures.link(attributes["href"])
        written = "".join(f' {_local(name)}="{escape(text)}"' for name, text in attributes.items())
        opening = f"<{tag}{written}>"
        return opening if tag in VOID else f"{opening}{self.inside(element)}</{tag}>"

    def _paragraph(self, element: Element) -> str:
        tag = "div" if any(child.tag in BLOCKS for child in element) else "p"
        content = self.inside(element).strip()
        return f"<{tag}>{content}</{tag}>" if content else ""

    def _source(self, element: Element) -> str:
        source = element.get("src", "")
        address = self._pictures.address(source)
        if address is None:
            self.note(f"picture {why_missing(source)}")
        return address or source

    def note(self, note: str) -> None:
        self._notes[note] = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Why learners cannot be shown the problem, each reason once."""
        return tuple(self._notes)


def _local(name: object) -> str:
    """A tag or attribute without its namespace; comments and the like have no name at all."""
    return name.rsplit("}", 1)[-1].lower() if isinstance(name, str) else ""


def plain(element: Element) -> str:
    """All words of an element on one line."""
    return " ".join("".join(element.itertext()).split())
