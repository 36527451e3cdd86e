"""The questions of a running exam for its page to keep: with them it works offline, after a reload, too."""

import hashlib
import hmac
from itertools import islice

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.languages import gettext
from portal.web.attempt import bp
from portal.web.attempt.page.exam_page import ExamPage, elsewhere
from portal.web.gate.guards import me, my_attempt

AT_ONCE = 20


@bp.get("/ahead.json")
@login_required
def ahead(ref: str) -> ResponseReturnValue:
    """Twenty questions from ``?from=`` on, as their pages have them; with the first of them one whole page, too.

    ``next`` is the number to continue with, or null. 409 where no question may be shown now.
    """
    attempt, now = my_attempt(ref), clock.now()
    if elsewhere(attempt, now=now):
        return {"error": {"code": "not_running", "message": "This exam is not open in this window now."}}, 409
    page = ExamPage(attempt, now)
    first = max(1, request.args.get("from", 1, type=int))
    asked = list(islice(enumerate(page.questions, 1), first - 1, first - 1 + AT_ONCE))
    after = first + len(asked)
    answer = {
        "questions": [_kept(page, number) for number, _ in asked],
        "next": after if asked and after <= len(page.questions) else None,
    }
    return {**answer, "page": _whole(page)} if first == 1 and asked else answer


def _kept(page: ExamPage, number: int) -> dict[str, object]:
    question = page.questions[number - 1]
    where = gettext("Question %(number)s of %(total)s", number=number, total=len(page.questions))
    given = {"page": page, "number": number, "question": question, "is_ahead": True}
    return {
        "question": question.id,
        "title": question.title,
        "page_title": f"{where}, {page.attempt.exam.name} - Invigil",
        "address": url_for(".question", ref=page.attempt.ref, number=number),
        "main": render_template("attempt/question_main.html", **given),
    }


def _whole(page: ExamPage) -> str:
    return render_template("attempt/question.html", page=page, number=1, question=page.questions[0], is_ahead=True)


@bp.app_template_global()
def kept_for() -> str:
    """Whose what a device keeps is, so that it shows nobody what another person's exam left there."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"kept on a device for {me().id}".encode(), hashlib.sha256).hexdigest()[:16]
