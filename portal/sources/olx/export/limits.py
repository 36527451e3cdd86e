"""How much of an export is read at most, so that a hostile one cannot exhaust the machine."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
MOST_COMPRESSED_BYTES = 200 * MEGABYTE
MOST_UNPACKED_BYTES = 1024 * MEGABYTE
MOST_MEMBERS = 50_000
MOST_TEXT_BYTES = 10 * MEGABYTE
MOST_ASSET_BYTES = 20 * MEGABYTE
MOST_EXAMS = 500
MOST_QUESTIONS = 2_000
MOST_HTML = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of one reading."""

    compressed_bytes: int = MOST_COMPRESSED_BYTES
    unpacked_bytes: int = MOST_UNPACKED_BYTES
    members: int = MOST_MEMBERS
    text_bytes: int = MOST_TEXT_BYTES
    asset_bytes: int = MOST_ASSET_BYTES
    exams: int = MOST_EXAMS
    questions: int = MOST_QUESTIONS
    """Of one exam."""
