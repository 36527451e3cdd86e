"""Help for learners: how an exam works here, how accessible it is, and what is kept about a person."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("help", __name__)


@bp.get("/help")
def page() -> ResponseReturnValue:
    """For everybody, also before signing in."""
    return render_template("learner/help.html")
