"""Reads a review in the standard words, as the REST protocol sends it and the built-in proctor makes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.domain.errors import BadInput
from portal.domain.providers.facts import CommentReceived, ReviewReceived
from portal.domain.providers.port import NOT_REVIEWED, PASSED, SUSPICIOUS, VIOLATION
from portal.providers import json_fields, recordings

WORDS = {word: word for word in (PASSED, VIOLATION, SUSPICIOUS, NOT_REVIEWED)}
LONGEST_ADDRESS = 320


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a protocol calls the parts of a comment."""

    comment: str
    status: str
    start: str
    stop: str


STANDARD = Names(comment="comment", status="status", start="start", stop="stop")


def read(said: Mapping[str, object]) -> ReviewReceived:
    """:raises BadInput: naming the field that has not the agreed shape."""
    body = whole(said)
    provider_status, status = json_fields.word(body, "status", "status", WORDS)
    comments = tuple(comments_in(body, "comments", STANDARD))
    reviewed_by = json_fields.text(body, "reviewed_by", "reviewed_by").strip()
    if len(reviewed_by) > LONGEST_ADDRESS:
        raise BadInput("reviewed_by", "reviewed_by must be the email address of a person here.")
    json_fields.mapping(body.get("payload"), "payload")
    return ReviewReceived(
        status=status,
        provider_status=provider_status,
        comments=comments,
        reviewed_by=reviewed_by,
        video_url=recording_of(body),
        kept=recordings.cleaned(body),
    )


def whole(said: object) -> Mapping[str, object]:
    """The body itself, which is an object with something in it."""
    if not isinstance(said, Mapping) or not said:
        raise BadInput("body", "The body must be a JSON object with the fields of a review.")
    return said


def recording_of(body: Mapping[str, object]) -> str | None:
    """The link to the recording; what is no web address is not kept, and a link of another type is refused."""
    payload = body.get("payload")
    places = {"videoReviewLink": body, "payload.videoReviewLink": payload if isinstance(payload, Mapping) else {}}
    for called, place in places.items():
        json_fields.text(place, "videoReviewLink", called)
    return recordings.link_in(body)


def comments_in(body: Mapping[str, object], field: str, names: Names) -> Iterator[CommentReceived]:
    """What was seen in the recording. :raises BadInput: naming the part that has not the agreed shape."""
    for number, said in enumerate(json_fields.sequence(body.get(field), field)):
        called = f"{field}[{number}]"
        if not isinstance(said, Mapping):
            raise BadInput(called, f"{called} must be an object with {names.comment} and {names.status}.")
        yield CommentReceived(
            comment=json_fields.text(said, names.comment, f"{called}.{names.comment}", needed=True),
            provider_status=json_fields.text(said, names.status, f"{called}.{names.status}", needed=True),
            start_seconds=json_fields.seconds(said, names.start, f"{called}.{names.start}"),
            stop_seconds=json_fields.seconds(said, names.stop, f"{called}.{names.stop}"),
            duration_seconds=json_fields.seconds(said, "duration", f"{called}.duration"),
            is_timed=said.get(names.start) is not None,
        )
