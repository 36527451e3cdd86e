"""A test client that fails a test when a view or a page breaks a rule that holds for all of them."""

import gzip
import re
from contextvars import Context
from html.parser import HTMLParser
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.db import db

CHANGES = ("INSERT", "UPDATE", "DELETE")
#: What Python calls an object that was written into a page by mistake.
A_REPR = re.compile(r"&lt;[A-Z]\w+ (?:\d+|object at )[^&]*&gt;")


class Page(HTMLParser):
    """What the rules ask about a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings = 0
        self.faults: list[str] = []
        self._ids: set[str] = set()
        self._form: dict[str, str | None] | None = None
        self._has_token = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.headings += tag == "h1"
        self._look_at(tag, given)
        if tag == "form":
            self._form, self._has_token = given, False
        if tag == "input" and given.get("name") == "csrf_token" and given.get("value"):
            self._has_token = True

    def handle_endtag(self, tag: str) -> None:
        if tag != "form" or self._form is None:
            return
        posts = (self._form.get("method") or "get").lower() == "post"
        if posts != self._has_token:
            self.faults.append(f"the form to {self._form.get('action')} must have a token exactly if it posts")
        self._form = None

    def _look_at(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.faults.append("a script stands inside the page")
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"<{tag}> carries style or script of its own: {given}")
        if (name := given.get("id")) and name in self._ids:
            self.faults.append(f"two elements are called {name}")
        self._ids.add(given.get("id") or "")
        if tag == "html" and not given.get("lang"):
            self.faults.append("the page does not name its language")


class Witness:
    """Notes what the requests of a test did to the database."""

    def __init__(self, app: Flask) -> None:
        self.left_behind: list[str] = []
        self.outside: list[str] = []
        self.written = 0
        app.after_request(self._look_at_session)
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._look_at_statement)

    def forget(self) -> None:
        self.left_behind, self.outside, self.written = [], [], 0

    def _look_at_session(self, response: Any) -> Any:
        session = db.session()
        self.left_behind += [repr(row) for row in (*session.new, *session.dirty, *session.deleted)]
        return response

    def _look_at_statement(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.lstrip().upper().startswith(CHANGES):
            return
        self.written += 1
        if not has_app_context() or not db.session().info.get("writing"):
            self.outside.append(statement)


#: PSI's browser can do nothing but follow a link when its set-up is done (docs/design.md).
WRITING_GET = "/api/edx_proctoring/proctoring_launch_callback/"


class CheckedClient(FlaskClient):
    """Each request runs in a context of its own, as on a server: nothing of the test's leaks in."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        witness: Witness = self.application.extensions["witness"]
        witness.forget()
        kwargs.setdefault("buffered", True)  # Read whole, so that a file behind the answer is closed.
        response = Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.rollback()  # So that the test sees what the request committed.
        assert not witness.left_behind, f"the view changed rows outside writing(): {witness.left_behind}"
        assert not witness.outside, f"the view changed rows outside writing(): {witness.outside}"
        if response.request.method == "GET" and not response.request.path.startswith(WRITING_GET):
            assert not witness.written, f"GET {response.request.path} changed the database"
        _check_page(response)
        return response


def _check_page(response: TestResponse) -> None:
    if response.mimetype != "text/html" or response.status_code in {301, 302, 303, 304, 308}:
        return
    sent = response.get_data()
    html = (gzip.decompress(sent) if response.content_encoding == "gzip" else sent).decode()
    page = Page(html)
    assert not A_REPR.search(html), f"{response.request.path} shows {A_REPR.findall(html)}"
    assert page.headings == 1, f"{response.request.path} has {page.headings} main headings"
    assert not page.faults, f"{response.request.path}: {page.faults}"
