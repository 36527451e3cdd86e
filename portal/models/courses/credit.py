"""What a course asks of a learner before credit, and where each learner stands with it."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Id, Model


class CreditRequirement(Model):
    __tablename__ = "credit_requirement"
    __table_args__ = (UniqueConstraint("course_id", "namespace", "name"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    namespace: Mapped[str]
    """``proctored_exam`` names an exam by its content id; ``grade`` never holds anybody up."""
    name: Mapped[str]
    display_name: Mapped[str]
    position: Mapped[int]
    """Earlier ones must be met before a later proctored exam is begun."""


class CreditStatus(Model):
    __tablename__ = "credit_standing"
    __table_args__ = (UniqueConstraint("requirement_id", "learner_id"),)

    id: Mapped[Id]
    requirement_id: Mapped[int] = mapped_column(ForeignKey("credit_requirement.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    status: Mapped[str]
    """A ``LedgerStatus``: satisfied, submitted, failed or declined."""
    at: Mapped[datetime]

    requirement: Mapped[CreditRequirement] = relationship()
