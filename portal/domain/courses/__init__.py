"""Courses as their authors publish them, and what their teams may set."""
