#!/usr/bin/env python3
"""Says 'provider' wherever a checkout in rooms says 'vendor': prose, names, files. Needs Python 3.12 or newer.

    providers.py CHECKOUT

Changes the working copy only; commits nothing. A second run changes nothing. What it cannot do alone is data below;
what it could not do at all is printed as BY HAND.
"""

import ast
import io
import re
import subprocess
import symtable
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

#: Whole files that stay: what a database has been through is not rewritten, and the words of others are theirs.
LEFT_ALONE = ("migrations/*", "*.po", "*.lock", "*package-lock.json", "static/vendor/*", "LICENSE")
TEXTS = {
    ".py",
    ".md",
    ".toml",
    ".html",
    ".txt",
    ".js",
    ".mjs",
    ".cjs",
    ".css",
    ".ini",
    ".in",
    ".json",
    ".svg",
    ".conf",
    "",
}
#: Columns and constraints of the database, and the fields of dataclasses that are filled into them by their names.
KEPT_WORDS = {"vendor_status", "a_person_or_a_vendor", "ck_review_a_person_or_a_vendor"}
#: Text -> where: the word is what the text is about.
KEPT_TEXTS = {r'mail address|\bvendor"': "tests/web/teach/test_words_of_the_team.py"}

FILES = {
    "bench/data/vendors.py": "bench/data/providers.py",
    "portal/simulator/vendor.py": "portal/simulator/provider.py",
    "static/js/vendor.js": "static/js/provider.js",
    "tests/providers/vendors.py": "tests/providers/records.py",
    "tests/vendors.py": "tests/fake_providers.py",
}
#: Whole words that do not just change their middle, in every file.
WORDS = {"vendor_words": "provider_labels", "create_vendor": "create_simulator", "vendor_of": "simulator_of"}

PEERS = {"vendor": "simulator", "standing_vendor": "running_simulator"}
RUNNING = {"vendor": "simulator"}
SERVED = {"vendor": "provider_server"}
#: Path -> names in code that are called otherwise there, because ``provider`` is something else beside them: what
#: speaks with a provider, its record, or edX's class. The simulator runs a provider; a served one is a fake network.
NAMES = {
    "portal/simulator/*": {"Vendor": "SimulatedProvider"},
    "portal/cli/running/simulate.py": RUNNING,
    "bench/*": {"Vendor": "ProviderServer", "VENDORS": "CALLBACKS"},
    "static/js/*": {"Vendor": "ProviderScript"},
    "tests/peers/*": PEERS,
    "tests/simulator/*": RUNNING,
    "tests/browser/proctored/watched.py": RUNNING,
    "tests/browser/proctored/test_journey.py": RUNNING,
    "tests/resilience/test_outsiders_away.py": RUNNING,
    "tests/cli/test_simulate.py": RUNNING,
    "tests/providers/*": SERVED,
    "tests/cli/test_provider.py": SERVED,
    "tests/cli/test_secret_key.py": SERVED,
    "tests/jobs/topics/test_not_done_there.py": SERVED | {"VENDOR": "PROVIDER_URL"},
    "tests/web/proctored/test_setup.py": {"VENDOR": "PROVIDER_URL"},
}
#: What stands before a dot -> what ``vendor`` behind it becomes: the provider that a simulator runs, and the maker.
BEHIND_A_DOT = {"vendor": "provider", "vendors": "provider", "known": "provider"}
#: Module -> what it is called where it is imported.
MODULES = {"bench": "providers", "tests.providers": "records", "tests": "fake_providers"}

