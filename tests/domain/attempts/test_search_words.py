"""Finding people among attempts by what somebody types: spellings, words, references."""

import pytest
from sqlalchemy import insert

from portal.db import db, writing
from portal.domain.accounts import people_search
from portal.domain.attempts import search
from portal.domain.attempts.search import AttemptFilter
from portal.models import User
from tests import make
from tests.domain.attempts.listing import attempt, names
from tests.make import NOON, S

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def exam():
    return make.exam()


#: Whose name, and every way of looking for it.
SPELLINGS = [
    ("Émile Ćwik-Özgür", ["Émile", "émile", "EMILE", "emile", "E\u0301mile", "Ćwik", "cwik", "ĆWIK", "özgür", "ozgur"]),
    ("Иван Иванов", ["иван", "ИВАН", "Иванов"]),
    ("Łukasz Størmer", ["lukasz", "łukasz", "stormer", "STØRMER"]),
    ("Anna  Groß", ["gross", "GROSS", "groß", "anna groß"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "ways"), SPELLINGS)
def test_a_name_is_found_in_any_spelling(exam, name, ways):
    learner = make.user(name=name, email="someone@example.edu")
    make.attempt(S.STARTED, exam=exam, learner=learner)
    attempt(exam, "Bo Lind")
    assert {way: names(exam, text=way) for way in ways} == {way: [name] for way in ways}


def test_a_new_name_is_found_at_once_and_the_old_one_no_more(exam):
    one = make.attempt(S.STARTED, exam=exam, learner=make.user(name="Ada Rahimi", email="someone@example.edu"))
    with writing() as session:
        session.get_one(User, one.learner_id).name = "Zoë Rahimi"
    assert (names(exam, text="zoe"), names(exam, text="ada rahimi")) == (["Zoë Rahimi"], [])


def test_whoever_writes_a_person_past_the_model_is_found_too(exam):
    with writing() as session:
        id = session.scalar(
            insert(User).values(name="Émile", email="e@example.edu", created_at=NOON).returning(User.id)
        )
    make.attempt(S.STARTED, exam=exam, learner=db.session.get_one(User, id))
    assert names(exam, text="emile") == ["Émile"]


@pytest.mark.parametrize("text", ["K7F-2QD4", "k7f2qd4", "K7F 2Q", "k7f\u20132qd4", "K7F2"])
def test_a_reference_is_found_without_its_hyphen(exam, text):
    attempt(exam, "Ada Rahimi", ref="K7F-2QD4")
    attempt(exam, "Bo Lind", ref="M3P-7XA2")
    assert names(exam, text=text) == ["Ada Rahimi"]


def test_people_are_sorted_as_people_expect(exam):
    people = ["Zoe", "Émile", "emil", "Özgür", "Oz", "Ćwik", "Cy", "Иван", "ådne"]
    for number, name in enumerate(people):
        make.attempt(S.STARTED, exam=exam, learner=make.user(name=name, email=f"p{number}@example.edu"))
    assert names(exam, sort="learner") == ["ådne", "Ćwik", "Cy", "emil", "Émile", "Oz", "Özgür", "Zoe", "Иван"]


#: What means something to a full text search, or to nobody.
SIGNS = ["\u0301", "\u200b", " ", '"', "'", "*", "ada*", "AND", "ada OR bo", "NEAR(ada bo)", "-ada", "^ada", "name: x",
         "ada:*", "!ada & <->", "{ada}", "\\", "a" * 100, "\x01ada"]  # fmt: skip


@pytest.mark.parametrize("text", SIGNS)
def test_whatever_is_looked_for_is_answered(exam, text):
    attempt(exam, "Ada Rahimi")
    search.search(exam, AttemptFilter(text=text), now=NOON)


def test_too_many_for_the_index_are_found_among_the_exams_own(exam, monkeypatch):
    monkeypatch.setattr(people_search, "MOST", 1)
    for name in ("Ada Rahimi", "Adam Lind", "Bo Adler"):
        attempt(exam, name)
    assert names(exam, text="ad", sort="learner") == ["Ada Rahimi", "Adam Lind", "Bo Adler"]
    assert names(exam, text="rahimi") == ["Ada Rahimi"]


@pytest.mark.parametrize("text", ["ada rah", "rahimi ada", "RAH exa", "ada@", "ada@example.edu"])
def test_words_may_stand_in_any_order_and_end_early_but_for_the_name_in_an_address(exam, text):
    attempt(exam, "Ada Rahimi")
    attempt(exam, "Adam Lind")
    assert names(exam, text=text) == ["Ada Rahimi"]


def test_the_inside_of_a_word_is_looked_at_where_nobodys_word_begins_so(exam):
    attempt(exam, "Ida Hoffmann")
    assert names(exam, text="mann") == ["Ida Hoffmann"]
    attempt(exam, "Bo Mann")
    assert names(exam, text="mann") == ["Bo Mann"]
    assert names(exam, text="mann", state="submitted") == []


@pytest.mark.parametrize(("name", "text"), [("王小明", "小明"), ("김민수", "민수"), ("สมชาย ใจดี", "ชาย")])
def test_a_name_without_blanks_is_found_by_any_part(exam, name, text):
    make.attempt(S.STARTED, exam=exam, learner=make.user(name=name, email="someone@example.edu"))
    attempt(exam, "Bo Lind")
    assert names(exam, text=text) == [name]
