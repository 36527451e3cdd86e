#!/usr/bin/env python3
"""Moves a clean checkout of the flat layout into rooms, and commits that. See README.md.

    move.py CHECKOUT [--dry-run] [--no-commit]
"""

import argparse
import ast
import re
import subprocess
import sys
from pathlib import Path

import guessing
import literals
import mapping as places
import rewriting

HERE = Path(__file__).resolve().parent
TEXTS = {".py", ".md", ".toml", ".po", ".html", ".txt", ".js", ".mjs", ".css", ".mako", ".ini", ".in", ".json", ".svg", ""}
#: Where what a file is called where the module's own name is taken by something else in that file.
ALIASES = literals.ALIASES


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, text=True).stdout


def tracked(root: Path) -> list[str]:
    return git(root, "ls-files", "-z").strip("\0").split("\0")


def plan(root: Path) -> places.Mapping:
    """The mapping as far as this checkout has the files; stops where a file has no place."""
    known = set(tracked(root))
    mapping = places.read("places.txt", "tests.txt")
    gone = [old for old in mapping.files if old not in known]
    for old in gone:
        if old not in mapping.optional:
            print(f"note: {old} is not there any more; its line is skipped")
        del mapping.files[old]
    guessing.place_the_rest(mapping, known)
    homeless = guessing.homeless(mapping, known)
    if homeless:
        print("These have no place. Add a line for each to places.txt (or tests.txt):")
        print(*(f"  {one}" for one in homeless), sep="\n")
        sys.exit(1)
    mapping.files = {old: new for old, new in mapping.files.items() if old != new}
    return mapping


def rewrite_python(root: Path, mapping: places.Mapping) -> dict[str, str]:
    """The new text of each Python file, by its old path."""
    modules = mapping.modules()
    pattern = rewriting.make_pattern(modules, mapping.files, mapping.folders)
    every = [path for path in tracked(root) if path.endswith(".py")]
    results = {}
    for path in every:
        text = (root / path).read_text()
        result = rewriting.rewrite(text, modules, ALIASES, pattern)
        results[path] = result
        for remark in result.remarks:
            print(f"{mapping.files.get(path, path)}: {remark}")
    texts = {path: result.text for path, result in results.items()}
    inner = {places.dotted(mapping.files.get(path, path)): result.renames for path, result in results.items()}
    for path, text in texts.items():
        texts[path] = rename_inner(text, inner)
        texts[path] = deepen(path, mapping.files.get(path, path), texts[path])
        texts[path] = rename_in_words(texts[path], results[path].renames)
        if path.startswith(("tests/house/", "tests/test_house")):
            texts[path] = rename_bare_files(texts[path], mapping)
    return texts


def rename_bare_files(text: str, mapping: places.Mapping) -> str:
    """The house tests name files of ``portal/`` itself without a folder."""
    for old, new in mapping.files.items():
        if old.startswith("portal/") and old.count("/") == 1:
            text = text.replace(f'"{old.removeprefix("portal/")}"', f'"{new.removeprefix("portal/")}"')
    return text


def rename_inner(text: str, inner: dict[str, dict[str, str]]) -> str:
    """``module.other.verb``: what ``other`` is called inside of ``module`` now; also in dotted strings."""
    tree = ast.parse(text)
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if f"{node.module}.{alias.name}" in inner:
                    modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    data = text.encode()
    starts, edits = rewriting.offsets(data), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            new = inner[modules[node.value.id]].get(node.attr)
            if new:
                end = starts[node.end_lineno - 1] + node.end_col_offset
                edits.append((end - len(node.attr), end, new))
    for start, end, new in sorted(edits, reverse=True):
        data = data[:start] + new.encode() + data[end:]
    text = data.decode()
    for module, renames in inner.items():
        for old, new in renames.items():
            text = re.sub(rf"(?<=\"{re.escape(module)}\.){old}(?=\.)", new, text)
    return text


def deepen(old: str, new: str, text: str) -> str:
    """``Path(__file__).parents[…]`` counts from where the file is now."""
    deeper = new.count("/") - old.count("/")
    if not deeper or "__file__" not in text:
        return text

    def count(found: "re.Match[str]") -> str:
        up = found[2].count(".parent") - 1 if "[" not in found[2] else int(found[2].split("[")[1][:-1])
        return f"{found[1]}.parents[{up + deeper}]" if up + deeper else f"{found[1]}.parent"

    return re.sub(r"(Path\(__file__\)(?:\.resolve\(\))?)(\.parents\[\d+\]|(?:\.parent\b(?!s))+)", count, text)


def rename_in_words(text: str, renames: dict[str, str]) -> str:
    """Docstrings and comments that name a module by the name it had in this file."""
    for old, new in renames.items():
        text = re.sub(rf"(?<=`){old}(?=\.\w+[`(])", new, text)
    return text


