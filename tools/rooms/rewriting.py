"""Rewrites one Python file: imports of modules that move, the names those modules are called by, dotted names in strings.

Positions inside f-strings are right from Python 3.12 on, so this runs on nothing older.
"""

import ast
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field

assert sys.version_info >= (3, 12), "Run this with Python 3.12 or newer."

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.ListComp, ast.SetComp, ast.DictComp,
          ast.GeneratorExp)


@dataclass
class Scope:
    node: ast.AST
    parent: "Scope | None"
    bound: set[str] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    is_class: bool = False


@dataclass
class Result:
    text: str
    renames: dict[str, str]
    """Local name of a module before -> after."""
    remarks: list[str]


class Names(ast.NodeVisitor):
    """Which scope every name is used in, and what each scope binds."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope(tree, None)
        self.uses: list[tuple[ast.Name, Scope]] = []
        self.scope = self.module
        self.bindings: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for statement in tree.body:
            self.visit(statement)

    def bind(self, name: str, how: str, scope: Scope | None = None) -> None:
        scope = scope or self.scope
        if name in scope.globals:
            scope = self.module
        scope.bound.add(name)
        self.bindings[id(scope)].append((name, how))

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            pass
        else:
            self.bind(node.id, "assigned")
        self.uses.append((node, self.scope))

    def visit_Global(self, node: ast.Global) -> None:
        self.scope.globals |= set(node.names)

    visit_Nonlocal = visit_Global

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.bind(alias.asname or alias.name.split(".")[0], "import")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self.bind(alias.asname or alias.name, "import")

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bind(node.name, "except")
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self.bind(node.name, "match")
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.bind(node.name, "def")
        for part in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(part)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        arguments += [one for one in (node.args.vararg, node.args.kwarg) if one]
        for one in arguments:
            if one.annotation:
                self.visit(one.annotation)
        if node.returns:
            self.visit(node.returns)
        self._within(node, node.body, [one.arg for one in arguments])

    visit_FunctionDef = visit_AsyncFunctionDef = _function

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for part in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(part)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        arguments += [one for one in (node.args.vararg, node.args.kwarg) if one]
        self._within(node, [node.body], [one.arg for one in arguments])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bind(node.name, "class")
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        self._within(node, node.body, [])

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.visit(node.generators[0].iter)
        outer, self.scope = self.scope, Scope(node, self.scope)
        for number, one in enumerate(node.generators):
            self.visit(one.target)
            if number:
                self.visit(one.iter)
            for condition in one.ifs:
                self.visit(condition)
        for part in ([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]):
            self.visit(part)
        self.scope = outer

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        scope = self.scope
        while isinstance(scope.node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            assert scope.parent
            scope = scope.parent
        self.bind(node.target.id, "assigned", scope)
        self.uses.append((node.target, scope))
        self.visit(node.value)

    def _within(self, node: ast.AST, body: list[ast.AST], arguments: list[str]) -> None:
        outer = self.scope
        self.scope = Scope(node, outer, is_class=isinstance(node, ast.ClassDef))
        for name in arguments:
            self.bind(name, "argument")
        for part in body:
            self.visit(part)
        self.scope = outer

    def owner(self, name: str, scope: Scope) -> Scope | None:
        """The scope whose binding a use of ``name`` in ``scope`` finds."""
        first: Scope | None = scope
        looked = scope
        while looked is not None:
            if name in looked.bound and (not looked.is_class or looked is first):
                return looked
            looked = looked.parent  # type: ignore[assignment]
        return None

    def between(self, scope: Scope, owner: Scope) -> list[Scope]:
        found = []
        while scope is not owner:
            found.append(scope)
            assert scope.parent
            scope = scope.parent
        return found


def offsets(data: bytes) -> list[int]:
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def rewrite(
    text: str, modules: dict[str, str], aliases: dict[str, str], pattern: "re.Pattern[str] | None"
) -> Result:
    """``modules``: old dotted name -> new. ``aliases``: new dotted name -> what it is called where its own name is taken."""
    tree = ast.parse(text)
    names = Names(tree)
    data = text.encode()
    starts = offsets(data)
    edits: list[tuple[int, int, str]] = []
    closed: list[tuple[int, int]] = []
    remarks: list[str] = []
    renames: dict[str, str] = {}
    # What each import statement brings, by the scope it stands in (only the module's is renamed).
    top = {id(node) for node in tree.body}
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    wanted: dict[str, tuple[str, str]] = {}  # local name -> (new parent, new name)
    for node in statements:
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            if full in modules and (alias.asname in (None, alias.name)):
                parent, _, new = modules[full].rpartition(".")
                wanted[alias.name] = (parent, new)
    uses = [(node, scope) for node, scope in names.uses if node.id in wanted]
    taken = {name for name, how in names.bindings[id(names.module)] if how != "import"}
    imported = {name for name, how in names.bindings[id(names.module)] if how == "import"}
    for old, (parent, new) in wanted.items():
        if old == new:
            continue
        is_taken = new in taken or (new in imported and wanted.get(new, ("", new))[1] == new)
        is_taken |= sum(1 for _, n in wanted.values() if n == new) > 1
        for node, scope in uses:
            if node.id != old:
                continue
            owner = names.owner(old, scope)
            if owner is None or (isinstance(owner.node, (ast.FunctionDef, ast.AsyncFunctionDef)) and owner is not names.module):
                kinds = {how for name, how in names.bindings[id(owner)] if name == old} if owner else set()
                if kinds != {"import"}:
                    continue
            is_taken |= any(new in between.bound for between in names.between(scope, owner or names.module) if not between.is_class)
        if is_taken:
            called = aliases.get(f"{parent}.{new}", old)
            remarks.append(f"{parent}.{new} is called {called} here, because {new} is taken")
            renames[old] = called
        else:
            renames[old] = new
    for node, scope in uses:
        owner = names.owner(node.id, scope)
        if node.id not in renames or owner is None:
            continue
        kinds = {how for name, how in names.bindings[id(owner)] if name == node.id}
        if kinds != {"import"}:
            if "import" in kinds:
                remarks.append(f"{node.id} is bound twice")
            continue
        start = starts[node.lineno - 1] + node.col_offset
        assert data[start : start + len(node.id.encode())] == node.id.encode(), (node.id, node.lineno)
        edits.append((start, start + len(node.id.encode()), renames[node.id]))
    for node in statements:
        span = (starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset)
        closed.append(span)
        groups: dict[str, list[str]] = {}
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            if full in modules:
                parent, _, new = modules[full].rpartition(".")
                called = alias.asname
                if alias.asname in (None, alias.name):
                    local = renames.get(alias.name, new)
                    called = local if (local != new or alias.asname) else None
                groups.setdefault(parent, []).append(f"{new} as {called}" if called else new)
            else:
                parent = modules.get(node.module, node.module)
                groups.setdefault(parent, []).append(f"{alias.name} as {alias.asname}" if alias.asname else alias.name)
        if list(groups) == [node.module] and not any(f"{node.module}.{a.name}" in modules for a in node.names):
            continue
        indent = " " * node.col_offset
        comment = _comments(text, node)
        lines = [_statement(parent, brought, comment) for parent, brought in groups.items()]
        if not comment.startswith("noqa"):
            lines[1:] = [_statement(parent, brought) for parent, brought in list(groups.items())[1:]]
        edits.append((span[0], span[1], f"\n{indent}".join(lines)))
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
            for one in ast.walk(node.value):
                if isinstance(one, ast.Constant) and one.value in renames:
                    start = starts[one.lineno - 1] + one.col_offset
                    edits.append((start, start + len(one.value) + 2, f'"{renames[one.value]}"'))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "from portal" in node.value:
            edits += _code_inside(node, data, starts, modules, aliases)
    if pattern:
        for found in pattern.finditer(text):
            start = len(text[: found.start()].encode())
            end = start + len(found[0].encode())
            if any(a <= start < b for a, b in closed) or any(a < end and start < b for a, b, _ in edits):
                continue
            edits.append((start, end, replacement(found)))
    for start, end, new in sorted(edits, reverse=True):
        data = data[:start] + new.encode() + data[end:]
    return Result(text=data.decode(), renames={o: n for o, n in renames.items() if o != n}, remarks=remarks)


def _code_inside(
    node: ast.Constant, data: bytes, starts: list[int], modules: dict[str, str], aliases: dict[str, str]
) -> list[tuple[int, int, str]]:
    """A program in a string, such as a child process runs, where it stands in the file as it is."""
    try:
        inner = rewrite(node.value, modules, aliases, None).text
    except SyntaxError:
        return []
    begin, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
    at = data[begin:end].find(node.value.encode())
    if at < 0 or inner == node.value:
        return []
    return [(begin + at, begin + at + len(node.value.encode()), inner)]


def _statement(parent: str, brought: list[str], comment: str = "") -> str:
    end = f"  # {comment}" if comment else ""
    line = f"from {parent} import {', '.join(brought)}{end}"
    if len(line) <= 110:
        return line
    return f"from {parent} import ({end}\n" + "".join(f"    {one},\n" for one in brought) + ")"


def _comments(text: str, node: ast.ImportFrom) -> str:
    """Comments inside an import statement that is written anew would be lost."""
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    inside = [line.split("#", 1)[1].strip() for line in lines[:-1] if "#" in line]
    return " ".join(inside)


#: Whole folders that other texts name.
FOLDERS = {"tests/hard": "tests/resilience", "tests.hard": "tests.resilience"}
#: Reads like a module and is something else: the SQLite file.
NO_MODULE = ("portal.sqlite",)
#: Set by the caller: what a match of the pattern becomes.
_table: dict[str, str] = {}


def make_pattern(modules: dict[str, str], paths: dict[str, str], folders: dict[str, str]) -> "re.Pattern[str]":
    """Finds dotted names and paths of what moves, in any text."""
    _table.clear()
    _table.update(modules)
    _table.update(FOLDERS)
    for word in NO_MODULE:
        _table.pop(word, None)
    for old, new in paths.items():
        _table[old] = new
        parts_old, parts_new = old.split("/"), new.split("/")
        if old.count("/") >= 2 and parts_old[0] == parts_new[0]:
            _table.setdefault(old.split("/", 1)[1], new.split("/", 1)[1])
    words = sorted(_table, key=len, reverse=True)
    _table.update(folders)
    _table.update({old.split("/", 1)[1]: new.split("/", 1)[1] for old, new in folders.items()})
    within = sorted({one for pair in folders for one in (pair, pair.split("/", 1)[1])}, key=len, reverse=True)
    tail = r"|(?:" + "|".join(map(re.escape, within)) + r")(?=/)" if within else ""
    return re.compile(r"(?<![\w./-])(?:(?:" + "|".join(map(re.escape, words)) + r")(?![\w-])(?!/)" + tail + ")")


def replacement(found: "re.Match[str]") -> str:
    return _table[found[0]]
