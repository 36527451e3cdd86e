"""Accounts: finding them, making them, and what ends every session of one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, String, bindparam, func, select

from portal.db import db
from portal.db.fast import columns_of, prepared, read_apart
from portal.domain.accounts import ended_sessions
from portal.domain.errors import BadInput
from portal.domain.text.clean_text import one_line
from portal.models import User

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
#: Longer ones are judged by their beginning: an estimate of all of it would take long, and it is strong enough then.
LONGEST_JUDGED = 32
#: Of zxcvbn's 0 to 4: more than 100 million guesses.
LEAST_SCORE = 3
#: Words that somebody who guesses here would try.
OUR_WORDS = ("invigil", "exam", "portal", "proctor")
LONGEST_NAME = 200


def find_by_email(email: str) -> User | None:
    """Case does not count in an email address."""
    return db.session.scalar(select(User).where(func.lower(User.email) == tidy_email(email)))


def read_by_email(email: str) -> User | None:
    """The same to look at: no part of the session, so that no transaction reads it again (:func:`read_apart`)."""
    return read_apart(User, _by_email(), {"email": tidy_email(email)})


@prepared
def _by_email() -> Select[*tuple[object, ...]]:
    return select(*columns_of(User)).where(func.lower(User.email) == bindparam("email"))


def find(user_id: int) -> User | None:
    return db.session.get(User, user_id)


def get(user_id: int) -> User:
    """An account that is known to exist; inside ``writing()``, a row that may be changed."""
    return db.session.get_one(User, user_id)


def lock(user_id: int) -> User:
    """The same, held until the transaction ends."""
    return db.session.get_one(User, user_id, with_for_update=True)


def find_signed_in(user_id: int, epoch: int, key: str) -> User | None:
    """An active account whose epoch is still this one, unless the session of this key was ended.

    It is no part of the session; who changes an account takes it with :func:`get`.
    """
    return read_apart(User, _signed_in(), {"user_id": user_id, "epoch": epoch, "key": key})


@prepared
def _signed_in() -> Select[*tuple[object, ...]]:
    """Built once: every request asks it."""
    return select(*columns_of(User)).where(
        User.id == bindparam("user_id"),
        User.session_epoch == bindparam("epoch"),
        User.is_active,
        ~ended_sessions.has_ended(bindparam("key", type_=String)),
    )


def list_all() -> Sequence[User]:
    """Every account, by email address."""
    return db.session.scalars(select(User).order_by(User.email)).all()


def is_there_anybody() -> bool:
    """Whether this database has an account."""
    return db.session.scalar(select(User.id).limit(1)) is not None


def any_with_password(emails: Sequence[str]) -> str | None:
    """The address of one of these accounts that can sign in with a password, if there is one."""
    known = select(User.email).where(func.lower(User.email).in_(emails), User.password_hash.is_not(None))
    return db.session.scalar(known.limit(1))


def create(email: str, name: str, *, password_hash: str | None, now: datetime, is_administrator: bool = False) -> User:
    """A new account. ``password_hash`` None: this person signs in some other way."""
    email, name = tidy_email(email), one_line(name)
    check_email(email)
    if not name:
        raise BadInput("name", "Enter the person's name.")
    if len(name) > LONGEST_NAME:
        raise BadInput("name", "Enter the person's name in 200 characters or fewer.")
    if find_by_email(email):
        raise BadInput("email", "An account with this email address already exists.")
    user = User(email=email, name=name, password_hash=password_hash, is_administrator=is_administrator, created_at=now)
    db.session.add(user)
    return user


def check_email(email: str) -> None:
    """A domain may have letters beyond ASCII, the part before it may not. :raises BadInput: no email could reach it."""
    name, at, domain = email.partition("@")
    if not (name and at and domain) or "@" in domain or any(letter.isspace() for letter in email):
        raise BadInput("email", "Enter an email address such as ada@example.edu.")
    if not name.isascii():
        raise BadInput("email", "Enter an email address with only basic letters before the @, such as ada@example.edu.")
    try:
        domain.encode("idna")
    except UnicodeError as err:
        raise BadInput("email", "Enter an email address such as ada@example.edu.") from err


def sign_out_everywhere(user: User) -> None:
    """Every cookie given so far stops working."""
    user.session_epoch += 1


def change_password(user: User, password_hash: str) -> None:
    """A new password ends every session: whoever knew the old one is out."""
    user.password_hash = password_hash
    sign_out_everywhere(user)


def check_new_password(password: str, *, email: str, name: str) -> None:
    """:raises BadInput: if the password is easy to guess for somebody who knows the person."""
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(
            "password", "Use at least %(count)s characters. Several words in a row work well.", count=SHORTEST_PASSWORD
        )
    if len(password) > LONGEST_PASSWORD:
        raise BadInput("password", "Use %(count)s characters or fewer.", count=LONGEST_PASSWORD)
    known = [tidy_email(email), tidy_email(email).partition("@")[0], *name.lower().split()]
    if any(len(word) > 2 and word in password.lower() for word in known):
        raise BadInput("password", "Do not use your name or email address in the password. Attackers try them first.")
    if _is_guessed_soon(password, known):
        raise BadInput("password", "This password is too common. Use three or four unrelated words.")


def _is_guessed_soon(password: str, known: list[str]) -> bool:
    """Whether it is among those that are tried first: what others use, keys in a row, a word with a year."""
    from zxcvbn import zxcvbn  # Its lists of words take a while to load, and few ever need them.

    judged = zxcvbn(password[:LONGEST_JUDGED], user_inputs=[*known, *OUR_WORDS])
    return int(judged["score"]) < LEAST_SCORE


def tidy_email(email: str) -> str:
    return email.strip().lower()
