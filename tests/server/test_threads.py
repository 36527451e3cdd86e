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


def test_under_pressure_one_of_the_others_is_worked_on_at_a_time_and_the_urgent_go_on():
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
