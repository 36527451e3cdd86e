"""A kind of question is known to its class, its template and whoever reads course exports; everybody else asks."""

import ast
import re
from pathlib import Path

import pytest

from portal.domain.answers.kinds import KINDS
from portal.models import QuestionKind

HOUSE = Path(__file__).parents[4]
PORTAL, TEMPLATES, SCRIPTS = HOUSE / "portal", HOUSE / "templates", HOUSE / "static" / "js"
#: Rooms of ``portal`` that may name kinds: where they are defined, and where foreign kinds are told apart.
MAY_NAME = ("models/", "domain/answers/kinds/", "sources/")
#: The demo writes questions, so it says of which kind they are.
MAY_NAME_CLASSES = (*MAY_NAME, "demo/questions.py")
CLASSES = {type(kind).__name__ for kind in KINDS.values()}
#: What only a kind is called; "number" and "file" are other things as well.
CALLED = {kind.value for kind in QuestionKind if "_" in kind.value}


def parts(folder: Path, pattern: str, apart: tuple[str, ...]) -> list[Path]:
    return [one for one in sorted(folder.rglob(pattern)) if not one.relative_to(folder).as_posix().startswith(apart)]


def name_of(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def imported(tree: ast.Module, names: set[str]) -> set[str]:
    """What the file calls those of ``names`` that it imports."""
    found = [one for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names]
    return {one.asname or one.name for one in found if one.name in names}


def members_named(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    called = imported(tree, {"QuestionKind"})
    members = [one for one in ast.walk(tree) if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)]
    texts = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return [one.attr for one in members if one.value.id in called] + [text for text in texts if text in CALLED]


def classes_picked(path: Path) -> list[str]:
    text = path.read_text()
    return [*imported(ast.parse(text), CLASSES), *re.findall(rf"kinds\.({'|'.join(CLASSES)})\b", text)]


def kinds_compared(path: Path) -> list[str]:
    """In a template or a script."""
    text = path.read_text()
    words = re.findall(r"""(?<=['"`])\w+(?=['"`])|\w+(?=:)""", text)
    return re.findall(r"question\.kind\b|dataset\.kind\b", text) + [one for one in words if one in CALLED]


def templates_picked(path: Path) -> list[str]:
    return re.findall(r"answer_kinds/\w*", path.read_text())


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (parts(PORTAL, "*.py", MAY_NAME), members_named),
        (parts(PORTAL, "*.py", MAY_NAME_CLASSES), classes_picked),
        (parts(TEMPLATES, "*.html", ()), kinds_compared),
        (parts(SCRIPTS, "*.js", ()), kinds_compared),
        (parts(TEMPLATES, "*.html", ("answer_kinds/",)), templates_picked),
    ],
    ids=["members", "classes", "templates", "scripts", "templates of a kind"],
)
def test_nobody_else_tells_kinds_apart(paths, found):
    assert paths
    assert {name_of(path): names for path in paths if (names := found(path))} == {}


def test_every_template_is_of_a_kind_or_shared_by_some():
    """One that is left behind by a kind that went would look as if it were used."""
    own = {kind.template.partition("/")[2] for kind in KINDS.values()}
    kept = {path.name: path.read_text() for path in (TEMPLATES / "answer_kinds").glob("*.html")}
    assert own <= set(kept)
    shared = {name for name in set(kept) - own if any(f'"answer_kinds/{name}"' in kept[one] for one in own)}
    assert set(kept) - own == shared
