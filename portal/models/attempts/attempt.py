"""One learner's try at one exam."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, TextClause, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from portal.db import Hundredths, Id, Model, words
from portal.models.accounts.user import User
from portal.models.attempts.resume_state import ResumeState
from portal.models.courses.exam import Exam, ExamVersion


class AttemptStatus(StrEnum):
    """Where an attempt stands. The values are stored, and providers read them."""

    CREATED = "created"
    DOWNLOAD_SOFTWARE_CLICKED = "download_software_clicked"
    READY_TO_START = "ready_to_start"
    STARTED = "started"
    READY_TO_SUBMIT = "ready_to_submit"
    DECLINED = "declined"
    TIMED_OUT = "timed_out"
    SUBMITTED = "submitted"
    SECOND_REVIEW_REQUIRED = "second_review_required"
    VERIFIED = "verified"
    REJECTED = "rejected"
    ERROR = "error"
    EXPIRED = "expired"
    ONBOARDING_RESET = "onboarding_reset"
    ONBOARDING_MISSING = "onboarding_missing"
    ONBOARDING_PENDING = "onboarding_pending"
    ONBOARDING_FAILED = "onboarding_failed"
    ONBOARDING_EXPIRED = "onboarding_expired"


S = AttemptStatus
PRE_START = frozenset({S.CREATED, S.DOWNLOAD_SOFTWARE_CLICKED, S.READY_TO_START})
RUNNING = frozenset({S.STARTED, S.READY_TO_SUBMIT})
LIVE = PRE_START | RUNNING
#: In the place of a browser: for one window at a time, and whichever speaks first is the one.
UNCLAIMED = "unclaimed"
LIVE_SQL = text(
    "status IN ('created', 'download_software_clicked', 'ready_to_start', 'started', 'ready_to_submit') "
    "AND archived_at IS NULL"
)
RUNNING_SQL = text("status IN ('started', 'ready_to_submit') AND archived_at IS NULL")
ON_A_BREAK_SQL = text("break_ends_at IS NOT NULL")
KEPT_SQL, ARCHIVED_SQL = text("archived_at IS NULL"), text("archived_at IS NOT NULL")


def _where(condition: TextClause) -> dict[str, Any]:
    """For an index over some of the rows."""
    return {"sqlite_where": condition, "postgresql_where": condition}


class EndedBy(StrEnum):
    """Who or what handed the attempt in."""

    LEARNER = "learner"
    TIME = "time"
    PROCTOR = "proctor"
    PROVIDER = "provider"


class Attempt(Model):
    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("provider_slug", "external_id"),
        Index(
            "uq_attempt_live",
            "exam_id",
            "learner_id",
            unique=True,
            **_where(LIVE_SQL),
        ),
        Index(
            "ix_attempt_hard_stop_running",
            "hard_stop_at",
            **_where(RUNNING_SQL),
        ),
        # The list of an exam's attempts counts, filters and sorts by these alone; what was archived is apart.
        Index("ix_attempt_exam_status", "exam_id", "status", "id", "is_paused", "resume_state", **_where(KEPT_SQL)),
        Index("ix_attempt_exam_kept", "exam_id", "created_at", "id", **_where(KEPT_SQL)),
        Index("ix_attempt_exam_archived", "exam_id", "created_at", "id", **_where(ARCHIVED_SQL)),
        Index("ix_attempt_exam_started", "exam_id", "started_at", "id"),
        Index("ix_attempt_exam_completed", "exam_id", "completed_at", "id"),
        Index("ix_attempt_learner_exam", "learner_id", "exam_id", "id"),
        CheckConstraint(
            "status NOT IN ('started', 'ready_to_submit') OR "
            "(started_at IS NOT NULL AND deadline_at IS NOT NULL AND hard_stop_at IS NOT NULL)",
            "running_has_a_clock",
        ),
        CheckConstraint("status NOT IN ('submitted', 'timed_out') OR completed_at IS NOT NULL", "completed_has_a_time"),
        CheckConstraint("NOT is_paused OR status IN ('started', 'ready_to_submit')", "only_running_is_paused"),
        CheckConstraint("is_paused = (paused_at IS NOT NULL)", "paused_has_a_time"),
        CheckConstraint("archived_at IS NULL OR archive_reason IS NOT NULL", "archived_has_a_reason"),
        CheckConstraint("break_ends_at IS NULL OR is_paused", "on_a_break_is_paused"),
        Index("ix_attempt_break_ends_at", "break_ends_at", **_where(ON_A_BREAK_SQL)),
    )

    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)
    """What people call it, ``K7F-2QD4`` style; without the rights of the person asking it opens nothing."""
    attempt_code: Mapped[str] = mapped_column(unique=True)
    """What a provider was registered with. PSI's learners must type it and see it; it opens nothing by itself."""
    external_id: Mapped[str | None]
    """The provider's name for it; never in a learner's page."""
    provider_slug: Mapped[str | None]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    exam_version_id: Mapped[int] = mapped_column(ForeignKey("exam_version.id"), index=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    status: Mapped[AttemptStatus] = mapped_column(words(AttemptStatus))
    seed: Mapped[int]
    """Orders a shuffled exam, so that reload and review agree."""
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    ended_by: Mapped[EndedBy | None] = mapped_column(words(EndedBy))
    deadline_at: Mapped[datetime | None]
    hard_stop_at: Mapped[datetime | None]
    """``deadline_at`` and the grace. While paused both say what they would be if the clock resumed now."""
    own_seconds: Mapped[int] = mapped_column(default=0)
    """The learner's own total, as the time log adds up, before the window cuts it."""
    revision: Mapped[int] = mapped_column(default=0)
    """Counts changes of the time log."""
    is_paused: Mapped[bool] = mapped_column(default=False)
    """Whether a row of the time log is open; the status stays ``started``."""
    paused_at: Mapped[datetime | None]
    """When the clock stopped; what was left then is ``deadline_at - paused_at``."""
    window_closes_at: Mapped[datetime | None]
    """When the exam closes for this learner, as of the last change of the account: no deadline is later."""
    limit_seconds: Mapped[int | None]
    """How long its exam took when the learner first began; a change of the exam leaves it. None before a start."""
    promised_close_at: Mapped[datetime | None]
    """When its exam closes for everybody, as promised at the start or by a later closing since; None is never."""
    promised_at: Mapped[datetime | None]
    """When both were promised: at the first start, also where another attempt continues from that one."""
    break_bank_seconds: Mapped[int] = mapped_column(default=0)
    """For how long the learner may pause the clock altogether, as of the last change of the account."""
    break_used_seconds: Mapped[int] = mapped_column(default=0)
    """How much of it breaks that are over have used, also those of the attempts that this one resumes."""
    break_ends_at: Mapped[datetime | None]
    """During a break: when the clock resumes by itself, because the bank is empty or the exam closes."""
    seen_revision: Mapped[int] = mapped_column(default=0)
    """The newest revision that the learner's page has shown."""
    seen_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    """When the last answer was stored."""
    answered_count: Mapped[int] = mapped_column(default=0)
    taking_as_proctored: Mapped[bool] = mapped_column(default=False)
    is_sample: Mapped[bool] = mapped_column(default=False)
    time_remaining_seconds: Mapped[int | None]
    """Kept by ``error`` for a resume. Zero is zero, None is not set."""
    resume_state: Mapped[ResumeState] = mapped_column(words(ResumeState), default=ResumeState.NONE)
    window_browser: Mapped[str | None]
    """Of an exam for one window: the browser that may write, as a fingerprint of its cookie; None is any."""
    window_tab: Mapped[str | None]
    """Which of that browser's windows, by the name its script gave it; None where no script has spoken yet."""
    window_device: Mapped[str] = mapped_column(default="")
    """In words, such as "Firefox on Windows"."""
    window_seen_at: Mapped[datetime | None]
    rules_read_at: Mapped[datetime | None]
    """When the learner ticked that they have read the rules of a proctored exam."""
    resumes_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    archived_at: Mapped[datetime | None]
    archived_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    archive_reason: Mapped[str | None]
    points: Mapped[Decimal | None] = mapped_column(Hundredths)
    """What the machine could mark, once submitted, to a hundredth."""
    points_possible: Mapped[int | None]
    """Without the questions that nobody marks."""
    version: Mapped[int] = mapped_column()
    """Counts changes of this row, so that of two people changing it at once one is told to look again."""

    exam: Mapped[Exam] = relationship()
    exam_version: Mapped[ExamVersion] = relationship()
    learner: Mapped[User] = relationship(foreign_keys=learner_id)
    other_attempts: Mapped[list["Attempt"]] = relationship(
        primaryjoin=lambda: and_(
            foreign(Attempt.exam_id) == remote(Attempt.exam_id),
            Attempt.learner_id == remote(Attempt.learner_id),
            Attempt.id != remote(Attempt.id),
        ),
        viewonly=True,
        uselist=True,
    )
    """The learner's other attempts at this exam, archived ones too."""

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_live(self) -> bool:
        return self.status in LIVE and self.archived_at is None

    @property
    def is_suspended(self) -> bool:
        """Whether it stopped before its time, and the course team may still resume it."""
        return self.status is S.ERROR and self.resume_state is ResumeState.RESUMABLE

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING and self.archived_at is None
