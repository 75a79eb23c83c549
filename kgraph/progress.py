"""Progress of a build: what the stages report, and how it is shown on a terminal, in a log, or as JSON lines.

A stage calls `on_progress(Step(...))` as often as it likes; the printer decides what is worth showing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import IO

import msgspec

from kgraph.model import Value

LOG_SECONDS = 5.0
"""A log gets a line this often; a terminal's line is rewritten every `TERMINAL_SECONDS`."""
TERMINAL_SECONDS = 0.2


class Step(Value, frozen=True):
    """Stage `stage` has done `done` of `total` things (`total` 0: not known yet); `done == total` ends it."""

    stage: str
    done: int
    total: int = 0
    unit: str = "papers"


OnProgress = Callable[[Step], None]


def silent(step: Step) -> None:
    """Show nothing."""


def describe(step: Step, seconds: float, since: int = 0) -> str:
    """One line for a person: how far, how fast, how long still, when the things after the first `since` have taken `seconds`.

    >>> describe(Step("extract", 500, 2000), 10.0)
    'extract 500 of 2,000 papers, 25%, 50/s, 0:30 left'
    >>> describe(Step("read", 1200), 2.0)
    'read 1,200 papers, 600/s'
    """
    rate = (step.done - since) / seconds if seconds > 0 else 0.0
    parts = [f"{step.stage} {step.done:,} of {step.total:,} {step.unit}" if step.total else f"{step.stage} {step.done:,} {step.unit}"]
    if step.total:
        parts.append(f"{100 * step.done // step.total}%")
    if rate:
        parts.append(f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s")
    if rate and step.total > step.done:
        parts.append(f"{_clock((step.total - step.done) / rate)} left")
    return ", ".join(parts)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def printer(stream: IO[str], *, json_lines: bool = False, terminal: bool | None = None, clock: Callable[[], float] = time.monotonic) -> OnProgress:
    """A function that shows steps on `stream`: one line rewritten on a terminal, else a line every few seconds.

    `json_lines` writes `{"stage", "done", "total", "unit", "seconds"}` instead, as often as a log line. `terminal` overrides what the
    stream says of itself.
    """
    interactive = (stream.isatty() if terminal is None else terminal) and not json_lines
    pause = TERMINAL_SECONDS if interactive else LOG_SECONDS
    began: dict[str, tuple[float, int]] = {}
    shown = {"at": clock(), "width": 0.0}

    def show(step: Step) -> None:
        now = clock()
        if not began.get(step.stage, (now, 0))[1]:
            began[step.stage] = now, step.done  # what comes before the first thing is start-up, and says nothing of the rate
        start, since = began[step.stage]
        over = bool(step.total) and step.done >= step.total
        if now - shown["at"] < pause and not (over and (interactive or json_lines)):
            return
        shown["at"] = now
        if json_lines:
            fields = {**msgspec.to_builtins(step), "total": step.total, "unit": step.unit, "seconds": round(now - start, 3)}
            stream.write(msgspec.json.encode(fields).decode() + "\n")
        elif interactive:
            line = describe(step, now - start, since)
            stream.write("\r" + line.ljust(int(shown["width"])) + ("\n" if over else ""))
            shown["width"] = 0.0 if over else float(len(line))
        else:
            stream.write(describe(step, now - start, since) + "\n")
        stream.flush()

    return show
