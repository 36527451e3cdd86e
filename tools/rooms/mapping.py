"""Reads places.txt and tests.txt: which file goes where, and which packages are made."""

import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
SECTION = re.compile(r"^\[(\S+)\]\s*(.*)$")


@dataclass
class Mapping:
    files: dict[str, str] = field(default_factory=dict)
    """Old path -> new path, both relative to the repository. Only those that move or are renamed."""
    packages: dict[str, str] = field(default_factory=dict)
    """New folder -> the sentence its ``__init__.py`` opens with."""
    folders: dict[str, str] = field(default_factory=dict)
    """Old folder -> new folder, for whatever lies in it."""
    optional: set[str] = field(default_factory=set)
    """Old paths that need not exist."""

    def modules(self) -> dict[str, str]:
        """Old dotted name -> new dotted name, for Python files whose dotted name changes."""
        found = {dotted(old): dotted(new) for old, new in self.files.items() if old.endswith(".py")}
        return {old: new for old, new in found.items() if old != new}


def dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def read(*names: str) -> Mapping:
    mapping = Mapping()
    for name in names:
        folder = ""
        for number, line in enumerate((HERE / name).read_text().splitlines(), 1):
            line = line.split("#")[0].rstrip() if not SECTION.match(line) else line
            if found := SECTION.match(line):
                folder = found[1]
                if found[2]:
                    mapping.packages[folder] = found[2]
                continue
            if not line.strip():
                continue
            old, new = line.split()
            if old.endswith("/*"):
                mapping.folders[old.removesuffix("/*")] = new.removesuffix("/*")
                continue
            is_optional, old = old.startswith("?"), old.removeprefix("?")
            new = new if "/" in new else f"{folder}/{new}"
            ending = Path(old).suffix
            new = new if new.endswith(ending) else new + ending
            assert old not in mapping.files, f"{name}:{number}: {old} twice"
            assert new not in mapping.files.values(), f"{name}:{number}: two files become {new}"
            mapping.files[old] = new
            if is_optional:
                mapping.optional.add(old)
    return mapping
