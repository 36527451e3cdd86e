"""Rooms of the course team: courses, exams, attempts, allowances, what vendors said."""

from portal.web.teach import (
    add_time,
    allowances,
    answer_files,
    attempt,
    attempt_list,
    cases,
    course_settings,
    dashboard,
    deeds,
    deliveries,
    exam,
    exam_settings,
    onboarding,
    provider_log,
    requirements,
    rooms,
)
from portal.web.teach.blueprint import bp

__all__ = [
    "add_time",
    "allowances",
    "answer_files",
    "attempt",
    "attempt_list",
    "bp",
    "cases",
    "course_settings",
    "dashboard",
    "deeds",
    "deliveries",
    "exam",
    "exam_settings",
    "onboarding",
    "provider_log",
    "requirements",
    "rooms",
]
