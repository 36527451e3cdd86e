"""The kinds of work that edx-proctoring is measured at, as journeys for the load tool; who asks is signed in later."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bench.data import TEACHER, attempt_id_of, exam_of, learners_of
from bench.data.providers import attempt_ids, external_id, review_body
from bench.data.sizes import Size
from bench.load import CONNECTIONS
from bench.peers.plan import COURSE, EXTRA_MINUTES, username_of
from bench.works import SPREAD, Journey, Step

PLACE = "/api/edx_proctoring/v1/proctored_exam"
KEY = "additional_time_granted"
ATTEMPTS = "proctoring_proctoredexamstudentattempt"
ALLOWANCES = "proctoring_proctoredexamstudentallowance"
REVIEWS, COMMENTS = "proctoring_proctoredexamsoftwaresecurereview", "proctoring_proctoredexamstudentattemptcomment"
HISTORY = "proctoring_proctoredexamstudentattempt_history"


@dataclass(frozen=True, kw_only=True)
class PeerWork:
    """One row of the second table, beside the portal's row of the same name. The last journey is for counting."""

    name: str
    title: str
    journeys: list[Journey]
    is_once: bool = False
    requests: int | None = None
    """How many in all, where one takes so long that a few seconds would show none; otherwise for the usual time."""
    connections: int = CONNECTIONS
    grows: dict[str, int] = field(default_factory=dict)
    """``TABLE`` or ``TABLE WHERE …`` -> by how many rows one journey makes it longer."""


def all_of(size: Size) -> list[PeerWork]:
    """Reads first; what uses attempts up comes last."""
    running, idle = learners_of(size)[: size.running], learners_of(size)[size.running :]
    return [
        PeerWork(name="clock", title="Poll of the timer by its owner", journeys=_each(running[:SPREAD], lambda id: [
            _step("GET", f"{PLACE}/attempt/{_last_attempt(id, size)}", id)])),
        PeerWork(name="attempts", title="Attempts of the course, page 1", requests=12, connections=2,
                 journeys=[[_step("GET", f"{PLACE}/attempt/grouped/course_id/{COURSE}", TEACHER)]] * 3),
        PeerWork(name="search", title="Search that finds about 10 learners", requests=40, connections=4,
                 journeys=_each(range(size.learners // 100, size.learners // 10), _search)),
        PeerWork(name="create", title="Create and start (one request)", is_once=True,
                 grows={ATTEMPTS: 1, f"{ATTEMPTS} WHERE status = 'started'": 1, HISTORY: 2},
                 journeys=_each(idle, lambda id: [_create(id, size)])),
        PeerWork(name="submit", title="Submit", is_once=True,
                 grows={f"{ATTEMPTS} WHERE status = 'submitted'": 1, HISTORY: 1},
                 journeys=_each(running, lambda id: [
            _step("PUT", f"{PLACE}/attempt/{_last_attempt(id, size)}", id, {"action": "submit"})])),
        PeerWork(name="allowance", title="Grant one allowance", is_once=True, grows={ALLOWANCES: 1},
                 journeys=_each(running, lambda id: [_allowance(id, size)])),
        _bulk(size),
        *_of_provider(size),
    ]  # fmt: skip


def _of_provider(size: Size) -> list[PeerWork]:
    waiting, ended = attempt_ids(size, of_reviewed=False), attempt_ids(size, of_reviewed=True)
    ready, verified = (f"{ATTEMPTS} WHERE status = '{status}'" for status in ("ready_to_start", "verified"))
    return [
        PeerWork(name="ready", title="Provider: ready", is_once=True, grows={ready: 1, HISTORY: 1},
                 journeys=_each(waiting, lambda id: [_callback("ready", id, '{"status": "ready"}')])),
        PeerWork(name="reviewed", title="Provider: reviewed, 3 comments", is_once=True,
                 grows={REVIEWS: 1, COMMENTS: 3, verified: 1},
                 journeys=_each(ended, lambda id: [_callback("reviewed", id, review_body())])),
    ]  # fmt: skip


def _bulk(size: Size) -> PeerWork:
    """A hundred people who have no allowance in the same three exams; fewer where the data are little."""
    people, exams = min(100, size.learners // 50), min(3, size.exams - size.attempts_each - 1)
    journeys = [
        [_allowances(alike[at : at + people], exams, size)]
        for alike in (learners_of(size)[first :: size.exams] for first in range(size.exams))
        for at in range(0, len(alike) - people + 1, people)
    ]
    return PeerWork(name="allowances", title=f"Grant {people} people × {exams} exams (one request)", journeys=journeys,
                    is_once=True, requests=12, connections=2, grows={ALLOWANCES: people * exams})  # fmt: skip


def _each(ids: Iterable[int], journey: Callable[[int], Journey]) -> list[Journey]:
    return [journey(id) for id in ids]


def _step(method: str, path: str, who: int, body: dict[str, Any] | None = None) -> Step:
    said = json.dumps(body) if body else ""
    return {"method": method, "path": path, "headers": {}, "body": said, "expect": 200, "who": who}


def _last_attempt(learner: int, size: Size) -> int:
    return attempt_id_of(learner, size.attempts_each - 1, size)


def _search(number: int) -> Journey:
    """The name of one learner begins the names of ten others."""
    return [_step("GET", f"{PLACE}/attempt/grouped/course_id/{COURSE}/search/{username_of(number)}", TEACHER)]


def _create(learner: int, size: Size) -> Step:
    said = {"exam_id": exam_of(learner, size.attempts_each, size), "start_clock": "true"}
    return _step("POST", f"{PLACE}/attempt", learner, said)


def _allowance(learner: int, size: Size) -> Step:
    said = {"exam_id": exam_of(learner, size.attempts_each, size), "user_info": username_of(learner), "key": KEY}
    return _step("PUT", f"{PLACE}/allowance", TEACHER, {**said, "value": str(EXTRA_MINUTES)})


def _allowances(learners: range, exams: int, size: Size) -> Step:
    first = size.attempts_each + 1
    chosen = [str(exam_of(learners[0], number, size)) for number in range(first, first + exams)]
    said = {"course_id": COURSE, "exam_ids": ",".join(chosen), "user_ids": ",".join(map(username_of, learners))}
    return _step("PUT", f"{PLACE}/bulk_allowance", TEACHER, {**said, "allowance_type": KEY, "value": "20"})


def _callback(what: str, attempt_id: int, body: str) -> Step:
    """The provider's account is a member of staff here: its sign-in costs less than an access token would."""
    return {**_step("POST", f"{PLACE}/attempt/{external_id(attempt_id)}/{what}", TEACHER), "body": body}


#: The plainest answer, which no other server gives at this address: a stranger at our port would be found out.
PLAIN: Step = {"method": "GET", "path": "/edx-proctoring-is-up", "headers": {}, "body": "", "expect": 200}
