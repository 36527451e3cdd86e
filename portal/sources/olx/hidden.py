"""What an author has hidden: by `hidden`, by a style of its own, or by a style sheet written into the text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\(.)", re.IGNORECASE | re.DOTALL)
ZERO = re.compile(r"[+-]?0*\.?0+(?:%|[a-z]+)?")
COMPOUND = re.compile(r"([a-z][\w-]*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
NAMED = re.compile(r"[.#][\w-]+")
CALLED = {".": "class", "#": "id"}
HIDING = {"display": {"none"}, "visibility": {"hidden", "collapse"}, "content-visibility": {"hidden"}}
SHRINKING = frozenset({"opacity", "font-size"})
#: In these `hidden` is a word of the format's own and means something else.
ENTRIES = frozenset({"textline", "formulaequationinput", "optioninput", "choicegroup", "checkboxgroup"})
#: HTML of another day: it keeps these out of sight by itself.
UNSEEN = frozenset({"template"})


@dataclass(frozen=True, kw_only=True)
class Selector:
    """The last part of a selector: an element's name or "", and the `.classes` and `#names` it must have."""

    tag: str
    names: tuple[str, ...]

    def fits(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if self.tag and self.tag != tag:
            return False
        return all(name[1:] in attributes.get(CALLED[name[0]], "").split() for name in self.names)


Sheet = tuple[Selector, ...]
"""What a style sheet hides."""


def sheet(css: str) -> Sheet:
    """What ``css`` hides on a screen. Takes one pass, whatever it is given."""
    found: list[Selector] = []
    is_for_paper = False
    for block in _uncommented(css).split("}"):
        if block.lstrip().startswith("@"):
            is_for_paper = "print" in block.partition("{")[0]
        if "{" not in block:
            is_for_paper = False
        before, _, declarations = block.rpartition("{")
        if not is_for_paper and _hides(declarations):
            found += filter(None, map(_selector, before.rpartition("{")[2].split(",")))
    return tuple(found)


def is_hidden(tag: str, attributes: Mapping[str, str], styles: Sheet = ()) -> bool:
    """Whether an element with these attributes is out of the learner's sight; names are in lower case."""
    if tag in UNSEEN or _hides(_uncommented(attributes.get("style", ""))):
        return True
    if "hidden" in attributes and tag not in ENTRIES:
        return True
    return any(selector.fits(tag, attributes) for selector in styles)


def prune(element: Element) -> bool:
    """Take what is hidden out of the element, keeping the text that follows it. Whether there was any."""
    styles = sheet("".join(text for style in element.iter("style") for text in style.itertext()))
    found = False
    for holder in list(element.iter()):
        hidden = {child for child in holder if is_hidden(_local(child.tag), _attributes(child), styles)}
        if hidden:
            _take_out(holder, hidden)
            found = True
    return found


def _take_out(holder: Element, hidden: set[Element]) -> None:
    """Drop these children; the text behind them moves to what stands before it, in one pass."""
    kept: list[Element] = []
    texts = [[holder.text or ""]]
    for child in holder:
        if child in hidden:
            texts[-1].append(child.tail or "")
        else:
            kept.append(child)
            texts.append([child.tail or ""])
    holder[:] = kept
    holder.text = "".join(texts[0])
    for child, pieces in zip(kept, texts[1:], strict=True):
        child.tail = "".join(pieces)


def _selector(written: str) -> Selector | None:
    """What the last part of a selector asks for; None where that depends on more than name, class and id."""
    last = written.strip().rpartition(">")[2].split()[-1:]
    match = COMPOUND.fullmatch(last[0]) if last else None
    if match is None or not match[0]:
        return None
    return Selector(tag=(match[1] or "").lower(), names=tuple(NAMED.findall(match[2])))


def _hides(declarations: str) -> bool:
    """Whether the declarations, the last of a name counting, keep an element out of sight."""
    said: dict[str, str] = {}
    for declaration in _unescaped(declarations).lower().split(";"):
        name, _, value = declaration.partition(":")
        said[name.strip()] = value.replace("!important", "").strip()
    by_word = any(said.get(name) in words for name, words in HIDING.items())
    return by_word or any(ZERO.fullmatch(said.get(name, "1")) for name in SHRINKING)


def _unescaped(css: str) -> str:
    return ESCAPE.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)) if found[1] else found[2], css)


def _uncommented(css: str) -> str:
    first, *rest = css.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def _attributes(element: Element) -> dict[str, str]:
    return {_local(name): text for name, text in element.items()}


def _local(name: object) -> str:
    return name.rsplit("}", 1)[-1].lower() if isinstance(name, str) else ""
