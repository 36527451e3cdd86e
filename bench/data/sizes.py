"""How much data a run makes and how long it loads each kind of work."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Size:
    """What is in the database, and for how long each work is repeated."""

    exams: int
    learners: int
    attempts_each: int
    """How many exams each learner has tried."""
    running_share: float
    """Which part of the learners has an exam running; the others can begin one."""
    questions: int
    answers_each: int
    """How many questions of a running exam have an answer already."""
    warm_seconds: float
    seconds: float

    @property
    def running(self) -> int:
        return int(self.learners * self.running_share)

    @property
    def attempts(self) -> int:
        return self.learners * self.attempts_each


FULL = Size(
    exams=20, learners=10_000, attempts_each=10, running_share=0.6, questions=20, answers_each=8,
    warm_seconds=1.0, seconds=5.0,
)  # fmt: skip
QUICK = Size(
    exams=4, learners=600, attempts_each=2, running_share=0.5, questions=20, answers_each=8,
    warm_seconds=0.5, seconds=1.5,
)  # fmt: skip
