"""How abbreviations.tsv is made: which abbreviations AI papers define, for what, and among which other names.

`mine` reads "long form (SHORT)" and "SHORT (long form)" out of texts by the algorithm of Schwartz and Hearst (2003), with a first-letter test.
`python -m kgraph.train.abbreviations PAPERS.jsonl.gz` rewrites the table; the lexicon must have been built before.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from kgraph.names import fold

TABLE = Path(__file__).parents[1] / "lexicon" / "abbreviations.tsv"
_BRACKET = re.compile(r"(?<=[\w'’\-])\s?\(([A-Za-zα-ωΑ-Ω0-9&/+\-*@.]{2,12})\)")
_REVERSED = re.compile(r"(?<![\w\-])([A-Za-z0-9\-]{2,10})\s\(([a-z][\w'’ \-/]{6,70})\)")
_WORD = re.compile(r"[\w'’]+(?:-[\w'’]+)*")


def long_form(short: str, before: str) -> str:
    """The words at the end of `before` that `short` stands for, or `""`.

    >>> long_form("WSD", "a study of word sense disambiguation"), long_form("CNNs", "deep convolutional neural networks")
    ('word sense disambiguation', 'convolutional neural networks')
    """
    letters = re.sub(r"[^a-z0-9]", "", (short[:-1] if short.endswith("s") and short[:-1].isupper() else short).lower())
    if not letters:
        return ""
    at = len(before) - 1
    for position in range(len(letters) - 1, -1, -1):
        letter = letters[position]
        while at >= 0 and (before[at].lower() != letter or (position == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return ""
        at -= 1
    found = before[at + 1 :].strip()
    words = found.split()
    if not words or len(found) < len(short) + 3 or len(words) > min(len(letters) + 5, len(letters) * 2) or re.search(r"[.;:()\[\]]", found):
        return ""
    return found


def mine(text: str) -> Iterator[tuple[str, str]]:
    """(short, long) pairs that a text defines."""
    for match in _BRACKET.finditer(text):
        short = match.group(1)
        if sum(c.isupper() for c in short) < 2 and not (short[0].isupper() and any(c.isdigit() for c in short)):
            continue
        before = text[max(0, match.start() - 110) : match.start() + 1].rstrip(" (")
        before = re.split(r"(?<=[a-z)])[.;:!?]\s|\s\(|\)\s|, ", before)[-1]
        found = long_form(short, before)
        if found and fold(found) != fold(short):
            yield short, found
    for match in _REVERSED.finditer(text):
        short, inside = match.groups()
        if sum(c.isupper() for c in short) >= 2:
            found = long_form(short, inside)
            if found and len(found) >= len(inside) - 3:
                yield short, found


def texts(path: Path) -> Iterator[str]:
    """Title and abstract of every record."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield f"{record.get('title') or ''}. {record.get('abstract') or ''}"


def short_key(short: str) -> str:
    """An abbreviation without its plural and hyphens; case counts (CoT, COT)."""
    short = short[:-1] if short.endswith("s") and len(short) > 2 and short[-2].isupper() else short
    return short.replace("-", "").replace(" ", "")


def tabulate(corpus: Iterable[str]) -> dict[str, Counter[str]]:
    """For each abbreviation the number of papers that define it as each (folded) long form; `SURFACE` keeps a readable form of each."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    for text in corpus:
        for short, found in set(mine(text)):
            table[short_key(short)][fold(found)] += 1
            surfaces[fold(found)][found] += 1
    tabulate.surfaces = surfaces  # type: ignore[attr-defined]
    return table
