"""What the portal and a provider tell each other, as plain facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.models import AttemptStatus


@dataclass(frozen=True, kw_only=True)
class ExamFacts:
    """An exam as a provider may know it."""

    number: int
    course_key: str
    content_id: str
    external_id: str | None
    name: str
    time_limit_minutes: int
    is_proctored: bool
    is_practice: bool
    is_active: bool
    closes_at: datetime | None
    hide_after_due: bool
    provider_slug: str
    review_rules: str
    rules: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What we tell a provider when we ask it to keep a place for an attempt."""

    exam: ExamFacts
    attempt_code: str
    pairwise_id: str
    full_name: str | None
    email: str | None
    time_limit_minutes: int
    is_sample: bool
    review_rules: str
    review_exception: str
    public_url: str
    """Our scheme and host without a slash at the end; the provider builds its callbacks from it."""
    languages: Sequence[str] = ("en",)


@dataclass(frozen=True, kw_only=True)
class Registered:
    """The provider's answer: a place with a name, or a refusal with an onboarding status."""

    external_id: str | None
    refused_as: AttemptStatus | None = None


@dataclass(frozen=True, kw_only=True)
class Named:
    """An attempt in the provider's words."""

    exam_external_id: str
    external_id: str
    attempt_code: str = ""
    """What we registered it with."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How a learner gets the provider ready: steps to read and an address to open."""

    status: str = ""
    instructions: Sequence[str] = ()
    download_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What a provider says it can do."""

    name: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)
    instructions: Sequence[str] = ()
    download_url: str = ""


@dataclass(frozen=True, kw_only=True)
class CommentReceived:
    comment: str
    provider_status: str
    start_seconds: int = 0
    stop_seconds: int = 0
    duration_seconds: int = 0
    is_timed: bool = True
    """Whether the provider said where in the recording it is; otherwise the seconds mean nothing."""


@dataclass(frozen=True, kw_only=True)
class ReviewReceived:
    """What a provider saw, in our words; its own word is kept beside it."""

    status: str
    provider_status: str
    comments: Sequence[CommentReceived] = ()
    reviewed_by: str = ""
    summary: str = ""
    """What was said of the whole recording."""
    video_url: str | None = None
    kept: Mapping[str, object] = field(default_factory=dict)
    """The body without recording links and secrets, as it is stored."""


@dataclass(frozen=True, kw_only=True)
class DashboardRequest:
    """What of a provider's dashboard a member of the course team wants to see."""

    course_key: str
    pairwise_id: str
    full_name: str
    email: str
    exam_external_id: str | None = None
    attempt_external_id: str | None = None
    wants_configuration: bool = False
