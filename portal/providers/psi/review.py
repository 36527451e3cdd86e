"""Reads PSI's review: its own words and field names, webcam comments before those of the desktop."""

from collections.abc import Mapping

from portal.domain.providers.facts import ReviewReceived
from portal.domain.providers.port import NOT_REVIEWED, PASSED, SUSPICIOUS, VIOLATION
from portal.providers import json_fields, recordings, reviews

WORDS = {
    "Clean": PASSED,
    "Rules Violation": VIOLATION,
    "Suspicious": SUSPICIOUS,
    "Not Reviewed": NOT_REVIEWED,
}
COMMENT = reviews.Names(comment="comments", status="eventStatus", start="eventStart", stop="eventFinish")


def read(said: Mapping[str, object]) -> ReviewReceived:
    """:raises BadInput: naming the field that has not the agreed shape."""
    body = reviews.whole(said)
    provider_status, status = json_fields.word(body, "reviewStatus", "reviewStatus", WORDS)
    names(body)
    kept = recordings.cleaned(body)
    overall = kept.get("overAllComments")
    places = ("webCamComments", "desktopComments")
    return ReviewReceived(
        status=status,
        provider_status=provider_status,
        comments=tuple(one for place in places for one in reviews.comments_in(body, place, COMMENT)),
        summary=overall.strip()[: json_fields.LONGEST_TEXT] if isinstance(overall, str) else "",
        video_url=reviews.recording_of(body),
        kept=kept,
    )


def names(body: Mapping[str, object]) -> tuple[str, str]:
    """The attempt code and the record locator, by which the two sides know the attempt."""
    about = json_fields.mapping(body.get("examMetaData"), "examMetaData")
    code = json_fields.text(about, "examCode", "examMetaData.examCode", needed=True)
    return code, json_fields.text(about, "ssiRecordLocator", "examMetaData.ssiRecordLocator", needed=True)
