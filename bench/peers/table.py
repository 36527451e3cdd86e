"""The second table: edx-proctoring's figures, and the portal's beside them."""

from dataclasses import dataclass
from typing import NamedTuple

from bench.load import Measured, Pace
from bench.peers.works import PeerWork

HEAD = ("edx-proctoring", "req/s", "p50 ms", "p99 ms", "CPU ms", "errors", "SQL", "how", "portal : peer, req/s",
        "portal : peer, CPU")  # fmt: skip
NONE = "–"


class Portal(NamedTuple):
    """What the portal showed at a work of this name in the same run."""

    rate: float
    cpu_ms: float


@dataclass(frozen=True, kw_only=True)
class PeerRow:
    work: PeerWork
    statements: int
    peer: Measured
    pace: Pace
    portal: Portal | None
    """None where the portal was not measured at this work, or has none of the kind."""

    def cells(self) -> tuple[str, ...]:
        peer, portal = self.peer, self.portal
        return (
            self.work.title,
            _few(peer.rate),
            f"{peer.percentile(50):,.0f}",
            f"{peer.percentile(99):,.0f}",
            f"{peer.server_cpu_ms:,.2f}",
            " ".join(f"{number}×{status}" for status, number in peer.errors.items()) or "0",
            f"{self.statements:,}",
            self._how(),
            _ratio(portal.rate, peer.rate) if portal else NONE,
            _ratio(portal.cpu_ms, peer.server_cpu_ms) if portal else NONE,
        )

    def _how(self) -> str:
        extent = f"{self.pace.requests} requests" if self.pace.requests else f"{self.pace.seconds:g} s"
        return f"{self.pace.connections} connections, {extent}"


def _few(number: float) -> str:
    """With decimals only where they say something."""
    return f"{number:,.0f}" if number >= 100 else f"{number:,.1f}" if number >= 10 else f"{number:,.2f}"


def _ratio(ours: float, theirs: float) -> str:
    return f"{_few(ours / theirs)} : 1" if theirs else NONE
