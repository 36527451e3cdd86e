"""What the documents name is there: a test, a module, a template, another document."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
#: A path in back quotes. Where it begins is said by the text around it: at the root, in the code, or in the tests.
PATH = re.compile(r"`([a-z_0-9]+(?:/[a-z_0-9]+)*\.(?:py|html|js|css|md|txt|toml))(?:::\w+)?`")
BEGINNINGS = (
    ROOT,
    ROOT / "portal",
    ROOT / "portal/domain",
    ROOT / "templates",
    ROOT / "tests",
    ROOT / "docs",
    ROOT / "static",
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_is_there(document):
    named = set(PATH.findall(document.read_text()))
    gone = {path for path in named if "/" in path and not any((begins / path).exists() for begins in BEGINNINGS)}
    assert not gone


def test_the_table_of_what_hard_use_found_names_tests_in_every_row():
    rows = re.findall(r"^\| [^*].*\|$", (ROOT / "docs/acceptance.md").read_text(), re.MULTILINE)
    rows = [row for row in rows if not row.startswith("| found")]
    assert len(rows) > 40
    assert all("test_" in row or "`bench " in row for row in rows)