def rewrite_text(root: Path, path: str, mapping: places.Mapping, pattern: "re.Pattern[str]") -> str | None:
    if Path(path).suffix not in TEXTS or "node_modules" in path or path.endswith(("package-lock.json", "uv.lock")):
        return None
    try:
        text = (root / path).read_text()
    except UnicodeDecodeError:
        return None
    new = pattern.sub(rewriting.replacement, text)
    if path.endswith(".md"):
        new = short_names(new, mapping, root)
    return new if new != text else None


def short_names(text: str, mapping: places.Mapping, root: Path) -> str:
    """In documents: ``module.name`` of a module that is called otherwise now, and ``file.py`` alone."""
    for old, new in mapping.files.items():
        before, after = Path(old).stem, Path(new).stem
        if before == after or after == "__init__" or not old.startswith("portal/"):
            continue
        source = (root / old).read_text()
        names = set(re.findall(r"^(?:def|class) (\w+)|^(\w+)\b.*? = ", source, re.M))
        known = {one for pair in names for one in pair if one}
        text = re.sub(
            rf"(?<=`){before}\.(\w+)", lambda m: f"{after}.{m[1]}" if m[1] in known else m[0], text
        )
        others = [one for one in mapping.files if Path(one).name == Path(old).name and one != old]
        if not others:
            text = re.sub(rf"(?<=`){before}\.py(?=`)", f"{after}.py", text)
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="Say what would be moved, and change nothing.")
    parser.add_argument("--no-commit", action="store_true")
    given = parser.parse_args()
    root = given.checkout.resolve()
    if git(root, "status", "--porcelain", "--untracked-files=no").strip():
        sys.exit("The checkout has changes; commit or undo them first.")
    mapping = plan(root)
    if given.dry_run:
        for old, new in mapping.files.items():
            print(f"{old} -> {new}")
        return
    said_before = update_catalogues(root)
    git(root, "checkout", "-q", "--", "portal/translations")
    texts = rewrite_python(root, mapping)
    pattern = rewriting.make_pattern(mapping.modules(), mapping.files, mapping.folders)
    for path in tracked(root):
        if not path.endswith(".py"):
            text = rewrite_text(root, path, mapping, pattern)
            if text is not None:
                texts[path] = text
    move(root, mapping)
    for path, text in texts.items():
        (root / mapping.files.get(path, path)).write_text(text)
    missing = literals.apply(root, literals.EDITS)
    literals.apply(root, literals.SHORTER)
    ruff(root)
    commit(root, literals.MESSAGE, is_wanted=not given.no_commit)
    missing += literals.apply(root, literals.WORDS)
    for source in sorted((HERE / "after").rglob("*.py")):
        target = root / source.relative_to(HERE / "after")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(with_numbers(root, source.read_text()))
    catalogues(root, said_before)
    ruff(root)
    commit(root, literals.MESSAGE_AFTER, is_wanted=not given.no_commit)
    missing += leftovers(root, mapping)
    print(*(f"BY HAND: {one}" for one in missing), sep="\n")
    print(f"{len(mapping.files)} files moved.")


def move(root: Path, mapping: places.Mapping) -> None:
    """Twice, because one file may take the place that another leaves."""
    for number, (old, _) in enumerate(mapping.files.items()):
        (root / old).rename(root / f".moving-{number}")
    for number, (_, new) in enumerate(mapping.files.items()):
        (root / new).parent.mkdir(parents=True, exist_ok=True)
        (root / f".moving-{number}").rename(root / new)
    for folder, sentence in mapping.packages.items():
        package = root / folder / "__init__.py"
        if any((root / folder).rglob("*.py")) and not package.exists():
            package.write_text(f'"""{sentence}"""\n')
    for old in mapping.files:
        folder = (root / old).parent
        while folder != root and folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent
        if folder.exists() and {p.name for p in folder.iterdir()} == {"__pycache__"}:
            subprocess.run(["rm", "-r", str(folder)])


def with_numbers(root: Path, text: str) -> str:
    """The list of full folders begins with what is there now."""
    return re.sub(
        r'"([\w/]+)": \((\d+), "', lambda m: f'"{m[1]}": ({sum(p.is_file() for p in (root / m[1]).iterdir())}, "', text
    )


