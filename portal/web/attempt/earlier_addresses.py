"""Addresses of before: a page that was open while the portal was updated still sends to them, and loses nothing."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal.web.attempt import bp
from portal.web.gate.guards import my_attempt

#: Address before version 0.2.0 -> the endpoint of today.
EARLIER = {
    "hand-in": "attempt.submit",
    "go-on": "attempt.resume_clock",
    "cannot-go-on": "proctored.cannot_continue",
}


@login_required
def sent_earlier(ref: str) -> ResponseReturnValue:
    """On to the address of today, with the method and the form (RFC 9110, 15.4.9)."""
    earlier = request.path.rpartition("/")[2]
    return redirect(url_for(EARLIER[earlier], ref=my_attempt(ref).ref), 308)


for address in EARLIER:
    bp.post(f"/{address}")(sent_earlier)
