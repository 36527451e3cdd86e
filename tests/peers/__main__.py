"""``python3 dev.py peers [WORDS FOR PYTEST]``: edX's own classes in an environment of their own, and what they find."""

import os
import sys

from dev import CannotGoOn
from tests.peers import environment


def main(words: list[str]) -> None:
    try:
        python = environment.ensure()
    except CannotGoOn as reason:
        sys.exit(str(reason))
    os.chdir(environment.HERE)  # Its pytest.ini stands in for the project's, and no other tests are near.
    os.execv(python, [str(python), "-m", "pytest", *words])


if __name__ == "__main__":
    main(sys.argv[1:])
