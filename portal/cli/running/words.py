"""``flask --app wsgi words update``: brings the catalogues up to what the translated pages say."""

from collections.abc import Iterator
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
#: Who reads these reads English: whoever runs the portal, course teams, reviewers, and providers.
ENGLISH = (
    "portal/cli/", "portal/demo/", "portal/providers/reviews.py", "portal/simulator/", "portal/web/provider_api/",
    "portal/web/review/", "portal/web/teach/",
)  # fmt: skip
#: Folder -> what in it is read for marked sentences, and how.
SOURCES = {
    "portal": [("**.py", "python")],
    "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")],
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
    """Every marked sentence that a learner may read, with the files that say it: refusals of the domain, too."""
    catalog = Catalog(project="Invigil", charset="utf-8")
    for place, message, comments, context in (one for folder in SOURCES for one in _sentences(folder)):
        if not place.startswith(ENGLISH):
            catalog.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def _sentences(folder: str) -> Iterator[tuple[str, Any, list[str], str | None]]:
    """Where it stands, the sentence, comments and context of each, in one order."""
    methods = SOURCES[folder]
    options = {pattern: {"silent": "false"} for pattern, method in methods if method == "jinja2"}
    found = extract_from_dir(str(ROOT / folder), list(methods), options, KEYWORDS)
    for name, _line, message, comments, context in sorted(found, key=lambda one: one[:2]):
        yield f"{folder}/{name}", message, comments, context


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
