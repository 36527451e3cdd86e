"""What the outside is told, and what a person must answer: written with the change that caused it."""
