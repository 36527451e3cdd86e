"""The one contract: what every kind of provider must do, whatever it speaks."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields

import pytest
import responses

from portal import providers
from portal.domain.errors import BadInput, ProviderRefused, ProviderUnavailable
from portal.domain.providers import port as provider_port
from portal.domain.providers.facts import Configuration, DashboardRequest, Registered, ReviewReceived, Seen
from portal.domain.providers.port import ChecksCredentials, HasDashboard, HasPlayer, IsConfigured, KeepsExams, Retires
from portal.domain.providers.provider_options import ProviderOptions
from portal.models import ProviderKind
from tests.providers import records
from tests.providers.records import EXAM, NAMED, SECRETS, place, record
from tests.providers.rubbish import RUBBISH

REVIEWS = {
    ProviderKind.PRACTICE: {"status": "suspicious", "comments": [{"comment": "looked away", "status": "ok"}]},
    ProviderKind.REST: {"status": "suspicious", "comments": [{"comment": "looked away", "status": "ok"}]},
    ProviderKind.PSI: {
        "reviewStatus": "Suspicious",
        "examMetaData": {"examCode": "c", "ssiRecordLocator": "l"},
        "webCamComments": [{"comments": "looked away", "eventStatus": "ok"}],
    },
}


NOTHING = type(None)
WANTED = DashboardRequest(
    course_key="course-v1:A+B+C", pairwise_id="ab" * 32, full_name="Rita", email="rita@example.edu"
)
#: Every method of the port: what it is given, and what it may answer.
METHODS = {
    "save_exam": ((EXAM,), str | None),
    "register": ((place(),), Registered),
    "see": ((NAMED, ["en", "de"]), Seen),
    "start": ((NAMED,), str | None),
    "stop": ((NAMED,), str | None),
    "fail": ((NAMED,), str | None),
    "remove": ((NAMED,), str | None),
    "read_review": ((), ReviewReceived),
    "configuration": ((["en", "de"],), Configuration),
    "dashboard_url": ((WANTED,), str | None),
    "player_url": (("https://provider.example/recording/1",), str | None),
    "check_credentials": ((), NOTHING),
    "read_exam": (("exam-1",), Mapping | None),
    "retire": (("ab" * 32,), str | None),
}
#: The protocols of what only some providers can do, and who can.
CAN = {
    IsConfigured: {ProviderKind.PRACTICE, ProviderKind.REST},
    ChecksCredentials: {ProviderKind.REST, ProviderKind.PSI},
    KeepsExams: {ProviderKind.REST},
    HasDashboard: {ProviderKind.REST},
    HasPlayer: {ProviderKind.PSI},
    Retires: {ProviderKind.REST},
}
#: Who asks over the network, and in which methods.
ASKS = {
    ProviderKind.PRACTICE: set(),
    ProviderKind.REST: set(METHODS) - {"read_review", "dashboard_url"},
    ProviderKind.PSI: {"register"},
}


#: What a person has set for it, so that nothing is missing.
SET_UP = {
    "options": {"secret_key_id": "key-1"},
    "secret_options": json.dumps({**json.loads(SECRETS), "callback_token": "token of PSI"}),
}


def speak(kind):
    return records.speak(kind, **SET_UP)


def given(kind, method):
    return (REVIEWS[kind],) if method == "read_review" else METHODS[method][0]


def methods_of(kind):
    return [method for method in METHODS if hasattr(speak(kind), method)]


EVERY = [(kind, method) for kind in ProviderKind for method in methods_of(kind)]


@pytest.fixture(params=list(ProviderKind))
def kind(request):
    return request.param


@pytest.fixture
def willing():
    """A provider that says yes to everything, in the words of every kind."""
    yes = {"access_token": "t", "expires_in": 60, "id": "x-1", "ssiRecordLocator": "x-1", "instructions": []}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        for verb in ("GET", "POST", "PATCH", "DELETE"):
            network.add(verb, re.compile(r"https://provider\.example.*"), json=yes)
        yield network


def test_every_kind_has_somebody_who_speaks_with_it(kind):
    assert set(providers.KINDS) == set(ProviderKind)
    provider = speak(kind)
    assert provider.slug == "acme"
    assert provider.passing <= {"passed", "violation", "suspicious"}
    assert isinstance(provider.supports_onboarding, bool)
    assert isinstance(provider.listens, bool)
    assert isinstance(provider.forbids_reentry, bool)


def test_every_kind_says_what_its_records_need(kind):
    """Before anybody is spoken with."""
    its = providers.KINDS[kind]
    assert its.kind is kind
    assert set(its.usual_options) <= {one.name for one in fields(ProviderOptions)}
    assert (its.has_own_browser, its.shows_code) in {(yes, no) for yes in (True, False) for no in (True, False)}
    its.check_record(record(kind, **SET_UP))
    assert its.missing(record(kind, **SET_UP)) in ([], ["register_url=VALUE"])
    assert providers.kind_of(record(kind)) is its
    assert providers.has_own_browser(kind) is its.has_own_browser


@pytest.mark.parametrize(
    ("kind", "lacks"),
    [
        (ProviderKind.PRACTICE, {"options": {"script": "dance:5"}}),
        (ProviderKind.REST, {"base_url": ""}),
        (ProviderKind.REST, {"client_secret": ""}),
        (ProviderKind.PSI, {"base_url": ""}),
        (ProviderKind.PSI, {"public_base_url": "provider"}),
    ],
)
def test_a_record_that_could_never_work_is_refused(kind, lacks):
    with pytest.raises(BadInput):
        providers.KINDS[kind].check_record(record(kind, **lacks))


def test_no_method_of_the_port_is_left_out_here():
    known = [port for port in vars(provider_port).values() if getattr(port, "_is_protocol", False)]
    ports = {port for port in known if port.__module__ == provider_port.__name__}
    assert ports == {provider_port.ProctoringProvider, provider_port.Kind, *CAN}
    of_kinds = {"check_record", "missing"}
    assert of_kinds == {name for name, kept in vars(provider_port.Kind).items() if callable(kept) and name[0] != "_"}
    ports -= {provider_port.Kind}
    assert {name for port in ports for name, kept in vars(port).items() if callable(kept) and name[0] != "_"} == set(
        METHODS
    )


@pytest.mark.parametrize(("kind", "method"), EVERY)
def test_every_method_answers_in_the_words_of_the_port_and_may_be_repeated(kind, method, willing):
    """A job that was killed between the effect and its note does it again."""
    answers = [getattr(speak(kind), method)(*given(kind, method)) for _ in range(2)]
    assert all(isinstance(answer, METHODS[method][1]) for answer in answers)
    is_about_tokens = method == "check_credentials"
    asked = [call for call in willing.calls if is_about_tokens or "access_token" not in call.request.url]
    assert bool(asked) == (method in ASKS[kind])


@pytest.mark.parametrize(("kind", "method"), EVERY)
def test_a_provider_that_is_away_is_unavailable_and_nothing_else(kind, method):
    """What needs no network is never away."""
    with responses.RequestsMock():
        if method not in ASKS[kind]:
            getattr(speak(kind), method)(*given(kind, method))
            return
        with pytest.raises(ProviderUnavailable) as away:
            getattr(speak(kind), method)(*given(kind, method))
        assert str(away.value).endswith(".")


@pytest.mark.parametrize(("code", "body"), RUBBISH)
@pytest.mark.parametrize(("kind", "method"), [(kind, method) for kind, method in EVERY if method in ASKS[kind]])
def test_a_provider_that_answers_rubbish_is_unavailable_or_says_no(kind, method, code, body):
    """Or the answer is of the right type after all; never does anything else come out."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        network.post("https://provider.example/oauth2/access_token", json={"access_token": "t", "expires_in": 60})
        for verb in ("GET", "POST", "PATCH", "DELETE"):
            network.add(verb, re.compile(r"https://provider\.example.*"), body=body, status=code)
        try:
            answer = getattr(speak(kind), method)(*given(kind, method))
        except (ProviderUnavailable, ProviderRefused) as err:
            assert str(err).endswith(".")
            return
    assert isinstance(answer, METHODS[method][1])
    if method == "register":
        assert answer.external_id or answer.refused_as


