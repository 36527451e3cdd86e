"""One problem of an export: its parts, its readable text, its points and its keys."""
