"""Who holds an attempt for review: taken, held for longer, given back, run out, and never more than ten."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.errors import NotNow
from portal.domain.reviews import claims
from portal.models import Attempt, ReviewClaim, User
from tests import make, review_factories
from tests.make import NOON

LASTS = timedelta(hours=4)
MOMENT = timedelta(seconds=1)
#: The claim is made at noon: so long afterwards, and whether it still holds.
LATER = [(timedelta(0), True), (timedelta(hours=3), True), (LASTS - MOMENT, True), (LASTS, False), (2 * LASTS, False)]


@pytest.fixture
def exam(app):
    return make.exam(is_proctored=True, provider_slug="proctorco")


@pytest.fixture
def attempt(exam):
    return review_factories.proctored(exam=exam)


@pytest.fixture
def lind(attempt):
    return review_factories.reviewer(attempt, name="Dr Lind")


@pytest.fixture
def okoro(attempt):
    return review_factories.reviewer(attempt, name="Prof. Okoro")


def claim(by: User, *attempts: Attempt, now=NOON) -> int:
    with writing():
        return claims.claim([one.id for one in attempts], by, now=now)


def holder(attempt: Attempt, *, now=NOON) -> User | None:
    held = claims.holder(attempt, now=now)
    return held.reviewer if held else None


def holders(*attempts: Attempt, now=NOON) -> list[User | None]:
    return [holder(one, now=now) for one in attempts]


def more(exam, number: int) -> list[Attempt]:
    return [review_factories.proctored(exam=exam) for _ in range(number)]


def kept() -> int:
    """How many claims are in the database, also those that have run out."""
    return db.session.query(ReviewClaim).count()


def test_what_nobody_has_claimed_is_free_for_all(attempt, lind, okoro):
    assert holder(attempt) is None
    for person in (lind, okoro):
        assert claims.count(person, now=NOON) == 0
        claims.check_free(attempt, person, now=NOON)


def test_a_claim_is_the_persons_and_only_of_what_they_took(exam, attempt, lind, okoro):
    [other] = more(exam, 1)
    assert claim(lind, attempt) == 1
    assert holders(attempt, other) == [lind, None]
    assert (claims.count(lind, now=NOON), claims.count(okoro, now=NOON)) == (1, 0)


@pytest.mark.parametrize(("later", "holds"), LATER)
def test_how_long_a_claim_holds(attempt, lind, okoro, later, holds):
    claim(lind, attempt)
    at = NOON + later
    assert (holder(attempt, now=at), claims.count(lind, now=at)) == ((lind, 1) if holds else (None, 0))
    claims.check_free(attempt, lind, now=at)
    if not holds:
        claims.check_free(attempt, okoro, now=at)
        return
    with pytest.raises(NotNow, match="Dr Lind is reviewing"):
        claims.check_free(attempt, okoro, now=at)


@pytest.mark.parametrize(("later", "holds"), LATER)
def test_somebody_else_gets_it_only_when_it_has_run_out(attempt, lind, okoro, later, holds):
    claim(lind, attempt)
    at = NOON + later
    assert claim(okoro, attempt, now=at) == (0 if holds else 1)
    assert holder(attempt, now=at) is (lind if holds else okoro)
    assert kept() == 1
    if not holds:
        assert holder(attempt, now=at + LASTS - MOMENT) is okoro


@pytest.mark.parametrize(("later", "is_new"), [(later, not holds) for later, holds in LATER])
def test_ones_own_is_held_for_longer_and_counts_as_new_only_when_it_had_run_out(attempt, lind, later, is_new):
    claim(lind, attempt)
    assert claim(lind, attempt, now=NOON + later) == int(is_new)
    ends_at = NOON + later + LASTS
    assert (holder(attempt, now=ends_at - MOMENT), holder(attempt, now=ends_at)) == (lind, None)
    assert kept() == 1


@pytest.mark.parametrize(("has", "asks", "gets"), [(0, 3, 3), (0, 10, 10), (0, 12, 10), (8, 5, 2), (10, 1, 0)])
def test_ten_at_most_at_a_time_in_the_order_asked_for(exam, lind, has, asks, gets):
    claim(lind, *more(exam, has))
    asked = more(exam, asks)
    assert claim(lind, *asked) == gets
    assert holders(*asked) == [lind] * gets + [None] * (asks - gets)
    assert claims.count(lind, now=NOON) == has + gets == min(has + asks, claims.MOST)


def test_what_has_run_out_takes_no_room_and_what_others_hold_neither(exam, lind, okoro):
    earlier, theirs, wanted = more(exam, 10), more(exam, 2), more(exam, 10)
    claim(lind, *earlier)
    later = NOON + LASTS
    claim(okoro, *theirs, now=later)
    assert claim(lind, *theirs, *wanted, now=later) == 10
    assert set(holders(*wanted, now=later)) == {lind} and set(holders(*theirs, now=later)) == {okoro}


def test_ones_own_are_held_for_longer_though_there_is_no_room_for_another(exam, attempt, lind):
    mine = more(exam, 10)
    claim(lind, *mine)
    assert claim(lind, attempt, *mine, now=NOON + timedelta(hours=1)) == 0
    assert set(holders(*mine, now=NOON + LASTS)) == {lind}
    assert holder(attempt, now=NOON + timedelta(hours=1)) is None


def test_two_may_hold_different_attempts_and_each_counts_their_own(exam, lind, okoro):
    first, second, third = more(exam, 3)
    assert (claim(lind, first, second), claim(okoro, first, second, third)) == (2, 1)
    assert holders(first, second, third) == [lind, lind, okoro]
    assert (claims.count(lind, now=NOON), claims.count(okoro, now=NOON)) == (2, 1)


@pytest.mark.parametrize("by_holder", [True, False])
def test_only_the_holder_gives_it_back(exam, attempt, lind, okoro, by_holder):
    [other] = more(exam, 1)
    claim(lind, attempt, other)
    with writing():
        claims.release(attempt.id, lind if by_holder else okoro)
    assert holders(attempt, other) == [None if by_holder else lind, lind]
    assert claim(okoro, attempt) == int(by_holder)


def test_giving_back_what_one_does_not_hold_changes_nothing(attempt, lind):
    for _ in range(2):
        with writing():
            claims.release(attempt.id, lind)
            claims.release_all(lind)
    assert (holder(attempt), kept()) == (None, 0)


def test_all_of_ones_own_are_given_back_and_nobody_elses(exam, lind, okoro):
    mine, theirs = more(exam, 3), more(exam, 2)
    claim(lind, *mine)
    claim(okoro, *theirs)
    with writing():
        claims.release_all(lind)
    assert holders(*mine, *theirs) == [None] * 3 + [okoro] * 2
    assert (claims.count(lind, now=NOON), claims.count(okoro, now=NOON)) == (0, 2)
    assert claim(okoro, *mine) == 3


def test_after_giving_one_back_there_is_room_for_another(exam, attempt, lind):
    mine = more(exam, 10)
    claim(lind, *mine)
    with writing():
        claims.release(mine[0].id, lind)
    assert claim(lind, attempt, mine[0]) == 1
    assert holders(attempt, mine[0]) == [lind, None]
