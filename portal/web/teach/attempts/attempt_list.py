"""The attempts of one exam: find anyone, with what was looked for in the address."""

from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain.attempts import display_status, search
from portal.domain.attempts.search import SORTS, USUAL_SORT, AttemptFilter
from portal.models import Exam, Right
from portal.web.formatting import paging
from portal.web.gate.guards import the_taught_exam
from portal.web.teach import names
from portal.web.teach.attempts import lines
from portal.web.teach.blueprint import bp


@bp.get("/exams/<slug>/attempts")
def attempts(slug: str) -> ResponseReturnValue:
    exam = the_taught_exam(slug, right=Right.SEE_ATTEMPTS)
    wanted = _wanted(knows_names=names.sees_names(exam.course_id))
    found = search.search(exam, wanted, now=clock.now())
    return render_template(
        "teach/attempts.html",
        exam=exam,
        wanted=wanted,
        found=found,
        lines=lines.of(found.items, names.of(exam.course_id, found.items)),
        states=display_status.VOCABULARY,
        sort_links={column: _sort_link(exam, wanted, column) for column in SORTS},
        pages=paging.links(found.page, found.pages, lambda page: _address(exam, wanted, page=page)),
    )


def _wanted(*, knows_names: bool) -> AttemptFilter:
    """What the address asks for; nonsense in it means nothing asked."""
    asked = request.args
    sort = asked.get("sort", USUAL_SORT)
    if sort.removeprefix("-") == "learner" and not knows_names:
        sort = USUAL_SORT  # Their order would tell who is who.
    return AttemptFilter(
        text=asked.get("q", "")[:100],
        state=asked.get("state", "")[:40],
        allowance=asked.get("allowance", "")[:10],
        sort=sort if sort.removeprefix("-") in SORTS else USUAL_SORT,
        page=paging.asked_page(),
        knows_names=knows_names,
    )


def _address(exam: Exam, wanted: AttemptFilter, *, sort: str | None = None, page: int = 1) -> str:
    """The list with what was looked for, leaving out what is usual."""
    asked = {
        "q": wanted.text,
        "state": wanted.state,
        "allowance": wanted.allowance,
        "sort": sort or wanted.sort,
        "page": str(page) if page > 1 else "",
    }
    kept = {name: value for name, value in asked.items() if value and value != USUAL_SORT}
    here = url_for(".attempts", slug=exam.slug)
    return f"{here}?{urlencode(kept)}" if kept else here


def _sort_link(exam: Exam, wanted: AttemptFilter, column: str) -> tuple[str, str]:
    """Where a column's head leads, and how it is sorted now (``ascending``, ``descending`` or nothing)."""
    now = {column: "ascending", f"-{column}": "descending"}.get(wanted.sort, "")
    return _address(exam, wanted, sort=f"-{column}" if now == "ascending" else column), now
