"""Promises to tell providers about exams that are new to them, changed, or no longer theirs."""

from datetime import datetime

from portal.domain.outbox import messages
from portal.models import Exam, Topic


def promise(exam: Exam, *, was_with: str | None, now: datetime) -> None:
    """Promise to tell the provider of ``exam``, and the one it was with before, how it stands now."""
    for slug in dict.fromkeys((exam.provider_slug, was_with)):
        if slug:
            key = f"{exam.slug}.{slug}.{now.isoformat()}.{Topic.PROVIDER_EXAM}"
            messages.put(Topic.PROVIDER_EXAM, now=now, key=key, payload={"exam": exam.id, "provider": slug})
