"""Bodies of requests: whole and within limits, or refused with the reason; large ones leave nothing behind."""

import asyncio

import pytest
from granian._granian import RSGIProtocolClosed, RSGIProtocolError

from portal.server.bodies import IN_MEMORY_BYTES, CutOff, Limits, Reader, TooLarge, TooSlow
from portal.server.room import NoRoom, Room

LARGEST = 10 * IN_MEMORY_BYTES
SILENCE = object()


class Sent:
    """What granian gives for a body that comes in ``pieces``; SILENCE is a sender who says no more."""

    def __init__(self, *pieces):
        self._pieces, self._begun = list(pieces), False

    async def __call__(self):
        if b"" in self._pieces:
            raise RSGIProtocolClosed
        return b"".join([await self._next() for _ in list(self._pieces)])

    def __aiter__(self):
        if self._begun:
            raise RSGIProtocolError
        self._begun = True
        return self

    async def __anext__(self):
        if not self._pieces:
            raise StopAsyncIteration
        return await self._next()

    async def _next(self):
        piece = self._pieces.pop(0)
        if piece is SILENCE:
            await asyncio.Event().wait()
        return piece


@pytest.fixture
def room(tmp_path):
    return Room(str(tmp_path), most_bytes=LARGEST + 1, most_files=2)


def reader(room, **limits):
    return Reader(room, Limits(**{"largest_bytes": LARGEST, "silence_seconds": 0.05, **limits}))


def read(room, sent, announced, **limits):
    return asyncio.run(reader(room, **limits).read(sent, announced))


BIG = b"x" * (IN_MEMORY_BYTES + 1)


@pytest.mark.parametrize(
    ("pieces", "announced", "content", "in_file"),
    [
        ((b"ab", b"cd"), 4, b"abcd", False),
        ((b"",), None, b"", False),
        ((b"ab", b"cd", b""), None, b"abcd", False),
        ((BIG,), len(BIG), BIG, True),
        ((BIG[:5], BIG[5:], b""), None, BIG, True),
        ((BIG, BIG, b""), None, BIG + BIG, True),
    ],
)
def test_a_body_is_whole_and_at_its_beginning(room, pieces, announced, content, in_file):
    body = read(room, Sent(*pieces), announced)
    assert (body.file.read(), body.length, body.is_in_file, body.is_whole) == (content, len(content), in_file, True)
    body.close()


@pytest.mark.parametrize(
    ("pieces", "announced", "refusal"),
    [
        ((b"a", SILENCE), 4, TooSlow),
        ((BIG, SILENCE), LARGEST, TooSlow),
        ((b"a", SILENCE), None, TooSlow),
        ((b"a", b""), 4, CutOff),
        ((BIG, b"", b""), LARGEST, CutOff),
        ((b"a", b"", b""), None, CutOff),
        ((), LARGEST + 1, TooLarge),
        ((BIG,) * 11, None, TooLarge),
    ],
)
def test_what_is_not_whole_is_refused_and_leaves_nothing(room, pieces, announced, refusal):
    with pytest.raises(refusal):
        read(room, Sent(*pieces), announced)
    for _ in range(3):  # There is as much room as before, for as many files.
        read(room, Sent(b"x" * LARGEST, b""), None).close()


def test_a_sender_below_the_slowest_line_is_refused_though_never_silent(room):
    class Dripping(Sent):
        async def _next(self):
            await asyncio.sleep(0.001)
            return b"x"

    with pytest.raises(TooSlow):
        read(room, Dripping(b"x"), IN_MEMORY_BYTES + 1, silence_seconds=0.1, slowest_bytes_per_second=1_000_000)


def test_a_slow_sender_above_it_is_waited_for(room):
    class Slow(Sent):
        async def _next(self):
            await asyncio.sleep(0.06)
            return await super()._next()

    pieces = [BIG[: len(BIG) // 10 + 1]] * 10
    announced = sum(map(len, pieces))
    body = read(room, Slow(*pieces), announced, silence_seconds=0.5, slowest_bytes_per_second=10_000)
    assert body.length == announced
    body.close()


def test_large_bodies_find_room_for_so_many_bytes_and_files(room):
    held = [read(room, Sent(BIG), len(BIG)) for _ in range(2)]
    with pytest.raises(NoRoom):
        read(room, Sent(BIG), len(BIG))
    held[0].close()
    held[0].close()
    with pytest.raises(NoRoom):
        read(room, Sent(b"x" * LARGEST), LARGEST)
    read(room, Sent(BIG), len(BIG)).close()
    assert read(room, Sent(b"a"), 1).length == 1  # Small ones need none.
    held[1].close()


def test_the_folder_shows_no_file(room, tmp_path):
    body = read(room, Sent(BIG), len(BIG))
    assert list(tmp_path.iterdir()) == []
    body.close()


@pytest.mark.parametrize("pieces", [(b"a", b"b", b""), (b"a", SILENCE), ()])
@pytest.mark.parametrize("begun", [True, False])
def test_what_is_not_taken_is_listened_to_for_a_while(room, monkeypatch, pieces, begun):
    monkeypatch.setattr("portal.server.bodies.LINGER_SECONDS", 0.05)
    sent = Sent(*pieces)
    if begun:
        aiter(sent)
    asyncio.run(reader(room).drop(sent))
