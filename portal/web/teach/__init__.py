"""Rooms of the course team: courses, exams, attempts, allowances, what vendors said."""

from portal.web.teach import (
    add_time,
    allowances,
    attempt,
    attempt_list,
    cases,
    course_settings,
    dashboard,
    deeds,
    deliveries,
    exam,
    onboarding,
    provider_log,
    rooms,
)
from portal.web.teach.blueprint import bp

__all__ = [
    "add_time",
    "allowances",
    "attempt",
    "attempt_list",
    "bp",
    "cases",
    "course_settings",
    "dashboard",
    "deeds",
    "deliveries",
    "exam",
    "onboarding",
    "provider_log",
    "rooms",
]
