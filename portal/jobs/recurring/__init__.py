"""Work that recurs, and what it does each time."""
