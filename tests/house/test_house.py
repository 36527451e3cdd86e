"""The house rules a machine can check: arrows, sizes, sentences and doors."""

import ast
import re
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.every_row
HOUSE = Path(__file__).parents[2]
PORTAL = HOUSE / "portal"
FILES = sorted(PORTAL.rglob("*.py"))
TESTS = sorted(path for path in (HOUSE / "tests").rglob("*.py") if "node_modules" not in path.parts)
BENCH = sorted((HOUSE / "bench").rglob("*.py"))

#: room -> what it may import besides the standard library. Arrows point down and never back.
#: A name that ends in a dot means everything below it.
DOORS = {
    "portal.clock", "portal.config", "portal.db", "portal.domain.", "portal.extensions", "portal.models.",
    "portal.registration", "portal.languages", "portal.db.encrypted", "portal.sources.", "portal.providers.",
    "portal.demo.",
    "portal.version",
}  # fmt: skip
MAY_IMPORT = {
    # The database: also its commands, its one kind of transaction, and encryption at rest.
    "db": {
        "alembic", "click", "cryptography", "flask", "flask_migrate", "flask_sqlalchemy", "sqlalchemy",
        "portal.db", "portal.private_files",
    },
    "models": {"sqlalchemy", "flask_login", "portal.db", "portal.models.", "portal.db.encrypted"},
    "domain": {
        "sqlalchemy", "nh3", "latex2mathml", "re2", "zxcvbn",
        "portal.db", "portal.db.fast", "portal.models.", "portal.domain.", "portal.db.encrypted",
    },
    "sources": {
        "babel", "defusedxml", "lxml", "nh3", "yaml", "portal.sources.", "portal.domain.answers.kinds",
        "portal.domain.courses.published", "portal.domain.text.arithmetic", "portal.domain.errors",
        "portal.domain.text.sanitising", "portal.models.courses.question",
    },
    "demo": {
        "sqlalchemy", "portal.db", "portal.demo.", "portal.domain.", "portal.models.", "portal.providers.",
        "portal.sources.",
    },
    "providers": {
        "cryptography", "flask", "joserfc", "requests", "portal.clock", "portal.domain.", "portal.models.",
        "portal.providers.",
    },
    # A provider to test against: it knows the portal only by its addresses.
    "simulator": {"flask", "requests", "werkzeug", "portal.clock", "portal.simulator."},
    "jobs": DOORS | {
        "flask", "flask_mail", "jinja2", "requests", "sqlalchemy", "standardwebhooks", "portal.db.fast", "portal.jobs.",
    },
    "web": DOORS | {
        "authlib", "babel", "flask", "flask_login", "flask_wtf", "itsdangerous", "joserfc", "markupsafe",
        "sqlalchemy", "werkzeug", "wtforms", "portal.own_forms", "portal.web.",
    },
    # Between the network and the application: it knows nothing of exams.
    "server": {"granian", "portal.server."},
    "cli": DOORS | {
        "babel", "click", "flask", "sqlalchemy", "portal.cli.", "portal.jobs.", "portal.logs",
        "portal.db.upgrade", "portal.private_files", "portal.server.", "portal.simulator.", "portal.web.",
    },
}  # fmt: skip
NESTS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)
#: Functions that may nest three deep, and why.
DEEPER: dict[str, str] = {}
#: What asks the database, when it is called on a session or a connection.
ASKS_A_SESSION = {"execute", "get", "get_one", "query", "scalar", "scalar_one", "scalars", "stream"}
#: What builds a statement, called by itself or on one of these.
STATEMENTS = {"delete", "exists", "insert", "select", "text", "update"}
BUILDERS = {"", "db", "sa", "sqlalchemy", "postgresql", "sqlite"}
MOST_LINES, LONGEST_FUNCTION, DEEPEST, MOST_ARGUMENTS = 250, 30, 2, 6


