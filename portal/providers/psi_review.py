"""Reads PSI's review: its own words and field names, webcam comments before those of the desktop."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.domain.errors import BadInput
from portal.domain.proctoring import (
    NOT_REVIEWED,
    PASSED,
    SUSPICIOUS,
    VIOLATION,
    CommentReceived,
    ReviewReceived,
)
from portal.providers import recordings, reviews, shapes

WORDS = {
    "Clean": PASSED,
    "Rules Violation": VIOLATION,
    "Suspicious": SUSPICIOUS,
    "Not Reviewed": NOT_REVIEWED,
}


def read(said: Mapping[str, Any]) -> ReviewReceived:
    """:raises BadInput: naming the field that has not the agreed shape."""
    body = reviews.whole(said)
    vendor_status, status = shapes.word(body, "reviewStatus", "reviewStatus", WORDS)
    names(body)
    return ReviewReceived(
        status=status,
        vendor_status=vendor_status,
        comments=(*_comments(body, "webCamComments"), *_comments(body, "desktopComments")),
        video_url=reviews.recording_of(body),
        kept=recordings.cleaned(body),
    )


def names(body: Mapping[str, Any]) -> tuple[str, str]:
    """The attempt code and the record locator, by which the two sides know the attempt."""
    about = shapes.mapping(body.get("examMetaData"), "examMetaData")
    code = shapes.text(about, "examCode", "examMetaData.examCode", needed=True)
    return code, shapes.text(about, "ssiRecordLocator", "examMetaData.ssiRecordLocator", needed=True)


def _comments(body: Mapping[str, Any], field: str) -> Iterator[CommentReceived]:
    for number, said in enumerate(shapes.sequence(body.get(field), field)):
        called = f"{field}[{number}]"
        if not isinstance(said, Mapping):
            raise BadInput(called, f"{called} is an object with comments and eventStatus.")
        yield CommentReceived(
            comment=shapes.text(said, "comments", f"{called}.comments", needed=True),
            vendor_status=shapes.text(said, "eventStatus", f"{called}.eventStatus", needed=True),
            start_seconds=shapes.seconds(said, "eventStart", f"{called}.eventStart"),
            stop_seconds=shapes.seconds(said, "eventFinish", f"{called}.eventFinish"),
            duration_seconds=shapes.seconds(said, "duration", f"{called}.duration"),
        )
