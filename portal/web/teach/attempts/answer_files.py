"""A file that a learner submitted, for those of the course team who may see answers."""

from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue

from portal.domain.answers import files
from portal.domain.text.clean_text import one_line
from portal.models import Right
from portal.web.gate.guards import the_taught_attempt
from portal.web.teach.blueprint import bp


@bp.get("/attempts/<ref>/files/<int:file_id>")
def answer_file(ref: str, file_id: int) -> ResponseReturnValue:
    """Always saved, never shown: whatever a learner put into it, nothing of it runs as a page of the portal.

    Of a file that arrived in part, what is here. :raises NotFound: no such file of this attempt.
    """
    attempt = the_taught_attempt(ref, right=Right.SEE_ANSWERS)
    file = files.find(attempt, file_id)
    name = one_line(file.name) or "file"  # A header is one line, whatever an older version of the portal has stored.
    if not file.completed_at:
        name = f"in-part-{name}"
    content = BytesIO(files.content(file))
    response = send_file(content, "application/octet-stream", as_attachment=True, download_name=name, max_age=0)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response
