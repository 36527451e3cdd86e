"""The nouns: what must always be true, whoever asks."""

from portal.models.allowance import Allowance, AllowanceKind
from portal.models.answer import Answer, AnswerFile, AnswerFilePart, LateAnswer
from portal.models.attempt import (
    Attempt,
    AttemptStatus,
    EndedBy,
    Notice,
    NoticeKind,
    TimeEntry,
    TimeEntryKind,
)
from portal.models.course import Course, Enrolment, Membership, Role
from portal.models.exam import Exam, ExamKind, ExamVersion
from portal.models.history import HistoryEntry
from portal.models.ledger import LedgerEntry
from portal.models.outbox import OutboxMessage, PeriodicJob
from portal.models.question import Asset, Question, QuestionKind, UnreadableContent
from portal.models.sign_in import SignInFailure
from portal.models.user import Announcements, Theme, TimeDisplay, User

__all__ = [
    "Allowance",
    "AllowanceKind",
    "Announcements",
    "Answer",
    "AnswerFile",
    "AnswerFilePart",
    "Asset",
    "Attempt",
    "AttemptStatus",
    "Course",
    "EndedBy",
    "Enrolment",
    "Exam",
    "ExamKind",
    "ExamVersion",
    "HistoryEntry",
    "LateAnswer",
    "LedgerEntry",
    "Membership",
    "Notice",
    "NoticeKind",
    "OutboxMessage",
    "PeriodicJob",
    "Question",
    "QuestionKind",
    "Role",
    "SignInFailure",
    "Theme",
    "TimeDisplay",
    "TimeEntry",
    "TimeEntryKind",
    "UnreadableContent",
    "User",
]
