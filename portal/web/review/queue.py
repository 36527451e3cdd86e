"""What waits for a person, as a list: no names, the most urgent first, what is shown in the address."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.domain import review_queue
from portal.domain.review_queue import Found
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
        pages=_pages(found),
        days=days_to_review(),
        words=words,
        now=asked.now,
    )


def _pages(found: Found) -> list[tuple[int | None, str]]:
    """Pages as numbers with their addresses: the first, the last and those around; None for what is left out."""
    near = {1, found.pages, *range(found.page - 1, found.page + 2)}
    links: list[tuple[int | None, str]] = []
    for number in sorted(number for number in near if 1 <= number <= found.pages):
        if links and links[-1][0] != number - 1:
            links.append((None, ""))
        links.append((number, url_for(".queue", show=found.show, page=number)))
    return links
