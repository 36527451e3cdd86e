"""Courses, their exams and questions, and what they ask for before credit."""
