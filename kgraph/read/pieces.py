"""Stage 1, read: stretches of text that know where they stand in the file, and how to cut, join and map them."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from kgraph.model import Run


class Piece(NamedTuple):
    """A stretch of text and how it leads back to the code points of its file."""

    text: str
    runs: tuple[Run, ...] = ()


EMPTY = Piece("")


def origin_of(runs: tuple[Run, ...], position: int) -> int:
    """Return the raw offset of text offset `position`: exact inside (and at the end of) a run, else that of the nearest run before it."""
    at = bisect_right(runs, position, key=lambda run: run.start) - 1
    if at < 0:
        return runs[0].origin if runs else 0
    run = runs[at]
    return run.origin + min(position - run.start, run.length)


def cut(raw: str, start: int, end: int, base: int = 0) -> Piece:
    """Return `raw[start:end]` as a piece of a file in which `raw` begins at offset `base`."""
    return Piece(raw[start:end], (Run(0, base + start, end - start),) if end > start else ())


def join(pieces: list[Piece], glue: str = "\n") -> Piece:
    """Return the pieces one after the other, with `glue` (which leads nowhere) between them."""
    runs: list[Run] = []
    offset = 0
    for piece in pieces:
        runs.extend(Run(run.start + offset, run.origin, run.length) for run in piece.runs)
        offset += len(piece.text) + len(glue)
    return Piece(glue.join(piece.text for piece in pieces), tuple(runs))


def compose(inner: tuple[Run, ...], outer: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return the runs of a text decoded twice: `inner` leads to an intermediate text, `outer` from there to the file."""
    if len(outer) == 1 and outer[0].start == 0 and (not inner or inner[-1].origin + inner[-1].length <= outer[0].length):
        shift = outer[0].origin
        return inner if shift == 0 else tuple(Run(run.start, run.origin + shift, run.length) for run in inner)
    made: list[Run] = []
    at = 0
    for run in inner:
        end = run.origin + run.length
        while at < len(outer) and outer[at].start + outer[at].length <= run.origin:
            at += 1
        index = at
        while index < len(outer) and outer[index].start < end:
            part = outer[index]
            left, right = max(part.start, run.origin), min(part.start + part.length, end)
            made.append(Run(run.start + left - run.origin, part.origin + left - part.start, right - left))
            index += 1
    return tuple(made)


def part(piece: Piece, start: int, end: int) -> Piece:
    """Return a slice of a piece, its runs cut to size."""
    runs = []
    for run in piece.runs:
        left, right = max(run.start, start), min(run.start + run.length, end)
        if left < right:
            runs.append(Run(left - start, run.origin + left - run.start, right - left))
    return Piece(piece.text[start:end], tuple(runs))
