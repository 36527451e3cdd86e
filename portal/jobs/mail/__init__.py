"""An email: its words, its delivery, and what becomes of one that is refused."""
