"""A question on a page: where its pictures are, which way its choices run, and whether it is answered."""

import re
from typing import Any
from unicodedata import bidirectional

from flask import url_for
from markupsafe import Markup

from portal.domain import answers
from portal.models import Question
from portal.web.attempt import bp

PICTURE = re.compile(r'(?<==")asset:([0-9a-f]{64})(?=")')
#: Letters that say which way a text runs, as Unicode's bidirectional algorithm has them (UAX 9, rules P2 and P3).
STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


@bp.app_template_filter()
def question_html(html: str, ref: str) -> Markup:
    """Only for text that ``portal.domain.sanitising`` has cleaned; anything else must be escaped instead."""
    return Markup(PICTURE.sub(lambda found: url_for("attempt.asset", ref=ref, sha256=found[1]), html))


@bp.app_template_filter()
def direction(question: Question) -> str:
    """Which way a question runs, whatever language the page around it is in; empty when it has no letter."""
    text = Markup(" ".join([question.text_html, *(choice["html"] for choice in question.choices)])).striptags()
    return next((STRONG[kind] for kind in map(bidirectional, text) if kind in STRONG), "")


@bp.app_template_test("blank_answer")
def is_blank(value: Any) -> bool:
    return answers.is_blank(value)
