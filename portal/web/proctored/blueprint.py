"""The blueprint that the files of this room hang their pages on."""

from flask import Blueprint

from portal.web.provider_api import admission

bp = Blueprint("proctored", __name__)
bp.before_request(admission.guard)
