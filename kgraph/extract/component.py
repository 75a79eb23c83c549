"""Extraction step 5: the facts of the paper, as spaCy component `kgraph_facts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

from kgraph.extract.facts import read_facts
from kgraph.extract.reading import Reading, reading_of
from kgraph.extract.relation_model import relation_claims

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kgraph.extract.ner import Vectors


def read_all_facts(reading: Reading, vectors: Vectors | None, model: str) -> None:
    """Fill claims, results, quantities and hardware uses by rules, and by the relation network of `model` where there are `vectors` of the words."""
    if vectors is None:
        read_facts(reading)
    else:
        read_facts(reading, lambda known, said: relation_claims(known, vectors, model, said))


@Language.factory("kgraph_facts", default_config={"model": "fast"})
class Facts:
    """Fills claims, results, quantities and hardware uses; needs `kgraph_things` before it.

    Rules read them all; for relations the trained network of `model` is asked as well, where `kgraph_ner` left its word vectors.
    """

    def __init__(self, nlp: Language, name: str, model: str) -> None:
        self.name = name
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """Read the facts of one document."""
        read_all_facts(reading_of(doc), doc.user_data.get("kgraph_vectors"), self.model)
        return doc


make_facts = Facts
