"""Cases: what learners, vendors and webhooks need a person for; each is answered with a note."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import access, attempts, support
from portal.domain.errors import BadInput, NotAllowed, NotFound
from portal.web import paging
from portal.web.guards import me
from portal.web.teach.blueprint import bp
from portal.web.vendor_words import Sign

KINDS = {
    "appeal": Sign("Appeal", "state-second", "message"),
    "contradictory_review": Sign("Contradicting report", "is-warn", "flag"),
    "email_refused": Sign("Email refused", "is-bad", "message"),
    "interrupted": Sign("Interrupted", "state-interrupted", "alert"),
    "kept_delivery": Sign("Message kept", "is-warn", "tray"),
    "learner_message": Sign("A learner asks", "is-info", "message"),
    "report_to_decide": Sign("Report to decide", "is-warn", "flag"),
    "suspicious": Sign("Suspicious", "is-warn", "eye"),
    "suspicious_review": Sign("Suspicious", "is-warn", "eye"),
    "webhook_disabled": Sign("Webhook switched off", "is-bad", "cross"),
}
OTHERWISE = Sign("To look at", "is-info", "info")


@bp.get("/cases")
def cases() -> ResponseReturnValue:
    return _page()


@bp.post("/cases/<int:case_id>/close")
def close_case(case_id: int) -> ResponseReturnValue:
    note = request.form.get("note", "")
    try:
        is_to_learner = _close(case_id, note)
    except BadInput as err:
        return _page(refused=case_id, why=err.message, note=note), 422
    if is_to_learner:
        flash("Answered. The learner reads it on their page and gets it by email.", "ok")
    else:
        flash("Answered. Your note is kept with the case.", "ok")
    return redirect(url_for(".cases"), 303)


def _close(case_id: int, note: str) -> bool:
    """Whether the answer goes to a learner. A case of another course does not exist for the person."""
    with writing():
        case = support.find(case_id)
        if case is None:
            raise NotFound("There is no such case.")
        if case.attempt_id is not None:
            attempts.lock(case.attempt_id)  # A learner whose exam runs hears of the answer there.
        try:
            support.answer(case, me(), note, now=clock.now())
        except NotAllowed as err:
            raise NotFound(err.message) from err
        return case.kind == support.LEARNER_MESSAGE


def _page(**refused: object) -> str:
    is_open = request.args.get("show") != "closed"
    found = support.search(me(), is_open=is_open, page=paging.asked_page())
    show = "open" if is_open else "closed"
    pages = paging.links(found.page, found.pages, lambda number: url_for(".cases", show=show, page=number))
    return render_template(
        "teach/cases.html",
        found=found,
        is_open=is_open,
        pages=pages,
        kinds=KINDS,
        otherwise=OTHERWISE,
        answered_by_reviewers=support.FOR_REVIEWERS,
        log_course_ids=_log_courses(found),
        **refused,
    )


def _log_courses(found: support.Found) -> set[int]:
    """Where the person may follow a link to the provider log; nothing is asked where there is none."""
    has_links = any(case.messages > 1 and case.attempt for case in found.cases)
    return set(access.course_ids_with(me(), "see_provider")) if has_links else set()
