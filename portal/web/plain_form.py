"""The base of every form: it takes what a browser's form sends, and nothing that only looks like one."""

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict


class PlainForm(FlaskForm):
    """Flask-WTF takes JSON and files for fields, too; then a text may be a list, a number or a file."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: object, formdata: object) -> ImmutableMultiDict[str, str] | None:
            return request.form or None if request.method in {"POST", "PUT", "PATCH", "DELETE"} else None
