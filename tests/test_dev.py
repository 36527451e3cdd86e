"""The two commands on a machine that lacks something: one plain line each, and what is run when nothing does."""

import os
import shutil
import subprocess
import sys
import venv
from collections import namedtuple
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).parents[1]
Version = namedtuple("Version", "major minor micro")


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A fresh copy of the project on a machine without uv, with nothing installed yet."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("flask==3.0 --hash=sha256:00\n")
    places = {
        "ROOT": "",
        "VENV": ".venv",
        "BIN": ".venv/bin",
        "PYTHON": ".venv/bin/python",
        "UNFINISHED": ".venv/.unfinished",
    }
    for name, place in places.items():
        monkeypatch.setattr(dev, name, tmp_path / place)
    for name in dev.CACHES:
        monkeypatch.setenv(name, "put back at the end of the test")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ran(monkeypatch):
    """The commands that were run instead of running them; ``failing`` names a word of those that fail."""
    ran, failing = [], set()

    def run(words, **options):
        ran.append(" ".join(str(word).rpartition("/")[2] if str(word).startswith("/") else str(word) for word in words))
        code = int(any(word in ran[-1] for word in failing))
        if code and options.get("check"):
            raise subprocess.CalledProcessError(code, words)
        return subprocess.CompletedProcess(words, code)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(os, "execv", lambda program, words: sys.exit(run(words).returncode))
    ran_and_failing = namedtuple("RanAndFailing", "ran failing")
    return ran_and_failing(ran, failing)


