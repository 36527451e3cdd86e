"""What the simulated vendor tells the portal: that a learner is ready, and what was seen. Well or badly."""

import threading
from typing import Any

import requests

from portal.simulator.vendor import Attempt, Vendor

PATH = "/api/edx_proctoring/v1/proctored_exam/attempt"
SECONDS = 10
TRIES = 3
#: Refusals that are over in a moment: a token at its end, too many calls in a minute.
AGAIN = frozenset({401, 429})
#: What a broken vendor sends before it gets it right.
GARBAGE: tuple[bytes, ...] = (
    b"<html>Bad gateway</html>",
    b'{"status": ',
    b'{"status": ["passed"], "comments": {"comment": 5}}',
    b'{"comments": [{"comment": null}]}',
    b"\xff\xfe\x00",
)


class Callbacks:
    """Speaks to one portal, as its client."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor
        self._stopped = threading.Event()

    def schedule_ready(self, attempt: Attempt) -> None:
        self._vendor.after(self._vendor.settings.ready_after, lambda: self._set_up(attempt))

    def _set_up(self, attempt: Attempt) -> None:
        if "out-of-order" in self._vendor.settings.misbehave:
            self.review(attempt)
        self.ready(attempt)

    def schedule_review(self, attempt: Attempt) -> None:
        settings = self._vendor.settings
        more = settings.late_seconds if "late" in settings.misbehave else 0
        self._vendor.after(settings.review_after + more, lambda: self.review(attempt))
        if "out-of-order" in settings.misbehave:
            self._vendor.after(settings.review_after + more, lambda: self.ready(attempt))

    def ready(self, attempt: Attempt) -> None:
        with self._vendor.lock:
            attempt.app = "running"
        self._deliver(attempt, "ready", {"status": "ready"})

    def review(self, attempt: Attempt, status: str | None = None) -> None:
        status = status or self._vendor.settings.review
        self._deliver(attempt, "reviewed", report(attempt, status))
        self._vendor.judge(attempt, status)

    def stop(self) -> None:
        self._stopped.set()

    def _deliver(self, attempt: Attempt, what: str, body: dict[str, object]) -> None:
        misbehave = self._vendor.settings.misbehave
        if "garbage" in misbehave:
            for garbage in GARBAGE:
                self._once(attempt, what, data=garbage)
        for _ in range(2 if "duplicate" in misbehave else 1):
            self._until_taken(attempt, what, body)

    def _until_taken(self, attempt: Attempt, what: str, body: dict[str, object]) -> None:
        """Like a real vendor: what failed there is said again, and a token that was not accepted is fetched anew."""
        for _ in range(TRIES):
            code = self._once(attempt, what, json=body)
            if code is not None and code < 500 and code not in AGAIN:
                return
            if self._stopped.wait(self._vendor.settings.retry_seconds):
                return

    def _once(self, attempt: Attempt, what: str, **body: Any) -> int | None:
        """The portal's code; None when it cannot be reached."""
        address = f"{self._vendor.settings.portal.rstrip('/')}{PATH}/{attempt.id}/{what}"
        try:
            headers = {"Authorization": f"JWT {self._token()}", "Content-Type": "application/json"}
            answer = requests.post(address, headers=headers, timeout=SECONDS, **body)
        except requests.RequestException as err:
            self._vendor.note(what, attempt=attempt.id, failed=type(err).__name__)
            return None
        self._vendor.note(what, attempt=attempt.id, code=answer.status_code, answer=answer.text[:300])
        return answer.status_code

    def _token(self) -> str:
        if "wrong-token" in self._vendor.settings.misbehave:
            return "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzb21lYm9keSJ9."
        settings = self._vendor.settings
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "token_type": "jwt",
        }
        answer = requests.post(f"{settings.portal.rstrip('/')}/oauth2/access_token", data=form, timeout=SECONDS)
        answer.raise_for_status()
        return str(answer.json()["access_token"])


def report(attempt: Attempt, status: str) -> dict[str, object]:
    """A review with three comments and a recording."""
    seen = ("Looked at a telephone", "A second voice", "Left the picture")
    comments = [
        {"comment": what, "status": "suspicious", "start": start, "stop": start + 6, "duration": 6}
        for what, start in zip(seen, (30, 95, 310), strict=True)
    ]
    return {"status": status, "comments": comments, "videoReviewLink": f"{attempt.base}/recordings/{attempt.id}"}
