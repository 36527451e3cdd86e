"""A question on a page: where its pictures are, which way its choices run, and whether it is answered."""

import re
from unicodedata import bidirectional

from flask import url_for
from markupsafe import Markup, escape

from portal.domain import answers
from portal.languages import gettext
from portal.models import Question
from portal.web.attempt import bp

PICTURE = re.compile(r'(?<==")asset:([0-9a-f]{64})(?=")')
TABLE = re.compile(r"<table\b([^>]*)>|</table>")
LINK_OR_IMAGE = re.compile(r"<a\b.*?</a>|<img\b[^>]*>", re.DOTALL)
SOURCE = re.compile(r'\bsrc="([^"]*)"')
#: Letters that say which way a text runs, as Unicode's bidirectional algorithm has them (UAX 9, rules P2 and P3).
STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


@bp.app_template_filter()
def question_html(html: str, ref: str, is_large: bool = False) -> Markup:
    """Only for text that ``portal.domain.sanitising`` has cleaned; anything else must be escaped instead.

    Wide tables scroll by themselves. ``is_large``: pictures can be enlarged; not in a choice, where a press chooses.
    """
    shown = PICTURE.sub(lambda found: url_for("attempt.asset", ref=ref, sha256=found[1]), html)
    shown = TABLE.sub(_scrolling, shown)
    return Markup(LINK_OR_IMAGE.sub(_enlarged, shown) if is_large else shown)


def _scrolling(found: re.Match[str]) -> str:
    if found[0] == "</table>":
        return "</table></div>"
    name = escape(gettext("Table"))
    return f'<div class="scroll" role="region" aria-label="{name}" tabindex="0"><table class="table snug"{found[1]}>'


def _enlarged(found: re.Match[str]) -> str:
    """A link to the picture, which the page's script opens over the question. A picture in a link stays as it is."""
    address = SOURCE.search(found[0])
    if not found[0].startswith("<img") or address is None:
        return found[0]
    words = escape(gettext("Enlarge this picture"))
    named = f'<span class="hidden-text">{words}</span>'
    return f'<a class="enlarge" href="{address[1]}" target="_blank" rel="noopener">{found[0]}{named}</a>'


@bp.app_template_filter()
def direction(question: Question) -> str:
    """Which way a question runs, whatever language the page around it is in; empty when it has no letter."""
    text = Markup(" ".join([question.text_html, *(choice["html"] for choice in question.choices)])).striptags()
    return next((STRONG[kind] for kind in map(bidirectional, text) if kind in STRONG), "")


@bp.app_template_test("blank_answer")
def is_blank(value: object) -> bool:
    return answers.is_blank(value)
