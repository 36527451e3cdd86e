"""Stands in for the ``time`` module where nobody is to sleep."""


class Time:
    """Goes on by what is slept, and by nothing else."""

    def __init__(self) -> None:
        self.now, self.slept_seconds = 100.0, 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept_seconds += seconds
