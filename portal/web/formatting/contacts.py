"""A contact as a person can use it: its email, web and telephone addresses become links, all else stays as it is."""

import re
from urllib.parse import quote

from flask import Flask
from markupsafe import Markup, escape

from portal.domain.errors import PortalError
from portal.languages import gettext

EMAIL = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+\.[^\s@<>,;:\"()]*[^\s@<>,;:\"().]")
WEB = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")
#: With its country (+49 …) or its area (0351 …); a date, a room or a year is none.
PHONE = re.compile(r"(?<![\w+./-])(?:\+|0(?=\d{2}))(?:[ \xa0/-]?(?:\(\d+\))?\d){6,14}(?![\w@./-]*[\w@])", re.ASCII)
_PARTS = re.compile(rf"({WEB.pattern}|{EMAIL.pattern}|{PHONE.pattern})")


def init_app(app: Flask) -> None:
    app.add_template_filter(contact_link, "contact")


def contact_link(contact: str, reference: str = "") -> Markup:
    """``contact`` with its addresses as links; an email begun there names ``reference`` in its subject."""
    return Markup("<bdi>{}</bdi>").format(Markup("").join(_linked(part, reference) for part in _PARTS.split(contact)))


def refusal_with_contact(err: PortalError) -> Markup | None:
    """A refusal that names a contact, as a page shows it; None where it names none."""
    contact = str(err.values.get("contact", ""))
    if not contact:
        return None
    return escape(gettext(err.sentence)) % {**err.values, "contact": contact_link(contact)}


def _linked(part: str, reference: str) -> str | Markup:
    if WEB.fullmatch(part):
        return Markup('<a href="{}" rel="noopener">{}</a>').format(part, part)
    if PHONE.fullmatch(part):
        number = re.sub(r"\(0\)|[^\d+]", "", part) if part.startswith("+") else re.sub(r"\D", "", part)
        return Markup('<a href="tel:{}" dir="ltr">{}</a>').format(number, part)
    if not EMAIL.fullmatch(part):
        return part
    subject = f"?subject={quote(reference)}" if reference else ""
    return Markup('<a href="mailto:{}{}">{}</a>').format(quote(part, safe="@"), subject, part)
