"""What a server imports: ``wsgi:app``."""

import sys

from portal import create_app
from portal.config import Misconfigured

try:
    app = create_app()
except Misconfigured as refusal:
    sys.exit(f"Invigil does not start. {refusal}")
