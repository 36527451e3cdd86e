"""An index of words follows whoever writes the row, and knows what a word is."""

import pytest
from sqlalchemy import delete, insert, text, update

from portal.db import db, full_text, writing
from portal.models import User
from tests import make
from tests.make import NOON

WORDS = {
    "ada@exam": ["exam", "ada"],
    "o'neil-smith  [x]": ["o", "neil", "smith", "x"],
    "a\u2013b \u00abc\u00bb d\u2019e": ["a", "b", "c", "d", "e"],
    "ada ada": ["ada"],
    "иван": ["иван"],
    "% _ \\ ☃ \u0301": [],
    "王小明": [],
    "ada 明": [],
    "": [],
}


@pytest.mark.parametrize("looked_for", WORDS)
def test_a_text_is_taken_apart_into_words(looked_for):
    assert [word.text for word in full_text.words_of(looked_for)] == WORDS[looked_for]


def test_what_stands_before_an_at_sign_is_a_whole_word():
    said = full_text.words_of("ada.rahimi@example.ed")
    assert {word.text: word.is_whole for word in said} == {"ada": False, "rahimi": True, "example": False, "ed": False}


def found(words):
    dialect = db.engine.dialect.name
    asked = {"wanted": full_text.wanted(full_text.words_of(words), dialect=dialect), "most": 10}
    return set(db.session.scalars(full_text.ids(User.__table__, "folded", dialect=dialect), asked))


def test_each_word_has_to_begin_one_of_the_row(app):
    ada, bo = make.user(name="Ada Rahimi", email="x@example.edu"), make.user(name="Bo Adler", email="y@example.edu")
    assert found("ad") == {ada.id, bo.id}
    assert found("rah ad") == found("ada") == {ada.id}
    assert found("ahimi") == found("ada bo") == found("exa@") == set()
    assert found("x@exa") == found("x@example.edu") == {ada.id}


def test_it_follows_whoever_writes(app):
    with writing() as session:
        adding = insert(User).values(name="Émile", email="e@example.edu", created_at=NOON)
        id = session.scalar(adding.returning(User.id))
    assert found("emile") == {id}
    with writing() as session:
        session.execute(update(User).where(User.id == id).values(folded="zoe\ne@example.edu"))
    assert (found("emile"), found("zoe")) == (set(), {id})
    with writing() as session:
        session.execute(delete(User).where(User.id == id))
    assert found("zoe") == found("example") == set()
    if db.engine.dialect.name == "sqlite":
        with writing() as session:  # SQLite's own check: it raises where the index is not that of the rows.
            session.execute(text("INSERT INTO user_words(user_words, rank) VALUES ('integrity-check', 1)"))


def test_no_model_describes_what_the_index_is_made_of():
    assert not full_text.is_described("user_words_idx", "table", {})
    assert not full_text.is_described("ix_user_words", "index", {})
    assert full_text.is_described("user", "table", {}) and full_text.is_described(None, "index", {})
