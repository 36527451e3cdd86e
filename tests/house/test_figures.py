"""The figures of the house, each with its bound; ``dev.py test tests/house/test_figures.py -s -n 0`` prints them."""

import ast
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

import pytest

PORTAL = Path(__file__).parents[2] / "portal"
FILES = sorted(PORTAL.rglob("*.py"))
TREES = {path: ast.parse(path.read_text()) for path in FILES}
DOORS = ("web", "jobs", "cli")
#: Layers that may tell kinds of provider apart: who defines them, who speaks with them, and who is asked for one.
TEMPLATE_COLUMNS = 140
KNOW_KINDS = ("providers", "models", "cli")


def layer(path: Path) -> str:
    return path.relative_to(PORTAL).parts[0]


def longest_of(lengths: list[int]) -> tuple[float, float, int]:
    """The median, what 95 of 100 stay within, and the largest."""
    return median(lengths), quantiles(lengths, n=20)[-1], max(lengths)


def in_one_folder() -> int:
    return max(Counter(path.parent for path in FILES if path.name != "__init__.py").values())


def kinds_named_outside() -> int:
    """Comparisons with a member of ``ProviderKind`` outside the port."""
    return sum(
        isinstance(node, ast.Attribute) and ast.unparse(node.value) == "ProviderKind"
        for path, tree in TREES.items()
        if layer(path) not in KNOW_KINDS
        for node in ast.walk(tree)
    )


def selects_in_doors() -> int:
    return sum(
        isinstance(node, ast.Call) and ast.unparse(node.func) in {"select", "db.select", "sqlalchemy.select"}
        for path, tree in TREES.items()
        if layer(path) in DOORS
        for node in ast.walk(tree)
    )


def types_that_may_be_anything() -> int:
    return sum(isinstance(node, ast.Name) and node.id == "Any" for tree in TREES.values() for node in ast.walk(tree))


def lines_of_files() -> list[int]:
    return [len(path.read_text().splitlines()) for path in FILES if path.name != "__init__.py"]


def lines_of_functions() -> list[int]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, functions)]
    return [(node.end_lineno or node.lineno) - node.lineno + 1 for node in found]


def long_template_lines() -> int:
    """What is left are sentences that a catalogue knows as they are, and tables of words."""
    pages = (PORTAL.parent / "templates").rglob("*.html")
    return sum(len(line) > TEMPLATE_COLUMNS for page in pages for line in page.read_text().splitlines())


#: what is counted -> its figure, and the bound it stays within.
FIGURES = {
    "files in one folder, at most": (in_one_folder, 15),
    "places that name a kind of provider outside the port": (kinds_named_outside, 0),
    "select() in doors": (selects_in_doors, 0),
    "Any in portal/": (types_that_may_be_anything, 127),
    "lines of templates over 140 columns": (long_template_lines, 39),
    "lines of a file: median, 95 of 100, most": (lambda: longest_of(lines_of_files()), (85, 180, 250)),
    "lines of a function: median, 95 of 100, most": (lambda: longest_of(lines_of_functions()), (6, 20, 31)),
}


@pytest.mark.parametrize("what", FIGURES)
def test_it_stays_within_its_bound(what):
    count, bound = FIGURES[what]
    figure = count()
    print(f"\n{what}: {figure}, at most {bound}")
    figures, bounds = (figure, bound) if isinstance(bound, tuple) else ((figure,), (bound,))
    assert all(one <= most for one, most in zip(figures, bounds, strict=True))
