"""Finding attempts of an exam: by text, state and allowance, sorted, a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain import pages
from portal.domain.attempts import display_status
from portal.domain.pages import Page
from portal.domain.timekeeping import allowances
from portal.models import Allowance, Attempt, Exam, User
from portal.models.accounts.folding import folded

PAGE_SIZE = 50
#: What the list can be sorted by, with the columns behind each word.
SORTS: dict[str, tuple[SQLColumnExpression[object], ...]] = {
    "learner": (User.folded, Attempt.id),
    "state": (Attempt.status, Attempt.id),
    "started": (Attempt.started_at, Attempt.id),
    "ended": (Attempt.completed_at, Attempt.id),
    "created": (Attempt.created_at, Attempt.id),
}
USUAL_SORT = "-created"
#: A reference is three letters, a hyphen and four more; people say and type it without.
REF_HEAD = 3


@dataclass(frozen=True, kw_only=True)
class AttemptFilter:
    """What a person looks for; every field is one of the page's address."""

    text: str = ""
    state: str = ""
    """A key of the vocabulary, or ``needs-help``, or ``archived`` for archived ones."""
    allowance: str = ""
    """``with`` or ``without``."""
    sort: str = USUAL_SORT
    """A key of :data:`SORTS`; a minus in front turns it round."""
    page: int = 1
    knows_names: bool = True
    """Whether learners may be found, and put in order, by name and address; otherwise by reference only."""

    @property
    def is_everything(self) -> bool:
        return not (self.text or self.state or self.allowance)


def search(exam: Exam, wanted: AttemptFilter, *, now: datetime) -> Page[Attempt]:
    """One page of what is wanted; a page beyond the last is the last. Two or three queries."""
    conditions = _conditions(exam, wanted, now=now)
    if wanted.text.strip() and wanted.page <= 1:
        return _first_page_of_text(conditions, wanted.sort)
    asks_people = bool(wanted.text.strip())
    total = _count(conditions, with_people=asks_people)
    page = pages.within(wanted.page, total=total, size=PAGE_SIZE)
    ids = _ids(conditions, wanted.sort, with_people=asks_people)
    chosen = list(db.session.scalars(pages.rows(ids, page, size=PAGE_SIZE))) if total else []
    return Page(items=_load(chosen), total=total, page=page, size=PAGE_SIZE)


def _first_page_of_text(conditions: list[ColumnElement[bool]], sort: str) -> Page[Attempt]:
    """Counted on the way: to look for a part of a name, every learner of the exam is read, so they are read once."""
    ids = _ids(conditions, sort, with_people=True).add_columns(func.count().over()).limit(PAGE_SIZE)
    rows = db.session.execute(ids).all()
    total = rows[0][1] if rows else 0
    return Page(items=_load([row[0] for row in rows]), total=total, page=1, size=PAGE_SIZE)


def _conditions(exam: Exam, wanted: AttemptFilter, *, now: datetime) -> list[ColumnElement[bool]]:
    is_archived = wanted.state == "archived"
    archived = Attempt.archived_at.is_not(None) if is_archived else Attempt.archived_at.is_(None)
    conditions: list[ColumnElement[bool]] = [Attempt.exam_id == exam.id, archived]
    if wanted.state == "needs-help":
        conditions.append(or_(*(s.condition for s in display_status.VOCABULARY if s.needs_help)))
    elif wanted.state in display_status.BY_KEY:
        conditions.append(display_status.BY_KEY[wanted.state].condition)
    if wanted.text.strip():
        text = wanted.text.strip()
        conditions.append(_says(text) if wanted.knows_names else _is_called(text))
    if wanted.allowance in {"with", "without"}:
        has = _has_allowance(exam, now=now)
        conditions.append(has if wanted.allowance == "with" else ~has)
    return conditions


def _says(text: str) -> ColumnElement[bool]:
    """Part of the name or of the email address in any spelling, or the beginning of the reference, hyphen or not."""
    found: list[ColumnElement[bool]] = [_is_called(text)]
    if wanted := folded(text):
        found.append(User.folded.contains(wanted, autoescape=True))
    return or_(*found)


def _is_called(text: str) -> ColumnElement[bool]:
    """The beginning of the reference, with its hyphen or without."""
    is_called: ColumnElement[bool] = Attempt.ref.startswith(text.upper(), autoescape=True)
    letters = "".join(one for one in text.upper() if one.isalnum())
    if len(letters) <= REF_HEAD:
        return is_called
    return is_called | Attempt.ref.startswith(f"{letters[:REF_HEAD]}-{letters[REF_HEAD:]}", autoescape=True)


def _has_allowance(exam: Exam, *, now: datetime) -> ColumnElement[bool]:
    is_theirs = Allowance.learner_id == Attempt.learner_id
    return exists().where(is_theirs, allowances.are_for(exam.course_id, exam.id), allowances.are_in_force(now))


def _count(conditions: list[ColumnElement[bool]], *, with_people: bool) -> int:
    query = select(func.count(Attempt.id)).where(*conditions)
    if with_people:
        query = query.join(User, User.id == Attempt.learner_id)
    return db.session.scalar(query) or 0


def _ids(conditions: list[ColumnElement[bool]], sort: str, *, with_people: bool) -> Select[int]:
    """Only the numbers, so that a page far down the list skips no whole rows."""
    sort = sort if sort.removeprefix("-") in SORTS else USUAL_SORT
    columns = SORTS[sort.removeprefix("-")]
    order = [column.desc() if sort.startswith("-") else column.asc() for column in columns]
    query = select(Attempt.id).where(*conditions).order_by(*order)
    if with_people or sort.removeprefix("-") == "learner":
        query = query.join(User, User.id == Attempt.learner_id)
    return query


def _load(ids: list[int]) -> list[Attempt]:
    """With learner and version, in the order of ``ids``."""
    if not ids:
        return []
    query = select(Attempt).where(Attempt.id.in_(ids))
    whole = query.options(joinedload(Attempt.learner), joinedload(Attempt.exam_version))
    found = {attempt.id: attempt for attempt in db.session.scalars(whole)}
    return [found[id] for id in ids]
