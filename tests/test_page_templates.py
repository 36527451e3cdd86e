"""Templates are compiled once for each language, and say what looking each sentence up would say."""

import pytest
from markupsafe import Markup

from portal import languages
from portal.page_templates import PageEnvironment

SAID = "Go back"
FILLED = "Question %(number)s of %(total)s"


@pytest.fixture
def rendered(app):
    """``rendered(source, code, file="a.html", **values)``: folded in this language, and by looking up."""

    def rendered(source, code, file="a.html", **values):
        said = []
        for environment in (app.jinja_env.of_language(code), app.jinja_env):
            compiled = environment.compile(source, name=file, filename=file)
            template = environment.template_class.from_code(environment, compiled, environment.make_globals(None))
            with app.test_request_context("/me/exams/"), languages.force_locale(code):
                said.append(template.render(**values))
        return said

    return rendered


SOURCES = [
    "{{ _('Go back') }}",
    "<b title=\"{{ _('Go back') }}\">{{ _('Go back') ~ name }}</b>",
    "{{ _('Question %(number)s of %(total)s', number=name, total=safe) }}",
    "{% set said = _('Go back') %}{{ said | upper }}",
    "{% macro m() %}{{ _('Go back') }}{% endmacro %}{{ m() }}",
    "{{ _(word) }}",
    "{{ ngettext('%(num)s minute', '%(num)s minutes', 2) }}",
    "{{ _('100%% & more') }}",
]


@pytest.mark.parametrize("code", languages.NAMES)
@pytest.mark.parametrize("name", ["a.html", "a.txt"])
@pytest.mark.parametrize("source", SOURCES)
def test_a_folded_page_says_what_an_unfolded_one_says(rendered, source, code, name):
    values = {"name": "<i>", "safe": Markup("<b>"), "word": "Go back"}
    folded, looked_up = rendered(source, code, name, **values)
    assert folded == looked_up


def test_values_are_escaped_and_the_sentence_is_not(rendered):
    said, _ = rendered("{{ _('Question %(number)s of %(total)s', number=name, total=2) }}", "en", name="<i>")
    assert said == "Question &lt;i&gt; of 2"


def test_a_sentence_is_in_the_language_of_who_looks(app):
    said = {}
    for code in languages.NAMES:
        with app.test_request_context("/me/exams/"), languages.force_locale(code):
            said[code] = app.jinja_env.get_template("base.html")
    assert len({id(template) for template in said.values()}) == len(languages.NAMES)
    assert all(languages.catalogue(code).ugettext(SAID) for code in languages.NAMES)


def test_each_language_is_compiled_once_and_shares_what_is_set_up(app):
    environment = app.jinja_env
    assert isinstance(environment, PageEnvironment)
    german = environment.of_language("de")
    assert german is environment.of_language("de")
    assert german.globals is environment.globals and german.filters is environment.filters
    assert german.get_template("base.html") is german.get_template("base.html")


def test_a_macro_imported_without_a_context_is_made_once(app):
    with app.test_request_context("/"):
        icons = app.jinja_env.get_template("macros/icon.html")
        page = app.jinja_env.of_language("en").from_string("", globals={"of this page": 1})
        assert icons._get_default_module(page.new_context()) is icons._get_default_module()


def test_an_overlay_with_settings_of_its_own_has_templates_of_its_own(app):
    close = app.jinja_env.overlay(trim_blocks=True)
    assert close.of_language("de").trim_blocks and not app.jinja_env.of_language("de").trim_blocks
