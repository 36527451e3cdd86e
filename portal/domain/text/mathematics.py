"""Turns formulas that authors write in TeX into MathML, which browsers draw and screen readers speak."""

import re
from dataclasses import dataclass
from html import escape, unescape

from latex2mathml.converter import convert

#: Longer ones stay as they were typed: nobody reads them, and the converter recurses.
LONGEST = 2_000
#: As many letters of TeX are drawn in one text; what comes after them stays as typed. It takes about a second.
MOST_DRAWN = 50_000
#: What begins or ends a formula, and what ends the search for its end. Read in one pass, whatever the text is.
_MARK = re.compile(
    r"<(?P<closing>/?)(?P<tag>[a-zA-Z][\w-]*)|<|\\[()\[\]]|\[/?mathjax(?:inline)?\]",
)
#: In a line, and on a line of its own, as course platforms set MathJax up. A dollar is money there, and here.
_ENDS = {
    r"\(": (r"\)", "inline"),
    "[mathjaxinline]": ("[/mathjaxinline]", "inline"),
    r"\[": (r"\]", "block"),
    "[mathjax]": ("[/mathjax]", "block"),
}
_CODE = frozenset({"pre", "code"})


@dataclass
class _Open:
    """The formula that a mark has begun: where it begins, and where its TeX does."""

    mark: str
    begins: int
    inside: int


def typeset(html: str) -> str:
    """``html`` with its formulas as MathML; one that cannot be read stays as typed. Must be sanitised afterwards.

    Nothing inside code counts, and a formula ends before the next tag or not at all.
    """
    written: list[str] = []
    copied, left = 0, MOST_DRAWN
    for begins, ends, tex, display in _formulas(html):
        drawn = _drawn(tex, display) if len(tex) <= min(left, LONGEST) else None
        if drawn is not None:
            written += html[copied:begins], drawn
            copied, left = ends, left - len(tex)
    return "".join((*written, html[copied:]))


def _formulas(html: str) -> list[tuple[int, int, str, str]]:
    """Where each formula begins and ends, its TeX, and how it is displayed."""
    found: list[tuple[int, int, str, str]] = []
    opened: _Open | None = None
    code = ""
    for match in _MARK.finditer(html):
        mark = match[0]
        if mark.startswith("<"):
            opened, code = None, _code_after(code, match)
        elif opened is not None and mark == _ENDS[opened.mark][0]:
            found.append((opened.begins, match.end(), html[opened.inside : match.start()], _ENDS[opened.mark][1]))
            opened = None
        elif not code and opened is None and mark in _ENDS:
            opened = _Open(mark, match.start(), match.end())
    return found


def _code_after(code: str, match: re.Match[str]) -> str:
    """The element of code that the text after this tag stands in; none when it stands in none."""
    tag = (match["tag"] or "").lower()
    if code:
        return "" if match["closing"] and tag == code else code
    return tag if tag in _CODE and not match["closing"] else ""


def _drawn(written: str, display: str) -> str | None:
    tex = unescape(written).strip()
    if not tex:
        return None
    try:
        drawn: str = convert(tex, display=display)
    except Exception:  # The converter has no common error, and an author's slip must not stop an import.
        return None
    is_understood = "<mi>\\" not in drawn
    return drawn.replace("<math ", f'<math alttext="{escape(tex)}" ', 1) if is_understood else None
