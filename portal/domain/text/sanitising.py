"""Makes an author's HTML safe to show: a short list of what may stay, and pictures of our own only."""

import re
from collections.abc import Mapping
from html import escape, unescape

import nh3

from portal.domain.text.mathematics import typeset

_WORDS = """
abbr b bdi bdo blockquote br caption code col colgroup dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
hr i ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th thead tr u ul var
"""
_MATHEMATICS = """
math mfrac mi mmultiscripts mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup
mtable mtd mtext mtr munder munderover
"""
TAGS = {"a", "img", *_WORDS.split(), *_MATHEMATICS.split()}
ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href"},
    "abbr": {"title"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "math": {"alttext", "display"},
    "mi": {"mathvariant"},
    "mo": {"fence", "form", "stretchy"},
    "mspace": {"width"},
    "ol": {"reversed", "start", "type"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
}
#: Gone with everything inside them; of any other unknown tag only the tag itself goes.
DROPPED_WHOLE = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "noscript",
    "template",
    "svg",
    "textarea",
    "select",
}

ASSET = "asset:"
_HEADING = re.compile(r"<(/?)h([1-6])>")
_PICTURE = re.compile(r"<img\b[^>]*>")
_ALT = re.compile(r'\balt="([^"]*)"')
_FORMULA = re.compile(r'<math\b[^>]*\balttext="([^"]*)"[^>]*>.*?</math>', re.DOTALL)


def clean(html: str, addresses: Mapping[str, str]) -> str:
    """``html`` with nothing in it that runs, loads from elsewhere or breaks the page's outline; formulas drawn.

    ``addresses`` says for each ``asset:NAME`` what to write instead, usually ``asset:<sha256>``. A picture
    that is not among them gives way to its alternative text.
    """

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if attribute not in {"href", "src"}:
            return value
        if value.startswith(ASSET):
            return addresses.get(value)
        return value if tag == "a" and value.startswith("https://") else None

    safe = nh3.clean(
        typeset(html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags=DROPPED_WHOLE,
        attribute_filter=kept,
        url_schemes={"https", "asset"},
        link_rel="noopener noreferrer",
    )
    return _PICTURE.sub(_or_its_words, _HEADING.sub(_lowered, safe)).strip()


def plain(html: str) -> str:
    """The words of cleaned ``html`` on one line, for where there are no tags: of pictures what they show, of formulas
    how they are written.
    """
    worded = _PICTURE.sub(_only_its_words, _FORMULA.sub(r"\1", html))
    return " ".join(unescape(nh3.clean(worded, tags=set())).split())


def _lowered(found: re.Match[str]) -> str:
    """The page and the question have the first two levels; what an author wrote comes below them."""
    return f"<{found[1]}h{min(int(found[2]) + 2, 6)}>"


def _only_its_words(found: re.Match[str]) -> str:
    alternative = _ALT.search(found[0])
    return alternative[1] if alternative else ""


def _or_its_words(found: re.Match[str]) -> str:
    picture = found[0]
    alternative = _ALT.search(picture)
    if ' src="' in picture:
        return picture if alternative else picture.replace("<img", '<img alt=""', 1)
    words = unescape(alternative[1]) if alternative else ""
    return f"<em>[{escape(words)}]</em>" if words else ""
