"""Collects what an author wrote and no exam honours, each with its places, so that nothing is lost in silence."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from portal.domain.courses.published import NotHonoured
from portal.sources.olx.dictionary import (
    APPEARANCE,
    HONOURED,
    LOOK,
    MEANINGS,
    NO_SCRIPTS,
    NOT_USED,
    OF_THE_TOOL,
    SAYS_NOTHING,
    SITE,
)
from portal.sources.olx.export.attributes import value

#: What is listed under one meaning, without each having a line of its own.
GATHERED = frozenset({LOOK, NOT_USED, SITE})
#: How a browser follows a link; ours are followed in a safe way anyhow.
OF_A_LINK = frozenset({"rel", "target"})
LONGEST_NAME = 60


@dataclass
class Remarks:
    """What is not honoured, in the order in which it was met."""

    _found: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)

    def add(self, place: str, what: str, meaning: str) -> None:
        """The same of the same place counts once."""
        self._found.setdefault((what, meaning), {})[place] = None

    def block(self, element: Element, place: str, *, otherwise: str = NOT_USED) -> None:
        """Each attribute of a block, or of an element of the format's own, that has no effect."""
        honoured = HONOURED.get(element.tag, HONOURED["*"])
        for name, text in element.items():
            if name in honoured or name.startswith(OF_THE_TOOL) or _says_nothing(name, text):
                continue
            self.add(place, _cut(name), MEANINGS.get(name, otherwise))

    def html(self, attributes: Iterable[str], place: str, *, kept: frozenset[str]) -> None:
        """Each attribute of an HTML element that is not shown."""
        for name in attributes:
            if name in kept or name in OF_A_LINK:
                continue
            is_script = name.startswith("on")
            self.add(place, _cut(name), LOOK if name in APPEARANCE else NO_SCRIPTS if is_script else NOT_USED)

    @property
    def taken(self) -> tuple[NotHonoured, ...]:
        """What was found; one line for all that only looks different, and for what is so in the same places."""
        lines: dict[tuple[object, str], tuple[dict[str, None], dict[str, None]]] = {}
        for (what, meaning), places in self._found.items():
            alike = "" if meaning in GATHERED else tuple(places)
            names, where = lines.setdefault((alike, meaning), ({}, {}))
            names[what] = None
            where.update(places)
        return tuple(
            NotHonoured(what=", ".join(sorted(names)), meaning=meaning, places=tuple(where))
            for (_, meaning), (names, where) in lines.items()
        )


def _says_nothing(name: str, text: str) -> bool:
    """Whether the attribute is empty, off, or what it is without being written."""
    read = value(text)
    if read in (None, False, [], {}) or (isinstance(read, str) and not read.strip()):
        return True
    return str(read).strip().lower() in {"false", "null", "none", *SAYS_NOTHING.get(name, ())}


def _cut(name: str) -> str:
    plain = name.rsplit("}", 1)[-1]
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…"
