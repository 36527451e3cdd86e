"""Who does what in a run: no journey is gone twice that can be gone only once, and no size is too small to measure."""

from itertools import product

import pytest

from bench import growth
from bench.__main__ import arguments
from bench.data.sizes import FULL, QUICK
from bench.works import Parts, Turn, Work

JOURNEYS = [[{"path": str(number)}] for number in range(40)]


def work(**how: bool) -> Work:
    return Work(name="w", title="W", data="", journeys=JOURNEYS, **how)


@pytest.mark.parametrize("rounds", [1, 3])
def test_what_can_be_gone_only_once_is_divided(rounds):
    every = [work(is_once=True).share(Turn(number, rounds), bare=bare)
             for number, bare in product(range(rounds), (False, True))]  # fmt: skip
    gone = [journey[0]["path"] for share in every for journey in share]
    assert len(gone) == len(set(gone)) == len(JOURNEYS) - 1


def test_what_leaves_a_version_behind_is_divided_between_rounds_only():
    first, second = (work(gives_versions=True).share(Turn(number, 2), bare=False) for number in range(2))
    assert first == work(gives_versions=True).share(Turn(0, 2), bare=True)
    assert not [journey for journey in first if journey in second]


def test_what_leaves_nothing_behind_is_gone_by_all():
    assert work().share(Turn(1, 2), bare=True) == JOURNEYS[:-1]


@pytest.mark.parametrize("size", [FULL, QUICK, growth.size_of(20_000)])
def test_nobody_submits_an_exam_that_another_work_goes_on_with(size):
    parts = Parts.of(size)
    assert not set(parts.stay) & set(parts.submit)
    assert len(parts.stay) + len(parts.submit) == size.running
    assert len(parts.begin) == size.learners - size.running
    assert min(len(parts.stay), len(parts.submit), len(parts.begin)) > 64


@pytest.mark.parametrize("attempts", growth.SIZES)
def test_growth_makes_as_many_attempts_as_it_says(attempts):
    assert growth.size_of(attempts).attempts == attempts
    assert growth.size_of(attempts).running <= FULL.running


def test_sizes_are_said_with_commas():
    assert growth.arguments(["--sizes", "2000,4000"]).sizes == (2_000, 4_000)


@pytest.mark.parametrize("said", ["100", "4000,2000", "2000,2000", "many", ""])
def test_sizes_that_make_no_sense_are_refused(said, capsys):
    with pytest.raises(SystemExit):
        growth.arguments(["--sizes", said])
    assert "--sizes" in capsys.readouterr().err


def test_only_sqlite_has_two_settings(capsys):
    assert arguments(["--synchronous", "both"]).synchronous == "both"
    with pytest.raises(SystemExit):
        arguments(["--synchronous", "both", "--database", "postgresql"])
    assert "SQLite" in capsys.readouterr().err