def name_of(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def room(path: Path) -> str:
    return path.relative_to(PORTAL).parts[0]


def imports(path: Path) -> set[str]:
    """Every module a file imports from, by its whole dotted name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name_of(path)}: imports are written in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def is_allowed(imported: str, allowed: set[str]) -> bool:
    if imported.partition(".")[0] in sys.stdlib_module_names:
        return True
    return any(f"{imported}.".startswith(name if name.endswith(".") else f"{name}.") for name in allowed)


def depth(node: ast.AST) -> int:
    """How deep statements nest; an ``elif`` is not deeper than its ``if``."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and child in node.orelse
        own = isinstance(child, NESTS) and not (is_elif and len(node.orelse) == 1)
        deepest = max(deepest, depth(child) + own)
    return deepest


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.walk(ast.parse(path.read_text()))
    return [node for node in tree if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", [path for path in FILES if room(path) in MAY_IMPORT], ids=name_of)
def test_arrows_point_one_way(path):
    strangers = {name for name in imports(path) if not is_allowed(name, MAY_IMPORT[room(path)])}
    assert not strangers


def test_every_room_has_its_arrows():
    rooms = {path.name for path in PORTAL.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms <= set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES + TESTS + BENCH, ids=name_of)
def test_nothing_is_too_big_to_read(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES
    for function in functions(path):
        known = f"{name_of(path)}:{function.name}"
        arguments = [a for a in (*function.args.args, *function.args.kwonlyargs) if a.arg not in {"self", "cls"}]
        assert function.end_lineno - function.lineno < LONGEST_FUNCTION, f"{function.name} is long"
        assert depth(function) <= DEEPEST + (known in DEEPER), f"{function.name} is deep"
        assert len(arguments) <= MOST_ARGUMENTS, f"{function.name} asks for too much"


@pytest.mark.parametrize("path", FILES + TESTS + BENCH, ids=name_of)
def test_every_file_says_what_it_is_for(path):
    sentence = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert sentence.partition("\n")[0].rstrip().endswith((".", ":", "?")), "begin with one sentence"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_is_left_to_do(path):
    text = path.read_text()
    assert not [word for word in ("TODO", "FIXME", "XXX", " print(", "breakpoint(") if word in text]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_has_a_name_that_says_something(path):
    empty = {
        "helpers", "helper", "utils", "util", "misc", "common", "manager", "managers", "base", "service",
        "services",
    }  # fmt: skip
    assert not {part.removesuffix(".py") for part in path.relative_to(PORTAL).parts} & empty


#: Each keeps what is made once in a process.
CACHING = (
    "db/direct.py", "db/driver.py", "db/fast.py", "db/shapes.py", "db/upgrade.py", "db/write_lock.py", "languages.py",
)  # fmt: skip


@pytest.mark.parametrize(
    ("action", "doors"),
    [
        ("attempt.status = ", ("domain/lifecycle/transitions.py",)),
        ("datetime.now(", ("clock.py",)),
        ("utcnow(", ()),
        ("session.commit()", ("db/__init__.py",)),
        ("session.info", ("db/__init__.py", "db/direct.py", "db/fast.py")),
        ("session.connection(", ("db/direct.py", "db/fast.py", "db/loading.py", "db/transactions.py")),
        ("__table__", ("db/fast.py",)),
        ("functools import cache", CACHING),
        ("with writing()", ("db/__init__.py", "db/fast.py", "registration.py", "web/", "jobs/", "cli/")),
        ("time.time()", ()),
    ],
)
def test_some_actions_are_done_in_one_place_only(action, doors):
    doers = [path.relative_to(PORTAL).as_posix() for path in FILES if action in path.read_text()]
    assert [doer for doer in doers if not doer.startswith(doors or "-")] == []


def questions(path: Path) -> list[str]:
    """Every call in a file that asks the database, or builds what would."""
    tree = ast.parse(path.read_text())
    flasks = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
              if node.module == "flask" for alias in node.names}  # fmt: skip
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        owner, _, verb = ast.unparse(call.func).rpartition(".")
        is_session = owner.endswith(("session", "session()", "connection", "connection()")) and owner not in flasks
        if (is_session and verb in ASKS_A_SESSION) or (owner in BUILDERS and verb in STATEMENTS):
            found.append(f"{name_of(path)}:{call.lineno} {ast.unparse(call.func)}")
    return found


def test_doors_do_not_ask_the_database():
    """A rule, and what it must know, is in ``domain/``, so that every way in obeys it: each noun has its questions."""
    doors = [path for path in FILES if room(path) in {"web", "jobs", "cli", "registration.py", "production.py"}]
    assert [one for path in doors for one in questions(path)] == []


def test_nobody_outside_the_port_asks_which_kind_a_provider_is():
    """So a new kind is a file and its line in ``providers/``, and its word in the models' enum."""
    behind = ("providers/", "models/", "cli/")
    asks = re.compile(r"ProviderKind\.|\b(provider|record)\.kind\b|\bkind\b.*[\"'](psi|rest)[\"']")
    pages = sorted((HOUSE / "templates").rglob("*.*"))
    outside = [path for path in FILES if not path.relative_to(PORTAL).as_posix().startswith(behind)]
    assert [name_of(path) for path in outside + pages if asks.search(path.read_text())] == []


def test_only_a_kinds_own_doors_know_its_class():
    own = {
        "providers/__init__.py": "the table of kinds",
        "web/provider_api/psi.py": "the addresses that PSI's software calls",
        "jobs/recurring/practice_script.py": "plays the built-in proctor",
        "demo/proctored.py": "sets the built-in proctor up",
    }
    names = re.compile(r"\b(Practice|Rest|Psi)Provider\b")
    knowing = {path.relative_to(PORTAL).as_posix() for path in FILES if names.search(path.read_text())}
    assert knowing - {"providers/practice.py", "providers/psi/provider.py", "providers/rest/provider.py"} == set(own)


def test_templates_stay_readable():
    pages = sorted((HOUSE / "templates").rglob("*.html"))
    long = {name_of(page): lines for page in pages if (lines := len(page.read_text().splitlines())) > 200}
    assert not long


def test_templates_trust_no_text():
    """``|safe`` is for what was sanitised when it was stored: columns and fields that end in ``html``."""
    for page in sorted((HOUSE / "templates").rglob("*.html")):
        trusted = [part for part in page.read_text().split("|") if part.lstrip().startswith("safe")]
        before = page.read_text().replace(" ", "")
        assert before.count("|safe") == before.count("html|safe") == len(trusted), name_of(page)


#: What cannot be the same everywhere: another database, and exports of others that are no part of the project.
MAY_SKIP = {"tests/sources/conftest.py", "tests/web/negotiation/test_faults.py"}


def test_no_test_is_skipped_for_want_of_a_program():
    """A bare machine runs every test: where a program is not there, a kept library does the same."""
    leaves_out = re.compile(r"pytest\.skip|skipif|importorskip|xfail|shutil\.which|\bwhich\(")
    others = [path for path in TESTS if path != Path(__file__)]
    assert {name_of(path) for path in others if leaves_out.search(path.read_text())} == MAY_SKIP
