"""A learner's identity profiles: needed, being checked, valid until, not passed, out of date soon."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.domain.onboarding import profiles as onboarding_profiles
from portal.web.gate.guards import me
from portal.web.proctored.blueprint import bp


@bp.get("/me/onboarding/")
@login_required
def profiles() -> ResponseReturnValue:
    now = clock.now()
    return render_template("proctored/onboarding.html", profiles=onboarding_profiles.list_for(me(), now=now), now=now)
