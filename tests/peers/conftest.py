"""What the tests with edX's own classes ask for: a platform, the simulated provider, and a class between the two."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import edx_platform
import pytest
from running import CLIENT, SECRET, Commands, tell

edx_platform.configure()
django.setup()


class Nobody:
    """A service of the platform that knows nothing, and does nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *said, **more: None


@pytest.fixture(scope="session")
def platform() -> Iterator[str]:
    """The address of edX's views, over empty tables; the provider's account may review."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from edx_proctoring.runtime import set_runtime_service

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user(CLIENT, is_staff=True)
    for name in ("credit", "instructor", "grades", "certificates", "enrollments"):
        set_runtime_service(name, Nobody())
    with edx_platform.reachable() as address:
        yield address


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    commands = Commands(Path(tmp_path_factory.mktemp("data")))
    yield commands
    commands.stop()


@pytest.fixture(scope="session")
def running_simulator(commands: Commands, platform: str) -> str:
    return commands.simulator(platform)


@pytest.fixture
def simulator(running_simulator: str) -> Iterator[str]:
    """The address of the simulated provider, which behaves until a test tells it not to."""
    yield running_simulator
    tell(running_simulator, "/settings", needs_onboarding=False, misbehave=[])


@pytest.fixture
def provider(simulator: str) -> Any:
    """edX's class as it comes, with what a platform's settings give to it; known to the platform by its name."""
    from django.apps import apps
    from edx_proctoring.backends.rest import BaseRestProctoringProvider

    made = BaseRestProctoringProvider(CLIENT, SECRET, base_url=simulator)
    apps.get_app_config("edx_proctoring").backends[edx_platform.NAME] = made
    return made
