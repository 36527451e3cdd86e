"""Tests that patch a function of the portal: there are none, since a seam says more than a patch."""

import ast
import importlib
from pathlib import Path

TESTS = Path(__file__).parents[1]


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
        owner, name = named(call.args)
        if not name:
            continue
        if owner.startswith("portal."):
            is_ours = is_function(importlib.import_module(owner), name)
        else:
            is_ours = owner.split(".")[0] in ours and is_function(owner_of(ours, owner), name)
        if is_ours:
            found.add(f"{owner}.{name}")
    return found


def named(arguments: list[ast.expr]) -> tuple[str, str]:
    """Owner and name of what is replaced: of ``setattr(owner, "name", …)`` or of ``setattr("owner.name", …)``."""
    first, second = arguments[0], arguments[1]
    if isinstance(first, ast.Constant):
        owner, _, name = str(first.value).rpartition(".")
        return owner, name
    return ast.unparse(first), str(second.value) if isinstance(second, ast.Constant) else ""


def owner_of(ours: dict[str, str], written: str) -> object:
    """The module or class that a test writes as ``written``, by what it imported."""
    first, *rest = written.split(".")
    module, _, last = ours[first].rpartition(".")
    try:
        owner = importlib.import_module(ours[first])
    except ModuleNotFoundError:
        owner = getattr(importlib.import_module(module), last)
    for step in rest:
        owner = getattr(owner, step)
    return owner


def is_function(owner: object, name: str) -> bool:
    where = getattr(owner, "__module__", None) or getattr(owner, "__name__", "")
    return str(where).startswith("portal") and callable(getattr(owner, name, None)) and not name.isupper()


def test_both_ways_of_patching_are_seen(tmp_path):
    test = tmp_path / "test_it.py"
    test.write_text(
        "from portal.jobs import worker\n"
        "monkeypatch.setattr(worker, 'start', None)\n"
        "monkeypatch.setattr('portal.jobs.worker.of', None)\n"
        "monkeypatch.setattr(worker.Worker, 'stop', None)\n"
        "monkeypatch.setattr(worker, 'LOOK_SECONDS', 1)\n"
    )
    assert patched_in(test) == {"worker.start", "portal.jobs.worker.of", "worker.Worker.stop"}


def test_no_function_of_the_portal_is_patched():
    found = {
        (str(path.relative_to(TESTS)), patched)
        for path in sorted(TESTS.rglob("test_*.py"))
        if "node_modules" not in path.parts
        for patched in patched_in(path)
    }
    #: The clock is the seam itself.
    assert {one for one in found if not one[1].startswith("clock.")} == set()
