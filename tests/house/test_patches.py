"""Tests that patch a function of the portal: none but those listed, since a seam says more than a patch."""

import ast
import importlib
from pathlib import Path

TESTS = Path(__file__).parents[1]
#: (test file, what it patches): what would have a seam instead. It only gets shorter.
KEPT = {
    ("cli/test_course.py", "olx.read"),
    ("cli/test_secret_key.py", "secret_key.warn_of_locked"),
    ("jobs/outbox/test_yielding.py", "yielding.wait_for_quiet"),
    ("jobs/outbox/test_yielding.py", "yielding._count"),
    ("jobs/recurring/test_sweeper.py", "sweeper.writing"),
    ("jobs/recurring/test_sweeper.py", "sweeper.yielding.give_way"),
    ("web/teach/providers/test_dashboard.py", "RestProvider.dashboard_url"),
}


def patched_in(path: Path) -> set[str]:
    """``module.name`` of each function of the portal that ``monkeypatch.setattr`` replaces there."""
    tree = ast.parse(path.read_text())
    ours = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("portal")
        for alias in node.names
    }
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("setattr")
    ]
    found = set()
    for call in calls:
        owner, name = ast.unparse(call.args[0]), call.args[1]
        if owner.split(".")[0] in ours and isinstance(name, ast.Constant) and is_function(ours, owner, str(name.value)):
            found.add(f"{owner}.{name.value}")
    return found


def is_function(ours: dict[str, str], owner: str, name: str) -> bool:
    first, *rest = owner.split(".")
    module, _, last = ours[first].rpartition(".")
    try:
        target = importlib.import_module(ours[first])
    except ModuleNotFoundError:
        target = getattr(importlib.import_module(module), last)
    for step in rest:
        target = getattr(target, step)
    is_ours = str(getattr(target, "__module__", None) or target.__name__).startswith("portal")
    return is_ours and callable(getattr(target, name, None)) and not name.isupper()


def test_no_function_of_the_portal_is_patched():
    found = {
        (str(path.relative_to(TESTS)), patched)
        for path in sorted(TESTS.rglob("test_*.py"))
        if "node_modules" not in path.parts
        for patched in patched_in(path)
    }
    #: The clock is the seam itself.
    assert {one for one in found if not one[1].startswith("clock.")} == KEPT
