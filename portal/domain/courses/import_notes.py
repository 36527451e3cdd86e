"""Keeps with each exam what its author wrote and the exam does without, for the course team."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from portal.db import db
from portal.domain.courses.published import LeftOut, NotHonoured
from portal.models import Exam, ImportNote

#: How a note begins that is about the import as a whole, not about an attribute.
LAST_IMPORT = "the last import"
THE_SECTION = "the section"


def list_for(exam: Exam) -> Sequence[ImportNote]:
    """In the order in which they were met."""
    return db.session.scalars(select(ImportNote).filter_by(exam_id=exam.id).order_by(ImportNote.id)).all()


def keep(exam: Exam, notes: Sequence[NotHonoured]) -> None:
    """Make these the exam's notes. The same again changes nothing."""
    if [_said(note) for note in list_for(exam)] == [_said(note) for note in notes]:
        return
    db.session.execute(delete(ImportNote).where(ImportNote.exam_id == exam.id))
    for note in notes:
        db.session.add(ImportNote(exam_id=exam.id, what=note.what, meaning=note.meaning, places=list(note.places)))


def keep_left_out(exam: Exam, left: LeftOut) -> None:
    """Note why the exam's section brought no exam this time; what is known of it from before stays."""
    stays = "the exam is turned off" if left.is_hidden else "the exam did not change"
    newest = NotHonoured(what=LAST_IMPORT, meaning=f"{left.reason}; {stays}", places=(THE_SECTION,))
    before = [
        NotHonoured(what=note.what, meaning=note.meaning, places=tuple(note.places))
        for note in list_for(exam)
        if note.what != LAST_IMPORT
    ]
    keep(exam, [newest, *before])


def _said(note: NotHonoured | ImportNote) -> tuple[str, str, list[str]]:
    return note.what, note.meaning, list(note.places)