#: Path (the new one) -> text before the word is changed -> what makes room for it.
BEFORE = {
    "tests/fake_providers.py": {
        "from portal.providers.psi import provider\n": "from portal.providers.psi import provider as psi_provider\n",
        "return provider.launch_path(": "return psi_provider.launch_path(",
    },
    "tests/web/provider_api/test_psi_launch.py": {
        "from tests.vendors import deliveries, status_of": "from tests.vendors import CALLBACK_TOKEN, deliveries, status_of",
        "vendors.CALLBACK_TOKEN": "CALLBACK_TOKEN",
    },
    "tests/providers/rest/test_register.py": {
        'assert "0000-CODE" not in str(vendor.calls[-1].request.headers) + vendor.calls[-1].request.body.decode()': "sent = vendor.calls[-1].request\n"
        '    assert "0000-CODE" not in str(sent.headers) + sent.body.decode()',
    },
}
#: Path -> what the one word alone leaves -> what it should read.
AFTER = {
    "bench/data/__init__.py": {
        "answers and allowances; a provider's.": "answers and allowances, and a provider.",
    },
    "docs/compatibility.md": {
        "that speaks the REST provider protocol of edx-proctoring, or": "that speaks the REST protocol of edx-proctoring, or",
    },
    "docs/design.md": {"`providers` (proctoring providers)": "`providers` (proctoring)"},
    "portal/config.py": {
        "How often one provider's server may call us; a whole course ends within a minute.": "How often one provider may call us; a whole course ends within a minute.",
    },
    "portal/domain/proctoring/dead_letters.py": {
        "put aside, shown once to the course it is about, ticked off by a person.": "put aside, shown once to its course, ticked off by a person.",
    },
    "portal/domain/providers/port.py": {
        "The shape of a proctoring provider, as this house sees one: the port that every kind of provider implements.": "What the portal asks of a proctoring provider and hears from it: the port that every kind implements.",
    },
    "portal/domain/reviews/turnaround.py": {
        "None while too few are known, or when past.": "None when too few are known or it is past.",
    },
    "portal/providers/rest/provider.py": {
        "Speaks the edX REST provider protocol with a provider's server: our side of it, whole.": "Our side of edX's REST protocol, whole: everything that a provider's server is asked.",
    },
    "portal/simulator/protocol.py": {
        "of the REST protocol, as providers serve it, with their odd answers.": "of the REST protocol, as real providers serve it, with their odd answers.",
    },
    "portal/web/attempt/page/provider_page.py": {
        # Beside a record's ``name``, which is the provider's own.
        '    name: str\n    """How the script': '    attempt_name: str\n    """How the script',
        "        name=(attempt.external_id": "        attempt_name=(attempt.external_id",
    },
    "portal/web/provider_api/psi.py": {
        "of a provider of this kind, and the provider with": "of a provider of this kind, and that provider with",
    },
    "portal/web/teach/providers/provider_log.py": {
        "and what we could not tell the provider.": "and what we could not tell it.",
        "looks after. What a provider said of themselves is not for them.": "looks after, unless it is their own.",
    },
    "static/js/heartbeat.js": {
        "Half an interval late, so that provider and page do not speak at once; the provider has ten seconds less than the\n"
        "  // page.": "Half an interval after the page, so that they do not speak at once; the provider has ten seconds less.",
    },
    "static/js/provider.js": {
        "{ workerUrl, providerName }": "{ workerUrl, attemptName }",
        "name: providerName }": "name: attemptName }",
    },
    "templates/macros/heartbeat.html": {
        'data-provider-name="{{ provider.name }}"': 'data-attempt-name="{{ provider.attempt_name }}"',
    },
    "tests/browser/proctored/watched.py": {
        "a provider over real sockets, a mail server, a platform that listens, and people.": "a provider over real sockets, a mail server, a listening platform, and people.",
    },
    "tests/house/test_house.py": {"(provider|record|provider)": "(provider|record)"},
    "tests/peers/test_platform.py": {
        "from its place to the verdict, at this provider.": "from place to verdict, at the simulator.",
    },
    "tests/peers/test_rest_class.py": {
        "which is a stranger to the provider, unless it is given the provider's name.": "a stranger to the provider, unless it is given the provider's name.",
    },
    "tests/providers/psi/test_psi.py": {'match="Provider"': 'match="Acme"'},
    "tests/providers/records.py": {
        # A name that no sentence of ours has: tests look for it.
        'provider_slug="provider"': 'provider_slug="acme"',
        '"slug": "provider", "kind": kind, "name": "Provider",': '"slug": "acme", "kind": kind, "name": "Acme",',
    },
    "tests/providers/rest/test_register.py": {'match="Provider"': 'match="Acme"'},
    "tests/providers/rest/test_rest.py": {
        '"backend": "provider"': '"backend": "acme"',
        'said.startswith("Provider ")': 'said.startswith("Acme ")',
    },
    "tests/providers/test_contract.py": {'provider.slug == "provider"': 'provider.slug == "acme"'},
    "tests/simulator/test_with_the_portal.py": {
        "The portal and the simulated provider together: whatever the provider does": "The portal with the simulated provider: whatever the provider does",
    },
    "tests/web/attempt/test_every_state.py": {
        "so each of its situations is pressed with and without a provider in\n#: turn.": "so its situations are pressed in turn with and without a provider.",
    },
}
#: How a line may not read afterwards.
NONSENSE = (
    r"provider's providers?\b",
    r"providers? of (the|a|its|this|that) provider",
    r"\bproviders? providers?\b",
    r"provider is a (proctoring )?provider",
    r"`providers` \(proctoring providers\)",
    r"provider\|(\w+\|)*provider\b",
    r"provider protocol (with|of) (a|the) provider",
    r"\bthe proctoring provider of the provider",
)

