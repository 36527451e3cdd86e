"""Rooms of the course team: courses, exams, attempts, allowances, what providers said."""

from portal.web.teach.attempts import actions, add_time, answer_files, attempt, attempt_list
from portal.web.teach.blueprint import bp
from portal.web.teach.courses import (
    allowances,
    cases,
    course_settings,
    exam,
    exam_settings,
    home,
    onboarding,
    requirements,
)
from portal.web.teach.providers import dashboard, deliveries, provider_log

__all__ = [
    "actions",
    "add_time",
    "allowances",
    "answer_files",
    "attempt",
    "attempt_list",
    "bp",
    "cases",
    "course_settings",
    "dashboard",
    "deliveries",
    "exam",
    "exam_settings",
    "home",
    "onboarding",
    "provider_log",
    "requirements",
]
