"""Extraction step 1: sentence boundaries of abstracts, as spaCy component `kgraph_sentences`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language

from kgraph.extract.reading import SEPARATOR, reading_of

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
    for i, word in enumerate(words[:-1]):
        if word not in ENDS:
            continue
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


@Language.factory("kgraph_sentences")
class Sentences:
    """Sets `token.is_sent_start` and `Reading.sentences`; a title is a sentence of its own."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Segment one document."""
        reading = reading_of(doc)
        text, places = reading.text, reading.places
        spaces = [end == len(text) or text[end].isspace() for _, end, _ in places]
        title_end = reading.abstract_start - len(SEPARATOR)
        begins = []
        for i, start in enumerate(sentence_starts(reading.words, spaces)):
            at = places[i][0]
            enters = at >= reading.abstract_start > 0 and (i == 0 or places[i - 1][0] < reading.abstract_start)
            if i == 0 or enters or (start and at >= title_end):
                begins.append(i)
        flags = np.full(len(doc), -1, dtype=np.int64)
        flags[[0, *(places[i][2] for i in begins[1:])] if len(doc) else []] = 1
        doc.from_array([SENT_START], flags.astype(np.uint64))
        ends = [places[i - 1][1] for i in begins[1:]] + ([places[-1][1]] if places else [])
        reading.sentences = [(places[i][0], end) for i, end in zip(begins, ends, strict=True)]
        return doc


make_sentences = Sentences
