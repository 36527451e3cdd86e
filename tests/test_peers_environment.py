"""The environment of edX's classes: made once, anew when it must be, and apart from the portal's."""

import subprocess
from pathlib import Path

import pytest

import dev
from tests.peers import __main__ as peers
from tests.peers import environment

ROOT = Path(__file__).parents[1]


@pytest.fixture
def place(monkeypatch, tmp_path):
    """Where it would be made, with pins of its own; uv is at hand."""
    (tmp_path / "pins.txt").write_text("edx==1 --hash=sha256:00\n")
    monkeypatch.setattr(environment, "PINS", tmp_path / "pins.txt")
    monkeypatch.setattr(environment, "FOLDER", tmp_path / ".cache" / "peers")
    monkeypatch.setattr(dev, "find_uv", lambda: Path("uv"))
    return tmp_path


@pytest.fixture
def ran(monkeypatch):
    """The installations that were run instead of running them; each finds an environment of its own and fills it."""
    ran = []

    def call(*words):
        ran.append(" ".join(map(str, words)))
        (environment.FOLDER / "filled").touch(exist_ok=False)

    monkeypatch.setattr(dev, "call", call)
    return ran


def test_it_is_made_once_with_hashes_and_apart(place, ran):
    pythons = {environment.ensure() for _ in range(3)}
    assert pythons == {place / ".cache" / "peers" / "bin" / "python"}
    assert ran == [f"uv pip install --python {pythons.pop()} -q --require-hashes -r {place / 'pins.txt'}"]
    assert not (dev.ROOT / ".venv").samefile(environment.FOLDER)


def test_other_pins_and_what_was_cut_short_make_it_anew(place, ran, monkeypatch):
    environment.ensure()
    (place / "pins.txt").write_text("edx==2 --hash=sha256:11\n")
    environment.ensure()
    (environment.FOLDER / ".installed").unlink()  # It is written last.
    environment.ensure()
    assert len(ran) == 3


def test_a_network_that_is_away_is_said(place, monkeypatch, capsys):
    def fail(*words):
        raise subprocess.CalledProcessError(1, words)

    monkeypatch.setattr(dev, "call", fail)
    for _ in range(2):  # The second does not take half of one for a whole one.
        with pytest.raises(SystemExit, match=r"Installing pins.txt failed \(above\). Check the network and try again."):
            peers.main([])


def test_words_are_pytests_own_and_its_settings_the_folders(place, ran, monkeypatch):
    run = []
    monkeypatch.chdir(ROOT)  # And back again.
    monkeypatch.setattr("os.execv", lambda program, words: run.append((Path.cwd(), program, words)))
    peers.main(["-k", "retire"])
    python = environment.FOLDER / "bin" / "python"
    assert run == [(ROOT / "tests" / "peers", python, [str(python), "-m", "pytest", "-k", "retire"])]
