"""The pinned requirements: each with its hash, from no address of anybody's."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_its_hash_and_no_address(name):
    text = (ROOT / name).read_text()
    pins = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert pins
    assert all(pin.endswith("\\") for pin in pins)  # Its hashes follow.
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
