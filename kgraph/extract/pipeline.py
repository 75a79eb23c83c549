"""Stage 2: `Paper -> PaperFacts`, by one spaCy pipeline of small components.

The facts are a pure function of the paper's title and abstract and of `kgraph.manifest.facts_version`, so they can be cached, computed in any
process and merged in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from kgraph.model import Entity, Mention, Paper, PaperFacts, Sentence

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer

    from kgraph.extract.reading import Reading
    from kgraph.extract.tokenizer import Words

COMPONENTS = ("kgraph_sentences", "kgraph_ner", "kgraph_abbreviations", "kgraph_things", "kgraph_facts")
MAX_LENGTH = 1_000_000
"""Longer texts (code points) are cut by the readers; spaCy's own limit is for its parser, which is not used here."""


@lru_cache(maxsize=1)
def tokenizer() -> Tokenizer:
    """The run-time tokenizer by itself."""
    import spacy

    from kgraph.extract.tokenizer import kgraph_tokenizer

    return kgraph_tokenizer(spacy.blank("en"))


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of texts by that tokenizer."""
    from kgraph.extract.tokenizer import Words

    return Words(tokenizer())


@lru_cache(maxsize=2)
def load_pipeline(model: str = "fast") -> Language:
    """The spaCy pipeline that the package ships; `model` names a folder under `kgraph/models/`."""
    import spacy

    from kgraph.extract.tokenizer import kgraph_tokenizer

    nlp = spacy.blank("en")
    nlp.tokenizer = kgraph_tokenizer(nlp)
    nlp.max_length = MAX_LENGTH + 1000
    for name in COMPONENTS:
        nlp.add_pipe(name, config={"model": model} if name in {"kgraph_ner", "kgraph_facts"} else {})
    return nlp


def read_papers(papers: Iterable[Paper], model: str = "fast") -> Iterator[PaperFacts]:
    """Extract the facts of each paper, in order.

    The functions of the components of `load_pipeline`, in their order, one after the other on the text: the same facts, in a tenth
    less time without a spaCy `Doc`, which would be made, filled and never asked.
    """
    from kgraph.extract.abbreviations import read_abbreviations
    from kgraph.extract.component import read_all_facts
    from kgraph.extract.ner import BATCH_DOCS, load_tagger
    from kgraph.extract.reading import Reading, paper_text
    from kgraph.extract.sentences import read_sentences
    from kgraph.extract.things import read_things
    from kgraph.lexicon import load

    words_of, tagger, lexicon = words(), load_tagger(model), load()
    stream = iter(papers)
    while batch := list(islice(stream, BATCH_DOCS)):
        readings = []
        for paper in batch:
            text, start = paper_text(paper.title, paper.abstract)
            text = text[:MAX_LENGTH]
            readings.append(Reading(text, start, *words_of(text)))
            read_sentences(readings[-1])
        for paper, reading, vectors, spans in zip(batch, readings, *tagger.read([r.words for r in readings]), strict=True):
            places = reading.places
            found = [(places[s.start][0], places[s.end - 1][1], s) for s in spans]
            read_things(reading, found, read_abbreviations(reading), lexicon)
            read_all_facts(reading, vectors if reading.words else None, model)
            yield to_facts(paper, reading)


def to_facts(paper: Paper, reading: Reading) -> PaperFacts:
    """The frozen facts of a finished reading, offsets into the fields."""
    sentences = tuple(Sentence(reading.field_of(a), *reading.field_span(a, b)) for a, b in reading.sentences)
    return PaperFacts(
        paper=paper.key,
        entities=tuple(
            Entity(t.name, t.kind, tuple(t.names), tuple((k, v) for k, v in t.votes.items()), t.introduced, tuple(t.abbreviations), t.score, t.lexicon)
            for t in reading.things
        ),
        sentences=sentences,
        mentions=tuple(Mention(m.thing, m.sentence, *reading.field_span(m.start, m.end), m.score) for m in reading.mentions),
        claims=tuple(reading.claims),
        results=tuple(reading.results),
        quantities=tuple(reading.quantities),
        uses=tuple(reading.uses),
        code=tuple(reading.code),
    )
