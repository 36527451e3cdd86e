"""Makes providers that call us: a record, a client with a secret, a token, and attempts registered with it."""

import json
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import clock
from portal.db import db, writing
from portal.domain.providers.api_clients import hash_secret
from portal.domain.providers.deliveries import UNSETTLED
from portal.models import ApiClient, Attempt, Delivery, Exam, Provider, ProviderKind
from portal.providers.psi import addresses
from portal.web.provider_api import access_tokens
from tests import make
from tests.make import NOON, S

SECRET = "a long secret that nobody guesses, of 40+"
CALLBACK_TOKEN = "a token that only PSI and we know"
PLACE = "/api/edx_proctoring/v1/proctored_exam/attempt"
TEXT = "Looked away"


@make.one_transaction
def provider(
    slug: str = "acme", *, kind: ProviderKind = ProviderKind.REST, client: bool = True, **given: Any
) -> Provider:
    """A provider's record, with a client called ``<slug>-client`` unless told otherwise."""
    facts: dict[str, Any] = {"name": slug.title(), "created_at": NOON, "updated_at": NOON}
    if kind is ProviderKind.PSI:
        facts["secret_options"] = json.dumps({"callback_token": CALLBACK_TOKEN})
    made = make.row(Provider(slug=slug, kind=kind, **{**facts, **given}))
    if client:
        make.row(
            ApiClient(client_id=f"{slug}-client", provider_id=made.id, secret_hash=hash_secret(SECRET), created_at=NOON)
        )
    return made


def client_record(client_id: str = "acme-client") -> ApiClient:
    return db.session.scalars(db.select(ApiClient).filter_by(client_id=client_id)).one()


@make.one_transaction
def exam(slug: str = "acme", **given: Any) -> Exam:
    return make.exam(**{"is_proctored": True, "provider_slug": slug, **given})


@make.one_transaction
def attempt(status: S = S.SUBMITTED, *, external_id: str = "ext-1", **given: Any) -> Attempt:
    """An attempt that is registered with the provider of its exam."""
    its_exam = given.pop("exam", None) or exam()
    facts = {"taking_as_proctored": True, "is_sample": its_exam.is_practice, **given}
    return make.attempt(status, exam=its_exam, external_id=external_id, **facts)


def token(client_id: str = "acme-client", **times: Any) -> str:
    """A valid access token of a client."""
    with_now = {"now": clock.now(), **times}
    return access_tokens.issue(client_id, ["read", "write"], **with_now)


def launch_path(attempt: Attempt) -> str:
    """The address that we register with PSI, and its secure browser opens when the set-up is done."""
    return addresses.launch_path(attempt.attempt_code, CALLBACK_TOKEN)


def say(client: FlaskClient, what: str, body: Any = None, *, about: str = "ext-1", **given: Any) -> TestResponse:
    """Post ``what`` ("ready" or "reviewed") about an attempt, as the provider ``acme`` unless ``by`` names another."""
    by = given.pop("by", "acme-client")
    headers = {"Authorization": f"JWT {token(by)}", **given.pop("headers", {})}
    sent = {"data": body} if isinstance(body, bytes) else {"json": body if body is not None else review()}
    return client.post(f"{given.pop('place', PLACE)}/{about}/{what}", headers=headers, **sent, **given)


def review(status: str = "passed", *, comments: int = 1, **more: Any) -> dict[str, Any]:
    seen = [{"comment": TEXT, "status": "suspicious", "start": 5, "stop": 9, "duration": 4}] * comments
    return {"status": status, "comments": seen, **more}


def psi_review(attempt: Attempt, status: str = "Clean", **more: Any) -> dict[str, Any]:
    about = {"examCode": attempt.attempt_code, "ssiRecordLocator": attempt.external_id}
    seen = {"comments": TEXT, "duration": 4, "eventStart": 5, "eventFinish": 9, "eventStatus": "Suspicious"}
    facts = {"reviewStatus": status, "examMetaData": about, "webCamComments": [seen], "desktopComments": [seen]}
    return {**facts, "videoReviewLink": "https://provider.example/v/1", **more}


def status_of(attempt: Attempt) -> S:
    db.session.refresh(attempt)
    return attempt.status


def deliveries() -> list[Delivery]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Delivery).order_by(Delivery.id)))


def waiting(slug: str) -> list[Delivery]:
    """Messages of this provider, or of nobody we know, that wait for a person; the newest first."""
    query = db.select(Delivery).where(Delivery.outcome.in_(UNSETTLED), Delivery.seen_at.is_(None))
    theirs = query.where(db.or_(Delivery.provider_slug == slug, Delivery.provider_slug.is_(None)))
    return list(db.session.scalars(theirs.order_by(Delivery.id.desc())))


def change(row: Any, **values: Any) -> None:
    with writing() as session:
        kept = session.merge(row)
        for name, value in values.items():
            setattr(kept, name, value)
