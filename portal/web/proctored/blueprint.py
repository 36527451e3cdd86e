"""The blueprint that the files of this room hang their pages on."""

from flask import Blueprint

from portal.web.gate import browser_gate

bp = Blueprint("proctored", __name__)
bp.before_request(browser_gate.guard)
