"""Renames identifiers by their place in the syntax tree, and sentences by exact tables; reports what it did not find."""

import ast
import io
import re
import tokenize
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SKIP = {".venv", ".git", "node_modules", "__pycache__", "migrations", ".ruff_cache", ".mypy_cache", "instance", "translations"}
#: The other script may have run or not: these pairs are the same word in a pattern.
TOLERANT = re.compile(r"vendor|Vendor|VENDOR")


@dataclass(frozen=True)
class Place:
    """Where a name token stands."""

    path: str
    kind: str  # name, arg, kw, attr, def, class, import, other
    scope: str  # dotted name of the innermost function or class
    owner: str  # of an attribute: the source of what is before the dot; of a keyword: the function called
    causes: frozenset[str]  # names in the enclosing functions that are of the type the section asks about


Rule = str | Callable[[Place], str | None]


@dataclass
class Section:
    name: str
    names: Mapping[str, Rule] = field(default_factory=dict)
    """identifier -> its new name, or a function that says which (None: it stays)."""
    strings: Mapping[str, Rule] = field(default_factory=dict)
    """A whole string constant in Python -> its new value."""
    files: Mapping[str, str] = field(default_factory=dict)
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    """(glob, old, new): text anywhere in the files; spaces match any run of white space with comment signs."""
    prose: list[tuple[str, str]] = field(default_factory=list)
    """(pattern, new) in comments and docstrings only."""
    typed: frozenset[str] = frozenset()
    """Classes: names annotated with or assigned from one of these are known as ``causes``."""
    kept: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """path -> names that keep the old word there."""


def python_files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*.py")):
        if not SKIP & set(path.relative_to(root).parts):
            yield path


def other_files(root: Path, globs: tuple[str, ...] = ("*.html", "*.txt", "*.js", "*.mjs", "*.md", "*.toml", "*.yml", "*.css")) -> Iterator[Path]:
    for glob in globs:
        for path in sorted(root.rglob(glob)):
            if not SKIP & set(path.relative_to(root).parts) and not path.is_symlink():
                yield path


