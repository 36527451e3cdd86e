"""Browsers' connections: kept open, one request at a time on each, thousands of them in one process."""

import asyncio
import time
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass, field

#: Who has waited for so long has got no answer.
PATIENCE_SECONDS = 60.0


@dataclass
class Heard:
    """What a crowd was answered: seconds of each request by its kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, seconds: float, fault: str) -> None:
        self.seconds.setdefault(kind, []).append(seconds)
        if fault:
            self.wrong[f"{kind} {fault}"] = self.wrong.get(f"{kind} {fault}", 0) + 1

    def milliseconds(self, kind: str, percent: float) -> float:
        found = sorted(self.seconds.get(kind, [])) or [0.0]
        return 1000 * found[min(len(found) - 1, int(len(found) * percent / 100))]


class Line:
    """One browser's connection to the portal; a connection that has ended is made anew, as browsers do."""

    def __init__(self, port: int, cookie: str, token: str, *, host: str = "127.0.0.1") -> None:
        self._port, self._host = port, host
        self._head = f"Host: portal\r\nCookie: {cookie}\r\nX-CSRFToken: {token}\r\n"
        self._ways: tuple[StreamReader, StreamWriter] | None = None

    async def connect(self) -> None:
        self._ways = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(self._host, 0))

    async def ask(self, method: str, path: str, body: str = "") -> tuple[int, bytes, float]:
        """Status (0: no answer), body and how many seconds it took."""
        began = time.perf_counter()
        try:
            status, content = await asyncio.wait_for(self._again(method, path, body), PATIENCE_SECONDS)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            self.close()
            status, content = 0, b""
        return status, content, time.perf_counter() - began

    async def _again(self, method: str, path: str, body: str) -> tuple[int, bytes]:
        if self._ways is not None:
            try:
                return await self._once(method, path, body)
            except (OSError, asyncio.IncompleteReadError):
                self.close()
        await self.connect()
        return await self._once(method, path, body)

    async def _once(self, method: str, path: str, body: str) -> tuple[int, bytes]:
        assert self._ways is not None
        reader, writer = self._ways
        length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        writer.write(f"{method} {path} HTTP/1.1\r\n{self._head}{length}\r\n{body}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        said = head.partition("content-length: ")[2].partition("\r\n")[0]
        return int(head[9:12]), await reader.readexactly(int(said or 0))

    def beside(self) -> "Line":
        """Another connection of the same browser."""
        other = Line(self._port, "", "", host=self._host)
        other._head = self._head
        return other

    def close(self) -> None:
        if self._ways is not None:
            self._ways[1].close()
        self._ways = None
