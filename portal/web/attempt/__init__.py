"""The pages of one attempt: ready, questions, check, hand in, status; and its clock."""

from flask import Blueprint

from portal.web.provider_api import admission

bp = Blueprint("attempt", __name__, url_prefix="/attempts/<ref>")
bp.before_request(admission.guard)

from portal.web.attempt import (  # noqa: E402, F401 - each adds its views to ``bp``.
    ahead,
    appeal,
    asking_team,
    breaks,
    clocks,
    ending,
    files,
    number_shown,
    one_window,
    pages,
    question_html,
    saving,
    script_words,
)
