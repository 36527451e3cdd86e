"""The table that a run prints."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from bench.load import Measured, told
from bench.works import Turn, Work

HEAD = ("work", "CPU ms", "bare CPU ms", "req/s", "p50 ms", "p95 ms", "p99 ms", "errors", "SQL", "bare req/s", "share")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One work and what each round of it showed."""

    work: Work
    statements: int
    ours: list[Measured]
    bare: list[Measured]

    def cells(self) -> tuple[str, ...]:
        rate, bare_rate = middle(self.ours, _rate), middle(self.bare, _rate)
        return (
            self.work.title,
            f"{middle(self.ours, _cpu_ms):.2f}",
            f"{middle(self.bare, _cpu_ms):.2f}",
            f"{rate:,.0f}",
            *(f"{median(one.percentile(percent) for one in self.ours):.0f}" for percent in (50, 95, 99)),
            errors(self.ours),
            str(self.statements),
            f"{bare_rate:,.0f}",
            f"{100 * rate / bare_rate:.0f} %" if bare_rate else "",
        )


def middle(rounds: list[Measured], figure: Callable[[Measured], float]) -> float:
    """The median of all rounds."""
    return median(figure(one) for one in rounds)


def _rate(measured: Measured) -> float:
    return measured.rate


def _cpu_ms(measured: Measured) -> float:
    return measured.server_cpu_ms


def errors(rounds: list[Measured]) -> str:
    """All of them, in all rounds."""
    return told(sum((one.errors for one in rounds), Counter[str]()))


def data(works: list[Work], rounds: int) -> str:
    """What each work goes to."""
    return "\n".join(f"- {work.said(Turn(of=rounds))}" for work in works)


def table(rows: list[Row]) -> str:
    return in_columns([HEAD, *(row.cells() for row in rows)])


def in_columns(lines: list[tuple[str, ...]]) -> str:
    """Columns of plain text that are a table in Markdown, too; the first line is its head."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    texts = ["| " + " | ".join(_fit(line, widths)) + " |" for line in lines]
    rule = "|" + "|".join("-" * (width + 1) + ("-" if at == 0 else ":") for at, width in enumerate(widths)) + "|"
    return "\n".join([texts[0], rule, *texts[1:]])


def _fit(line: tuple[str, ...], widths: list[int]) -> list[str]:
    return [
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def machine() -> str:
    """The processors and how busy they were before; nothing that names the machine."""
    import os
    import platform

    load = os.getloadavg()
    python = platform.python_version()
    return f"{os.cpu_count()} processors, Python {python}, load before {load[0]:.1f} (1 min), {load[1]:.1f} (5 min)"
