"""The list of attempts: what is looked for stands in the address."""

import pytest

from portal.domain import pages
from portal.domain.attempts import search
from portal.models import Role
from tests import make
from tests.make import S


@pytest.fixture
def exam(app, sign_in):
    exam = make.exam()
    sign_in(make.member(Role.STAFF, course=exam.course))
    return exam


def attempt(exam, name, status=S.STARTED):
    return make.attempt(status, exam=exam, learner=make.user(name=name))


def test_everyone_is_listed_with_state_and_reference(client, exam):
    ref = attempt(exam, "Ada Rahimi").ref
    page = client.get(f"/teach/exams/{exam.slug}/attempts").text
    for words in ("Ada Rahimi", "In progress", "60 min left", "0 of 3", ref, '<b class="ink">1</b> attempt'):
        assert words in page


def test_the_address_says_what_is_looked_for(client, exam):
    attempt(exam, "Ada Rahimi")
    attempt(exam, "Bo Lind", S.SUBMITTED)
    page = client.get(f"/teach/exams/{exam.slug}/attempts?q=i&state=submitted&sort=learner").text
    assert "Bo Lind" in page and "Ada Rahimi" not in page
    assert '<option value="submitted" selected>' in page
    assert "attempts?q=i&amp;state=submitted&amp;sort=-learner" in page
    assert 'aria-sort="ascending"' in page


def test_nothing_found_offers_to_look_for_everything(client, exam):
    attempt(exam, "Ada Rahimi")
    assert "No attempt matches these filters." in client.get(f"/teach/exams/{exam.slug}/attempts?q=zz").text


def test_an_exam_nobody_has_begun(client, exam):
    assert "Nobody has started this exam." in client.get(f"/teach/exams/{exam.slug}/attempts").text


@pytest.mark.parametrize(
    "nonsense", ["page=-1", "page=x", "page=99999999999999999999", "sort=drop", "q=%00", "state=x"]
)
def test_nonsense_in_the_address_asks_for_nothing(client, exam, nonsense):
    attempt(exam, "Ada Rahimi")
    page = client.get(f"/teach/exams/{exam.slug}/attempts?{nonsense}")
    assert page.status_code == 200
    assert "Ada Rahimi" in page.text


def test_pages_keep_what_is_looked_for(client, exam, monkeypatch):
    monkeypatch.setattr(search, "PAGE_SIZE", 1)
    for name in "ABCDEFG":
        attempt(exam, name)
    page = client.get(f"/teach/exams/{exam.slug}/attempts?state=in-progress&page=4").text
    assert "4 to 4 of 7" in page
    assert "attempts?state=in-progress&amp;page=5" in page
    assert page.count("<span>…</span>") == 2


def test_a_long_list_says_that_it_is_longer_than_was_counted(client, exam, monkeypatch):
    monkeypatch.setattr(search, "PAGE_SIZE", 1)
    monkeypatch.setattr(pages, "COUNTED", 3)
    for name in "ABCDE":
        attempt(exam, name)
    url = f"/teach/exams/{exam.slug}/attempts"
    page = client.get(url).text
    assert 'More than <b class="ink">3</b> attempts' in page and "1 to 1 of more than 3" in page
    last = client.get(f"{url}?page=4").text
    assert '<b class="ink">5</b> attempts' in last and "4 to 4 of 5" in last and "More than" not in last


def test_the_list_costs_the_same_for_many(client, exam, statements):
    for number in range(12):
        attempt(exam, f"Learner {number}")
    url = f"/teach/exams/{exam.slug}/attempts?q=learner&allowance=without&state=in-progress"
    statements.clear()
    client.get(url)
    assert len(statements) <= 8
