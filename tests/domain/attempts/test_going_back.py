"""Going back to the questions is no start: an exam that does not run refuses it, whatever its status."""

import pytest

from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.errors import IllegalTransition
from portal.models.attempts.attempt import RUNNING
from tests import make
from tests.make import NOON, S


@pytest.mark.parametrize("status", S)
def test_only_a_running_exam_has_a_way_back(app, status):
    made = make.attempt(status)
    try:
        with writing():
            attempts.go_back(attempts.lock(made.id), made.learner, now=NOON)
        became = attempts.get(made.id).status
    except IllegalTransition:
        became = None
    assert became == (S.STARTED if status in RUNNING else None)
