"""The table that a run prints."""

from dataclasses import dataclass

from bench.load import Measured
from bench.works import Work

HEAD = ("work", "req/s", "p50 ms", "p95 ms", "p99 ms", "errors", "SQL", "CPU ms", "bare req/s", "bare CPU ms", "share")


@dataclass(frozen=True, kw_only=True)
class Row:
    work: Work
    statements: int
    ours: Measured
    bare: Measured

    def cells(self) -> tuple[str, ...]:
        ours = self.ours
        return (
            self.work.title,
            f"{ours.rate:,.0f}",
            *(f"{ours.percentile(percent):.0f}" for percent in (50, 95, 99)),
            " ".join(f"{number}×{status}" for status, number in ours.errors.items()) or "0",
            str(self.statements),
            f"{ours.server_cpu_ms:.2f}",
            f"{self.bare.rate:,.0f}",
            f"{self.bare.server_cpu_ms:.2f}",
            f"{100 * ours.rate / self.bare.rate:.0f} %" if self.bare.rate else "",
        )


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
