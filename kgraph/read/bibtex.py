"""Stage 1, read: BibTeX (and BibLaTeX) with an `abstract` field.

An own scanner (pybtex and bibtexparser do not say where a value stands in the file); it goes on at the next `@` after an entry that does not parse.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kgraph.model import Paper, Problem
from kgraph.read import Reader
from kgraph.read.fields import paper_of
from kgraph.read.files import read_whole
from kgraph.read.located import Placed, placed
from kgraph.read.pieces import Piece, cut, join
from kgraph.read.prose import line_at
from kgraph.read.record import OnProblem

_ENTRY = re.compile(r"@\s*([A-Za-z]+)\s*([{(])")
_KEY = re.compile(r"\s*([^\s,{}()=\"']*)\s*(?:,|(?=[})]))")
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]*)\s*=\s*")
_BARE = re.compile(r"[^\s,#{}()\"]+")
_JOIN = re.compile(r"\s*#\s*")
_MONTH_MACROS = {name: name for name in "jan feb mar apr may jun jul aug sep oct nov dec".split()}
_EPRINTS = {"arxiv": "arxivid", "pubmed": "pmid"}


class Entry(NamedTuple):
    """One entry: its type, key, fields and place."""

    type: str
    key: str
    fields: dict[str, Placed]
    at: int


def sniff(head: str, name: str) -> float:
    """An `@type{key,` at the beginning of a line."""
    found = re.search(
        r"^\s*@\s*(article|inproceedings|proceedings|misc|book|incollection|phdthesis|techreport|unpublished|string|comment|preamble|online|preprint)\s*[{(]",
        head,
        re.I | re.M,
    )
    return 0.94 if found else 0.3 if re.search(r"^@\w+\{[^\s,]+,\s*$", head, re.M) else 0.0


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every entry that has an abstract; entries without a year take that of their proceedings."""
    text = read_whole(stream)
    found = list(entries(text, path, on_problem))
    volumes = [entry for entry in found if entry.type in ("proceedings", "book", "collection")]
    years = {entry.key.lower(): _year(entry) for entry in volumes}
    only = _year(volumes[0]) if len(volumes) == 1 else ""
    line = 1
    at = 0
    for entry in found:
        line += text.count("\n", at, entry.at)
        at = entry.at
        if entry.type in ("proceedings", "collection") and "abstract" not in entry.fields:
            continue
        fields: dict[str, Any] = dict(entry.fields)
        if not any(fields.get(name) for name in ("year", "date", "published")):
            fields["year"] = years.get(str(fields.get("crossref", "")).lower(), only)
        if "eprint" in fields:
            scheme = str(fields.get("archiveprefix", fields.get("eprinttype", "arxiv"))).lower()
            fields.setdefault(_EPRINTS.get(scheme, "eprint"), fields["eprint"])
        if paper := paper_of(fields, path, line, on_problem, braces=True):
            yield paper


def _year(entry: Entry) -> str:
    return str(entry.fields.get("published") or entry.fields.get("date") or entry.fields.get("year") or "")


def entries(text: str, path: str, on_problem: OnProblem) -> Iterator[Entry]:
    """Yield the entries of a file; `@string` macros are put in, what does not parse is reported."""
    macros: dict[str, Piece] = {name: Piece(value) for name, value in _MONTH_MACROS.items()}
    at = searched = 0
    while found := _ENTRY.search(text, at):
        kind, closing = found.group(1).lower(), "}" if found.group(2) == "{" else ")"
        at = found.end()
        if kind in ("comment", "preamble"):
            continue
        key = _KEY.match(text, at) if kind != "string" else None
        if kind != "string" and key is None:
            _report(text, found.start(), path, on_problem, "BibTeX entry without a key")
            continue
        position = key.end() if key else at
        fields: dict[str, Placed] = {}
        while name := _NAME.match(text, position):
            value = _value(text, name.end(), macros)
            if value is None:
                searched += len(text) - name.end()
                break
            piece, position = value
            if kind == "string":
                macros[name.group(1).lower()] = piece
            else:
                fields.setdefault(name.group(1).lower().replace("-", "").replace("_", ""), placed(piece))
        rest = re.compile(r"[\s,]*").match(text, position)
        position = rest.end() if rest else position
        if not text.startswith(closing, position):
            _report(text, found.start(), path, on_problem, f"BibTeX entry {key.group(1) if key else kind!r} does not end well")
        if kind != "string" and key is not None and fields:
            yield Entry(kind, key.group(1), fields, found.start())
        at = max(position, at)
        if searched > 20 * len(text) + 10_000_000:  # the end of each value is searched for to the end of the file
            _report(text, at, path, on_problem, "too many BibTeX entries without an end; the rest is passed over")
            return


def _report(text: str, at: int, path: str, on_problem: OnProblem, message: str) -> None:
    on_problem(Problem(path, line_at(text, at), message))


def _value(text: str, at: int, macros: dict[str, Piece]) -> tuple[Piece, int] | None:
    """Return the value that begins at `at` (strings, numbers and macros, joined by `#`) and the offset behind it; None when it has no end."""
    parts: list[Piece] = []
    while True:
        if text.startswith(("{", '"'), at):
            end = _end(text, at)
            if end < 0:
                return None
            parts.append(cut(text, at + 1, end))
            at = end + 1
        elif bare := _BARE.match(text, at):
            parts.append(macros.get(bare.group().lower(), cut(text, bare.start(), bare.end())))
            at = bare.end()
        else:
            return None
        more = _JOIN.match(text, at)
        if more is None:
            return join(parts, ""), at
        at = more.end()


_DELIMITER = re.compile(r"\\.|[{}\"]|\n\s*@\s*[A-Za-z]+\s*\{", re.DOTALL)


def _end(text: str, at: int) -> int:
    """Return the offset of the brace or quote that closes the one at `at`, -1 when a new entry begins before."""
    quoted = text[at] == '"'
    depth = 0
    for found in _DELIMITER.finditer(text, at + 1):
        token = found.group()
        if token == "{":
            depth += 1
        elif token == "}":
            if depth == 0 and not quoted:
                return found.start()
            depth -= 1
            if depth < 0:
                return -1
        elif token == '"' and quoted and depth == 0:
            return found.start()
        elif token[0] == "\n" and _looks_like_entry(text, found.end()):
            return -1
    return -1


def _looks_like_entry(text: str, at: int) -> bool:
    return bool(re.compile(r"\s*[^\s,{}]+\s*,\s*\n?\s*[A-Za-z]+\s*=").match(text, at, at + 400))


READER = Reader("bibtex", sniff, read)
