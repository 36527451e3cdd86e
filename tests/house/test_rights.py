"""Each right has its row in every table that is keyed by rights, and somebody asks for it."""

import re
from pathlib import Path

import pytest

from portal.domain import access
from portal.models import Right, Role

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rights.md").read_text()
[HEAD] = re.findall(r"^\| right \| what it lets somebody do \|(.+)\|$", PAGE, re.MULTILINE)
COLUMNS = [word.strip() for word in HEAD.split("|")]
ROWS = {
    right: [word.strip() for word in cells.split("|")]
    for right, cells in re.findall(r"^\| `(\w+)` \| \S[^|]+ \|(.+)\|$", PAGE, re.MULTILINE)
}


def test_each_is_given_to_somebody():
    assert set(access.RIGHTS) == set(Right)
    assert all(access.RIGHTS.values())


def test_the_page_about_rights_has_a_row_for_each_and_a_column_for_each_role():
    assert set(ROWS) == set(Right)
    assert [*(role.value for role in Role), "over one's own attempt"] == COLUMNS


@pytest.mark.parametrize("right", Right)
def test_the_page_about_rights_says_what_holds(right):
    roles = [role in access.RIGHTS[right] for role in Role]
    assert ROWS[right] == ["yes" if holds else "no" for holds in (*roles, right not in access.NOT_OVER_OWN)]


@pytest.mark.parametrize("right", Right)
def test_somebody_asks_for_each(right):
    """In a view, a verb or a template: a right that opens nothing is a mistake."""
    doors = [*(ROOT / "portal").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    named = re.compile(rf"\bRight\.{right.name}\b")
    assert [door for door in doors if named.search(door.read_text()) and door.name != "access.py"]
