"""What every page of a running exam shows: the questions in order, the answers, the clock."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.domain.answers import answers
from portal.domain.courses import frozen_questions
from portal.domain.timekeeping import break_bank, clock_message, exam_clock
from portal.models import Answer, Attempt, Question, TimeDisplay
from portal.web.attempt.page import last_place
from portal.web.attempt.page.provider_page import ProviderPage, provider_page
from portal.web.attempt.page.question_state import Progress, QuestionState, progress, state_of
from portal.web.gate.guards import me
from portal.web.gate.places import place_of
from portal.web.gate.windows import away_from

#: The last minutes, which show the time unless somebody wants it never.
LAST_SECONDS = 300


@dataclass
class ExamPage:
    """An attempt with what its pages need, loaded once."""

    attempt: Attempt
    now: datetime
    came_from: int | None = None
    """The number of the question they were at before, where a page knows it."""
    questions: list[Question] = field(init=False)
    answers: dict[int, Answer] = field(init=False)
    states: dict[int, QuestionState] = field(init=False)
    """By question, in their order."""
    progress: Progress = field(init=False)
    clock: dict[str, Any] = field(init=False)
    provider: ProviderPage | None = field(init=False)

    def __post_init__(self) -> None:
        self.questions = answers.ordered_questions(self.attempt)
        self.answers = answers.list_for(self.attempt)
        self.states = {one.id: state_of(one, self.answers.get(one.id)) for one in self.questions}
        self.progress = progress(self.states.values())
        self.clock = clock_message.message(self.attempt, now=self.now)
        self.provider = provider_page(self.attempt)

    @property
    def materials_html(self) -> str:
        return frozen_questions.materials_of(self.attempt.exam_version_id)

    @property
    def left_seconds(self) -> int:
        """0 also before the clock has started."""
        return max(0, int((self.clock["deadline"] - self.clock["now"]) // 1000)) if self.clock["deadline"] else 0

    @property
    def kept_seconds(self) -> int:
        """What the learner has if they continue now: as much of what was kept as the window still leaves."""
        return exam_clock.left_seconds(self.attempt, now=self.now)

    @property
    def left_after_break_seconds(self) -> int:
        """What is left when a break ends by itself: less than now where the exam closes before all could be used."""
        over_at = self.attempt.break_ends_at
        return exam_clock.left_seconds(self.attempt, now=over_at) if over_at else self.kept_seconds

    @property
    def is_cut(self) -> bool:
        """Whether the exam's closing, and not the learner's own time, ends a paused clock."""
        return self.attempt.window_closes_at is not None and self.ends_at == self.attempt.window_closes_at

    @property
    def ends_at(self) -> datetime | None:
        """When time is up, also just after a break that nobody has written down the end of."""
        return exam_clock.deadline_of(self.attempt, now=self.now)

    @property
    def accepted_until_at(self) -> datetime | None:
        return exam_clock.hard_stop_of(self.attempt, now=self.now)

    @property
    def bank_left_seconds(self) -> int:
        """For how long the learner may still stop their clock."""
        return break_bank.left_seconds(self.attempt, now=self.now)

    @property
    def hides_time(self) -> bool:
        """Whether this person sees what is left only when they ask for it."""
        display = me().time_display
        return display is TimeDisplay.NEVER or (display is TimeDisplay.HIDDEN and self.left_seconds > LAST_SECONDS)

    @property
    def look(self) -> str:
        """normal, low or critical, from the learner's own total."""
        if me().time_display is TimeDisplay.NEVER:
            return "normal"
        left = self.left_seconds * 1000
        if left <= self.clock["crit_ms"]:
            return "critical"
        return "low" if left <= self.clock["low_ms"] else "normal"

    @property
    def last_number(self) -> int:
        """The question to go back to: where they came from, else the one this browser showed last, else the one
        with the newest answer, else 1."""
        for number in (self.came_from, last_place.number_of(self.attempt)):
            if number and 1 <= number <= len(self.questions):
                return number
        saved = {number: self.answers[one.id] for number, one in enumerate(self.questions, 1) if one.id in self.answers}
        return max(saved, key=lambda number: saved[number].saved_at, default=1)


def place_at(attempt: Attempt, number: int | None, *, now: datetime) -> str:
    """:func:`place_of`, with the question to come back to: where the questions are next, that one.

    Where ``number`` is None it is the one that this browser showed last.
    """
    step, number = place_of(attempt, now=now), number or last_place.number_of(attempt)
    if not number or not 1 <= number <= attempt.exam_version.question_count:
        return step
    if step == url_for("attempt.interrupted", ref=attempt.ref):
        return url_for("attempt.interrupted", ref=attempt.ref, to=number)
    is_first = step == url_for("attempt.question", ref=attempt.ref, number=1)
    return url_for("attempt.question", ref=attempt.ref, number=number) if is_first else step


def elsewhere(attempt: Attempt, *, number: int | None = None, now: datetime) -> Response | None:
    """A redirect for a page of the running exam when it is not running, or continues in another window, else None.

    ``number``: the question that was asked for, to come back to.
    """
    if exam_clock.state_of(attempt, now=now) == "in_progress":
        return away_from(attempt)
    return redirect(place_at(attempt, number, now=now), 303)
