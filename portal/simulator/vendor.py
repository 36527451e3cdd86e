"""The simulated vendor itself: what it remembers, and what it does by itself after a while. All in memory."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal import clock
from portal.simulator.settings import Settings

#: onboarding profile -> how a registration is refused because of it.
REFUSED_FOR = {
    "no-profile": "onboarding_missing",
    "pending": "onboarding_pending",
    "rejected": "onboarding_failed",
    "expired": "onboarding_expired",
}


@dataclass(kw_only=True)
class Attempt:
    id: str
    exam_id: str
    said: dict[str, object]
    """What the portal said when it registered."""
    base: str
    """How the portal reached us then."""
    stage: str = "created"
    app: str | None = None
    """The learner's desktop application: not open, running, uploading, or silent."""


@dataclass
class Vendor:
    settings: Settings
    exams: dict[str, dict[str, object]] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    profiles: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    log: list[dict[str, object]] = field(default_factory=list)
    """Everything that was asked of us and that we delivered, newest last."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    _known: dict[str, str] = field(default_factory=dict)
    _timers: list[threading.Timer] = field(default_factory=list)

    def note(self, what: str, **details: object) -> None:
        with self.lock:
            self.log.append({"at": clock.now().isoformat(), "what": what, **details})

    def save_exam(self, said: dict[str, Any], exam_id: str | None) -> str:
        with self.lock:
            name = exam_id or said.get("external_id") or secrets.token_hex(16)
            self.exams[name] = {**said, "external_id": name}
        return name

    def register(self, exam_id: str, said: dict[str, object], *, base: str, again: str | None) -> dict[str, object]:
        """A place, or a refusal; the same question again gets the same answer."""
        with self.lock:
            if again and again in self._known:
                return {"id": self._known[again]}
            refused = self._refusal(said)
            if refused:
                return {"status": refused}
            made = Attempt(id=secrets.token_hex(16), exam_id=exam_id, said=said, base=base)
            self.attempts[made.id] = made
            if again:
                self._known[again] = made.id
        return {"id": made.id}

    def _refusal(self, said: dict[str, object]) -> str | None:
        if not self.settings.needs_onboarding or said.get("is_sample_attempt"):
            return None
        return REFUSED_FOR.get(self.profiles.get(str(said["user_id"]), "no-profile"))

    def move(self, attempt: Attempt, status: str) -> None:
        with self.lock:
            attempt.stage = status
            if attempt.said.get("is_sample_attempt") and status == "submitted":
                self.profiles[str(attempt.said["user_id"])] = "pending"

    def judge(self, attempt: Attempt, status: str) -> None:
        """A review is out; that of an onboarding decides about the learner's profile."""
        with self.lock:
            attempt.stage = f"reviewed as {status}"
            if attempt.said.get("is_sample_attempt"):
                is_fine = status == "passed"
                self.profiles[str(attempt.said["user_id"])] = "approved-in-course" if is_fine else "rejected"

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Do it by itself, unless the vendor is closed before."""
        timer = threading.Timer(seconds, do)
        timer.daemon = True
        with self.lock:
            self._timers = [known for known in self._timers if known.is_alive()]
            self._timers.append(timer)
        timer.start()

    def close(self) -> None:
        with self.lock:
            timers, self._timers = self._timers, []
        for timer in timers:
            timer.cancel()
        for timer in timers:
            timer.join(5)
