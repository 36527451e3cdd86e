"""How far an attempt that was suspended is on its way into another one."""

from enum import StrEnum


class ResumeState(StrEnum):
    """Kept beside the status: an attempt that was suspended may be judged before it is resumed."""

    NONE = "none"
    """There is nothing to resume."""
    RESUMABLE = "resumable"
    """It was suspended, and the course team may let the learner continue."""
    GRANTED = "granted"
    """The learner may continue, and has not begun."""
    RESUMED = "resumed"
    """The learner continues in another attempt."""


#: A person has let the learner continue in another attempt.
WAY_ON = frozenset({ResumeState.GRANTED, ResumeState.RESUMED})
