"""The pins: every file of them is made by one command, with hashes, and names no place that packages come from."""

from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements", "requirements-dev", "tests/peers/requirements-peers")


def test_one_command_makes_them_all(monkeypatch):
    ran = []
    monkeypatch.setattr(dev, "ensure", lambda name: None)
    monkeypatch.setattr(dev, "find_uv", lambda: "uv")
    monkeypatch.setattr(dev, "call", lambda *words, **options: ran.append(" ".join(words)))
    dev.lock()
    assert [words.split(" -o ")[1] for words in ran] == [f"{name}.txt {name}.in" for name in LOCKS]
    assert all(" --generate-hashes " in words for words in ran)
    assert sorted(LOCKS) == sorted(str(path.relative_to(ROOT).with_suffix("")) for path in found())


def found():
    return [*ROOT.glob("*.in"), *(ROOT / "tests").glob("*/*.in")]


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_its_hash_and_no_address(name):
    text = (ROOT / f"{name}.txt").read_text()
    pins = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert pins
    assert all(pin.endswith("\\") for pin in pins)  # Its hashes follow.
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
