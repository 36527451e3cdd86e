"""Topics "email" and "unseen_time": writes the mail from its templates and has it delivered."""

from typing import Any

from flask import current_app
from flask_mail import Message
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.jobs import mail_delivery, wording
from portal.jobs.outbox import Claimed
from portal.models import Attempt, Exam, User


def keep(message: Claimed) -> None:
    """Send the mail the payload names: to ``to`` where it says so, else to the attempt's learner."""
    said = dict(message.payload)
    template, to = said.pop("template"), said.pop("to", None)
    about: dict[str, Any] = {}
    if message.attempt_id is not None:
        attempt = _attempt(message.attempt_id)
        about, to = _about(attempt), to or attempt.learner
    _send(message, template, {**about, **_person(to), **said})


def keep_unseen_time(message: Claimed) -> None:
    """Mail a change of time that the learner's page has not shown. Seen, or over: nothing to say."""
    attempt = _attempt(message.attempt_id)
    seconds = int(message.payload["seconds"])
    if attempt.seen_revision >= message.payload["revision"] or not attempt.is_running or seconds == 0:
        return
    about = {**_about(attempt), **_person(attempt.learner), "seconds": abs(seconds)}
    _send(message, "time_added" if seconds > 0 else "time_cut", about)


def _send(message: Claimed, template: str, about: dict[str, Any]) -> None:
    """The templates say everything; here they get the times in the reader's zone."""
    zone = about["time_zone"]
    about = {
        "site_name": current_app.config["SITE_NAME"],
        "help_contact": current_app.config["HELP_CONTACT"],
        "moment": lambda at: wording.moment(at, zone),
        "length": wording.length,
        **about,
    }
    mail = Message(
        subject=" ".join(_render(f"emails/{template}/subject.txt", about).split()),
        recipients=[about["to"]],
        body=_render(f"emails/{template}/body.txt", about) + "\n",
        html=_render(f"emails/{template}/body.html", about),
    )
    db.session.rollback()  # All is read; no transaction stays open while the mail server takes its time.
    mail_delivery.deliver(mail, key=message.key, at=message.created_at)


def _render(name: str, about: dict[str, Any]) -> str:
    # Not flask.render_template: the pages' context asks who looks, and here nobody does.
    templates = current_app.jinja_env.overlay(trim_blocks=True, lstrip_blocks=True)
    return templates.get_template(name).render(about)


def _attempt(attempt_id: int | None) -> Attempt:
    query = select(Attempt).where(Attempt.id == attempt_id)
    whole = query.options(joinedload(Attempt.exam).joinedload(Exam.course), joinedload(Attempt.learner))
    return db.session.scalars(whole).one()


def _about(attempt: Attempt) -> dict[str, Any]:
    return {
        "attempt": attempt,
        "exam": attempt.exam,
        "course": attempt.exam.course,
        "address": address("attempt.router", ref=attempt.ref),
    }


def _person(to: User | str | int) -> dict[str, Any]:
    """Whom the mail goes to: an account, its number, or a bare address."""
    if isinstance(to, str) and "@" in to:
        return {"to": to, "name": "", "time_zone": "UTC"}
    user = to if isinstance(to, User) else db.session.get_one(User, int(to))
    return {"to": user.email, "name": user.name, "time_zone": user.time_zone}


def address(endpoint: str, **values: str) -> str:
    """A page's whole address. A mail has no request to take the host from, and would not trust it."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['PUBLIC_URL']}{path}"
