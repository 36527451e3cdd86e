"""Which version of the portal this is; ``pyproject.toml`` says the same, and a test holds them together."""

VERSION = "0.2.0"
