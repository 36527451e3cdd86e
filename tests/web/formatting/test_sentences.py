"""Sentences of a page: in their language, with values that stay text."""

import pytest
from markupsafe import Markup

from portal.languages import force_locale


@pytest.fixture
def say(app):
    """``say("{{ _('…') }}")``: what a page makes of it."""
    with app.test_request_context("/"):
        yield lambda words, **values: app.jinja_env.from_string(words).render(**values)


@pytest.mark.parametrize(
    ("words", "reads"),
    [
        ("{{ _('Not started') }}", "Not started"),
        ("{{ gettext('Not started') }}", "Not started"),
        ("{{ _('50 %% of it') }}", "50 % of it"),
        ("{{ _('From %(who)s', who=who) }}", "From &lt;b&gt;"),
        ("{{ _('From %(who)s', who=sound) }}", "From <i>"),
        ("{{ ngettext('%(num)s minute', '%(num)s minutes', 1) }}", "1 minute"),
        ("{{ ngettext('%(num)s of %(who)s', '%(num)s all of %(who)s', 3, who=who) }}", "3 all of &lt;b&gt;"),
        ("{% autoescape false %}{{ _('From %(who)s', who=who) }}{% endautoescape %}", "From <b>"),
    ],
)
def test_values_are_escaped_and_sentences_are_not(say, words, reads):
    assert say(words, who="<b>", sound=Markup("<i>")) == reads


def test_each_language_has_its_own_words(say):
    page = "{% from 'macros/state.html' import state %}{{ state('paused') }}"
    assert "Clock paused" in say(page)
    with force_locale("de"):
        assert "Uhr angehalten" in say(page)
    assert "Clock paused" in say(page)
