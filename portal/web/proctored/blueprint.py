"""The blueprint that the files of this room hang their pages on."""

from flask import Blueprint

bp = Blueprint("proctored", __name__)
