"""The course team's rooms: who may come in at all, and the words their pages share."""

from flask import Blueprint, g
from flask_login import login_required

from portal.domain import access
from portal.models import Right
from portal.web.gate.guards import may_i, me
from portal.web.teach import labels

bp = Blueprint("teach", __name__, url_prefix="/teach")


@bp.before_request
@login_required
def only_signed_in() -> None:
    """Each view asks for the rights it needs; nobody gets that far without an account."""


@bp.app_template_global()
def reviewed_course_ids() -> list[int]:
    """Courses whose attempts the person may review, so that a page may lead them there; asked once a request."""
    if "reviewed_course_ids" not in g:
        g.reviewed_course_ids = access.course_ids_with(me(), Right.REVIEW)
    return list(g.reviewed_course_ids)


for word in (labels.allowance_text, labels.clock_text, labels.short_time, labels.display_status_of, labels.window_of):
    bp.add_app_template_global(word)
bp.add_app_template_global(may_i)
