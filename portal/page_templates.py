"""Templates, compiled once for each language: a sentence that never changes is text in the compiled page.

A page says some hundred sentences. Looking each up while the page is made took a tenth of its time; compiled in,
they cost nothing. The figures are in ``docs/performance.md``.
"""

from collections.abc import Callable, Iterator, MutableMapping
from typing import cast

from flask import Flask
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Environment, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from portal import languages

#: What templates call to say a sentence.
SAYS = frozenset({"_", "gettext"})


Block = Callable[[Context], Iterator[str]]


class PageTemplate(Template):
    """A template whose macros, imported without a page's context, are made once, and whose blocks are one text each.

    Jinja compares the globals of both templates at each import, to find none that differ: nobody gives a template
    globals of its own here. And it passes each of a page's thousand pieces on through every template that extends
    another, so that a page could be sent piece by piece: no page here is.
    """

    @classmethod
    def _from_namespace(
        cls, environment: Environment, namespace: MutableMapping[str, object], globals: MutableMapping[str, object]
    ) -> "PageTemplate":
        blocks = cast(dict[str, Block], namespace["blocks"])
        for name, block in blocks.items():
            # A block that asks for what it replaces names itself, by the name that it has in here.
            blocks[name] = namespace[block.__name__] = _in_one_piece(block)
        return cast(PageTemplate, super()._from_namespace(environment, namespace, globals))

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def _in_one_piece(block: Block) -> Block:
    return lambda context: iter(("".join(block(context)),))


class PageEnvironment(FlaskEnvironment):
    """Hands out the templates of the language that sentences come in just now; each language has its own cache."""

    template_class = PageTemplate
    said_in: str | None = None
    """The language that is compiled in; None: it hands out templates of others."""
    _known: "tuple[PageEnvironment | None, dict[str, PageEnvironment]]" = (None, {})
    """Whose they are, and those of each language."""

    def of_language(self, code: str) -> "PageEnvironment":
        """The same settings, globals and filters, for templates in this language; the same one each time."""
        if self._known[0] is not self:  # An overlay takes over what its origin knows, and has settings of its own.
            self._known = (self, {})
        _, known = self._known
        if code not in known:
            known[code] = self.overlay()
            known[code].said_in = code
        return known[code]

    def forget_languages(self) -> None:
        """What was compiled, after a catalogue has changed; for tests."""
        self._known = (None, {})

    def _load_template(self, name: str, globals: MutableMapping[str, object] | None) -> Template:
        if self.said_in is None:
            return self.of_language(languages.current())._load_template(name, globals)
        return super()._load_template(name, globals)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        page = super()._parse(source, name, filename)
        if self.said_in is None:
            return page
        is_escaped = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        folded: nodes.Template = Folding(self.said_in, is_escaped=is_escaped).visit(page)
        return folded


class Folding(NodeTransformer):
    """Puts the sentences of one language where a template asks for them.

    Does what ``_()`` does at the moment that the page is made: the sentence is ours and is not escaped, each value
    put into it is.
    """

    def __init__(self, code: str, *, is_escaped: bool) -> None:
        self._catalogue, self._is_escaped = languages.catalogue(code), is_escaped

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        sentence = _sentence_of(node)
        if sentence is None:
            return node
        said = self._catalogue.ugettext(sentence)
        text = nodes.Const(Markup(said) if self._is_escaped else said, lineno=node.lineno)
        if not node.kwargs and "%" not in said:
            return text
        values = [nodes.Pair(nodes.Const(one.key), one.value, lineno=node.lineno) for one in node.kwargs]
        return nodes.Mod(text, nodes.Dict(values, lineno=node.lineno), lineno=node.lineno)


def _sentence_of(node: nodes.Call) -> str | None:
    """What is said here, if it is the same each time."""
    is_said = isinstance(node.node, nodes.Name) and node.node.name in SAYS
    if not is_said or len(node.args) != 1 or node.dyn_args or node.dyn_kwargs:
        return None
    sentence = node.args[0]
    if not isinstance(sentence, nodes.Const) or not isinstance(sentence.value, str):
        return None
    return sentence.value


def init_app(app: Flask) -> None:
    """Before anything asks for the app's templates."""
    app.jinja_environment = PageEnvironment
