"""There is one way to do one thing: what says it stands in the one module that owns it."""

import re
from pathlib import Path

import pytest

PORTAL = Path(__file__).parents[2] / "portal"
#: what is done -> how it would be written, and where alone it may be.
OWNERS = {
    "which allowances are in force": (r"\bAllowance\.valid_until_at\b", {"domain/timekeeping/allowances.py"}),
    "which allowances concern an exam": (r"\bAllowance\.exam_id\b", {"domain/timekeeping/allowances.py"}),
    "which version of an exam is the newest": (r"\bExamVersion\.number\b", {"domain/courses/versions.py"}),
    "whether a reason was given": (r"not (?:cause\.)?reason\.strip\(\)", {"domain/lifecycle/history.py"}),
    # What comes from outside is kept as nearly as it was sent: a course export by its source, a message by the log.
    "cleaning a text": (
        r'replace\("\\x00"',
        {"domain/providers/deliveries.py", "sources/olx/export/attributes.py", "sources/olx/export/files.py"},
    ),
    "one blank between words": (r'" "\.join\((?:clean_text\.)?clean\(', {"domain/text/clean_text.py"}),
    "whether a text is an email address": (r"\[\^@\\s", {"domain/outbox/case_recipients.py"}),
    "in which languages to look": (r'partition\("-"\)\[0\]', {"domain/providers/provider_texts.py"}),
    "whether pages are written in a language": (r"in (?:languages\.)?NAMES else", {"languages.py"}),
    "how many pages a list has": (r"\bceil\([^)\n]*(?:SIZE|size)\b", {"domain/pages.py"}),
    "which rows are on a page": (r"\.offset\(", {"domain/pages.py"}),
    "names of days and months": (r"%[aAbB]\b|\b(?:January|MONTHS)\b", {"demo/rain_chart.py", "demo/weather.py"}),
    "dates for people": (
        r"\bfrom babel\.dates import\b",
        {"languages.py", "sources/olx/export/windows.py"},
    ),
}


@pytest.mark.parametrize("what", OWNERS)
def test_it_is_done_in_one_place(what):
    written, owners = OWNERS[what]
    doers = {
        path.relative_to(PORTAL).as_posix() for path in PORTAL.rglob("*.py") if re.search(written, path.read_text())
    }
    assert doers == owners


def test_nobody_changes_the_person_who_asks():
    """They are no part of the session, so that a change would be lost: ``people.get`` has the row."""
    changed = re.compile(r"(?:\bme\(\)|\bcurrent_user)\.\w+ [-+]?= |\bsetattr\((?:me\(\)|current_user)")
    assert changed.search("me().theme = 1") and changed.search("current_user.a += 1")
    assert [path.name for path in PORTAL.rglob("*.py") if changed.search(path.read_text())] == []
