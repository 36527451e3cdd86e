"""Whose turn it is among those who wait for a thread."""

from threading import Event, Thread

from portal.server.threads import URGENT_IN_A_ROW, Threads


def turns(threads, number):
    return [threads.next()() for _ in range(number)]


def test_the_urgent_go_first_and_the_others_are_not_forgotten():
    threads = Threads(0)
    for at in range(2):
        threads.add(lambda at=at: f"page {at}")
    for at in range(URGENT_IN_A_ROW + 1):
        threads.add(lambda at=at: f"clock {at}", is_urgent=True)
    assert threads.waiting == URGENT_IN_A_ROW + 3
    clocks = [f"clock {at}" for at in range(URGENT_IN_A_ROW + 1)]
    assert turns(threads, threads.waiting) == [*clocks[:URGENT_IN_A_ROW], "page 0", clocks[-1], "page 1"]


def test_a_request_that_fails_costs_no_thread(caplog):
    threads, done = Threads(1), Event()

    def fail():
        raise ValueError("A fault.")

    threads.add(fail)
    threads.add(done.set)
    assert done.wait(30)
    assert "could not be answered" in caplog.text


def test_under_pressure_one_of_the_others_is_worked_on_at_a_time_and_the_urgent_continue():
    pressed = [True]
    threads = Threads(0, lambda: pressed[0])
    for at in range(2):
        threads.add(lambda at=at: f"page {at}")
    first = threads.next()
    threads.add(lambda: "clock", is_urgent=True)
    assert threads.next()() == "clock"
    second: list[object] = []
    waiting = Thread(target=lambda: second.append(threads.next()()))
    waiting.start()
    waiting.join(0.2)
    assert (waiting.is_alive(), second) == (True, [])
    assert first() == "page 0"
    waiting.join(30)
    assert second == ["page 1"]


def test_of_several_threads_one_never_writes():
    """Three saves that wait for a slow disk leave a thread to the clocks; the fourth save waits for one of them."""
    threads = Threads(0)
    threads._most_writing = 3
    for at in range(4):
        threads.add(lambda at=at: f"save {at}", is_urgent=True, is_writing=True)
    threads.add(lambda: "clock", is_urgent=True)
    threads.add(lambda: "page")
    saves = [threads.next() for _ in range(3)]
    assert turns(threads, 2) == ["clock", "page"]
    assert threads.waiting == 1
    assert saves[0]() == "save 0"
    assert threads.next()() == "save 3"


def test_the_oldest_goes_first_whether_it_writes_or_not():
    threads = Threads(0)
    for at in range(6):
        threads.add(lambda at=at: at, is_urgent=True, is_writing=at % 2 == 0)
    assert turns(threads, 6) == list(range(6))


def test_a_single_thread_writes_too():
    threads, done = Threads(1), Event()
    threads.add(done.set, is_writing=True)
    assert done.wait(30)


def test_saves_on_a_disk_that_hangs_do_not_keep_the_clock_from_answering():
    threads, disk, clock = Threads(4), Event(), Event()
    for _ in range(10):
        threads.add(lambda: disk.wait(30), is_urgent=True, is_writing=True)
    threads.add(clock.set, is_urgent=True)
    assert clock.wait(10)
    disk.set()
