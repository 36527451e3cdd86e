"""A vendor's own words for a mail: plain text with {placeholders}, in place of the portal's sentences.

``Provider.texts[language]`` may hold ``email.<template>.subject`` and ``email.<template>.body``. A body's
paragraphs are parted by an empty line; greeting, reference and contact stay the portal's.
"""

import re
from dataclasses import dataclass
from typing import Any

from portal.models import Provider

_PLACE = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, kw_only=True)
class OwnWords:
    """What the vendor says itself; empty where the portal's words stand."""

    subject: str = ""
    paragraphs: tuple[str, ...] = ()
    language: str = "en"


def find(provider: Provider | None, template: str, about: dict[str, object]) -> OwnWords:
    """The vendor's words in the reader's language: ``pt-br``, else ``pt``, else English."""
    if provider is None:
        return OwnWords()
    reads = str(about.get("reads") or "en")
    for language in dict.fromkeys((reads, reads.partition("-")[0], "en")):
        texts = provider.texts.get(language) or {}
        subject, body = texts.get(f"email.{template}.subject"), texts.get(f"email.{template}.body")
        if subject or body:
            return _filled(str(subject or ""), str(body or ""), language, about)
    return OwnWords()


def _filled(subject: str, body: str, language: str, about: dict[str, object]) -> OwnWords:
    facts = _facts(about)
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", body.replace("\r\n", "\n"))]
    return OwnWords(
        subject=fill(subject, facts),
        paragraphs=tuple(fill(part, facts) for part in paragraphs if part),
        language=language,
    )


def fill(text: str, facts: dict[str, str]) -> str:
    """Put facts in place of ``{name}``; what has no such name stays as it is. Nothing is evaluated."""
    return _PLACE.sub(lambda place: facts.get(place[1], place[0]), text)


def _facts(about: dict[str, Any]) -> dict[str, str]:
    """Every placeholder there is."""
    happened_at = about.get("happened_at")
    return {
        "name": str(about.get("name") or ""),
        "exam": about["exam"].name,
        "course": about["course"].name,
        "provider": about["provider"].name,
        "reference": about["attempt"].ref,
        "address": str(about["address"]),
        "contact": str(about["contact"]),
        "sentence": str(about.get("sentence") or ""),
        "when": about["moment"](happened_at) if happened_at else "",
        "site": str(about["site_name"]),
    }
