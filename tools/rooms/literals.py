"""What no rule covers: single places that are put right after the move, and names that are taken."""

from pathlib import Path

MESSAGE = "Rooms: modules and their tests move to where one looks for them; places, names, imports"
MESSAGE_AFTER = "The order of rooms is data in a test, and documents say why it is this one"
#: New dotted name of a module -> what it is called in a file where its own name means something else.
ALIASES: dict[str, str] = {
    "portal.domain.outbox.cases": "support_cases",
    "portal.domain.providers.port": "provider_port",
    "portal.domain.reviews.queue": "review_queue",
    "portal.domain.onboarding.profiles": "onboarding_profiles",
}
#: New path -> (before, after) pairs. What is not found any more is named at the end, to be done by hand.
EDITS: dict[str, list[tuple[str, str]]] = {
    "dev.py": [('"hard"', '"resilience"')],
    "tests/house/test_house.py": [
        (
            '{f"providers/{kind}.py" for kind in ("practice", "rest", "psi")}',
            '{"providers/practice.py", "providers/psi/provider.py", "providers/rest/provider.py"}',
        ),
    ],
    "tests/house/test_no_bare_words.py": [('path.parent.name != "models"', '"models" not in path.parts')],
    "tests/house/test_what_follows.py": [('path.name == "lifecycle.py"', 'path.name == "transitions.py"')],
    "tests/domain/answers/kinds/test_named_nowhere_else.py": [('rf"answer_kinds\\.(', 'rf"kinds\\.(')],
    "tests/cli/test_backup.py": [
        ("from portal import migrating; from portal.db import db", "from portal.db import db, upgrade"),
        ("migrating.upgrade(); db.session", "upgrade.upgrade(); db.session"),
    ],
}

#: Files that a line more of imports pushes over 250; where it is not there, the size is named at the end.
SHORTER: dict[str, list[tuple[str, str]]] = {
    "portal/web/teach/labels.py": [("REOPENED})\n\n\nRESET", "REOPENED})\nRESET")],
    "tests/house/test_house.py": [
        (
            "".join(
                f"        \"{word}\",\n"
                for word in (
                    "helpers", "helper", "utils", "util", "misc", "common", "manager", "managers", "base", "service",
                    "services",
                )
            ),
            '        "helpers", "helper", "utils", "util", "misc", "common", "manager", "managers", "base", "service",\n'
            '        "services",\n',
        ),
        ('        "services",\n    }\n', '        "services",\n    }  # fmt: skip\n'),
    ],
}  # fmt: skip
#: The same for what belongs to the second commit: documents.
WORDS: dict[str, list[tuple[str, str]]] = {
    "docs/design.md": [
        (
            "`tests/house/test_house.py` checks arrows, sizes and doors.\n",
            """`tests/house/test_house.py` checks arrows, sizes and doors.

`domain` has rooms of its own, in one order: `proctoring` > `attempts` > `reviews` > `onboarding` > `answers`, `readiness` > `timekeeping` >
`lifecycle` > `providers` > `courses` > `outbox` > `accounts` > `text`. Each imports only from those after it; `errors` and `access` are below all.
So a room can be read with nothing above it in mind. `jobs` has such an order (`worker` > `dispatcher` > `recurring` > `topics` > `mail` > `outbox`), and
in `web` no room of one kind of person asks another's: what they share stands in `gate`, `negotiation` and `formatting`. `tests/house/test_rooms.py`
has these orders as data, and how many files a folder may hold. Tests lie where their source does.

Where a lower room must have something done by a higher one, whoever calls hands it in: `publishing.publish(…, follow=exam_changes.follow)`.
`text` came out of `courses`, since answers, people and providers need the same cleaning and the same numbers. The dispatcher stands beside the
outbox of `jobs`, not in it, because it knows every topic and the topics know the outbox. A module is not called like what its callers keep in a
variable of that name: `exam_clock` beside `portal.clock`, `registrations`, `offers`, `profiles`.
""",
        ),
    ],
}


def apply(root: Path, edits: dict[str, list[tuple[str, str]]]) -> list[str]:
    missing = []
    for path, pairs in edits.items():
        file = root / path
        if not file.exists():
            missing.append(f"{path} is not there")
            continue
        text = file.read_text()
        for before, after in pairs:
            if before in text:
                text = text.replace(before, after)
            elif after not in text:
                missing.append(f"{path}: {before!r} is not there, which should become {after!r}")
        file.write_text(text)
    return missing
