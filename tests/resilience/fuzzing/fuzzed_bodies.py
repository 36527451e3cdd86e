"""Bodies that nobody would send on purpose, and what the contract lets each of them do."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.make import S

REVIEWER = "rita@example.edu"
LINK = "https://provider.example/v/1"
WORDS = ("passed", "violation", "suspicious", "not_reviewed")
LEGACY = {"Clean": "passed", "Rules Violation": "violation", "Suspicious": "suspicious", "Not Reviewed": "not_reviewed"}

TEXTS = st.text(max_size=20) | st.sampled_from([LINK, REVIEWER, "\x00", "\ud800", "ready", *WORDS, *LEGACY])
NUMBERS = st.integers() | st.floats() | st.sampled_from([2**31, 2**63, -1, 10**400, 1e308, 604800, 604801])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
FIELDS = st.sampled_from(
    [
        "status", "comments", "comment", "start", "stop", "duration", "payload", "videoReviewLink", "reviewed_by",
        "reviewStatus", "examMetaData", "examCode", "ssiRecordLocator", "webCamComments", "desktopComments",
        "eventStatus", "eventStart", "eventFinish", "grant_type", "client_id", "client_secret", "token_type", "scope",
    ]
)  # fmt: skip
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS | st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
#: What is often in the place of something else.
WRONG = st.sampled_from(["x", "", "7", None, True, -1, 1e300, [], {}, ["x"], {"x": 1}])
SECONDS = st.integers(0, 604_800) | st.floats(0, 604_800) | st.sampled_from(["7", "x", -1, None, True])


def seen(comment: str, status: str, start: str) -> st.SearchStrategy[Any]:
    fields = {comment: TEXTS, status: TEXTS, start: SECONDS}
    return st.lists(st.fixed_dictionaries({}, optional=fields) | st.fixed_dictionaries(fields) | JUNK, max_size=3)


RIGHT_COMMENT = {"comment": "A voice", "status": "suspicious", "start": 5, "stop": 9.5, "duration": "4"}
RIGHT_REVIEWS = st.fixed_dictionaries(
    {"status": st.sampled_from(WORDS), "comments": st.lists(st.just(RIGHT_COMMENT), min_size=1, max_size=2)},
    optional={"reviewed_by": st.sampled_from([REVIEWER, REVIEWER.upper(), "who@example.edu"]), "more": JUNK},
)
REVIEWS = st.fixed_dictionaries(
    {"status": st.sampled_from(WORDS) | TEXTS},
    optional={
        "comments": seen("comment", "status", "start") | JUNK,
        "reviewed_by": st.sampled_from([REVIEWER, REVIEWER.upper(), f" {REVIEWER} ", "who@example.edu"]) | JUNK,
        "payload": st.just({"videoReviewLink": LINK}) | JUNK,
        "videoReviewLink": st.just(LINK) | JUNK,
        "more": JUNK,
    },
)
RIGHT_READY = st.sampled_from([{}, {"status": "ready"}])
READY = st.fixed_dictionaries({}, optional={"status": st.just("ready") | JUNK, "more": JUNK})


def right_psi_reviews(code: str, locator: str) -> st.SearchStrategy[Any]:
    about = {"examCode": code, "ssiRecordLocator": locator.upper()}
    comment = {"comments": "A voice", "eventStatus": "Suspicious", "eventStart": 5, "eventFinish": 9}
    return st.fixed_dictionaries(
        {"reviewStatus": st.sampled_from(list(LEGACY)), "examMetaData": st.just(about)},
        optional={"webCamComments": st.just([comment]), "desktopComments": st.just([]), "more": JUNK},
    )


def psi_reviews(code: str, locator: str) -> st.SearchStrategy[Any]:
    names = {"examCode": st.just(code) | JUNK, "ssiRecordLocator": st.sampled_from([locator, locator.upper()]) | JUNK}
    about = st.fixed_dictionaries({"examCode": st.just(code), "ssiRecordLocator": st.just(locator)})
    return st.fixed_dictionaries(
        {"reviewStatus": st.sampled_from(list(LEGACY)) | TEXTS, "examMetaData": about | st.fixed_dictionaries(names)},
        optional={
            "webCamComments": seen("comments", "eventStatus", "eventStart") | JUNK,
            "desktopComments": seen("comments", "eventStatus", "eventStart") | JUNK,
            "videoReviewLink": st.just(LINK) | JUNK,
        },
    )


def right_credentials(secret: str) -> st.SearchStrategy[Any]:
    asked = {"grant_type": "client_credentials", "client_id": "acme-client", "client_secret": secret}
    return st.fixed_dictionaries({name: st.just(value) for name, value in asked.items()}, optional={"scope": TEXTS})


def credentials(secret: str) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {},
        optional={
            "grant_type": st.sampled_from(["client_credentials", "password", "authorization_code"]) | JUNK,
            "client_id": st.just("acme-client") | JUNK,
            "client_secret": st.just(secret) | JUNK,
            "token_type": st.sampled_from(["jwt", "bearer"]) | JUNK,
            "scope": TEXTS,
        },
    )


def spoilt(draw: st.DrawFn, said: Any) -> Any:
    """With one value at any depth replaced by another one of whatever type."""
    places = list(said) if isinstance(said, dict) else list(range(len(said))) if isinstance(said, list) else []
    if not places or draw(st.integers(0, 3)) == 0:
        return draw(WRONG | JUNK)
    place = draw(st.sampled_from(places))
    copy = dict(said) if isinstance(said, dict) else list(said)
    copy[place] = spoilt(draw, said[place])
    return copy


@st.composite
def bodies(draw: st.DrawFn, right: st.SearchStrategy[Any], nearly: st.SearchStrategy[Any]) -> bytes:
    """Right, right but for one value, nearly right, anything in JSON, with a piece cut out, or plain bytes."""
    how = draw(st.sampled_from(["right", "right", "spoilt", "spoilt", "spoilt", "nearly", "junk", "cut", "bytes"]))
    if how == "bytes":
        return draw(st.binary(max_size=80))
    said = draw({"junk": JUNK, "nearly": nearly}.get(how, right))
    whole = json.dumps(spoilt(draw, said) if how == "spoilt" else said).encode()
    if how != "cut":
        return whole
    first = draw(st.integers(0, len(whole)))
    return whole[:first] + draw(st.binary(max_size=3)) + whole[first + draw(st.integers(0, 9)) :]


def read(body: bytes) -> Any:
    """What it says in JSON; an Ellipsis where it says nothing."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=lambda constant: 1 / 0)
    except (ValueError, ZeroDivisionError, RecursionError):
        return ...


