"""The one contract: what every kind of vendor must do, whatever it speaks."""

import json
import re
from contextlib import nullcontext

import pytest
import responses

from portal import providers
from portal.domain.errors import BadInput, ProviderUnavailable
from portal.domain.proctoring import HasDashboard, IsConfigured, KeepsProfiles, Registered, Retires, Seen
from portal.models import ProviderKind
from tests.providers.vendors import EXAM, NAMED, SECRETS, place, record, speak

REVIEWS = {
    ProviderKind.PRACTICE: {"status": "suspicious", "comments": [{"comment": "looked away", "status": "ok"}]},
    ProviderKind.REST: {"status": "suspicious", "comments": [{"comment": "looked away", "status": "ok"}]},
    ProviderKind.PSI: {
        "reviewStatus": "Suspicious",
        "examMetaData": {"examCode": "c", "ssiRecordLocator": "l"},
        "webCamComments": [{"comments": "looked away", "eventStatus": "ok"}],
    },
}


@pytest.fixture(params=list(ProviderKind))
def kind(request):
    return request.param


@pytest.fixture
def willing():
    """A vendor that says yes to everything, in the words of every kind."""
    yes = {"access_token": "t", "expires_in": 60, "id": "x-1", "ssiRecordLocator": "x-1", "instructions": []}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        for verb in ("GET", "POST", "PATCH", "DELETE"):
            network.add(verb, re.compile(r"https://vendor\.example.*"), json=yes)
        yield network


def test_every_kind_has_somebody_who_speaks_with_it(kind):
    assert set(providers.KINDS) == set(ProviderKind)
    provider = speak(kind)
    assert provider.slug == "vendor"
    assert provider.passing <= {"passed", "violation", "suspicious"}
    assert isinstance(provider.supports_onboarding, bool)
    assert isinstance(provider.listens, bool)


def test_a_whole_attempt(kind, willing):
    provider = speak(kind)
    assert provider.save_exam(EXAM) in (None, "x-1")
    got = provider.register(place())
    assert isinstance(got, Registered)
    assert got.external_id
    assert isinstance(provider.see(NAMED, ["en"]), Seen)
    for deed in (provider.start, provider.stop, provider.fail, provider.remove):
        deed(NAMED)
        deed(NAMED)


@pytest.mark.parametrize("deed", ["register", "save_exam", "start", "stop", "fail", "remove"])
def test_a_vendor_that_is_away_is_unavailable_and_nothing_else(kind, deed):
    """What needs no network is never away."""
    about = {"register": place(), "save_exam": EXAM}.get(deed, NAMED)
    needs = {ProviderKind.REST: True, ProviderKind.PSI: deed == "register", ProviderKind.PRACTICE: False}[kind]
    away = pytest.raises(ProviderUnavailable) if needs else nullcontext()
    with responses.RequestsMock(), away:
        getattr(speak(kind), deed)(about)


def test_a_review_in_its_own_words(kind):
    said = speak(kind).read_review(REVIEWS[kind])
    assert said.status == "suspicious"
    assert [(c.comment, c.vendor_status, c.start_seconds) for c in said.comments] == [("looked away", "ok", 0)]
    assert json.loads(json.dumps(said.kept)) == said.kept


@pytest.mark.parametrize("body", [{}, {"status": "fine"}, {"reviewStatus": "passed"}, [], None, "passed", 3])
def test_a_review_in_other_words_is_bad_input(kind, body):
    with pytest.raises(BadInput) as refused:
        speak(kind).read_review(body)
    assert refused.value.field
    assert str(refused.value).endswith(".")


def test_what_else_a_vendor_can_do_is_a_protocol(kind):
    can = [what for what in (IsConfigured, KeepsProfiles, HasDashboard, Retires) if isinstance(speak(kind), what)]
    assert (
        can
        == {
            ProviderKind.PRACTICE: [IsConfigured],
            ProviderKind.REST: [IsConfigured, KeepsProfiles, HasDashboard, Retires],
            ProviderKind.PSI: [HasDashboard],
        }[kind]
    )


def test_secrets_are_neither_shown_nor_needed_to_read_a_review(kind):
    given = record(kind, client_secret="hush hush", secret_options=SECRETS)
    provider = providers.of(given, talks=False)
    assert provider.read_review(REVIEWS[kind]).status == "suspicious"
    assert "hush" not in repr(providers.of(given)) + repr(vars(provider))
