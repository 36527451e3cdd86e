"""The version: one figure, told by the command, the foot of every page, the project file and the changelog."""

import re
import tomllib
from pathlib import Path

from portal.version import VERSION

ROOT = Path(__file__).parents[2]


def test_the_command_says_it(app):
    said = app.test_cli_runner().invoke(args=["version"])
    assert said.output.startswith(f"Invigil {VERSION}, Python ")


def test_the_foot_of_a_page_says_it(client):
    assert f"Invigil {VERSION}" in client.get("/help").text


def test_the_project_file_and_the_changelog_say_the_same():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
    assert VERSION in re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
