"""Topics "email" and "unseen_time": writes the email from its templates and has it delivered."""

from typing import Any

from flask import current_app

from portal import clock, languages
from portal.db import db
from portal.domain.accounts import people
from portal.domain.attempts import attempts
from portal.domain.lifecycle import history
from portal.domain.onboarding import profiles
from portal.domain.outbox import case_recipients, cases
from portal.domain.proctoring import declining
from portal.domain.providers import lookup
from portal.domain.reviews import appeals, outcome, review_versions
from portal.domain.timekeeping import running_clock
from portal.domain.timekeeping.budget import EntryFacts
from portal.jobs.mail import delivery, formatting, provider_templates, refused
from portal.jobs.outbox import lanes
from portal.jobs.outbox.claims import Claimed, DeliveryFailed
from portal.models import Attempt, EmailKind, Provider, User

#: Emails about a verdict name those who can look at it again; the others name those who can help during an exam.
VERDICTS = frozenset({EmailKind.REVIEW_PASSED, EmailKind.REVIEW_FAILED, EmailKind.APPEAL_ANSWERED})
#: Under which name the app keeps how emails are written.
TEMPLATES = "portal_mail_templates"


def handle(message: Claimed) -> None:
    """Send the email that the payload names: to ``to`` where it says so, else to the attempt's learner."""
    said = dict(message.payload)
    template, to, line = said.pop("template"), said.pop("to", None), said.pop("line", None)
    about: dict[str, object] = {}
    if number := said.pop("case", None):
        about["case"] = cases.get(number)
    if message.attempt_id is not None:
        attempt = attempts.get_whole(message.attempt_id)
        if template == EmailKind.RESUMED and history.ended_at_once(attempt, line):
            # The clock resumed only because the attempt ended or was archived: nothing was resumed.
            return
        about, to = {**about, **_about(attempt, template, line)}, to or attempt.learner
    write(message, template, {**about, **_person(to), **said})


def handle_unseen_time(message: Claimed) -> None:
    """Mail a change of time that the learner's page has not shown. Seen, or over: nothing to say."""
    attempt = attempts.get_whole(message.attempt_id)
    seconds = int(message.payload["seconds"])
    if attempt.seen_revision >= message.payload["revision"] or not attempt.is_running or seconds == 0:
        return
    template = EmailKind.TIME_ADDED if seconds > 0 else EmailKind.TIME_CUT
    about = {**_about(attempt, template), **_person(attempt.learner), "seconds": abs(seconds)}
    write(message, template, about)


def write(message: Claimed, template: str, about: dict[str, Any]) -> None:
    """The templates say everything; here they get the times in the reader's zone, and the provider's own words."""
    zone, language = about["time_zone"], _language(about)
    about = {
        "site_name": current_app.config["SITE_NAME"],
        "contact": current_app.config["HELP_CONTACT"],
        "moment": lambda at: formatting.moment(at, zone),
        "length": formatting.length,
        "language": language,
        **about,
    }
    own = provider_templates.find(about.get("provider"), template, about)
    about |= {"own_text": own.paragraphs, "language": own.language} if own.paragraphs else {}
    about["direction"] = languages.direction(about["language"])
    folder = "emails/own_words" if own.paragraphs else f"emails/{template}/body"
    with languages.force_locale(language):
        mail = delivery.Mail(
            subject=_subject(own.subject or _render(f"emails/{template}/subject.txt", about)),
            recipients=about["to"] if isinstance(about["to"], list) else [about["to"]],
            reply_to=about["contact"] if case_recipients.is_address(about["contact"]) else None,
            body=_render(f"{folder}.txt", about) + "\n",
            html=_render(f"{folder}.html", about),
        )
    db.session.rollback()  # All is read; no transaction stays open while the mail server takes its time.
    try:
        with lanes.calling(f"Whoever takes email for {about['to']}"):
            delivery.deliver(mail, key=message.key, at=message.created_at)
    except delivery.Refused as err:
        refused.tell_team(message, str(about["to"]), str(err))
        raise DeliveryFailed(str(err), wait=None) from err


