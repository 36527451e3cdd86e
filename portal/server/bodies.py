"""The body of a request, read whole within limits of size and time before anybody works on it."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Protocol

from granian._granian import RSGIProtocolClosed, RSGIProtocolError

from portal.server.room import Room

#: A body up to this size waits in memory, a larger one in a temporary file.
IN_MEMORY_BYTES = 32 * 1024
#: How long a sender is listened to before the answer that the body is too large; the answer ends the connection.
LINGER_SECONDS = 10.0


class Refused(Exception):
    """A body that is not taken."""


class TooLarge(Refused):
    """It is longer than anything the portal takes."""


class TooSlow(Refused):
    """It did not arrive in time."""


class CutOff(Refused):
    """The sender went away in the middle, or what came is not what was announced."""


class Source(Protocol):
    """What granian gives for a request: its body at once, or piece by piece."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def __anext__(self) -> bytes: ...

    async def __call__(self) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How large a body may be and how slowly it may come."""

    largest_bytes: int
    silence_seconds: float = 30.0
    """Without a byte for so long, a sender is gone. A body of any size may take this long; a larger one longer."""
    slowest_bytes_per_second: float = 8_000
    """64 kbit/s. A file of 20 MB needs eleven minutes at 256 kbit/s; three quarters of an hour are allowed."""


class Body:
    """What has arrived of one body; ``file`` stands at its beginning once it is whole."""

    def __init__(self, room: Room, content: bytes = b"") -> None:
        self._memory = io.BytesIO(content)
        self.file: IO[bytes] = self._memory
        self.length = len(content)
        self.is_whole = True
        self._room, self._lying = room, 0

    @classmethod
    def too_large(cls, length: int) -> "Body":
        """Stands in for one that was not taken: the application refuses it by its length, in its own words."""
        body = cls(Room("", most_bytes=0, most_files=0))
        body.length, body.is_whole = length, False
        return body

    @property
    def is_in_file(self) -> bool:
        return self.file is not self._memory

    def add(self, piece: bytes) -> None:
        """:raises NoRoom, OSError: see :class:`Room`."""
        self.length += len(piece)
        if self.length > IN_MEMORY_BYTES and not self.is_in_file:
            self.file = self._room.open()
            piece = self._memory.getvalue() + piece
        if self.is_in_file:
            self._room.grow(len(piece))
            self._lying += len(piece)
        self.file.write(piece)

    def close(self) -> None:
        """Leave no file behind. Again does nothing."""
        if self.is_in_file and not self.file.closed:
            self._room.leave(self._lying)
        self.file.close()


class Reader:
    """Reads bodies within ``limits``."""

    def __init__(self, room: Room, limits: Limits) -> None:
        self.limits, self._room = limits, room

    async def read(self, source: Source, announced: int | None) -> Body:
        """The whole body; ``announced`` is its length in bytes where the sender has said it.

        :raises Refused, NoRoom, OSError: the latter where it cannot be written down.
        """
        if announced is not None and announced > self.limits.largest_bytes:
            raise TooLarge
        try:
            if announced is not None and announced <= IN_MEMORY_BYTES:
                async with asyncio.timeout(self.limits.silence_seconds):
                    return Body(self._room, await source())
            return await self._read_pieces(source, announced)
        except TimeoutError as err:
            raise TooSlow from err
        except (RSGIProtocolClosed, RSGIProtocolError) as err:
            raise CutOff from err

    async def drop(self, source: Source) -> None:
        """Let a sender whose body is not taken say some more: one who sends without looking would miss the answer."""
        with suppress(TimeoutError, StopAsyncIteration, RSGIProtocolClosed):
            async with asyncio.timeout(LINGER_SECONDS):
                pieces = _rest(source)
                while await anext(pieces):
                    pass

    async def _read_pieces(self, source: Source, announced: int | None) -> Body:
        body = Body(self._room)
        try:
            await self._fill(body, source, announced)
            body.file.seek(0)
        except BaseException:
            body.close()
            raise
        return body

    async def _fill(self, body: Body, source: Source, announced: int | None) -> None:
        """Granian says by an empty piece that this was the last, and by two that the sender went away."""
        limits, clock, ends = self.limits, asyncio.get_running_loop().time, 0
        began = clock()
        async with asyncio.timeout(limits.silence_seconds) as limit:
            async for piece in source:
                ends += not piece
                if body.length + len(piece) > limits.largest_bytes:
                    raise TooLarge
                body.add(piece)
                if body.length == announced:
                    return
                in_all = began + limits.silence_seconds + body.length / limits.slowest_bytes_per_second
                limit.reschedule(min(clock() + limits.silence_seconds, in_all))
        if ends != 1 or announced is not None:
            raise CutOff


def _rest(source: Source) -> AsyncIterator[bytes]:
    """The pieces that are still to come; granian begins a body only once."""
    try:
        return aiter(source)
    except RSGIProtocolError:
        return source
