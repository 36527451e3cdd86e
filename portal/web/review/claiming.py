"""Taking attempts to review for oneself, and giving them back."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain.reviews import claims, queue
from portal.web.formatting import paging
from portal.web.gate.guards import me
from portal.web.review.blueprint import bp, shown, the_reviewed_attempt, wanted


@bp.post("/claim")
def claim_next() -> ResponseReturnValue:
    """The next ones that nobody has claimed, until the person has ten."""
    asked = wanted()
    with writing():
        ids = queue.first_free(asked, most=claims.MOST)
        taken = claims.claim(ids, me(), now=clock.now())
    if taken:
        flash(f"{taken} claimed for {claims.LASTS.seconds // 3600} hours.", "ok")
    else:
        flash(f"Nothing was claimed. All attempts are claimed, or you already have {claims.MOST}.", "info")
    return redirect(url_for(".queue", show="mine"), 303)


@bp.post("/release")
def release_all() -> ResponseReturnValue:
    wanted()
    with writing():
        claims.release_all(me())
    flash("You released all your attempts. Other reviewers can claim them.", "ok")
    return redirect(url_for(".queue"), 303)


@bp.post("/<ref>/claim")
def claim(ref: str) -> ResponseReturnValue:
    attempt = the_reviewed_attempt(ref)
    with writing():
        claims.check_free(attempt, me(), now=clock.now())
        is_claimed = bool(claims.claim([attempt.id], me(), now=clock.now()))
    if not is_claimed:
        flash(f"Release some attempts first. You have already claimed {claims.MOST}.", "warn")
    return _back(ref, is_told=not is_claimed)


@bp.post("/<ref>/release")
def release(ref: str) -> ResponseReturnValue:
    attempt = the_reviewed_attempt(ref)
    with writing():
        claims.release(attempt.id, me())
    return _back(ref)


def _back(ref: str, *, is_told: bool = False) -> ResponseReturnValue:
    """To the line it was pressed in, so that nobody tabs through the list again; to what is said, if anything is."""
    if request.args.get("from") == "queue":
        page, line = paging.asked_page(), None if is_told else ref
        return redirect(url_for(".queue", show=shown(), page=page if page > 1 else None, _anchor=line), 303)
    return redirect(url_for(".console", ref=ref, show=shown()), 303)
