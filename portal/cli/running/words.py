"""``flask --app wsgi words update``: brings the catalogues up to what the translated pages say."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po
from flask import Flask
from flask.cli import AppGroup

from portal import languages

words = AppGroup("words", help="Translations: add new sentences and count missing ones.")

ROOT = Path(__file__).parents[3]
#: Python files and rooms that say something to learners, or to anybody before they signed in. Others are in English.
SAYING = (
    "portal/domain/answers/files.py",
    "portal/domain/answers/kinds/*.py",
    "portal/domain/answers/answers.py",
    "portal/domain/reviews/appeals.py",
    "portal/domain/attempts/attempts.py",
    "portal/domain/timekeeping/breaks.py",
    "portal/domain/attempts/creation.py",
    "portal/domain/proctoring/declining.py",
    "portal/domain/attempts/eligibility.py",
    "portal/domain/lifecycle/history.py",
    "portal/domain/attempts/learner_messages.py",
    "portal/domain/attempts/active_window.py",
    "portal/domain/accounts/people.py",
    "portal/domain/proctoring/practice_proctor.py",
    "portal/domain/proctoring/setup.py",
    "portal/domain/proctoring/registrations.py",
    "portal/domain/accounts/sign_in_limits.py",
    "portal/jobs/mail/formatting.py",
    "portal/providers/psi/provider.py",
    "portal/providers/rest/provider.py",
    "portal/web/attempt/**.py",
    "portal/web/formatting/devices.py",
    "portal/web/edx/__init__.py",
    "portal/web/edx/polled_attempt.py",
    "portal/web/gate/errors.py",
    "portal/web/negotiation/faults.py",
    "portal/web/formatting/times.py",
    "portal/web/gate/guards.py",
    "portal/web/home/__init__.py",
    "portal/web/learner/**.py",
    "portal/web/negotiation/__init__.py",
    "portal/web/proctored/**.py",
    "portal/web/gate/browser_gate.py",
    "portal/web/gate/sessions.py",
    "portal/web/sign_in/__init__.py",
)
#: Folder -> what in it is translated, and how it is read.
SOURCES = {
    "portal": [(path.removeprefix("portal/"), "python") for path in SAYING],
    "templates": [("base.html", "jinja2")]
    + [
        (f"{place}/**.{kind}", "jinja2")
        for place in ("answer_kinds", "attempt", "emails", "errors", "learner", "macros", "proctored", "sign_in")
        for kind in ("html", "txt")
    ],
}
#: Which argument is a sentence. A refusal is one too: the page that shows it looks it up.
KEYWORDS = DEFAULT_KEYWORDS | {
    "lazy_gettext": None, "pair": (1, 2), "sentence": None, "BadInput": (2,),
    **dict.fromkeys((
        "ClockStopped", "Conflict", "LimitReached", "NotAllowed", "NotFound", "NotNow", "OtherWindow",
        "ProviderRefused", "TooLate",
    )),
}  # fmt: skip


def init_app(app: Flask) -> None:
    app.cli.add_command(words)


@words.command("update")
def update() -> None:
    """Add new sentences to each catalogue and remove unused ones."""
    found = extracted()
    for code in languages.NAMES:
        if code != "en":
            kept = bring_up(code, found)
            missing = sum(1 for message in kept if message.id and not is_translated(message.string or ""))
            click.echo(f"{code}: {len(kept)} sentences, {missing} to translate in portal/translations/{code}.po")


def extracted() -> Catalog:
    """Every sentence of the translated pages, with the files that say it."""
    catalog = Catalog(project="Invigil", charset="utf-8")
    for folder, methods in SOURCES.items():
        for name, _line, message, comments, context in _sentences(folder, methods):
            catalog.add(message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return catalog


def _sentences(folder: str, methods: Iterable[tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    """Name of the file, line, sentence, comments and context of each."""
    options = {pattern: {"silent": "false"} for pattern, method in methods if method == "jinja2"}
    found = extract_from_dir(str(ROOT / folder), list(methods), options, KEYWORDS)
    return iter(sorted(found, key=lambda one: one[:2]))


def bring_up(code: str, found: Catalog) -> Catalog:
    """The catalogue of one language as it is now, written. Nothing is guessed from a sentence that is like it."""
    path, catalog = languages.FOLDER / f"{code}.po", Catalog(locale=code)
    if path.exists():
        catalog = read_po(BytesIO(path.read_bytes()), locale=code)
    first_made_at = catalog.creation_date
    catalog.update(found, no_fuzzy_matching=True)
    catalog.creation_date = first_made_at  # So that nothing changes where no sentence does.
    catalog.fuzzy = False
    written = path.with_suffix(".new")
    with written.open("wb") as target:
        write_po(target, catalog, width=110, include_lineno=False, ignore_obsolete=True)
    written.replace(path)  # At once: whoever reads it meanwhile reads a whole catalogue.
    return catalog


def is_translated(said: str | list[str] | tuple[str, ...]) -> bool:
    return all(bool(one) for one in said) if isinstance(said, list | tuple) else bool(said)
