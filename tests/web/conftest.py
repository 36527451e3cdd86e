"""What the tests of the review pages begin with; a file of tests may put its own in their place."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.models import Attempt, User
from tests import make, review_factories


@pytest.fixture
def attempt(app: Flask) -> Attempt:
    """One of Ada Rahimi's, held for a second look."""
    return review_factories.waiting(learner=make.user(name="Ada Rahimi", email="ada@example.edu"))


@pytest.fixture
def reviewer(attempt: Attempt, sign_in: Callable[..., User]) -> User:
    """Who may review it, signed in."""
    return sign_in(review_factories.reviewer(attempt, name="Dr Lind"))
