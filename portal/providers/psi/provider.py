"""Speaks PSI RPNow's registration: one signed request, and nothing else until the review."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlsplit

from portal import clock
from portal.domain.errors import BadInput, ProviderRefused, ProviderUnavailable
from portal.domain.providers import provider_options, provider_records
from portal.domain.providers.facts import ExamFacts, Named, Place, Registered, ReviewReceived, Seen
from portal.domain.providers.port import PASSED, VIOLATION
from portal.models import Provider, ProviderKind
from portal.providers import json_fields
from portal.providers.http import Http
from portal.providers.psi import addresses, bodies, review, signature

#: For who sets it up, in English like all commands.
NEEDS = "A provider of kind psi needs --option register_url=URL: where PSI registers exams."
OTHERWISE_RULES = "Closed Book"


class PsiProvider:
    """One provider of this kind. It keeps no exams, and is not told of starts and ends."""

    kind = ProviderKind.PSI
    #: This provider asks for the email address only where a school opts in.
    usual_options: ClassVar[Mapping[str, bool]] = {"sends_email": False}
    has_own_browser = True
    shows_code = True
    credentials = "keys"
    listens = True
    supports_onboarding = False

    def __init__(self, record: Provider, secrets: Mapping[str, str]) -> None:
        self.slug = record.slug
        self.options = provider_options.of(record)
        words = {word.strip() for word in self.options.passing_statuses.split(",") if word.strip()}
        self.passing = frozenset(words) or frozenset({PASSED, VIOLATION})
        #: As edx-proctoring has it for this kind, unless the record says otherwise.
        self.forbids_reentry = bool(record.options.get("forbids_reentry", True))
        self._secrets = dict(secrets)
        self._callback_token = self._secrets.get("callback_token", "")
        self._http = Http(
            name=record.name,
            base_url=self.options.register_url or record.base_url,
            timeout_seconds=self.options.timeout_seconds,
        )

    @staticmethod
    def check_record(record: Provider) -> None:
        if not (record.base_url or record.options.get("register_url")):
            raise BadInput("option", NEEDS)
        provider_records.check_addresses(record, needs_base=False)

    @staticmethod
    def missing(record: Provider) -> list[str]:
        options, secrets = provider_options.of(record), provider_options.secrets_of(record)
        wanted = {"register_url": options.register_url or record.base_url, "secret_key_id": options.secret_key_id}
        lacking = [f"{key}=VALUE" for key, said in wanted.items() if not said]
        return lacking + [f"{key}=-" for key in provider_options.SECRET if not secrets.get(key)]

    def save_exam(self, exam: ExamFacts) -> str | None:
        return None

    def register(self, place: Place) -> Registered:
        now = clock.now()
        body, date = self._body(place, now), bodies.http_date(now)
        headers = {
            "Content-Type": signature.CONTENT_TYPE,
            "Date": date,
            "Authorization": signature.authorization(
                body, date, key_id=self.options.secret_key_id, secret=self._secrets.get("secret_key", "")
            ),
        }
        reply = self._http.send("POST", "", body=json.dumps(body).encode(), headers=headers)
        locator = json_fields.name_in(reply.said, "ssiRecordLocator")
        if reply.status in (200, 201) and locator:
            return Registered(external_id=locator)
        if reply.status in (400, 402, 409, 410, 422):
            raise ProviderRefused("%(name)s did not accept your registration for this exam.", name=self._http.name)
        raise ProviderUnavailable(f"{self._http.name} gave no usable answer (answer {reply.status}).")

    def see(self, named: Named, languages: Sequence[str]) -> Seen:
        return Seen(download_url=addresses.with_code(self.options.software_download_url, named.attempt_code))

    def start(self, named: Named) -> str:
        return f"{self._http.name} is not informed: its own software sees it."

    def stop(self, named: Named) -> str:
        return f"{self._http.name} is not informed: its own software sees it."

    def fail(self, named: Named) -> str:
        return f"{self._http.name} has no message for a suspended exam."

    def remove(self, named: Named) -> str:
        return f"{self._http.name} cannot be asked to remove an attempt. What it recorded stays there."

    def player_url(self, video_url: str) -> str | None:
        """The player that needs no plug-in."""
        is_web = urlsplit(video_url).scheme in {"http", "https"}
        return video_url.replace("DirectLink-Generic", "DirectLink-HTML5") if is_web else None

    def read_review(self, said: Mapping[str, object]) -> ReviewReceived:
        return review.read(said)

    def check_credentials(self) -> None:
        """For the person who sets the provider up. :raises ProviderUnavailable: a key is missing or cannot be one."""
        if missing := [key for key, said in self._needed().items() if not said]:
            raise ProviderUnavailable(f"Set {', '.join(missing)} with `provider set {self.slug} --option KEY=VALUE`.")
        self._password("trial")

    def _needed(self) -> dict[str, str]:
        """Without the callback token no launch and no review is let in."""
        secret = {key: self._secrets.get(key, "") for key in ("secret_key", "crypto_key", "callback_token")}
        return {"secret_key_id": self.options.secret_key_id, **secret}

    def _body(self, place: Place, now: datetime) -> dict[str, object]:
        return {
            "examCode": place.attempt_code,
            "organization": self.options.organization,
            "duration": place.time_limit_minutes,
            "reviewedExam": not place.is_sample,
            "reviewerNotes": bodies.notes(place, self.options.default_rules or OTHERWISE_RULES),
            "examPassword": self._password(place.attempt_code),
            "examSponsor": self.options.exam_sponsor,
            "examName": bodies.folded(place.exam.name),
            "ssiProduct": "rp-now",
            "examUrl": place.public_url.rstrip("/") + addresses.launch_path(place.attempt_code, self._callback_token),
            "orgExtra": bodies.extra(place, now),
        }

    def _password(self, attempt_code: str) -> str:
        try:
            return signature.encrypted(attempt_code, self._secrets.get("crypto_key", ""))
        except ValueError as err:
            raise ProviderUnavailable(f"The option crypto_key of {self._http.name} cannot be used: {err}") from err
