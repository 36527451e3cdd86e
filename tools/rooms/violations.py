"""Lists, for a checkout that has not been moved yet, which imports break the order of rooms once it has.

    python violations.py CHECKOUT [--all-edges]
"""

import ast
import sys
from collections import defaultdict
from pathlib import Path

import mapping as places
from order import DOMAIN, JOBS, WEB_ROOMS, WEB_SHARED

ROOT = Path(sys.argv[1])
MAP = places.read("places.txt")


def new_name(path: str) -> str:
    folder, _, name = path.rpartition("/")
    if folder in MAP.folders:
        return places.dotted(f"{MAP.folders[folder]}/{name}")
    return places.dotted(MAP.files.get(path, path))


FILES = {places.dotted(p.relative_to(ROOT).as_posix()): p for p in sorted((ROOT / "portal").rglob("*.py"))}
NEW = {old: new_name(p.relative_to(ROOT).as_posix()) for old, p in FILES.items()}


def imports(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((a.name, node) for a in node.names if a.name in FILES)
        if isinstance(node, ast.ImportFrom):
            for a in node.names:
                full = f"{node.module}.{a.name}"
                target = full if full in FILES else node.module
                if target in FILES:
                    yield target, node


def rank(order, name, prefix):
    rest = name.removeprefix(prefix).split(".")[0]
    return next((n for n, level in enumerate(order) if rest in level), None)


bad, unmapped, edges = [], [], defaultdict(set)
for old, path in FILES.items():
    new = NEW[old]
    if old.startswith("portal.domain.") and old == new and rank(DOMAIN, new, "portal.domain.") is None:
        unmapped.append(old)
    for target, node in imports(path):
        to = NEW[target]
        for prefix, order in (("portal.domain.", DOMAIN), ("portal.jobs.", JOBS)):
            if new.startswith(prefix) and to.startswith(prefix):
                mine, theirs = rank(order, new, prefix), rank(order, to, prefix)
                if mine is None or theirs is None:
                    bad.append((new, to, node.lineno, "no place"))
                    continue
                same = new.split(".")[2] == to.split(".")[2]
                edges[(new.split(".")[2], to.split(".")[2])].add((new, to))
                if not same and theirs <= mine:
                    bad.append((new, to, node.lineno, "order"))
        if new.startswith("portal.web.") and to.startswith("portal.web."):
            mine, theirs = new.split(".")[2], to.split(".")[2]
            if mine in WEB_ROOMS and theirs in WEB_ROOMS and mine != theirs:
                bad.append((new, to, node.lineno, "web room"))
            if mine in WEB_SHARED and theirs in WEB_ROOMS:
                bad.append((new, to, node.lineno, "shared imports a room"))
            if mine in WEB_SHARED and theirs in WEB_SHARED and WEB_SHARED.index(theirs) < WEB_SHARED.index(mine):
                bad.append((new, to, node.lineno, "shared order"))
        if node.col_offset and node.module and node.module.startswith("portal"):
            bad.append((new, to, node.lineno, "deferred"))
for one in bad:
    print("%s -> %s (line %d): %s" % one)
print("unmapped in domain:", *unmapped)
