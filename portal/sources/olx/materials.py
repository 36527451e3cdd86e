"""Reads the HTML units of an exam, which learners may consult while they answer."""

import re
from html import escape, unescape

from portal.sources.olx.pictures import Pictures, called

# No pattern reads beyond the next "<", so that a hostile page takes one pass as well.
COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
TAG = re.compile(r"""<(/?)([a-z][^\s/<>"']*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)\s*=\s*("[^"<]*"|'[^'<]*'|[^\s"'<>]+)""")
EMBEDDING = frozenset({"iframe", "object", "embed"})
DROPPED = EMBEDDING | {"script", "style", "button"}
NEVER_CLOSED = frozenset({"embed"})
SOURCES = {"img": "src", "a": "href"}


class Materials:
    """Rewrites HTML so that pictures and documents are the exam's own assets; notes what learners miss."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self.missing: list[str] = []
        """What to call each picture that the export does not have."""
        self.embeds = False
        """Whether a page or program of another place was left out."""

    def rewritten(self, html: str) -> str:
        plain = COMMENT.sub("", html)
        written: list[str] = []
        within, at = "", 0
        for match in TAG.finditer(plain):
            if not within:
                written.append(plain[at : match.start()] + self._tag(match))
            within, at = _dropped_within(within, match), match.end()
        if not within:
            written.append(plain[at:])
        return "".join(written).strip()

    def _tag(self, match: re.Match[str]) -> str:
        closing, tag = match[1], match[2].lower()
        if tag in DROPPED:
            self.embeds = self.embeds or tag in EMBEDDING
            return ""
        if closing or tag not in SOURCES:
            return match[0]
        attributes = ATTRIBUTE.sub(lambda attribute: self._attribute(tag, attribute), match[3])
        return f"<{match[2]}{attributes}>"

    def _attribute(self, tag: str, attribute: re.Match[str]) -> str:
        if attribute[1].lower() != SOURCES[tag]:
            return attribute[0]
        source = unescape(attribute[2].strip("\"'"))
        address = self._pictures.link(source) if tag == "a" else self._pictures.address(source)
        if address is None and called(source) not in self.missing:
            self.missing.append(called(source))
        return f'{attribute[1]}="{escape(source if address is None else address)}"'


def _dropped_within(within: str, match: re.Match[str]) -> str:
    """The dropped element that the text after this tag stands in; none when it is to be kept."""
    tag, opens = match[2].lower(), not match[1] and not match[3].endswith("/")
    if within:
        return "" if tag == within and match[1] else within
    return tag if opens and tag in DROPPED - NEVER_CLOSED else ""
