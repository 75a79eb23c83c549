"""One paper speaks of a thing in one way: the tagger's spans of a whole paper agree on the type of a name, and a doubtful span needs company.

The same vote gives an entity its type when papers are read (`kgraph.extract.things`); here it is made for spans under any label scheme. After
the label consistency of non-local information extraction (Finkel, Grenager and Manning 2005), in its plainest form.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

DOUBTFUL = 0.6
"""Below this score a span is dropped when its text is found in few of the places where it stands."""
COMPANY = 0.3


class Place(NamedTuple):
    """A span in code points, the probabilities of its types, and of its being an entity at all."""

    start: int
    end: int
    kinds: dict[str, float]
    score: float


def agree(texts: Sequence[str], places: Sequence[Sequence[Place]]) -> list[list[Place]]:
    """The spans of each text of one paper; spans of equal text have the mean of their type probabilities, weighed by their scores."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    found: Counter[str] = Counter()
    for text, spans in zip(texts, places, strict=True):
        for start, end, kinds, score in spans:
            name = text[start:end]
            found[name] += 1
            for kind, share in kinds.items():
                votes[name][kind] += share * score
    whole = "\n".join(texts)

    @cache
    def shares(name: str) -> dict[str, float]:
        total = sum(votes[name].values()) or 1.0
        return {kind: vote / total for kind, vote in votes[name].items()}

    @cache
    def lonely(name: str) -> bool:
        return found[name] < COMPANY * len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", whole))

    return [
        [Place(start, end, shares(text[start:end]), score) for start, end, _, score in spans if score >= DOUBTFUL or not lonely(text[start:end])]
        for text, spans in zip(texts, places, strict=True)
    ]
