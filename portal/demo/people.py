"""The people of the demo. All invented; their email goes to a domain that exists for examples."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.accounts import people
from portal.models import User


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody to sign in as, and what there is to see."""

    email: str
    name: str
    shows: str
    is_administrator: bool = False
    time_zone: str = "UTC"


ADMINISTRATOR = Account(
    email="admin@example.org", name="Robin Hale", shows="administrator: every course", is_administrator=True
)
TEAM = Account(email="team@example.org", name="Mara Lindqvist", shows="instructor of both courses")
STAFF_MEMBER = Account(email="staff@example.org", name="Idris Calloway", shows="staff of Weather and Climate")
PROCTOR = Account(email="proctor@example.org", name="Wanja Muriuki", shows="proctor of Weather and Climate")
REVIEWER = Account(email="reviewer@example.org", name="Teodora Vance", shows="reviewer of Weather and Climate")
LEARNER = Account(email="learner@example.org", name="Sam Tolliver", shows="learner")
LEARNER_WITH_MORE = Account(
    email="extra@example.org", name="Nora Brandvik", shows="learner with half as much time again"
)
ACCOUNTS = (ADMINISTRATOR, TEAM, STAFF_MEMBER, PROCTOR, REVIEWER, LEARNER, LEARNER_WITH_MORE)
#: They run courses; everybody else takes them.
STAFF = (ADMINISTRATOR, TEAM, STAFF_MEMBER, PROCTOR, REVIEWER)

#: Learners who fill the pages of the course team. They have no password.
OTHERS = (
    "Adaeze Nwoye", "Benedikt Aumann", "Carla Pontes", "Dilnoza Karimova", "Emre Yalvac", "Fenna Hoekstra",
    "Goran Belic", "Hanna Uusitalo", "Ilias Merroun", "Jun-seo Baek", "Kalinda Rao", "Lorcan Duignan",
    "Maximiliane Freifrau von Rosenhagen-Wittelsbek", "Nils Ockerman", "Oriane Vautrin", "Pilar Echave",
    "Qadir Hosseinzai", "Ruta Jankaite", "Soledad Ibarrola", "Tevita Fonua",
)  # fmt: skip


def make_accounts(password_hash: str, *, now: datetime) -> dict[str, User]:
    """Everybody, by email address."""
    made = [
        people.create(
            account.email,
            account.name,
            password_hash=password_hash,
            now=now,
            is_administrator=account.is_administrator,
        )
        for account in ACCOUNTS
    ]
    for name in OTHERS:
        first = name.split()[0].lower()
        made.append(people.create(f"{first}@example.org", name, password_hash=None, now=now))
    return {user.email: user for user in made}
