"""A file as the answer to a question: whole from the plain form, in parts from the page's script."""

import hashlib
import re
from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain.answers import answers, files
from portal.domain.answers.files import LARGEST_PART_BYTES, Announced
from portal.domain.attempts import attempts
from portal.domain.errors import BadInput
from portal.languages import gettext
from portal.models import AnswerFile, Attempt
from portal.web.attempt import bp, one_window
from portal.web.attempt.saving import kept_apart, saved_reply
from portal.web.gate.guards import my_attempt

SHA256 = re.compile(r"[0-9a-f]{64}")


@bp.post("/files/<int:question_id>")
@login_required
def upload(ref: str, question_id: int) -> ResponseReturnValue:
    """Take a file as the answer. A newer one replaces it; the older one is kept."""
    attempt, given = my_attempt(ref), request.files.get("file")
    if given is None or not given.filename:
        raise BadInput("file", "Choose a file first, then press the button.")
    content = given.read(files.LARGEST_FILE_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    announced = Announced(name=given.filename, media_type=given.mimetype, size_bytes=len(content), sha256=digest)
    now = clock.now()
    if keep(attempt.id, question_id, announced, content, now=now):
        return kept_apart(my_attempt(ref), now=now)
    flash(gettext("Your file %(name)s is saved.", name=given.filename))
    number = request.form.get("number", 1, type=int)
    return redirect(url_for(".question", ref=ref, number=max(1, number)), 303)


def keep(attempt_id: int, question_id: int, announced: Announced, content: bytes, *, now: datetime) -> bool:
    """All of it or nothing. True when it came too late, or in a pause, and is kept apart."""
    with writing():
        attempt = held(attempt_id, now=now)
        file = files.begin(attempt, question_id, announced, now=now)
        for start in range(file.received_bytes, len(content), LARGEST_PART_BYTES):
            files.receive(file, attempt, start, content[start : start + LARGEST_PART_BYTES], now=now)
        return file.is_late


def held(attempt_id: int, *, now: datetime) -> Attempt:
    """The locked attempt, if this window may write in it."""
    attempt = attempts.lock(attempt_id)
    one_window.require(attempt, now=now)
    return attempt


@bp.post("/files/<int:question_id>/begin")
@login_required
def begin_file(ref: str, question_id: int) -> ResponseReturnValue:
    """The script announces a file, and hears from which byte on to send it. The same again is harmless."""
    attempt_id, announced, now = my_attempt(ref).id, announced_in(request.get_json(silent=True)), clock.now()
    with writing():
        attempt = held(attempt_id, now=now)
        answers.require_clock(attempt, now=now)
        file = files.begin(attempt, question_id, announced, now=now)
        return upload_state(file, attempt, now=now)


@bp.put("/files/parts/<int:file_id>")
@login_required
def file_part(ref: str, file_id: int) -> ResponseReturnValue:
    """The next part, from byte ``?from=`` on. 409 with where the file stands when the part does not follow that."""
    attempt_id, now = my_attempt(ref).id, clock.now()
    start = request.args.get("from", type=int)
    request.max_content_length = LARGEST_PART_BYTES
    content = request.get_data(cache=False)
    if start is None or start < 0 or not content:
        raise BadInput("from", "Send at least one byte and its offset in the file.")
    with writing():
        attempt = held(attempt_id, now=now)
        answers.require_clock(attempt, now=now)
        file = files.find(attempt, file_id)
        files.receive(file, attempt, start, content, now=now)
        return upload_state(file, attempt, now=now)


def announced_in(body: object) -> Announced:
    """What a script said of a file. :raises BadInput: naming the field that cannot be used."""
    if not isinstance(body, dict):
        raise BadInput("body", "Send a JSON object.")
    name, size, sha256 = body.get("name"), body.get("size_bytes"), body.get("sha256")
    if not isinstance(name, str) or not name.strip():
        raise BadInput("file", "Choose a file first, then press the button.")
    if not isinstance(size, int) or isinstance(size, bool):
        raise BadInput("size_bytes", "Send the size of the file in bytes, as a number.")
    if sha256 is not None and not (isinstance(sha256, str) and SHA256.fullmatch(sha256)):
        raise BadInput("sha256", "Send the SHA-256 of the file as 64 digits of 0-9 and a-f, or leave it out.")
    kind = body.get("media_type")
    return Announced(name=name, media_type=kind if isinstance(kind, str) else "", size_bytes=size, sha256=sha256)


def late_file(file: AnswerFile, attempt: Attempt) -> dict[str, object]:
    """What the page of somebody hears whose file is kept apart, and where the attempt stands."""
    message = gettext(
        "Your time was up when %(name)s arrived. The file is stored separately, and the course team can see it.",
        name=file.name,
    )
    return {"is_late": True, "message": message, "state": "ended", "go": url_for("attempt.status", ref=attempt.ref)}


def upload_state(file: AnswerFile, attempt: Attempt, *, now: datetime) -> dict[str, object]:
    """How much of the file is here and where its parts go; once it is whole, the answer it has become, too."""
    parts = {
        "url": url_for(".file_part", ref=attempt.ref, file_id=file.id),
        "received_bytes": file.received_bytes,
        "is_complete": file.completed_at is not None,
    }
    if file.is_late:
        return {**parts, **late_file(file, attempt)}
    answer = answers.list_for(attempt).get(file.question_id) if file.completed_at else None
    return {**parts, "value": answer.value, **saved_reply(attempt, answer, now=now)} if answer else parts
