"""What the components know of one paper while it is being read: carried by the spaCy `Doc` as `doc._.kgraph`.

The text of the `Doc` is `title + "\\n\\n" + abstract` (the abstract alone when there is no title), so that one pass serves both fields.
Offsets here are code points into `doc.text`; `field_span` turns them into offsets into the field at the end.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spacy.attrs import IDX, LENGTH

from kgraph.model import Claim, Field, HardwareUse, Kind, Quantity, Result

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.tokens import Doc

SEPARATOR = "\n\n"
MADE = 0.5
"""Score of a thing, and of its mention, that the tagger did not find but a rule for a slot of a fact."""


def paper_text(title: str, abstract: str) -> tuple[str, int]:
    """The text of a paper's `Doc`, and where the abstract begins in it."""
    return (title + SEPARATOR + abstract, len(title) + len(SEPARATOR)) if title else (abstract, 0)


@dataclass(slots=True)
class Thing:
    """An entity of this paper: all its names in this text (label first), its type by vote."""

    name: str
    kind: Kind
    names: list[str]
    votes: dict[Kind, float] = field(default_factory=dict)
    introduced: bool = False
    abbreviations: list[tuple[str, str]] = field(default_factory=list)  # (short, long)
    score: float = 1.0
    lexicon: str = ""


@dataclass(slots=True)
class Mention:
    """`text[start:end]` names `things[thing]`; it stands in `sentences[sentence]`."""

    thing: int
    start: int
    end: int
    sentence: int
    score: float = 1.0


@dataclass(slots=True)
class Reading:
    """The state of one paper's extraction. Components fill it in pipeline order; facts index `things` and `sentences`."""

    text: str = ""
    abstract_start: int = 0
    words: list[str] = field(default_factory=list)  # the words that are not white space
    places: list[tuple[int, int, int]] = field(default_factory=list)  # of each: start, end, index of its token
    named: NDArray[np.float32] | None = None  # where the tagger ran, (2, words): the probabilities of each word to begin a name, to be inside of one
    sentences: list[tuple[int, int]] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)  # sorted by start; one may hold another: `X-based methods` holds X
    abbreviations: list[tuple[str, str]] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    uses: list[HardwareUse] = field(default_factory=list)
    mains: dict[frozenset[str], tuple[tuple[int, int, int], int | None]] = field(default_factory=dict)  # what `pronouns.main_thing` found, and in what

    def in_sentence(self, sentence: int) -> list[Mention]:
        """The mentions of one sentence, in order."""
        return [m for m in self.mentions if m.sentence == sentence]

    def likelihood(self, start: int, end: int) -> float:
        """Mean probability of the words of `text[start:end]` to begin a name (the first) and to be inside of it; 1 where no tagger ran."""
        first, last = bisect_left(self.places, (start,)), bisect_left(self.places, (end,))
        if self.named is None or last <= first:
            return 1.0
        return (float(self.named[0, first]) + float(self.named[1, first + 1 : last].sum())) / (last - first)

    def field_of(self, position: int) -> Field:
        """Which field a position of the text belongs to."""
        return "abstract" if position >= self.abstract_start else "title"

    def field_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the field instead of into the text."""
        shift = self.abstract_start if start >= self.abstract_start else 0
        return start - shift, end - shift


def reading_of(doc: Doc) -> Reading:
    """The reading of a `Doc`, made when a component asks first; `doc.user_data["kgraph_abstract_start"]` says where the abstract begins.

    `doc.user_data["kgraph_text"]`, where it is, is the text of the `Doc`.
    """
    reading: Reading | None = doc.user_data.get("kgraph")
    if reading is None:
        text = doc.user_data.get("kgraph_text") or doc.text  # spaCy puts the second together from its tokens, at the cost of all of this function
        reading = Reading(text=text, abstract_start=doc.user_data.get("kgraph_abstract_start", 0))
        # the one pass over the tokens, for all components; a slice of the text costs a third of a `Token` and its text
        starts, lengths = doc.to_array([IDX, LENGTH]).T
        begins, ends = starts.tolist(), (starts + lengths).tolist()
        places = list(zip(begins, ends, range(len(begins)), strict=True))
        words = [text[begin:end] for begin, end in zip(begins, ends, strict=True)]
        if any(map(str.isspace, words)):
            places = [place for place, word in zip(places, words, strict=True) if not word.isspace()]
            words = [word for word in words if not word.isspace()]
        reading.words, reading.places = words, places
        doc.user_data["kgraph"] = reading
    return reading
