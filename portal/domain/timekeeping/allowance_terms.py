"""What an allowance may say: its kind, how much, and its note."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.errors import BadInput
from portal.domain.text.clean_text import one_line
from portal.models import AllowanceKind, Exam

LARGEST_MINUTES = 7 * 24 * 60
LARGEST_PERCENT = 1000
#: As in edx-proctoring, so that no provider meets more than it has room for.
LONGEST_NOTE = 255


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is granted: its kind, how much or in which words, for which exam (None: all of the course), until when."""

    kind: AllowanceKind
    minutes: int | None = None
    percent: int | None = None
    note: str = ""
    exam: Exam | None = None
    valid_until_at: datetime | None = None

    @property
    def exam_id(self) -> int | None:
        return self.exam.id if self.exam else None


def amount_of(terms: Terms) -> dict[str, object]:
    """The columns that say how much; the others stay empty, whatever ``terms`` has in them."""
    if terms.kind is AllowanceKind.MULTIPLIER:
        return {"percent": terms.percent}
    if terms.kind is AllowanceKind.REVIEW_POLICY_EXCEPTION:
        # Providers put it into a line of their own.
        return {"note": one_line(terms.note)}
    return {"minutes": terms.minutes}


def check(terms: Terms) -> None:
    """:raises BadInput: an amount that makes no sense, or a note where no proctor is."""
    if terms.kind is AllowanceKind.MULTIPLIER:
        if terms.percent is None or not 100 < terms.percent <= LARGEST_PERCENT:
            raise BadInput("percent", "Enter a multiplier above 1 and up to 10, such as 1.5.")
    elif terms.kind is AllowanceKind.REVIEW_POLICY_EXCEPTION:
        _check_note(terms)
    elif terms.minutes is None or not 0 < terms.minutes <= LARGEST_MINUTES:
        raise BadInput("minutes", "Enter between 1 and 10080 minutes (one week).")


def _check_note(terms: Terms) -> None:
    if not 1 <= len(one_line(terms.note)) <= LONGEST_NOTE:
        raise BadInput("note", f"Describe what the learner may do in at most {LONGEST_NOTE} characters.")
    if terms.exam is not None and not terms.exam.is_proctored:
        raise BadInput("exam", "This exam has no proctor, so you cannot add a note.")
