"""Cases: what learners, vendors and webhooks need a person for; each is answered with a note."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import support
from portal.domain.errors import BadInput, NotAllowed, NotFound
from portal.models import SupportCase
from portal.web import paging
from portal.web.guards import me
from portal.web.teach.blueprint import bp
from portal.web.vendor_words import Sign

KINDS = {
    "appeal": Sign("Appeal", "state-second", "message"),
    "contradictory_review": Sign("Late report", "is-warn", "tray"),
    "email_refused": Sign("Email refused", "is-bad", "message"),
    "interrupted": Sign("Interrupted", "state-interrupted", "alert"),
    "kept_delivery": Sign("Message kept", "is-warn", "tray"),
    "learner_message": Sign("A learner asks", "is-info", "message"),
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
        _close(case_id, note)
    except BadInput as err:
        return _page(refused=case_id, why=err.message, note=note), 422
    flash("Answered. Your note is kept with the case.", "ok")
    return redirect(url_for(".cases"), 303)


def _close(case_id: int, note: str) -> None:
    """A case of another course does not exist for the person."""
    with writing() as session:
        case = session.get(SupportCase, case_id)
        if case is None:
            raise NotFound("There is no such case.")
        try:
            support.answer(case, me(), note, now=clock.now())
        except NotAllowed as err:
            raise NotFound(err.message) from err


def _page(**refused: object) -> str:
    is_open = request.args.get("show") != "closed"
    found = support.search(me(), is_open=is_open, page=paging.asked_page())
    show = "open" if is_open else "closed"
    pages = paging.links(found.page, found.pages, lambda number: url_for(".cases", show=show, page=number))
    return render_template(
        "teach/cases.html", found=found, is_open=is_open, pages=pages, kinds=KINDS, otherwise=OTHERWISE, **refused
    )
