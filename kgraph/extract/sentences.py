"""Extraction step 1: sentence boundaries of abstracts, as spaCy component `kgraph_sentences`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language

from kgraph.extract.reading import SEPARATOR, Reading, reading_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

ENDS = frozenset({".", "?", "!"})
CLOSERS = frozenset({")", "]", "}", '"', "”", "’", "'", "''", "*"})
OPEN_ABBREVIATIONS = frozenset(
    {
        "al",
        "fig",
        "figs",
        "eq",
        "eqs",
        "sec",
        "tab",
        "no",
        "vs",
        "cf",
        "resp",
        "approx",
        "dr",
        "st",
        "mr",
        "mrs",
        "prof",
        "ca",
        "etc",
        "inc",
        "vol",
        "ed",
        "eds",
        "e.g",
        "i.e",
        "a.k.a",
        "w.r.t",
    }
)


def sentence_starts(words: Sequence[str], spaces: Sequence[bool]) -> list[bool]:
    """Whether each word begins a sentence; `spaces[i]` says whether white space follows word i.

    A full stop ends a sentence unless it closes a known abbreviation or an initial, or the next word goes on in lower case. A lower-case
    word with a capital or digit inside (`mPLUG`, `vLLM`) is a name and may open a sentence.

    >>> words = "It uses e.g. GPT-4 ( Li et al . , 2020 ) . vLLM is faster .".split()
    >>> [w for w, start in zip(words, sentence_starts(words, [True] * len(words))) if start]
    ['It', 'vLLM']
    """
    starts = [False] * len(words)
    if words:
        starts[0] = True
    for i in [i for i, word in enumerate(words[:-1]) if word in ENDS]:
        word = words[i]
        before = words[i - 1] if i else ""
        if word == "." and (
            before.lower() in OPEN_ABBREVIATIONS or (len(before) == 1 and before.isupper() and spaces[i - 1] is False and i > 1 and words[i - 2] in {".", ","})
        ):
            continue
        after = i + 1
        while after < len(words) and (words[after] in CLOSERS and not spaces[after - 1]):
            after += 1
        while after < len(words) and words[after].isspace():
            after += 1
        if after >= len(words):
            break
        following = words[after]
        opens = not following[0].islower() or (len(following) > 1 and any(c.isupper() or c.isdigit() for c in following[1:]))
        if (
            opens
            and following not in {",", ";", ":", ")", "]"}
            and following not in ENDS
            and (spaces[after - 1] or following[0].isupper() or words[after - 1].isspace())
        ):
            starts[after] = True
    return starts


def read_sentences(reading: Reading) -> list[int]:
    """Fill `reading.sentences`, a title as one of its own; the places (in `reading.words`) of the words that begin them."""
    text, places, abstract_start = reading.text, reading.places, reading.abstract_start
    if not places:
        reading.sentences = []
        return []
    spaces = [end == len(text) or text[end].isspace() for _, end, _ in places]
    title_end = abstract_start - len(SEPARATOR)
    begins = {0, *(i for i, start in enumerate(sentence_starts(reading.words, spaces)) if start and places[i][0] >= title_end)}
    if abstract_start > 0:
        begins.add(bisect_left(places, (abstract_start,)))
    begins.discard(len(places))
    ordered = sorted(begins)
    ends = [*(places[i - 1][1] for i in ordered[1:]), places[-1][1]]
    reading.sentences = [(places[i][0], end) for i, end in zip(ordered, ends, strict=True)]
    return ordered


@Language.factory("kgraph_sentences", default_config={"marks": True})
class Sentences:
    """Sets `Reading.sentences` and, as `marks` for other components, `token.is_sent_start`; a title is a sentence of its own."""

    def __init__(self, nlp: Language, name: str, marks: bool) -> None:
        self.name = name
        self.marks = marks

    def __call__(self, doc: Doc) -> Doc:
        """Segment one document."""
        reading = reading_of(doc)
        begins = read_sentences(reading)
        if not self.marks:
            return doc
        flags = np.full(len(doc), -1, dtype=np.int64)
        flags[[0, *(reading.places[i][2] for i in begins[1:])] if len(doc) else []] = 1
        doc.from_array([SENT_START], flags.astype(np.uint64))
        return doc


make_sentences = Sentences
