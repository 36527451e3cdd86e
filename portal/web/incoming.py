"""The one door for what browsers send: addresses, forms, JSON and cookies come in clean and within bounds, or not."""

from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, PathConverter, UnicodeConverter
from werkzeug.utils import cached_property

from portal.domain.clean_text import REPLACEMENT, Unreadable, clean, clean_json
from portal.domain.numbers import nearest_whole

#: What no database column of ours counts beyond.
LARGEST_ID = 2**31 - 1
#: Kept as typed: a password is compared byte by byte with what it was when it was set.
AS_TYPED = frozenset({"password", "again", "client_secret"})


class Id(IntegerConverter):
    """A number in an address. One that no row can have is an address that leads nowhere, not a fault."""

    regex = r"\d{1,10}"

    def __init__(self, map: Any, **given: Any) -> None:
        super().__init__(map, **{"max": LARGEST_ID, **given})


class Name(UnicodeConverter):
    """A text in an address. A control in it, such as ``%00``, becomes a sign that no name of ours has."""

    def to_python(self, value: str) -> str:
        return value if value.isprintable() else named(value)


class Path(PathConverter):
    def to_python(self, value: str) -> str:
        return value if value.isprintable() else named(value)


def named(value: str) -> str:
    return "".join(one if one.isprintable() else REPLACEMENT for one in value)


class Said(ImmutableMultiDict[str, str]):
    """What an address or a form says, by name."""

    def get(self, key: str, default: object = None, type: Any = None) -> object:  # type: ignore[override]
        """As Werkzeug has it, but that a whole number has nine digits at most; with more it is the largest of them."""
        return super().get(key, default, nearest_whole if type is int else type)


class Incoming(Request):
    """A request whose texts any database can keep and any page can show."""

    @cached_property
    def args(self) -> Said:
        return _cleaned(super().args)

    @cached_property
    def cookies(self) -> Said:
        return _cleaned(super().cookies)

    def _load_form_data(self) -> None:
        is_loaded = "form" in self.__dict__
        super()._load_form_data()
        if is_loaded:
            return
        self.__dict__["form"] = _cleaned(self.__dict__["form"])
        for _, file in self.__dict__["files"].items(multi=True):
            file.filename = clean(file.filename or "")

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> object:
        """As Flask has it. What is nested beyond reason is not JSON for us, and as silent about it as the rest."""
        try:
            return clean_json(super().get_json(force=force, silent=silent, cache=cache))
        except (RecursionError, Unreadable):
            if silent:
                return None
            raise BadRequest("The JSON of the request is nested too deep, or has a number beyond 2^53.") from None


def _cleaned(said: MultiDict[str, str]) -> Said:
    return Said([(clean(name), value if name in AS_TYPED else clean(value)) for name, value in said.items(multi=True)])


def init_app(app: Flask) -> None:
    """Before any door is registered: its addresses take their numbers from here."""
    app.request_class = Incoming
    app.url_map.converters = dict(app.url_map.converters)
    app.url_map.converters |= {"int": Id, "default": Name, "string": Name, "path": Path}
