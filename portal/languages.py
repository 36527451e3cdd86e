"""The languages the pages are written in: their catalogues, whose turn it is, and which way they run.

English is in the templates themselves. Each other language has one catalogue, ``portal/translations/<code>.po``,
read when it is first asked for: there is no compiled file that could be older than its source.
"""

from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import flask_babel
from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_locale, lazy_gettext, refresh
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

__all__ = ["force_locale", "gettext", "lazy_gettext", "ngettext"]

FOLDER = Path(__file__).parent / "translations"
#: Code -> its own name for itself. The first is the one the templates are written in.
NAMES = {"en": "English", "ar": "العربية", "de": "Deutsch"}
RIGHT_TO_LEFT = frozenset({"ar"})
#: Rooms whose pages have catalogues; the others are in English whoever looks.
TRANSLATED = frozenset({"sign_in", "learner", "attempt", "proctored", "home", "help"})


class Catalogues(Domain):
    """Takes the words from the ``.po`` files themselves."""

    def get_translations(self) -> NullTranslations:
        return catalogue(current())


def gettext(sentence: str, **values: object) -> str:
    """The sentence in the language of now, with its values filled in."""
    return str(flask_babel.gettext(sentence, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The sentence for this number; ``%(num)s`` stands for it."""
    return str(flask_babel.ngettext(one, many, num, **values))


def init_app(app: Flask) -> None:
    babel = Babel(app, locale_selector=language, configure_jinja=False)
    babel.domain_instance = Catalogues()
    app.jinja_env.globals.update(_=_on_page, gettext=_on_page, ngettext=_counted_on_page)
    app.before_request(_forget_language)


@cache
def catalogue(code: str) -> NullTranslations:
    """Every sentence of one language; English has none, because it is what we translate from."""
    path = FOLDER / f"{code}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return Translations(compiled)


def known(code: str) -> str:
    """The language itself where pages are written in it, else English."""
    return code if code in NAMES else "en"


def language() -> str:
    """Of the page being made: what the person chose, or what the browser of somebody unknown asks for."""
    if not is_translated_room():
        return "en"
    if current_user.is_authenticated:
        return known(current_user.language)
    return request.accept_languages.best_match(list(NAMES)) or "en"


def is_translated_room() -> bool:
    """Whether this page is one of learners, or of anybody before they signed in."""
    return has_request_context() and _room() in TRANSLATED


def current() -> str:
    """The language that sentences come in just now."""
    if not has_app_context():
        return "en"
    # Where Flask-Babel keeps what it has found out: a page asks this for each of its hundred sentences.
    known = getattr(getattr(g, "_flask_babel", None), "babel_locale", None)
    return str((known or get_locale()).language)


def written(at: datetime, pattern: str) -> str:
    """A moment in its own time zone, by a Unicode date pattern, with the day's and the month's names."""
    return format_datetime(at.replace(tzinfo=None), pattern, locale=current())


def direction(code: str) -> str:
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def _room() -> str:
    """Whose page it is. An address that nobody knows belongs to everybody."""
    return (request.blueprint or "home").split(".")[0]


def _forget_language() -> None:
    """Flask-Babel keeps the language for as long as the context lives; a test's outlives a request."""
    if "_flask_babel" in g:
        refresh()


@pass_eval_context
def _on_page(page: EvalContext, sentence: str, **values: object) -> str:
    """What ``_()`` is in a template. Jinja's own does the same through two more calls and a search for each."""
    return _filled(page, catalogue(current()).ugettext(sentence), values)


@pass_eval_context
def _counted_on_page(page: EvalContext, one: str, many: str, num: int, **values: object) -> str:
    return _filled(page, catalogue(current()).ungettext(one, many, num), {"num": num, **values})


def _filled(page: EvalContext, sentence: str, values: dict[str, object]) -> str:
    """In a page the sentence itself is ours, and every value put into it is escaped."""
    text = Markup(sentence) if page.autoescape else sentence
    return text % values if values or "%" in text else text
