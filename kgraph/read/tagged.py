"""Stage 1, read: records of tagged lines: RIS (reference managers), Web of Science and PubMed (nbib, MEDLINE) exports.

An own reader of lines (rispy, to which the tests compare it, does not say where a value stands in the file).
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kgraph.model import Paper, Problem
from kgraph.read import Reader
from kgraph.read.fields import paper_of
from kgraph.read.files import read_lines
from kgraph.read.located import placed
from kgraph.read.pieces import Piece, cut, join
from kgraph.read.record import OnProblem

_RIS = re.compile(r"\ufeff?([A-Z][A-Z0-9])(?:  ?- ?|  ?-\s*$)(?=(.?))")
_NBIB = re.compile(r"\ufeff?([A-Z]{2,4}) {0,2}- (?=(.?))")
_WOS = re.compile(r"\ufeff?([A-Z][A-Z0-9])(?: |\s*$)(?=(.?))")
_COLON = re.compile(r"(?=(.?))")

_FIELDS = {
    "ris": {
        "TI": "title", "T1": "title", "CT": "title", "AB": "abstract", "N2": "abstract", "AU": "authors", "A1": "authors", "PY": "year", "Y1": "year",
        "DA": "date",
        "DO": "doi", "UR": "links", "L1": "links", "L2": "links", "ID": "id", "AN": "id", "M3": "id", "BT": "booktitle",
    },
    "wos": {"TI": "title", "AB": "abstract", "AF": "authors", "AU": "authorsshort", "PY": "year", "DI": "doi", "PM": "pmid", "D2": "links"},
    "nbib": {"TI": "title", "AB": "abstract", "FAU": "authors", "AU": "authorsshort", "DP": "date", "PMID": "pmid", "LID": "links", "AID": "links",
    "TT": "othertitle"},
}  # fmt: skip


def _dialect(head: str) -> str:
    """Return which of the three a file is: they differ in how a record begins."""
    if re.search(r"^\ufeff?TY {1,2}- ?", head, re.MULTILINE):
        return "ris"
    if re.search(r"^\ufeff?PMID ?- ?\d", head, re.MULTILINE):
        return "nbib"
    if re.search(r"^\ufeff?(?:FN .*|VR 1\.0|PT [A-Z])\r?$", head, re.MULTILINE) and re.search(r"^(?:AU|TI|AB|UT|SO) \S", head, re.MULTILINE):
        return "wos"
    return "ris" if len(re.findall(r"^\ufeff?[A-Z][A-Z0-9] {1,2}- ", head, re.MULTILINE)) >= 3 else ""


def sniff(head: str, name: str) -> float:
    """Lines that begin with a tag of two to four letters."""
    if head.lstrip("\ufeff \r\n\t")[:1] in ("{", "[", "<", "@"):
        return 0.0
    return 0.93 if _dialect(head) else 0.0


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every record that has an abstract."""
    held: list[tuple[int, int, str]] = []
    lines = read_lines(stream)
    size = 0
    for entry in lines:
        held.append(entry)
        size += len(entry[2])
        if size > 60_000:
            break
    dialect = _dialect("".join(line for _, _, line in held)) or "ris"
    tag = {"ris": _RIS, "nbib": _NBIB, "wos": _WOS}[dialect]
    begins = {"ris": "TY", "nbib": "PMID", "wos": "PT"}[dialect]
    record: dict[str, list[list[Piece]]] = defaultdict(list)
    first, current, blank = 1, "", True
    for number, offset, line in _chain(held, lines):
        found = tag.match(line)
        if found and dialect == "wos" and current and not blank and len(line) > 3 and line[2] != " ":
            found = None
        if found and not record and dialect == "wos" and found.group(1) != begins:
            continue  # what stands before the first record tells about the file
        if found:
            name = found.group(1)
            if name == begins and record:
                yield from _finish(record, dialect, path, first, on_problem)
                record = defaultdict(list)
            if not record:
                first = number
            if name in ("ER", "EF"):
                if record:
                    yield from _finish(record, dialect, path, first, on_problem)
                record, current = defaultdict(list), ""
                continue
            current = name
            record[name].append([_stretch(line, found.end(), offset)])
        elif line.strip() and current and record:
            value = _stretch(line, len(line) - len(line.lstrip()), offset)
            # Web of Science puts one author on each line
            if dialect == "wos" and current in ("AU", "AF"):
                record[current].append([value])
            else:
                record[current][-1].append(value)
        elif not line.strip() and dialect == "nbib" and record:
            yield from _finish(record, dialect, path, first, on_problem)
            record, current = defaultdict(list), ""
        blank = not line.strip()
    if record:
        yield from _finish(record, dialect, path, first, on_problem)


def _chain(held: list[tuple[int, int, str]], lines: Iterator[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    yield from held
    yield from lines


def _stretch(line: str, start: int, offset: int) -> Piece:
    return cut(line, start, max(len(line.rstrip()), start), offset)


def _finish(record: dict[str, list[list[Piece]]], dialect: str, path: str, line: int, on_problem: OnProblem) -> Iterator[Paper]:
    table = _FIELDS[dialect]
    fields: dict[str, Any] = {}
    for tag, values in record.items():
        name = table.get(tag)
        if name is None:
            continue
        texts = [placed(join(parts, "\n")) for parts in values if any(part.text for part in parts)]
        if name in ("authors", "links", "id", "authorsshort"):
            fields.setdefault(name, []).extend(_marked(text) if name == "links" else text for text in texts)
        elif texts and name not in fields:
            fields[name] = max(texts, key=len) if name == "abstract" else texts[0]
    if "abstract" in fields and not any(fields.get(name) for name in ("title", "authors", "doi", "year", "id")) and len(fields["abstract"]) < 60:
        on_problem(Problem(path, line, "record without a title"))
        return
    if "authors" not in fields and "authorsshort" in fields:
        fields["authors"] = fields["authorsshort"]
    if paper := paper_of(fields, path, line, on_problem):
        yield paper


def _marked(text: str) -> str:
    """PubMed writes `10.1000/x [doi]`."""
    return text.removesuffix("[doi]").strip() if text.endswith("[doi]") else text


READER = Reader("tagged", sniff, read)
