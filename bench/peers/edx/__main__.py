"""``python -m bench.peers.edx PLAN JOURNEYS``, in the peer's environment: sets Django up, then makes the data."""

import sys
from pathlib import Path

import django


def main(plan: str, journeys: str) -> None:
    django.setup()
    from bench.peers.edx import seed  # Models can be imported once Django is set up.

    seed.run(Path(plan), Path(journeys))


if __name__ == "__main__":
    main(*sys.argv[1:])
