"""Drives journeys at a server with autocannon, which needs little of the processor that the server needs too."""

import json
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.works import Journey

FOLDER = Path(__file__).parent
NODE = FOLDER.parent / ".venv" / "bin" / "node"
CONNECTIONS = 16


@dataclass(frozen=True, kw_only=True)
class Pace:
    """For how long, after how long a warm-up."""

    warm_seconds: float
    seconds: float
    connections: int = CONNECTIONS
    requests: int | None = None
    """How many in all, where ``seconds`` is only the longest time for them."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one run of one work showed."""

    latencies: list[float]
    """Milliseconds of each journey, sorted."""
    gone: int
    """How many journeys there were, with those of the warm-up."""
    seconds: float
    errors: Counter[str]
    own_cpu_share: float
    """How much of one processor the load tool used."""

    server_cpu_seconds: float = 0.0

    @property
    def server_cpu_ms(self) -> float:
        """What one journey cost the server's processes; hardly depends on what else the machine does."""
        return 1000 * self.server_cpu_seconds / self.gone if self.gone else 0.0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: float) -> float:
        if not self.latencies:
            return 0.0
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * percent / 100))]


def drive(url: str | list[str], journeys: list[Journey], pace: Pace, folder: Path, **ways: bool) -> Measured:
    """Go the journeys over the connections of the pace; ``ways`` are ``once`` and ``versions`` of drive.mjs."""
    some = journeys if len(journeys) >= pace.connections else journeys * pace.connections
    plan: dict[str, Any] = {
        "url": url, "connections": pace.connections, "warm_seconds": pace.warm_seconds, "seconds": pace.seconds,
        "requests": pace.requests, "journeys": some, **ways,
    }  # fmt: skip
    file = folder / "plan.json"
    file.write_text(json.dumps(plan))
    done = subprocess.run([NODE, FOLDER / "drive.mjs", file], check=True, capture_output=True, text=True)
    said = json.loads(done.stdout)
    errors = Counter({str(status): number for status, number in said["wrong"].items()})
    if said["broken"]:
        errors["no answer"] += said["broken"]
    return Measured(
        latencies=sorted(said["latencies"]),
        gone=said["gone"],
        seconds=said["seconds"],
        errors=errors,
        own_cpu_share=said["own_cpu_seconds"] / (pace.warm_seconds + said["seconds"]),
    )


def told(errors: Counter[str]) -> str:
    return " ".join(f"{number}×{status}" for status, number in errors.items()) or "0"
