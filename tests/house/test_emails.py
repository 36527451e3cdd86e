"""Each kind of email has its subject and its two bodies, and somebody sends it: a new one cannot be half done."""

import ast
from pathlib import Path

import pytest

from portal.models import EmailKind

ROOT = Path(__file__).parents[2]
EMAILS = ROOT / "templates" / "emails"
#: In the code of those who send it; ``models`` only names it.
SENDERS = [path for folder in ("domain", "jobs", "web") for path in sorted((ROOT / "portal" / folder).rglob("*.py"))]


def test_each_has_its_folder():
    assert {folder.name for folder in EMAILS.iterdir() if folder.is_dir()} == set(EmailKind)


@pytest.mark.parametrize("kind", EmailKind)
def test_each_has_a_subject_and_two_bodies(kind):
    parts = {part.name: part.read_text().strip() for part in (EMAILS / kind).iterdir()}
    assert set(parts) == {"subject.txt", "body.txt", "body.html"} and all(parts.values())


@pytest.mark.parametrize("kind", EmailKind)
def test_somebody_sends_each(kind):
    named = {
        node.attr
        for path in SENDERS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "EmailKind"
    }
    assert kind.name in named
