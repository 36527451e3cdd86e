"""What proctoring providers' servers call: their access token, "ready", "reviewed", and PSI's own two addresses.

The paths are those of the edx-proctoring protocol, which providers have built in.
"""

from flask import Blueprint

bp = Blueprint("provider_api", __name__)

from portal.web.provider_api import callbacks, psi, tokens  # noqa: E402 - each adds its views to ``bp``.

__all__ = ["bp", "callbacks", "psi", "tokens"]
