"""What waits for a person, as a list: no names, the most urgent first, what is shown in the address."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.domain import review_queue
from portal.web import paging
from portal.web.review import words
from portal.web.review.blueprint import bp, days_to_review, wanted


@bp.get("/")
def queue() -> ResponseReturnValue:
    asked = wanted()
    found = review_queue.search(asked)
    return render_template(
        "review/queue.html",
        found=found,
        shows=words.SHOWS,
        empty=words.EMPTY[found.show],
        pages=paging.links(found.page, found.pages, lambda page: url_for(".queue", show=found.show, page=page)),
        days=days_to_review(),
        words=words,
        now=asked.now,
    )
