"""A course and its exams: what needs the team, what it may set, who has more time."""
