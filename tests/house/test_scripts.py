"""The pages' scripts are what their types say: TypeScript's checker reads them as they are, without a build step."""

import re
import subprocess
from pathlib import Path

import pytest

import dev

STATIC = Path(__file__).parents[2] / "static" / "js"
FOLDER = Path(__file__).parents[1] / "browser"
#: Each for what its scripts have around them: a window with a document, or a worker with neither.
CONFIGS = ("tsconfig.json", "tsconfig.worker.json")
#: What would tell the checker to look away.
LOOKS_AWAY = re.compile(r"@ts-(?:ignore|nocheck|expect-error)|@\w+ \{[^}\n]*\b(?:any|Function)\b")


def checked(config: str) -> subprocess.CompletedProcess[str]:
    """What the checker says, and which files it has read."""
    checker = FOLDER / "node_modules" / "typescript" / "bin" / "tsc"
    words = [str(dev.BIN / "node"), str(checker), "--project", str(FOLDER / config), "--pretty", "false", "--listFiles"]
    return subprocess.run(words, capture_output=True, text=True, env=dev.with_node())


@pytest.mark.slow
def test_the_checker_finds_nothing_in_any_script():
    dev.fetch_packages(FOLDER, "the checker of scripts")  # At once where ``dev.py test`` has done it.
    said = [checked(config) for config in CONFIGS]
    assert not [line for one in said for line in one.stdout.splitlines() if not Path(line).is_absolute()]
    assert [one.returncode for one in said] == [0, 0]
    read = {line for one in said for line in one.stdout.splitlines()}
    assert {str(path) for path in STATIC.glob("*.js")} <= read, "a script is in none of the configurations"


def test_no_script_asks_the_checker_to_look_away():
    found = {path.name: LOOKS_AWAY.findall(path.read_text()) for path in STATIC.glob("*.js")}
    assert not {name: words for name, words in found.items() if words}
