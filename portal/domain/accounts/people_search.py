"""Finding people by what somebody types: the beginnings of words of their name and email address, in any spelling."""

from sqlalchemy.sql.selectable import TextualSelect

from portal.db import db, full_text
from portal.db.fast import prepared, table_of
from portal.models import User
from portal.models.accounts.folding import folded

#: Of more people than this, an index of their words is no faster than reading those of one exam.
MOST = 500


def ids_by_words(text: str) -> list[int] | None:
    """Accounts that have a word beginning with each word of ``text``, in any order; at most :data:`MOST`.

    None: there are more, or the text has no words, as in scripts that write none apart. One query.
    """
    words = full_text.words_of(folded(text))
    if not words:
        return None
    dialect = db.engine.dialect.name
    asked = {"wanted": full_text.wanted(words, dialect=dialect), "most": MOST + 1}
    found = list(db.session.connection().execute(_by_words(dialect), asked).scalars())
    return found if len(found) <= MOST else None


@prepared
def _by_words(dialect: str) -> TextualSelect:
    return full_text.ids(table_of(User), "folded", dialect=dialect)
