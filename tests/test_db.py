"""The one way to write, where several processes come from one: a fork must not inherit a lock nobody can open."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: Forks while a thread is about to write, as a server may, and lets the child write.
FORKING = """
import os, signal
import portal.db
from portal import create_app
from portal.db import db, writing
app = create_app(DATA=FOLDER, SECRET_KEY="x" * 40, WORKER="off")
portal.db._SQLITE_WRITER.acquire()
child = os.fork()
if child == 0:
    signal.alarm(15)  # Ends a child that waits for ever.
    with app.app_context(), writing() as session:
        session.execute(db.text("CREATE TABLE told (word TEXT)"))
    os._exit(0)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_child_of_a_writing_process_can_write(tmp_path):
    program = FORKING.replace("FOLDER", repr(str(tmp_path)))
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=90)
