"""The backup, night after night, and what is got back from it."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portal import create_app
from portal.db import db, upgrade, writing
from portal.domain.accounts import people
from tests.conftest import SETTINGS
from tests.make import NOON

ROOT = Path(__file__).parents[2]


@pytest.fixture
def portal(tmp_path):
    """A portal on a folder of its own, with its tables."""
    app = create_app(**{**SETTINGS, "DATA": str(tmp_path / "data")})
    with app.app_context():
        upgrade.upgrade()
    return app


def add(app, email):
    with app.app_context(), writing():
        people.create(email, "Ada Byron", password_hash=None, now=NOON)


def emails(app):
    with app.app_context():
        return sorted(db.session.scalars(db.select(people.User.email)))


def back_up(app, file):
    return app.test_cli_runner().invoke(args=["backup", str(file)])


def test_a_copy_is_made_every_night_and_can_be_started_from(portal, tmp_path):
    file = tmp_path / "backup.sqlite"
    for night in ("first@example.edu", "second@example.edu"):
        add(portal, night)
        assert back_up(portal, file).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"data", "backup.sqlite"}
    add(portal, "later@example.edu")
    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(file, restored / "portal.sqlite")
    again = create_app(**{**SETTINGS, "DATA": str(restored)})
    assert emails(again) == ["first@example.edu", "second@example.edu"]
    with again.app_context():
        upgrade.upgrade()
    add(again, "third@example.edu")


def test_a_copy_that_cannot_be_made_leaves_the_one_before(portal, tmp_path):
    file = tmp_path / "backup.sqlite"
    back_up(portal, file)
    before = file.read_bytes()
    with portal.app_context():
        db.engine.dispose()
    for path in (tmp_path / "data").glob("portal.sqlite*"):
        path.write_bytes(b"no database any longer" * 500)
    done = back_up(portal, file)
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert done.output.startswith("Error: The backup failed")
    assert file.read_bytes() == before
    assert back_up(portal, tmp_path / "nowhere" / "backup.sqlite").exit_code == 1


def test_the_page_for_operators_says_this_command():
    assert "python3 dev.py flask backup " in (ROOT / "docs" / "operations.md").read_text()


def test_the_database_and_its_folder_are_private(tmp_path):
    """Whatever the account's umask lets others do."""
    words = (
        "import os; os.umask(0); import wsgi; from portal.db import db, upgrade\n"
        "with wsgi.app.app_context(): upgrade.upgrade(); db.session.execute(db.text('SELECT 1')); "
        "print(*(oct(p.stat().st_mode & 0o777) for p in sorted(__import__('pathlib').Path(os.environ['PORTAL_DATA'])"
        ".glob('portal.sqlite*')) if not p.name.endswith('-turn')))"
    )
    folder = tmp_path / "data"
    said = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, env={"PORTAL_DATA": str(folder)}, capture_output=True, text=True
    )
    assert set(said.stdout.split()) == {"0o600"}, said.stderr
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_was_open_to_others_is_closed(portal, tmp_path):
    folder, database = tmp_path / "data", tmp_path / "data" / "portal.sqlite"
    folder.chmod(0o755), database.chmod(0o644)
    create_app(**{**SETTINGS, "DATA": str(folder)})
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(database.stat().st_mode)) == (0o700, 0o600)


def test_a_folder_of_somebody_else_is_left_as_it_is(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    shared.chmod(0o755)
    create_app(**{**SETTINGS, "DATA": str(shared)})
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
