"""The rooms: each imports only from rooms below it, and no folder holds more than a person can look over."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.every_row
PORTAL = Path(__file__).parents[2] / "portal"
MOST_IN_A_FOLDER = 15
#: layer -> its rooms from the top down: each may import from those after it, never from one before.
#: A room is a folder of the layer, or a module beside the folders.
ROOMS = {
    "domain": (
        "proctoring", "attempts", "reviews", "onboarding", "readiness", "answers", "timekeeping", "lifecycle",
        "providers", "courses", "outbox", "accounts", "text", "access", "pages", "errors",
    ),
    "jobs": ("worker", "dispatcher", "recurring", "topics", "mail", "outbox"),
    "models": ("outbox", "proctoring", "attempts", "courses", "accounts"),
}  # fmt: skip
#: What every room of the web may use, from the top down. The other rooms, one for each kind of visitor, are strangers.
SHARED = ("gate", "negotiation", "formatting")


def named_by(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import, wherever in a file it stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def imports(layer: str) -> Iterator[tuple[str, str, str]]:
    """From room, to room, and where: every import between two rooms of ``layer``."""
    for path in sorted((PORTAL / layer).rglob("*.py")):
        room = path.relative_to(PORTAL / layer).parts[0].removesuffix(".py")
        found = [(line, name.split(".")) for line, name in named_by(path)]
        rooms = [(line, parts) for line, parts in found if parts[:2] == ["portal", layer] and parts[2:]]
        others = [(line, parts) for line, parts in rooms if parts[2] != room != "__init__"]
        yield from ((room, parts[2], f"{path.name}:{line}: {'.'.join(parts)}") for line, parts in others)


@pytest.mark.parametrize("layer", ROOMS)
def test_each_room_is_named_once(layer):
    there = {path.name.removesuffix(".py") for path in (PORTAL / layer).iterdir() if path.suffix in ("", ".py")}
    assert there - {"__init__", "__pycache__"} == set(ROOMS[layer])


@pytest.mark.parametrize("layer", ROOMS)
def test_a_room_imports_only_from_rooms_below_it(layer):
    order = ROOMS[layer]
    assert [where for room, other, where in imports(layer) if order.index(other) < order.index(room)] == []


def test_no_room_of_the_web_imports_another():
    order = [*sorted({room for room, _, _ in imports("web")} - set(SHARED)), *SHARED]
    assert [
        where for room, other, where in imports("web") if other not in SHARED or order.index(other) < order.index(room)
    ] == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in PORTAL.rglob("*.py")}), ids=str)
def test_a_folder_can_be_looked_over(folder):
    assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= MOST_IN_A_FOLDER
