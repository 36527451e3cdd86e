"""A file as the answer to a question: from the plain form, kept in pieces in one transaction."""

from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain import answer_files, attempts
from portal.domain.answer_files import LARGEST_PART_BYTES, Announced
from portal.domain.errors import BadInput
from portal.languages import gettext
from portal.web.attempt import bp
from portal.web.guards import my_attempt


@bp.post("/files/<int:question_id>")
@login_required
def upload(ref: str, question_id: int) -> ResponseReturnValue:
    """Hand in a file. A newer one replaces it as the answer; the older one is kept."""
    attempt, given = my_attempt(ref), request.files.get("file")
    if given is None or not given.filename:
        raise BadInput("file", "Choose a file first, then press the button.")
    content = given.read(answer_files.LARGEST_FILE_BYTES + 1)
    announced = Announced(name=given.filename, media_type=given.mimetype, size_bytes=len(content))
    keep(attempt.id, question_id, announced, content, now=clock.now())
    flash(gettext("Your file %(name)s is saved.", name=given.filename))
    number = request.form.get("number", "1")
    return redirect(url_for(".question", ref=ref, number=int(number) if number.isdecimal() else 1), 303)


def keep(attempt_id: int, question_id: int, announced: Announced, content: bytes, *, now: datetime) -> None:
    """All of it or nothing."""
    with writing():
        attempt = attempts.lock(attempt_id)
        file = answer_files.begin(attempt, question_id, announced, now=now)
        for start in range(file.received_bytes, len(content), LARGEST_PART_BYTES):
            answer_files.receive(file, attempt, start, content[start : start + LARGEST_PART_BYTES], now=now)
