"""What the REST protocol says in its bodies: exams, places, configurations and profiles."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from portal.domain.providers.facts import Configuration, ExamFacts, Place, Seen
from portal.models import AttemptStatus
from portal.providers import json_fields

#: A provider that wants onboarding first answers a registration with one of these.
REFUSALS = {
    status.value: status
    for status in (
        AttemptStatus.ONBOARDING_MISSING,
        AttemptStatus.ONBOARDING_PENDING,
        AttemptStatus.ONBOARDING_FAILED,
        AttemptStatus.ONBOARDING_EXPIRED,
    )
}
MOST_STEPS = 50


def exam(facts: ExamFacts) -> dict[str, object]:
    """The protocol's prose and its code spell two names differently, so both are sent."""
    body = {
        "id": facts.number,
        "course_id": facts.course_key,
        "content_id": facts.content_id,
        "external_id": facts.external_id,
        "exam_name": facts.name,
        "name": facts.name,
        "time_limit_mins": facts.time_limit_minutes,
        "is_proctored": facts.is_proctored,
        "is_practice_exam": facts.is_practice,
        "is_practice": facts.is_practice,
        "is_active": facts.is_active,
        "due_date": _moment(facts.closes_at),
        "hide_after_due": facts.hide_after_due,
        "backend": facts.provider_slug,
        "rule_summary": facts.review_rules,
    }
    return {**body, "rules": dict(facts.rules)} if facts.rules else body


def place(asked: Place) -> dict[str, object]:
    """Name and email may be withheld, but their keys are always there: providers fail without them."""
    body = {
        "lms_host": asked.public_url.rstrip("/"),
        "time_limit_mins": asked.time_limit_minutes,
        "is_sample_attempt": asked.is_sample,
        "user_id": asked.pairwise_id,
        "full_name": asked.full_name,
        "user_name": asked.full_name,
        "email": asked.email,
        "status": "created",
    }
    notes = {"review_policy": asked.review_rules, "review_policy_exception": asked.review_exception}
    return {**body, **{key: said for key, said in notes.items() if said}}


def refusal_in(said: Mapping[str, object]) -> AttemptStatus | None:
    status = said.get("status")
    return REFUSALS.get(status.strip().lower().replace("-", "_")) if isinstance(status, str) else None


def configuration(said: Mapping[str, object], public: "PublicAddresses") -> Configuration:
    rules = said.get("rules")
    named = rules.items() if isinstance(rules, Mapping) else ()
    return Configuration(
        name=_line(said.get("name")),
        rules={json_fields.plain(str(key)): _line(label) for key, label in named},
        instructions=_steps(said.get("instructions")),
        download_url=public.of(said.get("download_url")),
    )


def seen(said: Mapping[str, object], public: "PublicAddresses") -> Seen:
    return Seen(
        status=_line(said.get("status")),
        instructions=_steps(said.get("instructions")),
        download_url=public.of(said.get("download_url")),
    )


def languages(wanted: Sequence[str]) -> str:
    """Accept-Language, the most welcome first."""
    tags = [tag for tag in wanted if tag and tag.replace("-", "").isalnum() and tag.isascii()][:9] or ["en"]
    return ", ".join(tag if rank == 0 else f"{tag};q=0.{10 - rank}" for rank, tag in enumerate(tags))


class PublicAddresses:
    """Turns an address as our server reaches it into one that a browser reaches."""

    def __init__(self, base_url: str, public_base_url: str) -> None:
        self._inside, self._outside = base_url.rstrip("/"), (public_base_url or base_url).rstrip("/")

    def of(self, address: object) -> str:
        """Only web addresses may stand in a page; anything else becomes nothing."""
        if not isinstance(address, str) or not address.strip():
            return ""
        try:
            whole = urljoin(f"{self._inside}/", json_fields.plain(address.strip()))
            parts = urlsplit(whole)
        except ValueError:
            return ""
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return ""
        is_ours = whole == self._inside or whole.startswith((f"{self._inside}/", f"{self._inside}?"))
        return f"{self._outside}{whole.removeprefix(self._inside)}" if is_ours else whole


def _line(value: object) -> str:
    return json_fields.plain(value)[: json_fields.LONGEST_TEXT] if isinstance(value, str) else ""


def _steps(value: object) -> tuple[str, ...]:
    steps = value if isinstance(value, list) else [value]
    return tuple(line for step in steps[:MOST_STEPS] if (line := _line(step)))


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
