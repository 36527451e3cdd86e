"""The pages of one attempt: ready, questions, check, submit, status; and its clock."""

from flask import Blueprint

from portal.web.gate import browser_gate

bp = Blueprint("attempt", __name__, url_prefix="/attempts/<ref>")
bp.before_request(browser_gate.guard)

from portal.web.attempt import (  # noqa: E402, F401 - each adds its views to ``bp``.
    ahead,
    appeal,
    asking_team,
    breaks,
    clocks,
    earlier_addresses,
    ending,
    files,
    last_answers,
    one_window,
    pages,
    saving,
    status_page,
)
from portal.web.attempt.page import (  # noqa: E402, F401 - each adds its views to ``bp``.
    js_messages,
    number_shown,
    question_html,
)
