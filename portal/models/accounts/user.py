"""People who sign in, and how each of them likes to be shown the time."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_login import UserMixin
from sqlalchemy import Index, String, event, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Id, Model, full_text, words
from portal.db.fast import table_of
from portal.models.accounts.folding import folded_person

#: Sorted alike on every database, whatever language it was set up for.
BY_CODE_POINT = String().with_variant(String(collation="C"), "postgresql")


class TimeDisplay(StrEnum):
    """How a running exam shows what is left."""

    MINUTES = "minutes"
    SECONDS = "seconds"
    HIDDEN = "hidden"
    """Until asked for, and in the last five minutes."""
    NEVER = "never"
    """Until asked for. Only the end comes by itself."""


class Announcements(StrEnum):
    """Which moments of a running exam are spoken. The end is never silent."""

    ALL = "all"
    LAST_TEN = "last_ten"
    END = "end"


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def _folded_at_insert(context: DefaultExecutionContext) -> str:
    row: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return folded_person(row["name"], row["email"])


class User(UserMixin, Model):
    __tablename__ = "user"
    __table_args__ = (
        Index("uq_user_email_lower", text("lower(email)"), unique=True),
        Index("ix_user_folded", "folded"),
    )

    id: Mapped[Id]
    email: Mapped[str]
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(BY_CODE_POINT, default=_folded_at_insert, server_default="")
    """Name and address as people look for them and expect them sorted. Kept by the model: nobody else writes it."""
    password_hash: Mapped[str | None]
    """Argon2. None: this person signs in some other way, or not at all."""
    is_administrator: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=1)
    """Raised by "sign out everywhere" and by a new password; older cookies stop working."""
    created_at: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(default="UTC")
    language: Mapped[str] = mapped_column(default="en")
    theme: Mapped[Theme] = mapped_column(words(Theme), default=Theme.SYSTEM)
    time_display: Mapped[TimeDisplay] = mapped_column(words(TimeDisplay), default=TimeDisplay.MINUTES)
    announcements: Mapped[Announcements] = mapped_column(words(Announcements), default=Announcements.ALL)
    read_time_letter: Mapped[str] = mapped_column(default="T", server_default="T")
    """With Alt and Shift it has the time read out; empty: no keys do."""

    def get_id(self) -> str:
        """What the signed cookie carries: who, and of which epoch."""
        return f"{self.id}.{self.session_epoch}"


full_text.keep(table_of(User), "folded")


@event.listens_for(User, "before_update")
def _fold_again(mapper: object, connection: object, user: User) -> None:
    """A new name is found at once, whoever wrote it."""
    user.folded = folded_person(user.name, user.email)
