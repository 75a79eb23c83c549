"""Stage 1, read: piles of records in many formats to `Paper` values, each with the place it came from.

A reader is a plug-in: an entry point of the group `kgraph.readers` whose value is a `Reader`. kgraph registers its own in the same way.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from kgraph.model import Paper, Problem
from kgraph.read.files import Input, InputError, find_inputs, open_text

__all__ = ["Reader", "read_papers", "readers"]

_SURE_ENOUGH = 0.2


class Reader(NamedTuple):
    """A format: its name, how sure it is that a file is of it, and how to read one.

    `sniff(head, name)` is given up to 65,536 bytes' worth of the decoded beginning and the file's name, and returns 0 (certainly not)
    to 1. `read(stream, path, on_problem)` is given the characters of the file (line ends and a byte order mark left as they are) and
    yields papers whose `sources` carry `path`; records it cannot use it reports as problems with `path` and a 1-based line.
    """

    name: str
    sniff: Callable[[str, str], float]
    read: Callable[[io.TextIOBase, str, Callable[[Problem], None]], Iterator[Paper]]


@cache
def readers() -> dict[str, Reader]:
    """Return the installed readers by name, in the order of their names."""
    from importlib.metadata import entry_points

    loaded = {entry.name: entry.load() for entry in sorted(entry_points(group="kgraph.readers"), key=lambda entry: entry.name)}
    return {name: reader if isinstance(reader, Reader) else Reader(*reader) for name, reader in loaded.items()}


def read_papers(inputs: Sequence[str | Path], *, format: str | None = None, on_problem: Callable[[Problem], None]) -> Iterator[Paper]:
    """Yield the papers of files, folders (recursive, sorted), globs and `-` (standard input), one for each record, not yet merged.

    `format` names the reader to use for all of them (ValueError when there is none of that name); otherwise each file is recognised by
    its content. Whatever cannot be read is reported and passed over.
    """
    if format is not None and format not in readers():
        raise ValueError(f"{format!r} is not one of the formats: {', '.join(readers())}")
    return _read(inputs, format, on_problem)


def _read(inputs: Sequence[str | Path], format_name: str | None, on_problem: Callable[[Problem], None]) -> Iterator[Paper]:
    for source in find_inputs(inputs):
        if isinstance(source, Input):
            yield from read_file(source, format_name, on_problem)
        else:
            on_problem(Problem(source[0], 1, source[1]))


def read_file(source: Input, format_name: str | None, on_problem: Callable[[Problem], None]) -> Iterator[Paper]:
    """Yield the papers of one input; problems carry the name that the user can open, papers the label for the graph."""

    def report(problem: Problem) -> None:
        on_problem(msgspec.structs.replace(problem, path=source.shown))

    records = 0
    line = 1

    def count(problem: Problem) -> None:
        nonlocal records
        records += 1
        report(problem)

    try:
        stream, head = open_text(source)
        with stream:
            reader = readers()[format_name] if format_name else recognise(head, source.label)
            if reader is None:
                report(Problem(source.shown, 1, f"no known format (known: {', '.join(readers())}; --format names one)"))
                return
            for paper in reader.read(stream, source.label, count):
                records += 1
                line = paper.sources[0].line
                yield paper
    except InputError as error:
        report(Problem(source.shown, line, str(error)))
    except OSError as error:
        report(Problem(source.shown, line, error.strerror or str(error)))
    else:
        if not records:
            report(Problem(source.shown, 1, f"no records found (read as {reader.name})"))


def recognise(head: str, name: str) -> Reader | None:
    """Return the reader that is surest of a file that begins with `head`."""
    scores = {reader: reader.sniff(head.removeprefix("\ufeff"), name) for reader in readers().values()}
    best = max(scores, key=lambda reader: (scores[reader], reader.name), default=None)
    return best if best is not None and scores[best] >= _SURE_ENOUGH else None
