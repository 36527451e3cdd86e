"""The table of ``docs/compatibility.md`` is whole, and every test it names is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| (\d+) \| .+ \| (.+) \| `([^`]+)` \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs" / "compatibility.md").read_text())


def test_every_number_has_its_row():
    assert [int(number) for number, _, _ in ROWS] == [*range(16, 49), *range(56, 78)]


@pytest.mark.parametrize(("number", "outcome", "named"), ROWS)
def test_every_row_says_how_it_is_and_which_test_shows_it(number, outcome, named):
    assert outcome.startswith(("same", "differs", "words same"))
    path, _, test = named.partition("::")
    known = {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)}
    assert (test in known) if test else any(name.startswith("test_") for name in known)
