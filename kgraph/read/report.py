"""Stage 1, read: what is in files of papers: format, records found and kept, and why others were not.

`python -m kgraph.read.report FILES...` prints a row for each file.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kgraph.model import Paper, Problem
from kgraph.read import read_file, recognise
from kgraph.read.duplicates import merge_duplicates
from kgraph.read.files import Input, InputError, find_inputs, open_text


class FileReport(NamedTuple):
    """One row: `found` records of which `kept` have an abstract, `distinct` papers among these, `reasons` why the others were passed over."""

    path: str
    format: str
    found: int
    kept: int
    distinct: int
    reasons: dict[str, int]


def file_reports(inputs: Sequence[str | Path]) -> list[FileReport]:
    """Return a row for every file that the inputs name, and one without a format for every name that leads nowhere."""
    return [_row(source) if isinstance(source, Input) else FileReport(source[0], "", 0, 0, 0, {source[1]: 1}) for source in find_inputs(inputs)]


def _row(source: Input) -> FileReport:
    problems: list[Problem] = []
    papers: list[Paper] = list(read_file(source, None, problems.append)) if source.path else []
    reasons = Counter(re.sub(r" \(.*| '.*|\d[\d,]*", "", problem.message) for problem in problems)
    records = sum(count for reason, count in reasons.items() if reason.startswith(("record", "withdrawn", "a record", "no title")))
    return FileReport(source.shown, _format(source), len(papers) + records, len(papers), len(merge_duplicates(papers)), dict(sorted(reasons.items())))


def _format(source: Input) -> str:
    try:
        stream, head = open_text(source)
    except (InputError, OSError):
        return ""
    with stream:
        reader = recognise(head, source.label)
    return reader.name if reader else ""


def table(rows: Sequence[FileReport]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| file | format | records | kept | distinct | passed over, and why |", "|---|---|--:|--:|--:|---|"]
    for row in rows:
        reasons = "; ".join(f"{count} {reason.strip()}" for reason, count in row.reasons.items())
        lines.append(f"| {row.path} | {row.format} | {row.found} | {row.kept} | {row.distinct} | {reasons} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(file_reports(sys.argv[1:] or ["data/papers"])))
