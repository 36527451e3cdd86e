"""One word for one thing: what the portal no longer calls so is not written anywhere, or there is a reason."""

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
PLACES = ("portal", "templates", "static", "docs", "README.md", "CHANGELOG.md", "SECURITY.md")
READ = {".py", ".html", ".js", ".md", ".txt", ".css"}

#: What is no longer written -> what is written instead. Ordinary English is left alone: a turn, a picture, to wake.
NO_LONGER = {
    r"\bhand(?:s|ed|ing)?[ _-](?:it[ _-])?in\b": "submit",
    r"\blook(?:s|ed|ing)?[ _-]over\b": "check your answers",
    r"\b(?:stands?|stood|standing)[ _-]still\b": "paused",
    r"\b(?:go|goes|going|went|gone)[ _-]on\b": "continue, resume",
    r"\blengthen": "add time",
    r"\b(?:break|breaks|broke|broken|breaking)[ _-]off\b": "suspend",
    r"\b(?:set|sets|setting)[ _-]aside\b": "reset, archive",
    r"\b(?:fall|falls|fell|fallen)[ _-]silent\b|\bheard again\b": "connection lost, reconnected",
    r"vendor": "provider",
    r"identity check|show who you are": "onboarding exam",
    r"\bsecond[ _-]looks?\b": "second review",
    r"(?<!e)(?<!-)\bmail address|(?<!e)(?<!-)\bmails\b": "email address, email",
    r"\b(?:deeds?|keepers?|readying|manners|kept_deliver\w+|taking_in|siblings?)\b": "action, handler, setup, inbox",
    r"\bput[ _-]off\b|\bpromises? (?:is|was|are) kept": "retry",
    r"\b(?:un)?sealed\b|\bseal\b": "encrypted",
    r"\badmission\b|\bpace\.py|\bwire\b|\bshapes\.py": "browser gate, rate limit, http, JSON fields",
    r"\bis_heard\b|\bcut_at\b|\bis_resumable\b|\bready_to_resume\b": "webhooks, window_closes_at, resume_state",
    r"\bstandings?\b|_standing\b": "status",
    r"\bclass (?:Wanted|Found)\b": "AttemptFilter, QueueFilter, RosterFilter, Page",
}

#: (what is matched, where) -> why it stands there all the same.
REASONS = {
    ("hand-in", "portal/web/attempt/earlier_addresses.py"): "pages that were open during an update send to it",
    ("go-on", "portal/web/attempt/earlier_addresses.py"): "pages that were open during an update send to it",
    ("hand in", "portal/domain/lifecycle/ending_faults.py"): "by hand, in the meantime",
    ("vendor", "portal/models/proctoring/review.py"): "the name of a constraint in databases that exist",
    ("siblings", "portal/sources/olx/problems/parts.py"): "elements of an XML document, as XML calls them",
    ("sibling", "portal/sources/olx/problems/parts.py"): "elements of an XML document, as XML calls them",
    **{
        ("kept_delivery", name): "the kind of a support case, as it is stored"
        for name in (
            "portal/models/outbox/webhook.py",
            "portal/domain/proctoring/dead_letters.py",
            "portal/jobs/topics/cases.py",
            "portal/web/teach/courses/cases.py",
            "templates/teach/cases.html",
        )
    },
    ("second_look", "portal/models/proctoring/review.py"): "a verdict as it is stored",
    ("second_look", "static/js/review.js"): "a verdict as it is stored",
    ("sealed", "portal/db/encrypted.py"): "keys are derived from this word; another would open nothing",
    ("wire", "docs/performance.md"): "bytes on the wire",
    ("is_heard", "portal/domain/proctoring/heartbeats.py"): "a heartbeat is heard",
    ("is_resumable", "portal/web/edx/polled_attempt.py"): "the name that edX's clients read",
    ("ready_to_resume", "portal/web/edx/polled_attempt.py"): "the name that edX's clients read",
    ("ready_to_resume", "portal/web/edx/__init__.py"): "the name that edX's clients read",
    ("went_on", "docs/webhooks.md"): "the name of an event that platforms have subscribed to",
    ("went_on", "portal/domain/outbox/webhook_events.py"): "the name of an event that platforms have subscribed to",
}
#: The ledger's column, and the key of its webhooks and of edX's callback, is what platforms read.
LEDGER = {
    "portal/domain/courses/requirements.py",
    "portal/domain/lifecycle/consequences.py",
    "portal/domain/outbox/ledgers.py",
    "portal/domain/outbox/webhook_events.py",
    "portal/jobs/topics/ledgers.py",
    "portal/models/courses/credit.py",
    "portal/models/outbox/ledger.py",
    "templates/proctored/ledger.html",
    "templates/teach/attempt/ledger.html",
}


def texts_of(place: str) -> list[Path]:
    path = HOUSE / place
    return [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.suffix in READ)


FILES = [str(path.relative_to(HOUSE)) for place in PLACES for path in texts_of(place)]


@pytest.mark.every_row
@pytest.mark.parametrize(("pattern", "instead"), NO_LONGER.items(), ids=NO_LONGER.values())
def test_it_is_called_by_its_one_name(pattern, instead):
    found = {
        (match.lower(), name)
        for name in FILES
        for match in re.findall(pattern, (HOUSE / name).read_text(), re.IGNORECASE)
        if not (match.lower().strip("_").startswith("standing") and name in LEDGER)
    }
    assert found - REASONS.keys() == set(), f"write: {instead}"


def test_every_reason_is_needed():
    texts = {name: (HOUSE / name).read_text().lower() for _, name in REASONS}
    assert [key for key in REASONS if key[0] not in texts[key[1]]] == []
