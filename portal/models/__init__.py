"""The nouns: what must always be true, whoever asks."""

from portal.models.allowance import Allowance, AllowanceKind
from portal.models.answer import Answer, AnswerFile, AnswerFilePart, LateAnswer
from portal.models.attempt import Attempt, AttemptStatus, EndedBy
from portal.models.course import Course, CourseChange, Enrolment, Membership, Right, Role
from portal.models.credit import CreditRequirement, CreditStanding
from portal.models.ending_fault import EndingFault
from portal.models.exam import Exam, ExamKind, ExamVersion
from portal.models.heartbeat import HeardFrom, Heartbeat
from portal.models.history import Event, HistoryEntry
from portal.models.import_note import ImportNote
from portal.models.ledger import LedgerEntry, LedgerStatus
from portal.models.outbox import EmailKind, OutboxMessage, PeriodicJob, Topic
from portal.models.portal_key import PortalKey
from portal.models.provider import ApiClient, Provider, ProviderExam, ProviderKind, Registration
from portal.models.question import Asset, Question, QuestionKind, UnreadableContent
from portal.models.review import (
    Appeal,
    Decision,
    Delivery,
    DeliveryKind,
    DeliveryOutcome,
    Review,
    ReviewClaim,
    ReviewComment,
    Verdict,
)
from portal.models.sign_in import EndedSession, SignInFailure
from portal.models.time_entry import Notice, NoticeKind, TimeEntry, TimeEntryKind
from portal.models.user import Announcements, Theme, TimeDisplay, User
from portal.models.webhook import CaseKind, SupportCase, WebhookEndpoint, WebhookTry

__all__ = [
    "Allowance",
    "AllowanceKind",
    "Announcements",
    "Answer",
    "AnswerFile",
    "AnswerFilePart",
    "ApiClient",
    "Appeal",
    "Asset",
    "Attempt",
    "AttemptStatus",
    "CaseKind",
    "Course",
    "CourseChange",
    "CreditRequirement",
    "CreditStanding",
    "Decision",
    "Delivery",
    "DeliveryKind",
    "DeliveryOutcome",
    "EmailKind",
    "EndedBy",
    "EndedSession",
    "EndingFault",
    "Enrolment",
    "Event",
    "Exam",
    "ExamKind",
    "ExamVersion",
    "HeardFrom",
    "Heartbeat",
    "HistoryEntry",
    "ImportNote",
    "LateAnswer",
    "LedgerEntry",
    "LedgerStatus",
    "Membership",
    "Notice",
    "NoticeKind",
    "OutboxMessage",
    "PeriodicJob",
    "PortalKey",
    "Provider",
    "ProviderExam",
    "ProviderKind",
    "Question",
    "QuestionKind",
    "Registration",
    "Review",
    "ReviewClaim",
    "ReviewComment",
    "Right",
    "Role",
    "SignInFailure",
    "SupportCase",
    "Theme",
    "TimeDisplay",
    "TimeEntry",
    "TimeEntryKind",
    "Topic",
    "UnreadableContent",
    "User",
    "Verdict",
    "WebhookEndpoint",
    "WebhookTry",
]
