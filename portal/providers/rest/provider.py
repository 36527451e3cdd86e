"""Our side of edX's REST protocol, whole: everything that a provider's server is asked."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote, urlencode

from portal import clock
from portal.domain.errors import BadInput, ProviderRefused, ProviderUnavailable
from portal.domain.providers import lookup, provider_options, provider_records
from portal.domain.providers.facts import (
    Configuration,
    DashboardRequest,
    ExamFacts,
    Named,
    Place,
    Registered,
    ReviewReceived,
    Seen,
)
from portal.domain.providers.port import PASSED
from portal.models import Provider, ProviderKind
from portal.providers import json_fields, reviews
from portal.providers.http import Http, Reply
from portal.providers.rest import bodies, dashboard, tokens
from portal.providers.rest.bodies import PublicAddresses

#: For who sets it up, in English like all commands.
NEEDS = "A provider of kind rest needs --client-id and --client-secret-stdin."
#: The provider understood, and will say the same again.
NO = frozenset({400, 402, 409, 410, 422, 451})
#: What a provider answers to a removal that it does not know how to do, or has done; and what that means.
GONE = {
    404: "%(name)s does not know it, or cannot do this (answer 404).",
    405: "%(name)s cannot be asked for this (answer 405). What it recorded may still be there.",
    410: "%(name)s has removed it before (answer 410).",
    501: "%(name)s cannot do this (answer 501). What it recorded may still be there.",
}


class RestProvider:
    """One provider. Everything is copied from its record, so the transaction may end before the first call."""

    kind = ProviderKind.REST
    usual_options: ClassVar[Mapping[str, bool]] = {}
    has_own_browser = False
    shows_code = False
    credentials = "token"
    listens = True

    def __init__(self, record: Provider, secrets: Mapping[str, str]) -> None:
        self.slug = record.slug
        self.options = provider_options.of(record)
        self.passing = frozenset(_words(self.options.passing_statuses)) or frozenset({PASSED})
        self.supports_onboarding = self.options.supports_onboarding
        self.forbids_reentry = self.options.forbids_reentry
        self._client_id, self._secret = record.client_id, secrets.get("client_secret", "")
        self._public = PublicAddresses(record.base_url, record.public_base_url)
        self._dashboards = (record.public_base_url or record.base_url).rstrip("/")
        self._http = Http(name=record.name, base_url=record.base_url, timeout_seconds=self.options.timeout_seconds)
        self._token_key = tokens.key_for(record.slug, record.base_url, record.client_id, self._secret)

    @staticmethod
    def check_record(record: Provider) -> None:
        provider_records.check_addresses(record)
        has_secret = bool(record.client_secret) or lookup.is_locked(record)
        if not (record.client_id and has_secret):
            raise BadInput("client_secret", NEEDS)

    @staticmethod
    def missing(record: Provider) -> list[str]:
        return []

    def configuration(self, languages: Sequence[str]) -> Configuration:
        said = self._ask("GET", "/api/v1/config/", languages=languages).fields
        if not said:
            raise self._no_use("its configuration")
        return bodies.configuration(said, self._public)

    def save_exam(self, exam: ExamFacts) -> str | None:
        """A provider that no longer knows its own name for the exam gets it as a new one."""
        body = bodies.exam(exam)
        path = f"/api/v1/exam/{_part(exam.external_id)}/" if exam.external_id else "/api/v1/exam/"
        reply = self._send("POST", path, body)
        if reply.status == 404 and exam.external_id:
            reply = self._send("POST", "/api/v1/exam/", {**body, "external_id": None})
        name = json_fields.name_in(reply.said) if reply.is_success else None
        if name is None:
            raise self._no_use("the exam", reply)
        return name

    def read_exam(self, external_id: str) -> Mapping[str, object] | None:
        reply = self._send("GET", f"/api/v1/exam/{_part(external_id)}/")
        if reply.status == 404 or (reply.is_success and not reply.fields):
            return None
        if not reply.is_success:
            raise self._no_use("the exam", reply)
        return reply.fields

    def register(self, place: Place) -> Registered:
        """An onboarding refusal counts whatever the answer's code, and with or without a name."""
        if not place.exam.external_id:
            raise self._no_use("the exam, which it was never told about")
        path = f"/api/v1/exam/{_part(place.exam.external_id)}/attempt/"
        again = hashlib.sha256(place.attempt_code.encode()).hexdigest()
        reply = self._send("POST", path, bodies.place(place), headers={"Idempotency-Key": again})
        name, refused_as = json_fields.name_in(reply.said), bodies.refusal_in(reply.fields)
        if refused_as is not None and reply.status < 500:
            return Registered(external_id=name, refused_as=refused_as)
        if reply.status in NO:
            raise ProviderRefused("%(name)s did not accept your registration for this exam.", name=self._http.name)
        if not reply.is_success or name is None:
            raise self._no_use("the registration", reply)
        return Registered(external_id=name)

    def see(self, named: Named, languages: Sequence[str]) -> Seen:
        said = self._ask("GET", _attempt(named), languages=languages).fields
        if not said:
            raise self._no_use("this attempt, which it does not know")
        return bodies.seen(said, self._public)

    def start(self, named: Named) -> None:
        self._ask("PATCH", _attempt(named), {"status": "started"})

    def stop(self, named: Named) -> None:
        self._ask("PATCH", _attempt(named), {"status": "submitted"})

    def fail(self, named: Named) -> None:
        self._ask("PATCH", _attempt(named), {"status": "error"})

    def remove(self, named: Named) -> str | None:
        reply = self._send("DELETE", _attempt(named))
        if not reply.is_success and reply.status not in GONE:
            raise self._no_use("the removal", reply)
        return self._not_done(reply)

    def retire(self, pairwise_id: str) -> str | None:
        reply = self._send("DELETE", f"/api/v1/user/{_part(pairwise_id)}/")
        if not reply.is_success and reply.status not in GONE:
            raise self._no_use("the request to forget a learner", reply)
        if reply.is_success and reply.said is False:
            raise ProviderUnavailable(f"{self._http.name} has not forgotten the learner yet.")
        return self._not_done(reply)

    def dashboard_url(self, wanted: DashboardRequest) -> str | None:
        if not self.options.has_dashboard or not self._secret:
            return None
        said = dashboard.claims(wanted, self._client_id, lasts_seconds=self.options.dashboard_seconds)
        query = urlencode({"jwt": dashboard.signed(said, self._secret)})
        return f"{self._dashboards}/api/v1/instructor/{_part(self._client_id)}/?{query}"

    def read_review(self, said: Mapping[str, object]) -> ReviewReceived:
        return reviews.read(said)

    def check_credentials(self) -> None:
        """Fetch a new token, for the person who sets the provider up. :raises ProviderUnavailable: none was given."""
        tokens.drop(self._token_key, self._token())
        self._token()

    def _ask(self, verb: str, path: str, body: object = None, *, languages: Sequence[str] = ()) -> Reply:
        """Like :meth:`_send`, where only success will do."""
        headers = {"Accept-Language": bodies.languages(languages)} if languages else {}
        reply = self._send(verb, path, body, headers=headers)
        if not reply.is_success:
            raise self._no_use(f"{verb} {path.split('?')[0]}", reply)
        return reply

    def _send(self, verb: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None) -> Reply:
        """With a token; one that is not accepted is dropped, and a new one tried once."""
        reply, token = self._with_token(verb, path, body, headers or {})
        if reply.status in (401, 403):
            tokens.drop(self._token_key, token)
            reply, token = self._with_token(verb, path, body, headers or {})
        return reply

    def _with_token(self, verb: str, path: str, body: object, headers: Mapping[str, str]) -> tuple[Reply, str]:
        # Every verb carries a body and its type: some providers refuse a GET without.
        token = self._token()
        known = {"Authorization": f"JWT {token}", "Content-Type": "application/json", **headers}
        return self._http.send(verb, path, body=json.dumps(body or {}).encode(), headers=known), token

    def _token(self) -> str:
        return tokens.get(self._token_key, self._fetch_token)

    def _fetch_token(self) -> tokens.Token:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._secret,
            "token_type": "jwt",
        }
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = self._http.send("POST", self.options.token_path, body=urlencode(asked).encode(), headers=form)
        text = reply.fields.get("access_token")
        if not isinstance(text, str) or not text.isascii() or not text.isprintable() or not text:
            raise ProviderUnavailable(f"{self._http.name} does not accept our credentials (answer {reply.status}).")
        return tokens.lasting(text, reply.fields.get("expires_in"), now=clock.now())

    def _not_done(self, reply: Reply) -> str | None:
        return None if reply.is_success else GONE[reply.status] % {"name": self._http.name}

    def _no_use(self, about: str, reply: Reply | None = None) -> ProviderUnavailable:
        code = f" (answer {reply.status})" if reply else ""
        return ProviderUnavailable(f"{self._http.name} gave no usable answer about {about}{code}.")


def _attempt(named: Named) -> str:
    return f"/api/v1/exam/{_part(named.exam_external_id)}/attempt/{_part(named.external_id)}/"


def _part(text: str) -> str:
    return quote(text, safe=":@")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
