"""What a template compares with is a member of an enum that there is."""

import re
from pathlib import Path

import pytest

from portal import web

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMES = {enum.__name__: enum for enum in web.ENUMS}
NAMED = re.compile(r"\b(" + "|".join(NAMES) + r")\.(\w+)")
USED = sorted({found for page in TEMPLATES.rglob("*.*") for found in NAMED.findall(page.read_text())})


@pytest.mark.parametrize(("enum", "member"), USED)
def test_the_member_exists(enum, member):
    assert member in NAMES[enum].__members__


def test_templates_are_given_what_they_use_and_no_more(app):
    assert {enum for enum, _ in USED} == set(NAMES)
    assert all(app.jinja_env.globals[name] is enum for name, enum in NAMES.items())


@pytest.mark.parametrize("enum", NAMES.values(), ids=NAMES)
def test_no_template_compares_with_a_bare_word(enum):
    words = "|".join(map(re.escape, enum))
    bare = re.compile(rf"\.(?:kind|topic|ledger|standing) ?(?:==|!=) ?['\"](?:{words})['\"]")
    assert not [page.name for page in TEMPLATES.rglob("*.html") if bare.search(page.read_text())]
