"""Question text on a page: sanitised when it was published, its pictures given their address here."""

import re

from flask import url_for
from markupsafe import Markup

from portal.web.attempt import bp

PICTURE = re.compile(r'(?<==")asset:([0-9a-f]{64})(?=")')


@bp.app_template_filter()
def question_html(html: str, ref: str) -> Markup:
    """Only for text that ``portal.domain.sanitising`` has cleaned; anything else must be escaped instead."""
    return Markup(PICTURE.sub(lambda found: url_for("attempt.asset", ref=ref, sha256=found[1]), html))
