"""The life of an attempt: what may follow what, who did it, and what follows from it."""
