"""A contact as a person can use it: an email address or a web address becomes a link, anything else stays as it is."""

import re
from urllib.parse import quote

from flask import Flask
from markupsafe import Markup

EMAIL = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+\.[^\s@<>,;:\"()]+")
WEB = re.compile(r"https?://[^\s<>\"]+")
_PARTS = re.compile(rf"({WEB.pattern}|{EMAIL.pattern})")


def init_app(app: Flask) -> None:
    app.add_template_filter(contact_link, "contact")


def contact_link(contact: str, reference: str = "") -> Markup:
    """``contact`` with its addresses as links; an email begun there names ``reference`` in its subject."""
    return Markup("<bdi>{}</bdi>").format(Markup("").join(_linked(part, reference) for part in _PARTS.split(contact)))


def _linked(part: str, reference: str) -> str | Markup:
    if WEB.fullmatch(part):
        return Markup('<a href="{}" rel="noopener">{}</a>').format(part, part)
    if not EMAIL.fullmatch(part):
        return part
    subject = f"?subject={quote(reference)}" if reference else ""
    return Markup('<a href="mailto:{}{}">{}</a>').format(quote(part, safe="@"), subject, part)
