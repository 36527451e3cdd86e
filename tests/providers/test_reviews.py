"""Reading reviews: every wrong shape is refused by the name of its field, and links to recordings are not kept."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.errors import BadInput
from portal.models import ProviderKind
from portal.providers import json_fields, recordings, reviews
from portal.providers.psi import review
from tests.providers.records import speak

LINK = "https://videos.example/v/1?key=secret"
COMMENT = {"comment": "looked away", "status": "suspicious", "start": 50, "stop": 56.9, "duration": "6"}
GOOD = {"status": "suspicious", "comments": [COMMENT], "reviewed_by": "rita@example.edu"}


def with_comment(**changed):
    return {**GOOD, "comments": [COMMENT, {**COMMENT, **changed}]}


def test_a_review_is_read_whole():
    said = reviews.read(GOOD)
    assert (said.status, said.provider_status, said.reviewed_by) == ("suspicious", "suspicious", "rita@example.edu")
    [one] = said.comments
    assert (one.comment, one.start_seconds, one.stop_seconds, one.duration_seconds) == ("looked away", 50, 56, 6)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ([GOOD], "body"),
        ({"comments": []}, "status"),
        ({"status": "Passed"}, "status"),
        ({"status": ["passed"]}, "status"),
        ({"status": {"passed": 1}}, "status"),
        ({**GOOD, "comments": "none"}, "comments"),
        ({**GOOD, "comments": {"0": COMMENT}}, "comments"),
        ({**GOOD, "comments": [COMMENT] * 1001}, "comments"),
        ({**GOOD, "comments": [COMMENT, "text"]}, "comments[1]"),
        ({**GOOD, "comments": [COMMENT, None]}, "comments[1]"),
        (with_comment(comment=None), "comments[1].comment"),
        (with_comment(comment=7), "comments[1].comment"),
        (with_comment(comment="x" * 20_001), "comments[1].comment"),
        (with_comment(status=None), "comments[1].status"),
        (with_comment(status=False), "comments[1].status"),
        (with_comment(start="a minute"), "comments[1].start"),
        (with_comment(start=-1), "comments[1].start"),
        (with_comment(start="-1"), "comments[1].start"),
        (with_comment(stop=True), "comments[1].stop"),
        (with_comment(stop=math.nan), "comments[1].stop"),
        (with_comment(stop=math.inf), "comments[1].stop"),
        (with_comment(duration=10**400), "comments[1].duration"),
        (with_comment(duration="9" * 5000), "comments[1].duration"),
        (with_comment(duration=[1]), "comments[1].duration"),
        ({**GOOD, "reviewed_by": 5}, "reviewed_by"),
        ({**GOOD, "reviewed_by": "r" * 400}, "reviewed_by"),
        ({**GOOD, "payload": "text"}, "payload"),
        ({**GOOD, "videoReviewLink": 5}, "videoReviewLink"),
        ({**GOOD, "payload": {"videoReviewLink": [LINK]}}, "payload.videoReviewLink"),
    ],
)
def test_a_wrong_shape_is_refused_by_the_name_of_its_field(body, field):
    with pytest.raises(BadInput) as refused:
        reviews.read(body)
    assert refused.value.field == field


@pytest.mark.parametrize("body", [{**GOOD, "videoReviewLink": LINK}, {**GOOD, "payload": {"videoReviewLink": LINK}}])
def test_the_link_to_the_recording_is_taken_out(body):
    said = reviews.read(body)
    assert said.video_url == LINK
    assert "videos.example" not in json.dumps(said.kept)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "no link", "", "https://", "https://[", None]
)
def test_what_is_no_web_address_is_no_recording(link):
    said = reviews.read({**GOOD, "videoReviewLink": link})
    assert (said.video_url, "videoReviewLink" in said.kept) == (None, False)


def test_links_and_secrets_go_at_any_depth():
    said = {
        "a": [{"recording_url": LINK, "VideoReviewLink": LINK, "webcamVideoUrls": [LINK], "videoUrl": LINK}],
        "comment": f"see {LINK} at 0:30",
        "examMetaData": {"examCode": "CODE", "ssiExamToken": "T", "examName": "Algebra"},
        "client_secret": "s", "DirectLink": LINK, "video_count": 2, "token": None,
    }  # fmt: skip
    assert recordings.cleaned(said) == {
        "a": [{}],
        "comment": "see [link to the recording] at 0:30",
        "examMetaData": {"examCode": recordings.MASK, "ssiExamToken": recordings.MASK, "examName": "Algebra"},
        "client_secret": recordings.MASK, "video_count": 2, "token": None,
    }  # fmt: skip


def test_what_a_database_refuses_is_not_kept_as_it_is():
    said = reviews.read(
        {
            **GOOD,
            "x\x00": ["\x00", "\ud800", math.nan, 10**5000, {1: 2}],
            "comments": [{**COMMENT, "comment": "a\x00b"}],
        }
    )
    assert said.comments[0].comment == "a\N{REPLACEMENT CHARACTER}b"
    json.dumps(said.kept, allow_nan=False).encode()
    assert "\\u0000" not in json.dumps(said.kept)


def psi(**changed):
    body = {
        "reviewStatus": "Rules Violation",
        "examMetaData": {"examCode": "CODE", "ssiRecordLocator": "LOCATOR"},
        "desktopComments": [
            {"comments": "window", "duration": 4, "eventStart": 30, "eventFinish": 34, "eventStatus": "Suspicious"}
        ],
        "webCamComments": [
            {"comments": "away", "duration": 6, "eventStart": 50, "eventFinish": 56, "eventStatus": "Clean"}
        ],
        "videoReviewLink": LINK,
    }
    return {**body, **changed}


def test_a_psi_review_has_its_webcam_first():
    said = speak(ProviderKind.PSI).read_review(psi())
    assert (said.status, said.provider_status, said.video_url, said.reviewed_by) == (
        "violation",
        "Rules Violation",
        LINK,
        "",
    )
    assert [(c.comment, c.provider_status, c.start_seconds, c.stop_seconds) for c in said.comments] == [
        ("away", "Clean", 50, 56),
        ("window", "Suspicious", 30, 34),
    ]
    assert LINK not in json.dumps(said.kept)
    assert "CODE" not in json.dumps(said.kept)
    assert review.names(psi()) == ("CODE", "LOCATOR")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reviewStatus": "clean"}, "reviewStatus"),
        ({"examMetaData": None}, "examMetaData.examCode"),
        ({"examMetaData": []}, "examMetaData"),
        ({"examMetaData": {"examCode": "c"}}, "examMetaData.ssiRecordLocator"),
        ({"webCamComments": {}}, "webCamComments"),
        ({"webCamComments": [7]}, "webCamComments[0]"),
        ({"desktopComments": [{"comments": "x"}]}, "desktopComments[0].eventStatus"),
        (
            {"desktopComments": [{"comments": "x", "eventStatus": "y", "eventStart": "z"}]},
            "desktopComments[0].eventStart",
        ),
    ],
)
def test_a_wrong_psi_shape_is_refused_by_the_name_of_its_field(changed, field):
    with pytest.raises(BadInput) as refused:
        review.read(psi(**changed))
    assert refused.value.field == field


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(LINK)
JUNK = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
FIELDS = [
    "status", "comments", "comment", "start", "stop", "duration", "payload", "videoReviewLink", "reviewed_by",
    "reviewStatus", "examMetaData", "examCode", "ssiRecordLocator", "webCamComments", "desktopComments",
    "eventStatus", "eventStart",
]  # fmt: skip
WORDS = st.sampled_from(["passed", "violation", "Clean", "Suspicious", "x"])
COMMENTS = st.lists(st.dictionaries(st.sampled_from(FIELDS), JUNK | WORDS, max_size=6), max_size=3)
BODIES = st.dictionaries(st.sampled_from(FIELDS), JUNK | WORDS | COMMENTS, max_size=8)


@pytest.mark.slow
@given(body=BODIES | JUNK)
@settings(max_examples=150, deadline=None)
def test_no_body_does_anything_but_be_read_or_refused(body):
    for kind in ProviderKind:
        try:
            said = speak(kind).read_review(body)
        except BadInput as err:
            assert err.field
        else:
            assert said.video_url is None or LINK not in json.dumps(said.kept)
            json.dumps(said.kept, allow_nan=False).encode()
            assert all(0 <= c.start_seconds <= json_fields.MOST_SECONDS for c in said.comments)


@pytest.mark.parametrize(
    ("said", "means"),
    [("1", 1), ("2.5", 2), (2.5, 2), (7, 7), ("0", 0), ("0.999", 0), (None, 0), ("604800", 604800)],
)
def test_seconds_in_quotation_marks_are_seconds(said, means):
    assert json_fields.seconds({"stop": said}, "stop", "stop") == means


@pytest.mark.parametrize("said", ["", "-1", "1e9", "2.", ".5", "1,5", "٣", " 1", "1" * 40, "604801", True, [], {}])
def test_what_is_no_number_of_seconds(said):
    with pytest.raises(BadInput, match="number of seconds"):
        json_fields.seconds({"stop": said}, "stop", "stop")
