"""Extraction step 5: the facts of the paper, as spaCy component `kgraph_facts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

from kgraph.extract.facts import read_facts
from kgraph.extract.reading import reading_of

if TYPE_CHECKING:
    from spacy.tokens import Doc


@Language.factory("kgraph_facts")
class Facts:
    """Fills claims, results, quantities and hardware uses; needs `kgraph_things` before it."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Read the facts of one document."""
        read_facts(reading_of(doc))
        return doc


make_facts = Facts