class Map(ast.NodeVisitor):
    """(line, column) of each name token -> its place."""

    def __init__(self, path: str, source: str, typed: frozenset[str]) -> None:
        self.path, self.source, self.typed = path, source, typed
        self.lines = source.split("\n")
        self.at: dict[tuple[int, int], Place] = {}
        self.docs: set[tuple[int, int]] = set()
        self.scope: list[str] = []
        self.causes: list[set[str]] = [set()]
        self.tree = ast.parse(source)
        self.scopes: list[tuple[str, ast.AST]] = [("", self.tree)]
        self.visit(self.tree)

    def column(self, line: int, byte: int) -> int:
        return len(self.lines[line - 1].encode()[:byte].decode())

    def put(self, line: int, byte: int, kind: str, owner: str = "") -> None:
        known = frozenset().union(*self.causes)
        self.at[line, self.column(line, byte)] = Place(self.path, kind, ".".join(self.scope), owner, known)

    def text(self, node: ast.AST) -> str:
        return ast.unparse(node)

    def is_typed(self, node: ast.AST | None) -> bool:
        return node is not None and any(isinstance(n, ast.Name) and n.id in self.typed for n in ast.walk(node)) and not isinstance(node, ast.Subscript)

    def body_of(self, node: ast.AST, name: str) -> None:
        self.scope.append(name)
        self.scopes.append((".".join(self.scope), node))
        mine: set[str] = set()
        if not isinstance(node, ast.ClassDef):
            a = node.args
            for one in (*a.posonlyargs, *a.args, *a.kwonlyargs):
                if self.is_typed(one.annotation):
                    mine.add(one.arg)
        for sub in ast.walk(node):
            if isinstance(sub, ast.Assign) and isinstance(sub.value, ast.Call) and isinstance(sub.value.func, ast.Name) and sub.value.func.id in self.typed:
                mine |= {t.id for t in sub.targets if isinstance(t, ast.Name)}
        self.causes.append(mine)
        self.generic_visit(node)
        self.causes.pop()
        self.scope.pop()

    def doc(self, node: ast.AST) -> None:
        for one in node.body:
            if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str):
                self.docs.add((one.lineno, self.column(one.lineno, one.col_offset)))

    def visit_Module(self, node):
        self.doc(node)
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        self.doc(node)
        self.named(node, "def")
        self.body_of(node, node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        self.doc(node)
        self.named(node, "class")
        self.body_of(node, node.name)

    def visit_Lambda(self, node):
        self.body_of(node, "<lambda>")

    def named(self, node, kind):
        line = self.lines[node.lineno - 1]
        found = re.compile(rf"\b(?:def|class)\s+({re.escape(node.name)})\b").search(line)
        if found:
            self.at[node.lineno, found.start(1)] = Place(self.path, kind, ".".join(self.scope), "", frozenset())

    def visit_Name(self, node):
        self.put(node.lineno, node.col_offset, "name")

    def visit_arg(self, node):
        self.put(node.lineno, node.col_offset, "arg")
        self.generic_visit(node)

    def visit_Attribute(self, node):
        self.put(node.end_lineno, node.end_col_offset - len(node.attr.encode()), "attr", self.text(node.value))
        self.generic_visit(node)

    def visit_Call(self, node):
        for one in node.keywords:
            if one.arg:
                self.put(one.lineno, one.col_offset, "kw", self.text(node.func))
        self.generic_visit(node)

    def visit_AnnAssign(self, node):
        self.generic_visit(node)


def new_name(rule: Rule, place: Place) -> str | None:
    return rule if isinstance(rule, str) else rule(place)


def collisions(found: Map, changes: dict[tuple[int, int], tuple[str, str]]) -> Iterator[str]:
    """Functions in which a new name is one that is there already, or two old names become one."""
    for name, node in found.scopes[1:] or []:
        if isinstance(node, ast.ClassDef):
            continue
        olds: dict[str, set[str]] = defaultdict(set)
        plain: set[str] = set()
        for sub in ast.walk(node):
            if isinstance(sub, ast.Name | ast.arg):
                label = sub.id if isinstance(sub, ast.Name) else sub.arg
                change = changes.get((sub.lineno, found.column(sub.lineno, sub.col_offset)))
                if change:
                    olds[change[1]].add(label)
                else:
                    plain.add(label)
        for new, old in olds.items():
            if new in plain or len(old) > 1:
                yield f"{found.path}:{node.lineno} {name}: {sorted(old)} -> {new} is taken"


def rename_python(path: Path, root: Path, section: Section, counts: Counter, clashes: list[str]) -> None:
    source = path.read_text()
    words = {*section.names, *section.strings}
    relevant = any(word in source for word in words) or section.prose
    if not relevant:
        return
    relative = path.relative_to(root).as_posix()
    found = Map(relative, source, section.typed)
    kept = section.kept.get(relative, frozenset())
    edits: list[tuple[int, int, int, str]] = []
    changes: dict[tuple[int, int], tuple[str, str]] = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        line, column = token.start
        if token.type == tokenize.NAME and token.string in section.names and token.string not in kept:
            place = found.at.get((line, column)) or Place(relative, "other", "", "", frozenset())
            new = new_name(section.names[token.string], place)
            if new and new != token.string:
                edits.append((line, column, token.end[1], new))
                changes[line, column] = (token.string, new)
                counts[f"{token.string} -> {new}"] += 1
        elif token.type == tokenize.COMMENT or (token.type == tokenize.STRING and (line, column) in found.docs):
            new = prose(token.string, section)
            if new != token.string:
                counts["comments and docstrings"] += 1
                edits.append((line, column, token.end[1], new) if token.end[0] == line else (line, column, (token.end[0], token.end[1]), new))
        elif token.type == tokenize.STRING and token.string[:1] in "\"'":
            value = token.string[1:-1]
            if value in section.strings:
                place = Place(relative, "string", "", "", frozenset())
                new = new_name(section.strings[value], place)
                if new:
                    counts[f"'{value}' -> '{new}'"] += 1
                    edits.append((line, column, token.end[1], token.string[0] + new + token.string[-1]))
    clashes += collisions(found, changes)
    if edits:
        path.write_text(applied(source, edits))


def applied(source: str, edits: list) -> str:
    lines = source.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for line, column, end, new in sorted(edits, reverse=True, key=lambda one: (one[0], one[1])):
        begin = starts[line - 1] + column
        stop = starts[end[0] - 1] + end[1] if isinstance(end, tuple) else starts[line - 1] + end
        source = source[:begin] + new + source[stop:]
    return source


def prose(text: str, section: Section) -> str:
    """Names in back quotes follow their renames, and the section's patterns are replaced."""
    def quoted(match: re.Match) -> str:
        return re.sub(r"\b[A-Za-z_]\w*\b", lambda m: _plain(section, m[0]), match[0])
    text = re.sub(r"`[^`\n]+`", quoted, text)
    for pattern, new in section.prose:
        text = re.sub(pattern, new, text)
    return text


def _plain(section: Section, word: str) -> str:
    rule = section.names.get(word)
    return rule if isinstance(rule, str) else word


def text_pattern(old: str) -> re.Pattern:
    """``old`` where any space may be a line's end, and where the other script's word may stand already."""
    parts = [re.escape(part) for part in old.split(" ")] if "\n" not in old else [re.escape(old)]
    joined = r"(?: |[ \t]*\n[ \t]*(?:#:?[ ]|//[ ])?)".join(parts)
    for had, has in (("vendor", "provider"), ("Vendor", "Provider"), ("VENDOR", "PROVIDER")):
        joined = joined.replace(had, f"(?:{had}|{has})")
    return re.compile(joined)


def run_section(root: Path, section: Section) -> int:
    counts: Counter = Counter()
    clashes: list[str] = []
    missing = []
    for old, new in section.files.items():
        if (root / old).exists():
            (root / new).parent.mkdir(parents=True, exist_ok=True)
            (root / old).rename(root / new)
            counts["files moved"] += 1
        else:
            missing.append(f"file {old}")
    for glob, old, new in section.texts:
        pattern, n = text_pattern(old), 0
        for path in sorted(root.glob(glob)):
            if path.is_file() and not SKIP & set(path.relative_to(root).parts):
                text = path.read_text()
                changed, times = pattern.subn(lambda m: new, text)
                if times:
                    path.write_text(changed)
                    n += times
        if n:
            counts["explicit texts"] += n
        else:
            missing.append(f"{glob}: {old[:90]!r}")
    for path in python_files(root):
        rename_python(path, root, section, counts, clashes)
    print(f"== {section.name}: {sum(counts.values())} changes")
    for what, number in counts.most_common():
        print(f"   {number:5d} {what}")
    for one in clashes:
        print("   CLASH", one)
    for one in missing:
        print("   NOT FOUND", one)
    return len(clashes)
