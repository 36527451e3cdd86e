"""The list of attempts for tests: who is in it, and whom a filter finds."""

from portal.domain.attempts import search
from portal.domain.attempts.search import AttemptFilter
from tests import make
from tests.make import NOON, S


def attempt(exam, name, status=S.STARTED, **given):
    learner = make.user(name=name, email=f"{name.split()[0].lower()}@example.edu")
    return make.attempt(status, exam=exam, learner=learner, **given)


def names(exam, **wanted):
    """Of the learners found, in order; all on one page."""
    found = search.search(exam, AttemptFilter(**wanted), now=NOON)
    assert found.total == len(found.items)
    return [one.learner_name for one in found.items]