def leftovers(root: Path, mapping: places.Mapping) -> list[str]:
    """Names and paths of before that some text still has; a file that has gone is not named anywhere."""
    now = tracked(root)
    names = {Path(one).name for one in now}
    gone = {Path(old).name for old in mapping.files if old.endswith(".py")} - names
    modules = {places.dotted(one): root / one for one in now if one.endswith(".py")}
    found = []
    for path in now:
        if Path(path).suffix not in TEXTS or path.endswith((".po", ".json")) or "migrations/versions" in path:
            continue
        for number, line in enumerate((root / path).read_text(errors="replace").splitlines(), 1):
            found += [f"{path}:{number} still says {one}" for one in re.findall(r"\b\w+\.py\b", line) if one in gone]
            for name in re.findall(r"(?<![\w./-])portal\.(?:cli|db|domain|jobs|models|web)\.[a-z_.]*[a-z_]", line):
                if not is_known(name, modules):
                    found.append(f"{path}:{number} names {name}, which is nowhere")
    long = {one: len((root / one).read_text().splitlines()) for one in now if one.endswith(".py")}
    found += [f"{one} has {lines} lines" for one, lines in long.items() if lines > 250 and "migrations" not in one]
    return found


def is_known(name: str, modules: dict[str, Path]) -> bool:
    """A module, or a word that stands in the module before it."""
    module, _, rest = name, "", ""
    while module not in modules:
        module, _, rest = module.rpartition(".")
        if not module:
            return False
    beyond = name.removeprefix(module).removeprefix(".").split(".")[0]
    return not beyond or beyond in modules[module].read_text()


def commit(root: Path, message: str, *, is_wanted: bool) -> None:
    git(root, "add", "-A")
    if is_wanted:
        git(root, "commit", "-q", "-m", message)


def catalogues(root: Path, said_before: dict[str, list[str]]) -> None:
    """The order of a catalogue follows the files; the sentences and their translations must stay the same."""
    said = update_catalogues(root)
    for path, before in said_before.items():
        if said[path] != before:
            print(f"BY HAND: {path} has other sentences than before the move; is a file missing in SAYING of words.py?")


def update_catalogues(root: Path) -> dict[str, list[str]]:
    """Path -> its sentences as the code says them now."""
    subprocess.run([root / ".venv/bin/python", "-m", "flask", "--app", "wsgi", "words", "update"], cwd=root, check=True)
    paths = sorted((root / "portal" / "translations").glob("*.po"))
    return {path.name: sentences(path) for path in paths}


def sentences(path: Path) -> list[str]:
    """Every entry without its comments, sorted."""
    entries = path.read_text().split("\n\n")[1:]
    plain = ("\n".join(line for line in one.splitlines() if not line.startswith("#:")) for one in entries)
    return sorted(one.strip() for one in plain)


def wrap_long(root: Path) -> None:
    """Comments, docstrings and lists that a longer name has pushed over the edge."""
    program = root / ".venv" / "bin" / "ruff"
    said = subprocess.run(
        [program, "check", "--select", "E501", "--output-format", "concise", "."], cwd=root, capture_output=True, text=True
    ).stdout
    found = re.findall(r"^(\S+?):(\d+):\d+: E501", said, re.M)
    for path, number in sorted(found, key=lambda one: -int(one[1])):
        file, index = root / path, int(number) - 1
        lines = file.read_text().splitlines()
        new = wrapped(lines[index], is_first=index == 0)
        follows = lines[index + 1] if index + 1 < len(lines) else ""
        is_prose = len(new) == 2 and '"' not in new[0] + follows and "#" not in new[0] and follows.strip()
        joined = f"{new[-1]} {follows.strip()}"
        if is_prose and len(joined) <= 116 and len(follows) - len(follows.lstrip()) == len(new[0]) - len(new[0].lstrip()):
            new, lines[index + 1] = new[:1], joined
        lines[index : index + 1] = new
        file.write_text("\n".join(lines) + "\n")


def wrapped(line: str, *, is_first: bool) -> list[str]:
    indent, words = line[: len(line) - len(line.lstrip())], line.strip()
    if words.startswith("#"):
        sign, _, words = words.partition(" ")
        cut = words.rfind(" ", 0, 110 - len(indent))
        return [f"{indent}{sign} {words[:cut]}", f"{indent}{sign} {words[cut + 1 :]}"]
    if words.startswith('"""') and words.endswith('"""') and not is_first:
        cut = words.rfind(" ", 0, 110 - len(indent))
        return [f"{indent}{words[:cut]}", f"{indent}{words[cut + 1 : -3]}", f'{indent}"""']
    separator = ", " if words.startswith(('"', "*")) else " "
    cut = words.rfind(separator, 0, 110 - len(indent))
    if words.startswith('"""') or cut < 0 or (separator == " " and '"' in words):
        return [line]
    return [f"{indent}{words[:cut]}{separator.strip()}", f"{indent}{words[cut + len(separator) :]}"]


def ruff(root: Path) -> None:
    program = root / ".venv" / "bin" / "ruff"
    subprocess.run([program, "check", "-q", "--fix", "--select", "I,RUF022", "."], cwd=root)
    subprocess.run([program, "format", "-q", "."], cwd=root)
    wrap_long(root)
    subprocess.run([program, "check", "--output-format", "concise", "."], cwd=root)


if __name__ == "__main__":
    main()
