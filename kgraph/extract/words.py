"""Features of a single word, shared by training and run time, independent of spaCy's vocabulary.

A word is looked up by its lower-case form in a vocabulary with a few hashed buckets for the rest, by a bag of hashed character n-grams
(as fastText does, Bojanowski et al. 2017), and by a hashed shape. CRC-32 is the hash: stable across platforms and processes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from zlib import crc32

SPARE_ROWS = 2_000
GRAM_ROWS = 20_000
SHAPE_ROWS = 1_024
MAX_WORD = 40
_KINDS = str.maketrans(dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "X") | dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "x") | dict.fromkeys("0123456789", "d"))
_RUN = re.compile(r"(.)\1{2,}", re.DOTALL)


def shape(word: str) -> str:
    """The form of a word with runs cut to two: `GPT-4V` is `XX-dX`, `LLaMA` is `XXxXX`, `2.4B` is `d.dX`.

    >>> shape("GPT-4V"), shape("efficient"), shape("1F1B")
    ('XX-dX', 'xx', 'dXdX')
    """
    word = word[:MAX_WORD]
    kinds = word.translate(_KINDS) if word.isascii() else "".join("X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in word)
    return _RUN.sub(r"\1\1", kinds)[:12]


def gram_rows(word: str) -> list[int]:
    """Rows of the character 3-, 4- and 5-grams of `<word>` in lower case."""
    marked = f"<{word[:MAX_WORD].lower()}>".encode("utf-8", "surrogatepass")
    return sorted({crc32(marked[i : i + n]) % GRAM_ROWS for n in (3, 4, 5) for i in range(len(marked) - n + 1)})


def word_row(word: str, vocabulary: Mapping[str, int]) -> int:
    """Row of the lower-case form: its own, or one of the `SPARE_ROWS` after the vocabulary. Digits count as one digit."""
    lower = word.lower()
    row = vocabulary.get(lower)
    if row is None and any(c.isdigit() for c in lower):
        row = vocabulary.get("".join("0" if c.isdigit() else c for c in lower))
    if row is None:
        row = len(vocabulary) + crc32(lower.encode("utf-8", "surrogatepass")) % SPARE_ROWS
    return row


def shape_row(word: str) -> int:
    """Row of the word's shape."""
    return crc32(shape(word).encode("utf-8", "surrogatepass")) % SHAPE_ROWS
