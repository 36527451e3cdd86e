"""Whatever hypothesis thinks of is typed at every door and put into every column; then every page is opened.

CI tries 200 examples, half of each kind, and after each opens a twelfth of the pages, in turn; the long run a quarter:
``PORTAL_TEST_STORED=5000 pytest tests/resilience/fuzzing/test_whatever_is_stored.py``; do it after a change
to templates, to mails or to ``portal/web/gate/incoming.py``.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Enum, String, text

from portal.db import db
from tests.resilience.fuzzing.stored_world import StoredWorld, storable

EXAMPLES = int(os.environ.get("PORTAL_TEST_STORED", "200"))
ONE_OF = 4 if EXAMPLES > 200 else 12
THOROUGHLY = settings(
    max_examples=max(1, EXAMPLES // 2),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    print_blob=True,
    phases=[Phase.generate],  # A smaller example would cost minutes; the failing one is printed whole.
)
#: What people's devices have sent, and what breaks pages, mails, databases and spreadsheets.
KNOWN = [
    "\ud83d", "\x00", "a\x00b", "e\u0301", "\u202eevil", "\U0001f600" * 50, "<script>alert(1)</script>", "{{ 7 * 7 }}",
    "%(name)s", "%s", "{name}", "a\r\nBcc: x@example.org", "\x1b[31m", "\ufffe\uffff", "=1+1", "1e1000000", "9" * 300,
    "x" * 5000, "\u2028\u2029", "]]>", "&#0;", "\x85", "\ufeff", "\u0600" * 20, "a" * 300 + "\u0301" * 300,
]  # fmt: skip
WORDS = st.sampled_from(KNOWN) | st.text(st.characters(exclude_categories=[]), max_size=80)


@pytest.fixture
def world(app):
    return StoredWorld(app)


def test_whatever_is_typed_at_a_door_is_kept_or_refused_and_shown(world):
    """Never a fault, at any door, and every page afterwards shows what was kept."""

    @THOROUGHLY
    @given(words=st.lists(WORDS, min_size=4, max_size=4))
    def one(words: list[str]) -> None:
        world.put_back()
        for door in world.doors(words):
            answer = door()
            assert answer.status_code < 500, (answer.request.path, answer.text[:500])
        world.open_pages(search=words[0], one_of=ONE_OF)

    one()


#: Written by the portal itself, or names things in addresses: nobody types them.
NOT_TYPED = {
    "slug", "key", "ref", "status", "topic", "email", "password_hash", "folded", "provider_slug", "external_id",
    "sha256", "media_type", "event", "actor", "from_status", "to_status", "setting", "kind", "content_id",
    "window_browser", "resume_state", "by_role", "ledger", "standing", "reason_code", "verdict", "text_html", "unit",
    "materials_html", "lease_token",
    "attempt_code", "open_key", "question_group", "escalation_email", "time_zone", "language", "fingerprint",
    "base_url", "public_base_url", "contact_url", "contact_email", "client_id", "namespace", "last_result", "subject",
    "secret_hash", "previous_secret_hash", "problem", "last_error",
    "event_id", "type", "url", "delivery_id", "body_sha256", "provider_status",
}  # fmt: skip


def typed_columns() -> list[tuple[str, str]]:
    return [
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and not isinstance(column.type, Enum) and column.name not in NOT_TYPED
    ]


def held(word: str) -> str:
    """As a column of text can hold it at all."""
    return storable(word).replace("\x00", "") if db.engine.dialect.name == "postgresql" else storable(word)


def test_whatever_is_stored_is_shown(world):
    """Put there past every door, as an older version or another program may have."""
    columns = typed_columns()
    assert {("user", "name"), ("history_entry", "reason"), ("answer_file", "name")} <= set(columns)

    @THOROUGHLY
    @given(words=st.lists(WORDS, min_size=3, max_size=3))
    def one(words: list[str]) -> None:
        world.put_back()
        db.session.rollback()
        with db.engine.begin() as connection:
            for number, (table, column) in enumerate(columns):
                value = held(words[number % len(words)])
                value = value or "x" if column in {"note", "reason"} else value  # What the database itself asks for.
                connection.execute(text(f'UPDATE "{table}" SET "{column}" = :value'), {"value": value})
            for table in ("answer", "late_answer"):
                world.store_values(connection, table, words)
        world.open_pages(search=words[0], one_of=ONE_OF)

    one()


def test_json_of_an_older_version_is_shown(world):
    """Half an emoji could be stored in an answer once; it is shown as a sign, and marking does not mind."""
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE answer SET value = :value"), {"value": '"a\\ud83d"'})
    world.open_pages(search="", one_of=1)
