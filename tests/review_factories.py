"""What tests about reviewing begin with: an attempt with a provider's report, and the people around it."""

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.providers.facts import CommentReceived, ReviewReceived
from portal.domain.reviews import provider_reports
from portal.domain.reviews.verdicts import Source
from portal.models import Attempt, ExamKind, Review, Role, User
from tests import make
from tests.make import NOON, S

PROVIDER = Source(slug="proctorco", passing=frozenset({"passed"}), supports_onboarding=False)
LEFT = CommentReceived(comment="Left the view", provider_status="Suspicious", start_seconds=65, stop_seconds=77)
VOICE = CommentReceived(comment="Second voice", provider_status="Rules Violation", start_seconds=300, stop_seconds=325)
LINK = "https://recordings.example/watch?DirectLink-Generic=77&key=secret-of-the-link"


def proctored(**given: object) -> Attempt:
    """A proctored attempt that is handed in, and nobody has reported on."""
    status = given.pop("status", S.SUBMITTED)
    exam = given.pop("exam", None) or make.exam(is_proctored=True, provider_slug="proctorco")
    assert exam.kind is ExamKind.PROCTORED
    facts = {"taking_as_proctored": True, "external_id": f"provider-{attempts.new_ref()}"}
    return make.attempt(status, exam=exam, **{**facts, **given})


def report(attempt: Attempt, status: str = "suspicious", *comments: CommentReceived, **given: object) -> Review:
    """The provider says what it saw."""
    facts = {"provider_status": status.capitalize(), "comments": comments, "video_url": LINK, **given}
    with writing():
        said = ReviewReceived(status=status, **facts)
        return provider_reports.receive(attempts.lock(attempt.id), said, PROVIDER, None, now=NOON)


def waiting(**given: object) -> Attempt:
    """An attempt held for a second look, with two incidents."""
    attempt = proctored(**given)
    report(attempt, "suspicious", LEFT, VOICE)
    db.session.refresh(attempt)
    return attempt


def reviewer(attempt: Attempt, role: Role = Role.REVIEWER, **given: object) -> User:
    return make.member(role, course=attempt.exam.course, user=make.user(**given))
