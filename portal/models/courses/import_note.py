"""What an author wrote and an exam does without, kept so that the course team can read it."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Id, Model


class ImportNote(Model):
    """One line of the newest import of an exam: what has no effect here, what holds instead, and where it is."""

    __tablename__ = "import_note"

    id: Mapped[Id]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    what: Mapped[str]
    meaning: Mapped[str]
    places: Mapped[list[Any]] = mapped_column(default=list)
    """Names of the section's parts, in its order."""
