"""Rooms of the course team: courses, exams, attempts, allowances."""

from portal.web.teach import add_time, allowances, attempt, attempt_list, deeds, exam, rooms
from portal.web.teach.blueprint import bp

__all__ = ["add_time", "allowances", "attempt", "attempt_list", "bp", "deeds", "exam", "rooms"]