def _subject(text: str) -> str:
    """One line, and nothing in it that turns the direction of the rest."""
    return " ".join(delivery.plain_line(text).split())


def address(endpoint: str, **values: str) -> str:
    """A page's whole address. An email has no request to take the host from, and would not trust it."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['PUBLIC_URL']}{path}"


def _language(about: dict[str, object]) -> str:
    """What the reader chose for their own pages, where we have it; an address alone is written to in English."""
    return languages.known(str(about.get("reads", "")))


def _render(name: str, about: dict[str, object]) -> str:
    # Not flask.render_template: the pages' context asks who looks, and here nobody does.
    templates = current_app.extensions.get(TEMPLATES)
    if templates is None:  # Made once, because each makes its templates anew.
        templates = current_app.jinja_env.overlay(trim_blocks=True, lstrip_blocks=True)
        current_app.extensions[TEMPLATES] = templates
    return str(templates.get_template(name).render(about))


def _about(attempt: Attempt, template: str, line: int | None = None) -> dict[str, object]:
    provider, entry = lookup.find(attempt.provider_slug, talks=False), history.find(line)
    return {
        "attempt": attempt,
        "exam": attempt.exam,
        "course": attempt.exam.course,
        "provider": provider,
        "address": _address(attempt, template),
        "contact": _contact(attempt, provider, template),
        "valid_until_at": profiles.valid_until(attempt),
        "happened_at": entry.at if entry else None,
        "reason": entry.reason if entry else "",
        "sentence": _sentence(attempt) if template in {EmailKind.REVIEW_FAILED, EmailKind.ONBOARDING_DECIDED} else "",
        "touched": declining.touched_by(attempt, entry.at) if template == EmailKind.DECLINED and entry else [],
        "start": _start(attempt) if template == EmailKind.RESUME_GRANTED else None,
        **_appeal(attempt, template),
    }


def _start(attempt: Attempt) -> EntryFacts:
    """What the learner would have if they continued now, as the page says it."""
    return running_clock.before_start(attempt.exam, attempt.learner_id, attempt, now=clock.now())


def _appeal(attempt: Attempt, template: str) -> dict[str, object]:
    """The learner's words and the answer to them; and what the exam comes to, of all of its recordings."""
    if template != EmailKind.APPEAL_ANSWERED:
        return {}
    chain = outcome.chain_of(attempt)
    return {"appeal": appeals.find(attempt, chain), "is_accepted": outcome.of(chain) is outcome.Outcome.ACCEPTED}


def _address(attempt: Attempt, template: str) -> str:
    """The page where something can be done."""
    if template in {EmailKind.ONBOARDING_ENDS, EmailKind.ONBOARDING_DECIDED}:
        return address("proctored.profiles")
    return address("attempt.router", ref=attempt.ref)


def _contact(attempt: Attempt, provider: Provider | None, template: str) -> str:
    """Whom to ask: the course's people, else the provider's, else the portal's."""
    course = attempt.exam.course
    named = [course.contact, course.escalation_email]
    if template in VERDICTS:
        named.reverse()
    if provider is not None:
        named += [provider.contact_email, provider.contact_url, provider.contact_phone]
    return next((one for one in named if one), str(current_app.config["HELP_CONTACT"]))


def _sentence(attempt: Attempt) -> str:
    """What the person who decided wants the learner to read; a machine says nothing."""
    review = review_versions.current(attempt)
    return review.sentence if review is not None and review.is_human else ""


def _person(to: User | str | int) -> dict[str, object]:
    """Whom the email goes to: an account, its number, or a bare address."""
    if isinstance(to, str) and "@" in to:
        return {"to": to, "name": "", "time_zone": "UTC"}
    user = to if isinstance(to, User) else people.get(int(to))
    return {"to": user.email, "name": user.name, "time_zone": user.time_zone, "reads": user.language}
