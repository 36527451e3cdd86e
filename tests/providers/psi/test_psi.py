"""PSI's registration: its body, its signature and its encrypted password, against values worked out elsewhere."""

import base64
import json

import pytest
import responses
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from portal.domain.errors import ProviderRefused, ProviderUnavailable
from portal.domain.providers.facts import Named, Registered
from portal.domain.providers.port import PASSED, VIOLATION
from portal.models import ProviderKind
from portal.providers.psi import signature
from portal.providers.psi.bodies import folded
from tests.providers.records import EXAM, SECRETS, exam, place
from tests.providers.records import speak as speak_with

URL = "https://psi.example/register"
OPTIONS = {"organization": "Org", "exam_sponsor": "Sponsor", "secret_key_id": "key-1", "register_url": URL}


def speak(**given):
    return speak_with(ProviderKind.PSI, **{"options": OPTIONS, **given})


@pytest.fixture
def psi():
    with responses.RequestsMock() as provider_server:
        provider_server.post(URL, json={"ssiRecordLocator": "LOC-1"}, status=201)
        yield provider_server


def test_a_registration(psi):
    assert speak().register(place()) == Registered(external_id="LOC-1")
    sent = psi.calls[0].request
    assert (sent.headers["Content-Type"], sent.headers["Date"]) == ("application/json", "Mon, 02 Mar 2026 12:00:00 GMT")
    body = json.loads(sent.body)
    password = body.pop("examPassword")
    assert body == {
        "examCode": "0000-CODE", "organization": "Org", "duration": 100, "reviewedExam": True,
        "reviewerNotes": "Open book.; May stand up.", "examSponsor": "Sponsor", "examName": "Algebra_ final",
        "ssiProduct": "rp-now",
        "examUrl": "https://portal.example.edu/api/edx_proctoring/proctoring_launch_callback/start_exam/0000-CODE",
        "orgExtra": {
            "examStartDate": "Mon, 02 Mar 2026 12:00:00 GMT", "examEndDate": "Mon, 02 Mar 2026 13:40:00 GMT",
            "noOfStudents": 1, "examID": 7, "courseID": EXAM.course_key, "firstName": "Ada",
            "lastName": "King Byron", "email": "ada@example.edu",
        },
    }  # fmt: skip
    assert len(password) == 24  # Sixteen bytes in base64.
    assert sent.headers["Authorization"].startswith("SSI key-1:")


def test_the_launch_address_proves_that_we_made_it(psi):
    """Worked out with ``openssl dgst -sha256 -hmac``: the first 40 digits."""
    speak(secret_options=json.dumps({**json.loads(SECRETS), "callback_token": "token of PSI"})).register(place())
    path = json.loads(psi.calls[0].request.body)["examUrl"].partition("/start_exam/")[2]
    assert path == "0000-CODE?token=f209c3e87dc56eb350e681fc422093cbc3e71ecf"


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        ("https://psi.example/get", "https://psi.example/get?examCode=0000-CODE"),
        ("https://psi.example/get?org=1#top", "https://psi.example/get?org=1&examCode=0000-CODE#top"),
        ("https://psi.example/get/{code}", "https://psi.example/get/0000-CODE"),
        ("", ""),
    ],
)
def test_the_address_of_its_software_carries_the_code(address, opened):
    named = Named(exam_external_id="", external_id="LOC-1", attempt_code="0000-CODE")
    assert speak(options={**OPTIONS, "software_download_url": address}).see(named, ["en"]).download_url == opened


def test_who_wants_no_name_is_told_none(psi):
    speak().register(place(full_name=None, email=None, is_sample=True, review_rules="", review_exception=""))
    body = json.loads(psi.calls[0].request.body)
    assert (body["orgExtra"]["firstName"], "email" in body["orgExtra"]) == ("", False)
    assert (body["reviewedExam"], body["reviewerNotes"]) == (False, "Closed Book")


def test_the_body_line_by_line():
    body = {
        "b": True,
        "a": "x",
        "n": 0,
        "e": "",
        "none": None,
        "z": [],
        "l": ["p", {"q": False}],
        "o": {"k": 1, "j": {"i": 2}},
    }
    assert signature.canonical(body) == ("a:x\nb:true\ne:\nl.0:p\nl.1.q:false\nn:null\nnone:null\no.j.i:2\no.k:1\n")


def _by_openssl(text):
    """What ``openssl dgst -sha256 -hmac`` makes of it, by OpenSSL as the cryptography library carries it."""
    signed = HMAC(b"signing secret", SHA256())
    signed.update(text)
    return base64.b64encode(signed.finalize()).decode()


def test_the_signature_is_what_openssl_makes_of_the_text(psi):
    speak().register(place())
    sent = psi.calls[0].request
    text = f"POST\n\napplication/json\n{sent.headers['Date']}\n{signature.canonical(json.loads(sent.body))}"
    assert sent.headers["Authorization"] == f"SSI key-1:{_by_openssl(text.encode())}"


def test_a_signature_worked_out_by_hand():
    header = signature.authorization({"a": "1"}, "Mon, 02 Mar 2026 12:00:00 GMT", key_id="k", secret="s")
    assert header == "SSI k:xhQjUhCGOu8YAoQuMJ/6A1DwU7VHpsAgL5ej9V0gJ7w="


@pytest.mark.parametrize(
    ("clear", "hidden"),
    [("0000-CODE", "OEMDLysV/LflRAgjAdZkDQ=="), ("12345678", "HdUJNbcCCEuTNcwvx4XCaw=="), ("", "kzXML8eFwms=")],
)
def test_the_password_is_what_openssl_makes_of_it(clear, hidden):
    """openssl enc -des-ede3-ecb -K (hex of the key), whose padding is the same."""
    assert signature.encrypted(clear, "123456789012345678901234") == hidden


@pytest.mark.parametrize("key", ["", "short", "1" * 25])
def test_a_key_that_cannot_be_one(key):
    with pytest.raises(ProviderUnavailable, match="crypto_key"):
        speak(secret_options=json.dumps({"crypto_key": key})).register(place())


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Algèbre: été", "Algebre_ ete"),
        ("""[a]<b>#:|!?/'"*\\""", "_a__b" + 11 * "_"),
        ("数学", "Proctored Exam"),
        ("", "Proctored Exam"),
        ("  Final  ", "Final"),
    ],
)
def test_names_in_plain_letters(name, sent):
    assert folded(name) == sent


@pytest.mark.parametrize(
    ("status", "body", "refusal"),
    [
        (400, "{}", ProviderRefused),
        (403, "<h1>", ProviderUnavailable),
        (500, "{}", ProviderUnavailable),
        (200, "{}", ProviderUnavailable),
        (200, "[]", ProviderUnavailable),
        (202, '{"ssiRecordLocator": "x"}', ProviderUnavailable),
        (301, "", ProviderUnavailable),
    ],
)
def test_odd_answers(status, body, refusal):
    with responses.RequestsMock() as provider_server:
        provider_server.post(URL, body=body, status=status)
        with pytest.raises(refusal, match="Acme"):
            speak().register(place())


def test_nothing_else_is_sent():
    with responses.RequestsMock():
        assert speak().save_exam(exam()) is None


def test_clean_and_violation_both_pass():
    assert speak().passing == {PASSED, VIOLATION}


@pytest.mark.parametrize(
    ("video", "link"),
    [
        ("https://v.example/DirectLink-Generic?id=1", "https://v.example/DirectLink-HTML5?id=1"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_the_player_that_needs_no_plug_in(video, link):
    assert speak().player_url(video) == link
