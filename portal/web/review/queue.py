"""What waits for a person, as a list: no names, the most urgent first, what is shown in the address."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.domain import access
from portal.domain.pages import Page
from portal.domain.reviews import queue as review_queue
from portal.domain.reviews.queue import Item
from portal.models import Right
from portal.web.formatting import paging
from portal.web.gate.guards import me
from portal.web.review import labels
from portal.web.review.blueprint import bp, days_to_review, wanted


@bp.get("/")
def queue() -> ResponseReturnValue:
    asked = wanted()
    found = review_queue.search(asked)
    return render_template(
        "review/queue.html",
        found=found,
        shows=labels.SHOWS,
        empty=labels.EMPTY[found.show],
        pages=paging.links(found.page, found.pages, lambda page: url_for(".queue", show=found.show, page=page)),
        days=days_to_review(),
        may_help=_who_may_help(found),
        words=labels,
        now=asked.now,
    )


def _who_may_help(found: Page[Item]) -> dict[Right, set[int]]:
    """By right: the courses in which the person may let a learner continue; asked only where somebody waits for it."""
    waits = any(item.cannot_wait for item in found.items)
    rights = (Right.GIVE_TIME, Right.RESUME)
    return {right: set(access.course_ids_with(me(), right)) if waits else set() for right in rights}
