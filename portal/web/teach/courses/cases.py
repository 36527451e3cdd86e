"""Cases: what learners, providers and webhooks need a person for; each is answered with a note."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import access
from portal.domain.attempts import attempts, case_answers
from portal.domain.errors import BadInput, NotAllowed, NotFound
from portal.domain.outbox import case_recipients
from portal.domain.outbox import cases as support_cases
from portal.domain.pages import Page
from portal.models import CaseKind, Right, SupportCase
from portal.web.formatting import paging
from portal.web.formatting.provider_labels import Sign
from portal.web.gate.guards import me
from portal.web.teach.blueprint import bp

KINDS = {
    CaseKind.APPEAL: Sign("Appeal", "state-second", "message"),
    CaseKind.CONTRADICTORY_REVIEW: Sign("Contradicting report", "is-warn", "flag"),
    CaseKind.EMAIL_REFUSED: Sign("Email refused", "is-bad", "message"),
    CaseKind.INTERRUPTED: Sign("Interrupted", "state-interrupted", "alert"),
    CaseKind.KEPT_DELIVERY: Sign("Unusable message", "is-warn", "tray"),
    CaseKind.LEARNER_MESSAGE: Sign("Message from a learner", "is-info", "message"),
    CaseKind.REPORT_TO_DECIDE: Sign("Report to decide", "is-warn", "flag"),
    CaseKind.SUSPICIOUS: Sign("Suspicious", "is-warn", "eye"),
    CaseKind.WEBHOOK_DISABLED: Sign("Webhook turned off", "is-bad", "cross"),
}
OTHERWISE = Sign("Other", "is-info", "info")


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
        flash("Your answer was saved. The learner sees it on their exam page and gets it by email.", "ok")
    else:
        flash("The case is closed. Your note is saved with it.", "ok")
    return redirect(url_for(".cases"), 303)


def _close(case_id: int, note: str) -> bool:
    """Whether the answer goes to a learner. A case of another course does not exist for the person."""
    with writing():
        case = support_cases.find(case_id)
        if case is None:
            raise NotFound("There is no such case.")
        if case.attempt_id is not None:
            attempts.lock(case.attempt_id)  # A learner whose exam runs hears of the answer there.
        try:
            case_answers.answer(case, me(), note, now=clock.now())
        except NotAllowed as err:
            raise NotFound(err.message) from err
        return case.kind == CaseKind.LEARNER_MESSAGE


def _page(**refused: object) -> str:
    is_open = request.args.get("show") != "closed"
    found = support_cases.search(me(), is_open=is_open, page=paging.asked_page())
    show = "open" if is_open else "closed"
    pages = paging.links(found.page, found.pages, lambda number: url_for(".cases", show=show, page=number))
    return render_template(
        "teach/cases.html",
        found=found,
        is_open=is_open,
        pages=pages,
        kinds=KINDS,
        otherwise=OTHERWISE,
        answered_by_reviewers=case_recipients.FOR_REVIEWERS,
        log_course_ids=_log_courses(found),
        **refused,
    )


def _log_courses(found: Page[SupportCase]) -> set[int]:
    """Where the person may follow a link to the provider log; nothing is asked where there is none."""
    has_links = any(case.messages > 1 and case.attempt for case in found.items)
    return set(access.course_ids_with(me(), Right.SEE_PROVIDER)) if has_links else set()
