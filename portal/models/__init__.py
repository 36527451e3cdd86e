"""The nouns: what must always be true, whoever asks."""

from portal.models.accounts.portal_key import PortalKey
from portal.models.accounts.sign_in import EndedSession, SignInFailure
from portal.models.accounts.user import Announcements, Theme, TimeDisplay, User
from portal.models.attempts.allowance import Allowance, AllowanceKind
from portal.models.attempts.answer import Answer, AnswerFile, AnswerFilePart, LateAnswer
from portal.models.attempts.attempt import Attempt, AttemptStatus, EndedBy
from portal.models.attempts.ending_fault import EndingFault
from portal.models.attempts.history import Event, HistoryEntry
from portal.models.attempts.resume_state import ResumeState
from portal.models.attempts.time_entry import Notice, NoticeKind, TimeEntry, TimeEntryKind
from portal.models.courses.course import Course, CourseChange, Enrolment, Membership, Right, Role
from portal.models.courses.credit import CreditRequirement, CreditStatus
from portal.models.courses.exam import Exam, ExamKind, ExamVersion
from portal.models.courses.import_note import ImportNote
from portal.models.courses.question import Asset, Question, QuestionKind, UnreadableContent
from portal.models.outbox.ledger import LedgerEntry, LedgerStatus
from portal.models.outbox.outbox import EmailKind, OutboxMessage, PeriodicJob, Topic
from portal.models.outbox.webhook import CaseKind, SupportCase, WebhookEndpoint, WebhookTry
from portal.models.proctoring.delivery import Delivery, DeliveryKind, DeliveryOutcome
from portal.models.proctoring.heartbeat import HeardFrom, Heartbeat
from portal.models.proctoring.provider import ApiClient, Provider, ProviderExam, ProviderKind, Registration
from portal.models.proctoring.review import Appeal, Decision, Review, ReviewClaim, ReviewComment, Verdict

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
    "CreditStatus",
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
    "ResumeState",
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
