"""The tables that the bench prints: what leads, medians of the rounds, and one of growth."""

from collections import Counter

from bench import growth, report
from bench.load import Measured
from bench.works import Turn, Work

WORK = Work(name="clock", title="Clock", data="running exams", journeys=[[]] * 9)


def measured(rate: int, cpu_seconds: float, wrong: int = 0) -> Measured:
    """A second of so many answers."""
    errors = Counter({"409": wrong} if wrong else {})
    return Measured(latencies=[float(n) for n in range(rate)], gone=rate, seconds=1, errors=errors, own_cpu_share=0,
                    server_cpu_seconds=cpu_seconds)  # fmt: skip


def row(ours: list[Measured], bare: list[Measured]) -> dict[str, str]:
    made = report.Row(work=WORK, statements=3, ours=ours, bare=bare)
    return dict(zip(report.HEAD, made.cells(), strict=True))


def test_processor_time_leads():
    assert report.HEAD[:4] == ("work", "CPU ms", "bare CPU ms", "req/s")


def test_a_row_says_what_both_servers_showed():
    said = row([measured(200, 1.0)], [measured(400, 0.2)])
    assert said["CPU ms"] == "5.00"
    assert said["bare CPU ms"] == "0.50"
    assert said["req/s"] == "200"
    assert said["p99 ms"] == "198"
    assert said["share"] == "50 %"
    assert said["errors"] == "0"


def test_of_several_rounds_the_median_is_said_and_every_error():
    said = row([measured(100, 1.0), measured(500, 1.0, wrong=2), measured(200, 1.0, wrong=1)], [measured(400, 1.0)] * 3)
    assert said["req/s"] == "200"
    assert said["CPU ms"] == "5.00"
    assert said["errors"] == "3×409"


def test_a_table_is_one_in_markdown_too():
    made = report.Row(work=WORK, statements=3, ours=[measured(1, 0)], bare=[measured(1, 0)])
    head, rule, line = report.table([made]).splitlines()
    assert head.count("|") == rule.count("|") == line.count("|") == len(report.HEAD) + 1
    assert len(head) == len(rule) == len(line)


def test_growth_says_each_size_and_how_much_more_the_last_one_costs():
    found = {10: {"Clock": measured(100, 0.1)}, 100: {"Clock": measured(100, 0.2)}, 1000: {"Clock": measured(50, 0.3)}}
    head, _, line = growth.table(found).splitlines()
    assert [cell.strip() for cell in line.split("|")[1:-1]] == [
        "Clock", "1.00", "100", "99", "2.00", "100", "99", "6.00", "50", "49", "× 3.0",
    ]  # fmt: skip
    assert "CPU, 100 to 1,000" in head


def test_growth_of_one_size_compares_nothing():
    assert "×" not in growth.table({10: {"Clock": measured(100, 0.1)}})


def test_what_each_work_goes_to_is_said():
    once = Work(name="submit", title="Submit", data="running exams", journeys=[[]] * 9, is_once=True)
    assert report.data([WORK, once], 1).splitlines() == [
        "- Clock: 8 journeys, the same for both; running exams",
        "- Submit: 8 journeys, 4 of each; running exams",
    ]
    assert once.said(Turn(of=2)) == "Submit: 8 journeys, 2 of each, each round others (2 rounds); running exams"