def created(folder, with_pip):
    """An environment with a Python in it, as far as dev.py looks."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()


def code_of(*words):
    try:
        return dev.main(list(words))
    except SystemExit as end:
        return end.code


def said(capsys, *words):
    """The exit code, and the one line that was said."""
    code = code_of(*words)
    [*_, line] = capsys.readouterr().err.splitlines()
    return code, line


def test_a_python_without_venv_is_told_how_to_get_it(bare, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "venv", None)
    code, line = said(capsys, "run")
    assert (code, line.startswith("Python's venv module is missing."), "apt install python3-venv" in line) == (1, 1, 1)


def test_half_an_environment_is_not_taken_for_a_whole_one(bare, monkeypatch, capsys):
    def create(folder, with_pip):
        created(folder, with_pip)
        raise subprocess.CalledProcessError(1, ["ensurepip"])  # As Debian's Python without python3-venv.

    monkeypatch.setattr(venv, "create", create)
    for _ in range(2):
        assert "apt install python3-venv" in said(capsys, "flask", "course", "import")[1]
    assert not (bare / ".venv").exists()


def test_a_folder_that_cannot_be_written_is_named(bare, monkeypatch, capsys):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    said_line = f"{bare} cannot be written. Copy the project to a folder of your own and try again."
    assert said(capsys, "test") == (1, said_line)


def test_an_old_python_is_named(bare, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", Version(3, 9, 2))
    assert said(capsys, "run")[1].startswith("Python 3.11 or newer is needed")


def test_a_network_that_is_away_is_said(bare, monkeypatch, ran, capsys):
    monkeypatch.setattr(venv, "create", created)
    ran.failing.add("pip install")
    line = "Installing requirements.txt failed (above). Check the network and try again."
    assert said(capsys, "run") == (1, line)


@pytest.mark.parametrize("window_closes_at", ["venv", "uv==", "--require-hashes"])
def test_what_was_cut_short_is_made_anew(bare, monkeypatch, ran, capsys, window_closes_at):
    """Ctrl+C, or the power, at any moment of the first installation."""
    cuts = [window_closes_at]

    def create(folder, with_pip):
        created(folder, with_pip)
        (folder / "half").touch()
        if cuts == ["venv"]:
            raise KeyboardInterrupt

    def run(words, **options):
        if cuts and cuts[0] in " ".join(map(str, words)):
            raise KeyboardInterrupt
        return passed(words, **options)

    passed = subprocess.run
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(venv, "create", create)
    assert said(capsys, "run") == (130, "Stopped. What was not finished is done again by the next run.")
    assert dev.UNFINISHED.exists()
    cuts.clear()
    (bare / ".venv" / "left_over").touch()
    assert code_of("run") == 0
    assert not (bare / ".venv" / "left_over").exists()
    assert (bare / ".venv" / "requirements.txt.installed").exists() and not dev.UNFINISHED.exists()


def test_an_environment_without_whole_pins_is_made_anew(bare, monkeypatch, ran):
    """As an earlier version left it: a Python, and no pip."""
    created(bare / ".venv", False)
    (bare / ".venv" / "left_over").touch()
    monkeypatch.setattr(venv, "create", created)
    assert code_of("run") == 0
    assert not (bare / ".venv" / "left_over").exists()


def test_a_folder_that_cannot_be_written_is_no_matter_once_all_is_installed(bare, monkeypatch, ran):
    monkeypatch.setattr(venv, "create", created)
    assert code_of("run") == 0
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr("builtins.open", lambda *words, **more: pytest.fail("nothing is to be written"))
    assert code_of("run") == 0


def test_nothing_is_kept_outside_the_folder_of_the_project(bare, monkeypatch, ran):
    monkeypatch.setattr(venv, "create", created)
    assert code_of("run") == 0
    kept = {os.environ[name] for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "npm_config_cache", "XDG_CACHE_HOME")}
    assert all(folder.startswith(f"{bare}/.cache/") for folder in kept)


def test_what_is_installed_already_is_left_alone(bare, monkeypatch, ran):
    monkeypatch.setattr(venv, "create", created)
    for _ in range(2):
        dev.ensure("requirements.txt")
    installs = [words for words in ran.ran if "--require-hashes" in words]
    assert len(installs) == 1
    (bare / "requirements.txt").write_text("flask==3.1 --hash=sha256:11\n")
    dev.ensure("requirements.txt")
    assert len([words for words in ran.ran if "--require-hashes" in words]) == 2


@pytest.fixture
def installed(monkeypatch):
    for name in ("ensure", "ensure_browser"):
        monkeypatch.setattr(dev, name, lambda *names: None)
    monkeypatch.chdir(ROOT)  # And back again: the commands go there themselves.


@pytest.mark.parametrize("data", [["--data", "somewhere"], ["--data=somewhere"]])
def test_run_serves_from_the_folder_that_is_named(installed, ran, monkeypatch, data):
    monkeypatch.setenv("PORTAL_DATA", "elsewhere")
    assert code_of("run", "--port", "5001", *data) == 0
    assert ran.ran == ["python -m flask --app wsgi serve --port 5001"]
    assert os.environ["PORTAL_DATA"] == str(Path.cwd() / "somewhere")


def test_a_folder_that_is_not_named_is_asked_for(installed, capsys):
    assert said(capsys, "run", "--data") == (1, "--data needs a folder: python3 dev.py run --data FOLDER")


def test_flask_hands_on_every_word(installed, ran):
    assert code_of("flask", "course", "import", "a b.tar.gz", "--dry-run") == 0
    assert ran.ran == ["python -m flask --app wsgi course import a b.tar.gz --dry-run"]


def test_test_runs_lint_types_and_both_databases(installed, ran):
    assert code_of("test") == 0
    lint, form, types, on_sqlite, on_postgresql = ran.ran
    assert (lint, form, types) == ("python -m ruff check .", "python -m ruff format --check -q .", "python -m mypy")
    assert "pytest" in on_sqlite
    assert "tests/" not in on_sqlite
    assert "--database postgresql tests/resilience tests/jobs" in on_postgresql
    assert all((ROOT / room).exists() for room in dev.ON_POSTGRESQL)


def test_a_quick_one_needs_no_browser_and_one_database(installed, ran):
    assert code_of("test", "--quick") == 0
    lint, _form, types, tests = ran.ran
    assert (lint, types) == ("python -m ruff check .", "python -m mypy")
    assert "postgresql" not in tests and " --quick " in tests
    assert all(f"--ignore=tests/{place}" in tests and (ROOT / "tests" / place).exists() for place in dev.SLOW)


def test_one_that_fails_does_not_hide_the_other(installed, ran, capsys):
    ran.failing.add("--dist")
    code, line = said(capsys, "test")
    assert (code, len(ran.ran), line.startswith("2 of 2 test runs failed")) == (1, 5, True)


def test_a_lint_that_fails_stops_it(installed, ran):
    ran.failing.add("ruff check")
    assert code_of("test") == 1
    assert len(ran.ran) == 1


def test_words_after_test_are_pytests_own(installed, ran):
    assert code_of("test", "tests/cli", "-x") == 0
    assert ran.ran == ["python -m pytest tests/cli -x"]


def test_peers_hands_on_every_word(installed, ran):
    assert code_of("peers", "-k", "retire") == 0
    assert ran.ran == ["python -m tests.peers -k retire"]


def test_an_unknown_command_shows_which_there_are(capsys):
    assert code_of("serve") == 2
    assert "run [--port N]" in capsys.readouterr().out


def test_continuous_integration_runs_the_second_command(tmp_path):
    (tmp_path / "python3").write_text('#!/bin/sh\necho "$PWD $@"\n')
    (tmp_path / "python3").chmod(0o755)
    path = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    said = subprocess.run([ROOT / ".ci" / "run"], cwd=tmp_path, env=path, capture_output=True, text=True, check=True)
    assert said.stdout == f"{ROOT} dev.py test\n"
