"""Stage 1, read: CSV and TSV with a header (also `;` and `|`), one record a row.

An own splitter of rows, since the `csv` module does not say where a value stands in the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from kgraph.model import Paper, Problem
from kgraph.read import Reader
from kgraph.read.fields import ABSTRACTS, AUTHORS, DATES, IDENTIFIERS, TITLES, fold_name, paper_of
from kgraph.read.files import read_lines
from kgraph.read.located import Placed, placed
from kgraph.read.pieces import cut, join
from kgraph.read.record import LONGEST_RECORD, OnProblem

_ALIASES = {
    "articletitle": "title",
    "documenttitle": "title",
    "authorfullnames": "authors",
    "authortext": "authors",
    "sourcetitle": "venue",
    "arxiv_id": "arxivid",
}
_DOUBLED = re.compile('""')
_KNOWN = frozenset((*TITLES, *ABSTRACTS, *AUTHORS, *DATES, *IDENTIFIERS, *_ALIASES))


def sniff(head: str, name: str) -> float:
    """A first line of column names, a title or an abstract among them."""
    first = head.lstrip("\ufeff").split("\n", 1)[0]
    columns = [fold_name(value) for value in split_row(first.rstrip("\r"), delimiter_of(first))]
    if len(columns) < 2 or len(first) > 5_000 or not any(_name(column) in ("title", *TITLES, *ABSTRACTS) for column in columns):
        return 0.0
    known = sum(column in _KNOWN for column in columns)
    short = all(len(column) < 40 for column in columns)
    return 0.92 if known >= 2 and short else 0.5 if known and short and name.endswith((".csv", ".tsv", ".tab")) else 0.0


def delimiter_of(line: str) -> str:
    """Return the delimiter that parts most values of a header line."""
    return max("\t,;|", key=lambda delimiter: (line.count(delimiter), delimiter == "\t"))


def split_row(row: str, delimiter: str, base: int = 0) -> list[Placed]:
    """Return the values of a row, which begins at offset `base`, quotes and doubled quotes decoded."""
    values: list[Placed] = []
    at = 0
    while at <= len(row):
        if row.startswith('"', at):
            begin = at + 1
            end = row.find('"', begin)
            while end >= 0 and row.startswith('""', end):
                end = row.find('"', end + 2)
            end = end if end >= 0 else len(row)
            values.append(_undoubled(row, begin, end, base))
            following = row.find(delimiter, end + 1)
        else:
            following = row.find(delimiter, at)
            end = following if following >= 0 else len(row)
            values.append(placed(cut(row, at, end, base)))
        if following < 0:
            break
        at = following + 1
    return values


def _undoubled(row: str, begin: int, end: int, base: int) -> Placed:
    """Return the text between two quotes; a doubled quote in it stands for one, of which the first is kept."""
    pieces = []
    at = begin
    for found in _DOUBLED.finditer(row, begin, end):
        pieces.append(cut(row, at, found.start() + 1, base))
        at = found.end()
    pieces.append(cut(row, at, end, base))
    return placed(join(pieces, ""))


def rows(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[tuple[int, int, str]]:
    """Yield (line, offset, row): lines, joined while a quote is open. A quote that is never closed counts for its line only."""
    waiting: list[tuple[int, int, str]] = []
    open_quote = False
    size = 0
    for number, offset, line in read_lines(stream):
        waiting.append((number, offset, line))
        size += len(line)
        open_quote ^= line.count('"') % 2 == 1
        if not open_quote:
            yield waiting[0][0], waiting[0][1], "".join(part for _, _, part in waiting)
            waiting, size = [], 0
        elif size > LONGEST_RECORD:
            on_problem(Problem(path, waiting[0][0], "a quote that is opened here is not closed"))
            waiting, size, open_quote = [], 0, False
    if waiting:
        on_problem(Problem(path, waiting[0][0], "a quote that is opened here is not closed"))
        for number, offset, line in waiting[1:]:
            if line.count('"') % 2 == 0:
                yield number, offset, line


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every row that has an abstract."""
    names: list[str] = []
    delimiter = ","
    for line, offset, row in rows(stream, path, on_problem):
        lead = len(row) - len(row.lstrip("\ufeff"))
        bare = row[lead:].rstrip("\r\n")
        if not names:
            delimiter = delimiter_of(bare)
            names = [_name(fold_name(value)) for value in split_row(bare, delimiter)]
        elif bare.strip(f"{delimiter} \t"):
            values = split_row(bare, delimiter, offset + lead)
            if len(values) < len(names) // 2 and len(names) > 2:
                on_problem(Problem(path, line, f"{len(values)} values for {len(names)} columns"))
                continue
            fields: dict[str, object] = {}
            for name, value in zip(names, values, strict=False):
                if name not in fields or not str(fields[name]).strip():
                    fields[name] = value
            if paper := paper_of(fields, path, line, on_problem):
                yield paper


def _name(folded: str) -> str:
    return _ALIASES.get(folded, folded)


READER = Reader("table", sniff, read)
