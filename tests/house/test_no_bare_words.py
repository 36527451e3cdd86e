"""Words that have an enum are not written as bare strings, where a misspelt one would be found by nobody."""

import ast
from pathlib import Path

import pytest

from portal.models import CaseKind, EmailKind, Event, LedgerStatus, Right, Topic

PORTAL = Path(__file__).parents[2] / "portal"
#: enum -> the words of it that mean something else, too; what writes those is held by its types.
SHARED = {
    Event: {"archived", "moved", "reopened", "resume_granted", "time_added"},
    CaseKind: {"appeal", "interrupted", "suspicious"},
    EmailKind: {"declined", "interrupted", "reopened", "resume_granted", "resumed", "time_added", "time_cut"},
    LedgerStatus: {"declined", "failed", "removed", "submitted"},
    Right: {"archive", "resume", "review"},
    Topic: {"certificate", "credit", "email", "grade", "support", "webhook"},
}


@pytest.mark.parametrize("enum", SHARED)
def test_no_word_of_it_is_written_bare(enum):
    own = set(map(str, enum)) - SHARED[enum]
    found = [
        f"{path.relative_to(PORTAL)}:{node.lineno}: {node.value}"
        for path in sorted(PORTAL.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in own and "models" not in path.parts
    ]
    assert found == []


@pytest.mark.parametrize("enum", SHARED)
def test_a_word_that_is_shared_is_a_word_of_it(enum):
    assert SHARED[enum] < set(enum)
