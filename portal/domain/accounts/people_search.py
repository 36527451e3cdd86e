"""Finding people by what somebody types: the beginnings of words of their name and email address, in any spelling."""

from sqlalchemy import Select, func, select
from sqlalchemy.sql.selectable import SelectBase

from portal.db import db, full_text
from portal.db.fast import prepared, scalar, table_of
from portal.models import User
from portal.models.accounts.folding import folded

#: Of more people than this, an index of their words is no faster than reading those of one exam.
MOST = 5_000


def by_words(text: str) -> SelectBase | None:
    """Numbers of the accounts that have a word beginning with each word of ``text``, in any order, for a query.

    None: there is nobody, or there are more than :data:`MOST`, or the text has no words, as in scripts that write none
    apart. One query.
    """
    words = full_text.words_of(folded(text))
    if not words:
        return None
    dialect = db.engine.dialect.name
    wanted = full_text.wanted(words, dialect=dialect)
    if not 1 <= (scalar(_number(dialect), {"wanted": wanted, "most": MOST + 1}) or 0) <= MOST:
        return None
    return full_text.ids(table_of(User), "folded", dialect=dialect).bindparams(wanted=wanted, most=MOST)


@prepared
def _number(dialect: str) -> Select[int]:
    return select(func.count()).select_from(full_text.ids(table_of(User), "folded", dialect=dialect).subquery())
