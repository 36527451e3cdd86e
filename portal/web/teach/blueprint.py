"""The course team's rooms: who may come in at all, and the words their pages share."""

from flask import Blueprint
from flask_login import login_required

from portal.web.teach import words

bp = Blueprint("teach", __name__, url_prefix="/teach")


@bp.before_request
@login_required
def only_signed_in() -> None:
    """Each view asks for the rights it needs; nobody gets that far without an account."""


for word in (words.allowance_text, words.clock_text, words.short_time, words.standing_of, words.window_of):
    bp.add_app_template_global(word)