#: What a report may bring about, by the status before.
BY_MACHINE = {
    S.SUBMITTED: {S.VERIFIED, S.REJECTED, S.SECOND_REVIEW_REQUIRED, S.ERROR},
    S.VERIFIED: {S.REJECTED},
    S.REJECTED: {S.VERIFIED},
    S.ERROR: {S.VERIFIED, S.REJECTED},
}
#: The same for one that names a reviewer of the course.
BY_REVIEWER = {**BY_MACHINE, S.SECOND_REVIEW_REQUIRED: {S.VERIFIED, S.REJECTED, S.ERROR}}


SETTING_UP = {S.CREATED, S.DOWNLOAD_SOFTWARE_CLICKED}


def after_ready(before: S) -> S:
    """Whatever the body says: the address alone counts."""
    return S.READY_TO_START if before in SETTING_UP else before


def after_review(before: S, word: str, *, named: str, is_sample: bool, passing: set[str]) -> S:
    """What the attempt is after a report that was taken, from the tables of the contract."""
    is_by_reviewer = named.strip().lower() == REVIEWER
    if word in passing:
        to = S.VERIFIED
    elif word == "not_reviewed":
        to = S.ERROR
    else:
        to = S.REJECTED if is_by_reviewer or is_sample else S.SECOND_REVIEW_REQUIRED
    return to if to in (BY_REVIEWER if is_by_reviewer else BY_MACHINE).get(before, set()) else before
