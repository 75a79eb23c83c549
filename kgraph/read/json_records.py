"""Stage 1, read: JSON documents, JSON Lines and Python-literal lines, whatever their fields are called.

Records are found wherever they stand: alone on a line, in lists, in envelopes (`{"results": [...]}`), in tables keyed by id.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from kgraph.model import Paper, Problem
from kgraph.read import Reader
from kgraph.read.fields import fold_name, named_fields, paper_of
from kgraph.read.files import read_lines, read_whole
from kgraph.read.located import ParseError, parse_json, parse_python
from kgraph.read.record import OnProblem

_DEEPEST = 12
_MOST_VALUES = 2_000_000


class _Lines(NamedTuple):
    """Where the lines of a text begin."""

    starts: list[int]

    def at(self, offset: int) -> int:
        return bisect_right(self.starts, offset)


def sniff(head: str, name: str) -> float:
    """A `{` or `[` and quoted names behind it."""
    bare = head.lstrip("\ufeff \t\r\n\x1e")
    if bare[:1] == "{" and bare[1:].lstrip()[:1] in ('"', "'", "}"):
        return 0.95
    if bare[:1] == "[" and bare[1:].lstrip()[:1] in ("{", "]", "["):
        return 0.95 if bare[1:].lstrip()[:1] == "{" else 0.5
    return 0.3 if name.endswith((".json", ".jsonl", ".ndjson")) else 0.0


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every object that has an abstract; lines are read one by one, a document as a whole."""
    lines = read_lines(stream)
    begin = next((place for place in lines if not _is_blank(place[2])), None)
    if begin is None:
        return
    number, offset, first = begin
    by_line, ahead = _is_line(first), []
    if not by_line and first.lstrip("\ufeff \t\r\n\x1e").startswith("{"):
        # a record cut short? Then whole ones follow; a document has a comma or a bracket after each
        whole = []
        for place in lines:
            ahead.append(place)
            if not _is_blank(place[2]):
                whole.append(_is_line(place[2]))
                if len(whole) == 2 or not whole[-1]:
                    break
        by_line = bool(whole) and all(whole)
    if by_line:
        for place in chain([begin], ahead, lines):
            if not _is_blank(place[2]):
                yield from _read_line(place[2], place[0], place[1], path, on_problem)
    else:
        yield from _read_document(first + "".join(line for _, _, line in ahead) + read_whole(stream), number, offset, path, on_problem)


def _is_blank(line: str) -> bool:
    return not line.strip("\ufeff \t\r\n\x1e")


def _is_line(line: str) -> bool:
    """Is the first line a record of its own (a JSON or Python object that ends where the line ends)?"""
    bare = line.strip("\ufeff \t\r\n\x1e")
    if not (bare.startswith("{") and bare.endswith("}")):
        return False
    if bare[1:].lstrip()[:1] == "'":
        return True
    try:
        value, end = parse_json(bare)
    except ParseError:
        return '"' in bare[:3]
    return end == len(bare) and (_has_abstract(value) or len(bare) < 100_000)


def _read_line(line: str, number: int, offset: int, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    bare = line.lstrip("\ufeff \t\x1e")
    try:
        if bare.startswith("{'") or (bare.startswith("{") and bare[1:].lstrip()[:1] == "'"):
            value = parse_python(line)
        else:
            value, end = parse_json(line)
            if end < len(line) and line[end] != ",":
                raise ParseError("more than one value in a line of JSON Lines", end)
    except ParseError as error:
        on_problem(Problem(path, number, f"{error} (column {error.at + 1})"))
        return
    found = False
    for key, record in records(value):
        found = True
        if paper := paper_of(record, path, number, on_problem, key=key, raw=line, base=offset):
            yield paper
    if not found:
        on_problem(Problem(path, number, "no title and no abstract in this object"))


def _read_document(text: str, first_line: int, offset: int, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    starts = [0]
    at = text.find("\n") + 1
    while at:
        starts.append(at)
        at = text.find("\n", at) + 1
    lines = _Lines(starts)
    at = 0
    while at < len(text):
        try:
            value, end = parse_json(text, at)
        except ParseError as error:
            on_problem(Problem(path, first_line - 1 + lines.at(min(error.at, len(text))), str(error)))
            return
        for key, record in records(value):
            line = first_line - 1 + lines.at(_first_place(record, at))
            if paper := paper_of(record, path, line, on_problem, key=key, raw=text, base=offset):
                yield paper
        at = end + (text[end : end + 1] == ",")


def _first_place(record: dict[str, Any], otherwise: int) -> int:
    places = [value.start for value in record.values() if hasattr(value, "start")]
    return min(places, default=otherwise)


def _has_abstract(record: object) -> bool:
    return isinstance(record, dict) and any(
        fold_name(key) in ("abstract", "summary", "abstractinvertedindex", "paperabstract", "abstracttext") for key in record
    )


def records(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (key it stands under, object) for every object that describes a paper, in the order of the file; never recurses."""
    stack: list[tuple[str, Any, int]] = [("", value, 0)]
    seen = 0
    while stack and seen < _MOST_VALUES:
        key, item, depth = stack.pop()
        seen += 1
        if depth > _DEEPEST:
            continue
        if isinstance(item, list):
            stack.extend(("", child, depth + 1) for child in reversed(item) if isinstance(child, (dict, list)))
        elif isinstance(item, dict):
            flat = named_fields(item)
            if flat is not None:
                yield key, flat
            else:
                stack.extend((str(name), child, depth + 1) for name, child in reversed(item.items()) if isinstance(child, (dict, list)))


READER = Reader("json", sniff, read)
