"""What a learner can look at before a proctored exam: its rules and recording, and whether this device will do."""

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.domain.attempts import attempts, eligibility
from portal.domain.providers import lookup
from portal.domain.providers.provider_texts import text_of
from portal.domain.timekeeping import allowances
from portal.web.gate.guards import me, my_exam
from portal.web.proctored.blueprint import bp


@bp.get("/exams/<slug>/rules")
@login_required
def rules(slug: str) -> ResponseReturnValue:
    exam = my_exam(slug)
    is_without = eligibility.is_without_proctoring(exam, attempts.find_latest(exam, me()))
    provider = None if is_without or not exam.is_proctored else lookup.find(exam.provider_slug)
    return render_template(
        "proctored/rules.html",
        exam=exam,
        provider=provider,
        rules=[line.strip() for line in exam.review_rules.splitlines() if line.strip()],
        recorded=text_of(provider, "recorded", me().language) if provider else "",
        kept=text_of(provider, "kept", me().language) if provider else "",
        allowances=allowances.in_force(exam, me().id, now=clock.now()),
    )


@bp.get("/exams/<slug>/check")
@login_required
def device(slug: str) -> ResponseReturnValue:
    """The one page that may ask for camera and microphone; what it sees never leaves the browser."""
    g.permissions = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"
    return render_template("proctored/device.html", exam=my_exam(slug))