problems: list[str] = []


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, text=True).stdout


def tracked(root: Path) -> list[str]:
    return [one for one in git(root, "ls-files", "-z").strip("\0").split("\0") if (root / one).is_file()]


def is_ours(path: str) -> bool:
    return (
        Path(path).suffix in TEXTS and not any(fnmatch(path, one) for one in LEFT_ALONE) and "node_modules" not in path
    )


# Words


def plain(word: str) -> str:
    """The same word, in the same letters' size, about a provider."""
    for old, new in (("vendor", "provider"), ("Vendor", "Provider"), ("VENDOR", "PROVIDER")):
        word = word.replace(old, new)
    return word


def names_in(path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pattern, names in NAMES.items():
        if fnmatch(path, pattern):
            found |= names
    return found


def module_of(path: str, text: str) -> str:
    """What ``vendors`` is called in this file."""
    if path.startswith("bench/"):
        return MODULES["bench"]
    return MODULES[
        "tests.providers" if re.search(r"^from tests\.providers import .*\bvendors\b", text, re.M) else "tests"
    ]


WORD = re.compile(r"\w*vendor\w*", re.IGNORECASE)


def in_paths(text: str) -> str:
    """Files by their paths, and modules by their whole names."""
    for old, new in FILES.items():
        text = re.sub(rf"(?<![\w/]){re.escape(old)}", new, text)
        text = text.replace(f"./{Path(old).name}", f"./{Path(new).name}")
        if old.endswith(".py"):
            dotted = [one.removesuffix(".py").replace("/", ".") for one in (old, new)]
            text = re.sub(rf"(?<![\w.]){re.escape(dotted[0])}(?!\w)", dotted[1], text)
    return text


def replaced(path: str, text: str, name_at: Callable[[int], bool]) -> str:
    """``name_at``: whether a name in code stands at this place; anywhere else it is prose, or a text of its own."""
    names, module = names_in(path), module_of(path, text)
    kept = [place for said, where in KEPT_TEXTS.items() if where == path for place in places(text, said)]

    def new(found: re.Match[str]) -> str:
        word = found[0]
        if word in KEPT_WORDS or any(begin <= found.start() < end for begin, end in kept):
            return word
        if word in WORDS:
            return WORDS[word]
        if not name_at(found.start()):
            return plain(word)
        before = re.search(r"(\w+)\.$", text[max(0, found.start() - 40) : found.start()])
        if word == "vendor" and before and before[1] in BEHIND_A_DOT:
            return BEHIND_A_DOT[before[1]]
        return module if word == "vendors" else names.get(word, plain(word))

    return WORD.sub(new, text)


def places(text: str, said: str) -> Iterator[tuple[int, int]]:
    begin = text.find(said)
    while begin >= 0:
        yield begin, begin + len(said)
        begin = text.find(said, begin + 1)


def names_of_python(text: str) -> Callable[[int], bool]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    found = {starts[one.start[0] - 1] + one.start[1] for one in tokens if one.type == tokenize.NAME}
    return found.__contains__


def names_of_script(text: str) -> Callable[[int], bool]:
    """In a script, whatever is not in a comment; its texts hold names only."""
    comments = [(one.start(), one.end()) for one in re.finditer(r"(?<!:)//.*", text)]
    return lambda at: not any(begin <= at < end for begin, end in comments)


def new_text(path: str, text: str) -> str:
    """Paths first: what they leave is words."""
    text = in_paths(text)
    if path.endswith(".py"):
        return replaced(path, text, names_of_python(text))
    if path.endswith(".js"):
        return replaced(path, text, names_of_script(text))
    return replaced(path, text, lambda at: False)


# Collisions: every name must mean after the change what it meant before.


@dataclass
class Scope:
    table: symtable.SymbolTable
    parent: "Scope | None"
    inner: list["Scope"] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"{self.parent.path}.{self.table.get_name()}" if self.parent else "top"

    def owner(self, name: str) -> "Scope | None":
        """The scope in which ``name`` is bound, when it is used here."""
        symbol = self.table.lookup(name)
        if symbol.is_local():
            return self
        scope = self.parent
        while scope and not scope.binds(name, as_module=not symbol.is_free()):
            scope = scope.parent
        return scope

    def binds(self, name: str, *, as_module: bool) -> bool:
        if name not in self.table.get_identifiers() or as_module != (self.parent is None):
            return False
        symbol = self.table.lookup(name)
        return symbol.is_local() and self.table.get_type() != "class"


def scopes(table: symtable.SymbolTable, parent: Scope | None = None) -> Scope:
    made = Scope(table, parent)
    made.inner = [scopes(one, made) for one in table.get_children()]
    return made


def changed_names(before: str, after: str) -> dict[str, set[str]]:
    """Name -> what it is called now; both texts have the same names in the same order."""
    changed: dict[str, set[str]] = {}
    old, new = (
        [one.string for one in tokenize.generate_tokens(io.StringIO(text).readline) if one.type == tokenize.NAME]
        for text in (before, after)
    )
    for was, became in zip(old, new, strict=True):
        if was != became:
            changed.setdefault(was, set()).add(became)
    return changed


def check_names(path: str, before: str, after: str) -> None:
    """Walks both trees of scopes side by side."""
    try:
        old, new = (scopes(symtable.symtable(one, path, "exec")) for one in (before, after))
        compare(path, old, new, changed_names(before, after))
        check_doubles(path, before, after)
    except (SyntaxError, ValueError) as error:
        problems.append(f"{path}: cannot be read any more: {error}")


def compare(path: str, old: Scope, new: Scope, changed: dict[str, set[str]]) -> None:
    then, now = set(old.table.get_identifiers()), set(new.table.get_identifiers())
    came: dict[str, list[str]] = {}
    for name in sorted(then):
        for became in changed.get(name, set()) & now or ({name} & now):
            came.setdefault(became, []).append(name)
    for became, names in came.items():
        if len(names) > 1:
            problems.append(f"{path}: {new.path} has {became} for {' and '.join(names)}")
            continue
        was, is_now = old.owner(names[0]), new.owner(became)
        if (was and depth(was)) != (is_now and depth(is_now)):
            where = f"was of {was and was.path}, {became} is of {is_now and is_now.path}"
            problems.append(f"{path}: {new.path}: {names[0]} {where}")
    for one, other in zip(old.inner, new.inner, strict=True):
        compare(path, one, other, changed)


def depth(scope: Scope) -> int:
    return 1 + depth(scope.parent) if scope.parent else 0


def check_doubles(path: str, before: str, after: str) -> None:
    """Two tests, or two of anything, that have one name now."""
    for part in ast.walk(ast.parse(after)):
        if not isinstance(part, ast.Module | ast.ClassDef):
            continue
        names = [one.name for one in part.body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
        for name in {one for one in names if names.count(one) > 1}:
            if before.count(f"def {name}(") < after.count(f"def {name}("):
                problems.append(f"{path}: two are called {name}")


def check_page(path: str, before: str, after: str) -> None:
    """In templates and scripts: a name that comes to stand for what another one stands for already."""
    old, new = (names_of_page(path, text) for text in (before, after))
    gone = {plain(one) for one in old - new}
    problems.extend(f"{path}: {name} is there already" for name in sorted(new & old & gone))


def names_of_page(path: str, text: str) -> set[str]:
    """Names that are not behind a dot, outside of comments and quoted texts."""
    if path.endswith(".html"):
        text = " ".join(re.findall(r"{[{%](.*?)[%}]}", text, re.S))
    text = re.sub(r"(?<!:)//.*", "", text)
    text = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", "", text)
    return set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", text))


# Sentences and lines


def mend(path: str, text: str, table: dict[str, dict[str, str]], used: set[str]) -> str:
    for old, new in table.get(path, {}).items():
        assert old not in new, f"{old!r} would be mended again in every run"
        if old in text or new in text or (table is BEFORE and not WORD.search(text)):
            used.add(f"{path}: {old}")
        text = text.replace(old, new)
    return text


def align(text: str, before: str) -> str:
    """Tables whose columns stood under each other do so again; only first columns hold the word."""
    lines, old = text.split("\n"), before.split("\n")
    number = 0
    while number < len(lines):
        end = number
        while end < len(lines) and lines[end].lstrip().startswith("|"):
            end += 1
        was = {len(line) for line in old[number:end]}
        if end - number > 2 and len(was) == 1 and lines[number:end] != old[number:end]:
            lines[number:end] = padded(lines[number:end])
        number = max(end, number + 1)
    return "\n".join(lines)


def padded(rows: list[str]) -> list[str]:
    cells = [row.split("|") for row in rows]
    width = max(len(cell[1].strip(" -")) for cell in cells)
    for cell in cells:
        is_rule = not cell[1].strip(" -")
        cell[1] = "-" * (width + 2) if is_rule else f" {cell[1].strip():{width}} "
    return ["|".join(cell) for cell in cells]


def wrap(text: str, before: str, width: int = 120) -> str:
    """Comments and paragraphs of docstrings that a longer word has pushed over the edge."""
    lines, known = text.splitlines(), set(before.splitlines())
    number = 0
    while number < len(lines):
        if len(lines[number]) > width and lines[number] not in known:
            begin, end = paragraph(lines, number)
            if end > begin:
                lines[begin:end] = filled(lines[begin:end], width)
        number += 1
    return "\n".join(lines) + "\n"


def indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def paragraph(lines: list[str], number: int) -> tuple[int, int]:
    """From the long line to the end of what it says; (n, n) where that is not prose."""
    line = lines[number]
    sign = re.match(r"\s*(#:?|//) ", line)
    if sign:
        end = number + 1
        while (
            end < len(lines) and lines[end].startswith(sign[0]) and lines[end][len(sign[0]) : len(sign[0]) + 1].strip()
        ):
            end += 1
        return number, end
    if '"' in line.replace('"ready"', "").replace('"reviewed"', "") or not is_in_docstring(lines, number):
        return number, number
    end = number + 1
    while (
        end < len(lines) and lines[end].strip() and indent_of(lines[end]) == indent_of(line) and '"""' not in lines[end]
    ):
        if lines[end].lstrip().startswith((":raises", "* ", "- ")):
            break
        end += 1
    return number, end


def is_in_docstring(lines: list[str], number: int) -> bool:
    return sum(one.count('"""') for one in lines[:number]) % 2 == 1


def filled(part: list[str], width: int) -> list[str]:
    sign = re.match(r"\s*(?:#:? |// )?", part[0])[0]
    words = " ".join(one[len(sign) :].strip() for one in part).split(" ")
    lines = [sign]
    for word in words:
        if len(lines[-1]) + len(word) + 1 > width and lines[-1] != sign:
            lines.append(sign)
        lines[-1] += word if lines[-1] == sign else f" {word}"
    return lines


# The whole


def move(root: Path) -> None:
    for old, new in FILES.items():
        if (root / old).exists():
            if (root / new).exists():
                sys.exit(f"{old} cannot become {new}: that is there already.")
            git(root, "mv", old, new)
    for path in tracked(root):
        if "vendor" in path.lower() and is_ours(path):
            problems.append(f"{path} has no new name")


def run_ruff(root: Path, paths: list[str]) -> None:
    program = root / ".venv" / "bin" / "ruff"
    if not program.exists():
        problems.append("There is no ruff in .venv: sort imports and format by hand.")
        return
    if paths:
        subprocess.run([program, "check", "-q", "--select", "I", "--fix", *paths], cwd=root, check=False)
        subprocess.run([program, "format", "-q", *paths], cwd=root, check=False)
    said = subprocess.run(
        [program, "check", "--output-format", "concise", "."], cwd=root, capture_output=True, text=True
    )
    problems.extend(line for line in said.stdout.splitlines() if re.match(r"\S+:\d+:\d+:", line))


def leftovers(root: Path) -> None:
    for path in filter(is_ours, tracked(root)):
        for number, line in enumerate((root / path).read_text(errors="replace").splitlines(), 1):
            for word in WORD.findall(line):
                if word not in KEPT_WORDS and path not in KEPT_TEXTS.values():
                    problems.append(f"{path}:{number} still says {word}")
            for pattern in NONSENSE:
                if re.search(pattern, line, re.IGNORECASE):
                    problems.append(f"{path}:{number} reads like nonsense: {line.strip()[:160]}")


def catalogues(root: Path) -> None:
    """Sentences stay as they are; only where they stand may be called otherwise."""
    for path in (one for one in tracked(root) if one.endswith(".po")):
        lines = (root / path).read_text().splitlines(keepends=True)
        new = [in_paths(line) if line.startswith("#:") else line for line in lines]
        if new != lines:
            (root / path).write_text("".join(new))
        said = [line for line in new if WORD.search(line) and not line.startswith("#")]
        problems.extend(f"{path} still says {line.strip()}" for line in said)


def rewrite(root: Path, path: str, used: set[str]) -> bool:
    """Whether the file has changed."""
    try:
        text = (root / path).read_text()
    except UnicodeDecodeError:
        return False
    before = mend(path, text, BEFORE, used)
    new = new_text(path, before)
    if new != before and path.endswith(".py"):
        check_names(path, before, new)
    if new != before and path.endswith((".html", ".js")):
        check_page(path, before, new)
    if path.endswith((".py", ".js")):
        new = wrap(new, text)
    new = mend(path, new, AFTER, used)
    if path.endswith(".md"):
        new = align(new, text)
    if new != text:
        (root / path).write_text(new)
    return new != text


def main() -> None:
    root = Path(sys.argv[1]).resolve()
    move(root)
    used: set[str] = set()
    changed = [path for path in filter(is_ours, tracked(root)) if rewrite(root, path, used)]
    wanted = {f"{path}: {old}" for table in (BEFORE, AFTER) for path, texts in table.items() for old in texts}
    problems.extend(f"not found: {one}" for one in sorted(wanted - used))
    catalogues(root)
    run_ruff(root, [path for path in changed if path.endswith(".py")])
    leftovers(root)
    print(*(f"BY HAND: {one}" for one in problems), sep="\n")
    print(f"{len(changed)} files changed.")


if __name__ == "__main__":
    main()