def test_a_review_in_its_own_words(kind):
    said = speak(kind).read_review(REVIEWS[kind])
    assert said.status == "suspicious"
    assert [(c.comment, c.provider_status, c.start_seconds) for c in said.comments] == [("looked away", "ok", 0)]
    assert json.loads(json.dumps(said.kept)) == said.kept


@pytest.mark.parametrize("body", [{}, {"status": "fine"}, {"reviewStatus": "passed"}, [], None, "passed", 3])
def test_a_review_in_other_words_is_bad_input(kind, body):
    with pytest.raises(BadInput) as refused:
        speak(kind).read_review(body)
    assert refused.value.field
    assert str(refused.value).endswith(".")


def test_what_else_a_provider_can_do_is_a_protocol(kind):
    can = {port for port in CAN if isinstance(speak(kind), port)}
    assert can == {port for port, kinds in CAN.items() if kind in kinds}


def test_everything_is_copied_from_the_record(kind, willing):
    """The transaction it was read in has ended when the first call goes out."""
    its_record = record(kind)
    provider = providers.of(its_record)
    its_record.slug = its_record.base_url = its_record.client_id = its_record.name = ""
    its_record.options = {"has_dashboard": False}
    assert provider.slug == "acme"
    assert provider.register(place()).external_id


def test_secrets_are_neither_shown_nor_needed_to_read_a_review(kind):
    given = record(kind, client_secret="hush hush", secret_options=SECRETS)
    provider = providers.of(given, talks=False)
    assert provider.read_review(REVIEWS[kind]).status == "suspicious"
    assert "hush" not in repr(providers.of(given)) + repr(vars(provider))
