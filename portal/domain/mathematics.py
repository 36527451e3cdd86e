"""Turns formulas that authors write in TeX into MathML, which browsers draw and screen readers speak."""

import re
from html import escape, unescape

from latex2mathml.converter import convert

#: Longer ones stay as they were typed: nobody reads them, and the converter recurses.
LONGEST = 2_000
#: ``\(in a line\)`` and ``\[on a line of its own\]``, the delimiters of MathJax; nothing inside code counts.
_FORMULA = re.compile(
    r"<(?P<code>pre|code)\b.*?</(?P=code)>|\\\((?P<inline>[^<]+?)\\\)|\\\[(?P<block>[^<]+?)\\\]", re.DOTALL
)


def typeset(html: str) -> str:
    """``html`` with its formulas as MathML; one that cannot be read stays as typed. Must be sanitised afterwards."""
    return _FORMULA.sub(_drawn, html)


def _drawn(found: re.Match[str]) -> str:
    written = found["inline"] or found["block"]
    if written is None or len(written) > LONGEST:
        return found[0]
    tex = unescape(written).strip()
    try:
        drawn = convert(tex, display="inline" if found["inline"] else "block")
    except Exception:  # The converter has no common error, and an author's slip must not stop an import.
        return found[0]
    is_understood = "<mi>\\" not in drawn
    return drawn.replace("<math ", f'<math alttext="{escape(tex)}" ', 1) if is_understood else found[0]
