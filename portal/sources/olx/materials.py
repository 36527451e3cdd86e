"""Reads the HTML units of an exam, which learners may consult while they answer."""

import re
from html import escape, unescape

from portal.domain.text.sanitising import ATTRIBUTES, TAGS
from portal.sources.errors import UnusablePart
from portal.sources.olx.dictionary import DEAD_LINK, HIDDEN, LEFT_OUT, LOOK, NO_SCRIPTS
from portal.sources.olx.export.limits import MOST_HTML
from portal.sources.olx.hidden import Sheet, is_hidden, sheet
from portal.sources.olx.pictures import Pictures, called
from portal.sources.olx.problems.problem_remarks import leads_somewhere, link_name
from portal.sources.olx.remarks import Remarks

# No pattern reads beyond the next "<", and attributes are only looked for where a word begins, so that a hostile
# page takes one pass as well.
COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
TAG = re.compile(r"""<(/?)([a-z][^\s/<>"']*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""(?<![^\s=/"'<>])([^\s=/"'<>]+)\s*=\s*("[^"<]*"|'[^'<]*'|[^\s"'<>]+)""")
SWITCH = re.compile(r"[^\s=/\"'<>]+")
EMBEDDING = frozenset({"iframe", "object", "embed"})
DROPPED = EMBEDDING | {"script", "style", "button"}
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
#: Elements that end by themselves where another begins, so that many of them open is no nesting.
ENDS_BY_ITSELF = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup"})
MOST_LEVELS = 100
SOURCES = {"img": "src", "a": "href"}
STANDS_FOR_ITSELF = TAGS | DROPPED | {"html", "head", "body"}


class Materials:
    """Rewrites HTML so that pictures and documents are the exam's own assets; notes what learners miss."""

    def __init__(self, pictures: Pictures, remarks: Remarks, place: str) -> None:
        self._pictures, self._remarks, self._place = pictures, remarks, place
        self._styles: Sheet = ()
        self._within, self._deep, self._level = "", 0, 0
        self.missing: list[str] = []
        """What to call each picture that the export does not have."""
        self.embeds = False
        """Whether a page or program of another place was left out."""

    def rewritten(self, html: str) -> str:
        """The page as learners may see it. :raises UnusablePart: it is too long, or nests too deeply."""
        plain = COMMENT.sub("", html)
        self._styles = sheet("".join(_between_tags(plain, "style")))
        self._within, self._deep, self._level = "", 0, 0
        written: list[str] = []
        at = 0
        for match in TAG.finditer(plain):
            if not self._within:
                written.append(plain[at : match.start()])
            written.append(self._met(match))
            at = match.end()
        whole = "".join((*written, "" if self._within else plain[at:])).strip()
        if len(whole) > MOST_HTML:
            raise UnusablePart(f"it is longer than {MOST_HTML:,} characters")
        return whole

    def _met(self, match: re.Match[str]) -> str:
        """What becomes of a tag; what stands in an element that is left out goes with it."""
        tag, step = match[2].lower(), _step(match)
        if self._within:
            self._deep += step * (tag == self._within)
            self._within = self._within if self._deep > 0 else ""
            return ""
        if not self._is_left_out(match):
            self._level = max(self._level + step * (tag not in ENDS_BY_ITSELF), 0)
            if self._level > MOST_LEVELS:
                raise UnusablePart("it nests its parts too deeply to be read")
            return self._tag(match)
        if step > 0:
            self._within, self._deep = tag, 1
        return ""

    def _is_left_out(self, match: re.Match[str]) -> bool:
        """Whether the tag goes, with what stands in it."""
        tag = match[2].lower()
        if tag in DROPPED:
            self.embeds = self.embeds or tag in EMBEDDING
            self._note_dropped(tag, match)
            return True
        if match[1] or not is_hidden(tag, _attributes(match[3]), self._styles):
            return False
        self._remarks.add(self._place, "hidden text", HIDDEN)
        return True

    def _note_dropped(self, tag: str, match: re.Match[str]) -> None:
        if not match[1] and tag not in EMBEDDING:
            meaning = {"script": NO_SCRIPTS, "style": LOOK}.get(tag, LEFT_OUT)
            self._remarks.add(self._place, f"<{tag}>", meaning)

    def _tag(self, match: re.Match[str]) -> str:
        closing, tag = match[1], match[2].lower()
        if closing:
            return match[0]
        if tag not in STANDS_FOR_ITSELF:
            self._remarks.add(self._place, f"<{tag}>"[:60], LOOK)
        else:
            kept = frozenset(ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()))
            self._remarks.html(_attributes(match[3]), self._place, kept=kept)
        if tag not in SOURCES:
            return match[0]
        attributes = ATTRIBUTE.sub(lambda attribute: self._attribute(tag, attribute), match[3])
        return f"<{match[2]}{attributes}>"

    def _attribute(self, tag: str, attribute: re.Match[str]) -> str:
        if attribute[1].lower() != SOURCES[tag]:
            return attribute[0]
        source = unescape(attribute[2].strip("\"'"))
        if tag == "a" and source and not source.startswith("#") and not leads_somewhere(source, self._pictures):
            self._remarks.add(self._place, link_name(source), DEAD_LINK)
        address = self._pictures.link(source) if tag == "a" else self._pictures.address(source)
        if address is None and called(source) not in self.missing:
            self.missing.append(called(source))
        return f'{attribute[1]}="{escape(source if address is None else address)}"'


def _step(match: re.Match[str]) -> int:
    """One level deeper, one back, or neither. As in a browser, a slash at the end of a tag closes nothing."""
    if match[1]:
        return -1
    tag = match[2].lower()
    return 0 if tag in VOID or (tag in DROPPED and match[3].endswith("/")) else 1


def _attributes(written: str) -> dict[str, str]:
    """Names in lower case, with their values; a switch such as `hidden` has none."""
    found = {one[1].lower(): unescape(one[2].strip("\"'")) for one in ATTRIBUTE.finditer(written)}
    switches = SWITCH.findall(ATTRIBUTE.sub(" ", written))
    return {**{name.lower(): "" for name in switches}, **found}


def _between_tags(html: str, tag: str) -> list[str]:
    """What stands between each `<tag …>` and the next `</`."""
    pieces = re.split(rf"<{tag}\b[^<>]*>", html, flags=re.IGNORECASE)[1:]
    return [piece.partition("</")[0] for piece in pieces]
