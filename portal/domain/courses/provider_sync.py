"""Messages to providers about exams that are new to them, changed, or no longer theirs."""

from datetime import datetime

from portal.domain.outbox import messages
from portal.models import Exam, Topic


def enqueue(exam: Exam, *, was_with: str | None, now: datetime) -> None:
    """Enqueue a message about ``exam`` to its provider, and to the one that it had before."""
    for slug in dict.fromkeys((exam.provider_slug, was_with)):
        if slug:
            key = f"{exam.slug}.{slug}.{now.isoformat()}.{Topic.PROVIDER_EXAM}"
            messages.enqueue(Topic.PROVIDER_EXAM, now=now, key=key, payload={"exam": exam.id, "provider": slug})
