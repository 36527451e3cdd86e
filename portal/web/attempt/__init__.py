"""The pages of one attempt: ready, questions, check, hand in, status; and its clock."""

from flask import Blueprint

bp = Blueprint("attempt", __name__, url_prefix="/attempts/<ref>")

from portal.web.attempt import (  # noqa: E402, F401 - each adds its views to ``bp``.
    ahead,
    appeal,
    asking_team,
    breaks,
    clocks,
    ending,
    files,
    one_window,
    pages,
    question_html,
    saving,
    script_words,
)
