"""Attempts as their course team sees them, and what it can do to each."""
