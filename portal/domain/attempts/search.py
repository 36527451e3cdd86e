"""Finding attempts of an exam: by text, state and allowance, sorted, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, bindparam, exists, false, func, or_, select

from portal.db import db
from portal.db.fast import prepared
from portal.domain import pages
from portal.domain.accounts import people_search
from portal.domain.attempts import display_status
from portal.domain.pages import Page
from portal.domain.timekeeping import allowances
from portal.domain.timekeeping.exam_clock import AnyRow
from portal.models import Allowance, Attempt, Exam, ExamVersion, User
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
#: What a row of the list says.
SHOWN = (
    Attempt.id, Attempt.ref, Attempt.status, Attempt.is_paused, Attempt.resume_state, Attempt.archived_at,
    Attempt.learner_id, Attempt.started_at, Attempt.completed_at, Attempt.deadline_at, Attempt.paused_at,
    Attempt.break_ends_at, Attempt.window_closes_at, Attempt.time_remaining_seconds, Attempt.answered_count,
    Attempt.points, Attempt.points_possible, User.name.label("learner_name"), User.email.label("learner_email"),
    ExamVersion.question_count,
)  # fmt: skip
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


def search(exam: Exam, wanted: AttemptFilter, *, now: datetime) -> Page[AnyRow]:
    """One page of what is wanted; a page beyond the last is the last. Three queries, four for a text.

    Counted no further than :func:`portal.domain.pages.most_counted`, so that a page takes as long in an exam of 50,000.
    """
    conditions, text = _conditions(exam, wanted, now=now), wanted.text.strip()
    few = _found_by_words(exam, text, conditions, wanted.sort) if text and wanted.knows_names else None
    if few is not None:
        page = pages.of(few, wanted.page, size=PAGE_SIZE)
        return Page(items=_load(page.items), total=page.total, page=page.page, size=PAGE_SIZE)
    if text:
        conditions.append(_says(text) if wanted.knows_names else _is_called(text))
    asked = Asked(conditions=conditions, reads_people=bool(text and wanted.knows_names))
    most = pages.most_counted(wanted.page, size=PAGE_SIZE)
    total = _count(asked, most=most + 1)
    page_number = pages.within(wanted.page, total=min(total, most), size=PAGE_SIZE)
    ids = pages.rows(_ids(asked, wanted.sort), page_number, size=PAGE_SIZE)
    chosen = _load(list(db.session.scalars(ids)) if total else [])
    return Page(items=chosen, total=min(total, most), page=page_number, size=PAGE_SIZE, is_more=total > most)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A filter as the database is asked it."""

    conditions: list[ColumnElement[bool]]
    reads_people: bool = False
    """Whether a condition is about the learner's account."""


def _conditions(exam: Exam, wanted: AttemptFilter, *, now: datetime) -> list[ColumnElement[bool]]:
    """All but the text; the exam first."""
    is_archived = wanted.state == "archived"
    archived = Attempt.archived_at.is_not(None) if is_archived else Attempt.archived_at.is_(None)
    conditions: list[ColumnElement[bool]] = [Attempt.exam_id == exam.id, archived]
    if wanted.state == "needs-help":
        conditions.append(or_(*(s.condition for s in display_status.VOCABULARY if s.needs_help)))
    elif wanted.state in display_status.BY_KEY:
        conditions.append(display_status.BY_KEY[wanted.state].condition)
    if wanted.allowance in {"with", "without"}:
        has = _has_allowance(exam, now=now)
        conditions.append(has if wanted.allowance == "with" else ~has)
    return conditions


def _found_by_words(exam: Exam, text: str, conditions: list[ColumnElement[bool]], sort: str) -> list[int] | None:
    """Attempts of people with words that begin so, or with a reference that does, in order.

    None where the index of words knows nobody, or too many: each of the exam's is looked at then.
    """
    people = people_search.by_words(text)
    if people is None:
        return None
    theirs = select(Attempt.id).where(Attempt.exam_id == exam.id, Attempt.learner_id.in_(people))
    found = theirs.union(select(Attempt.id).where(_may_be_called(text), _is_called(text)))
    # An index of the exam's attempts would do, too, and takes ten times as long; a sum has none.
    conditions = [Attempt.exam_id + 0 == exam.id, *conditions[1:], Attempt.id.in_(found)]
    return list(db.session.scalars(_ids(Asked(conditions=conditions), sort)))


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


def _may_be_called(text: str) -> ColumnElement[bool]:
    """A range of references that begin so, whatever stands between them: for the index, which knows no patterns."""
    letters = "".join(one for one in text.upper() if one.isascii() and one.isalnum())
    begins = f"{letters[:REF_HEAD]}-{letters[REF_HEAD:]}" if len(letters) > REF_HEAD else letters
    return Attempt.ref.between(begins, f"{begins}ZZZZZZZZ") if len(letters) >= REF_HEAD else false()


def _has_allowance(exam: Exam, *, now: datetime) -> ColumnElement[bool]:
    is_theirs = Allowance.learner_id == Attempt.learner_id
    return exists().where(is_theirs, allowances.are_for(exam.course_id, exam.id), allowances.are_in_force(now))


def _count(asked: Asked, *, most: int) -> int:
    """How many there are, ``most`` at most."""
    query = select(Attempt.id).where(*asked.conditions)
    if asked.reads_people:
        query = query.join(User, User.id == Attempt.learner_id)
    return db.session.scalar(select(func.count()).select_from(query.limit(most).subquery())) or 0


def _ids(asked: Asked, sort: str) -> Select[int]:
    """Only the numbers, so that a page far down the list skips no whole rows."""
    sort = sort if sort.removeprefix("-") in SORTS else USUAL_SORT
    columns = SORTS[sort.removeprefix("-")]
    order = [column.desc() if sort.startswith("-") else column.asc() for column in columns]
    query = select(Attempt.id).where(*asked.conditions).order_by(*order)
    if asked.reads_people or sort.removeprefix("-") == "learner":
        query = query.join(User, User.id == Attempt.learner_id)
    return query


def _load(ids: Sequence[int]) -> list[AnyRow]:
    """Columns, in the order of ``ids``: to load fifty attempts whole took a fifth of the page."""
    if not ids:
        return []
    found = {row.id: row for row in db.session.execute(_listed(), {"ids": ids})}
    return [found[id] for id in ids]


@prepared
def _listed() -> Select[*tuple[object, ...]]:
    return (
        select(*SHOWN)
        .join_from(Attempt, User, User.id == Attempt.learner_id)
        .join(ExamVersion, ExamVersion.id == Attempt.exam_version_id)
        .where(Attempt.id.in_(bindparam("ids", expanding=True)))
    )
