"""Stage 2: `Paper -> PaperFacts`, by one spaCy pipeline of small components.

The facts are a pure function of the paper's title and abstract and of `kgraph.manifest.facts_version`, so they can be cached, computed in any
process and merged in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from kgraph.model import Entity, Mention, Paper, PaperFacts, Sentence

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer
    from spacy.tokens import Doc

    from kgraph.extract.reading import Reading

COMPONENTS = ("kgraph_sentences", "kgraph_ner", "kgraph_abbreviations", "kgraph_things", "kgraph_facts")
MAX_LENGTH = 1_000_000
"""Longer texts (code points) are cut by the readers; spaCy's own limit is for its parser, which is not used here."""


@lru_cache(maxsize=1)
def tokenizer() -> Tokenizer:
    """The run-time tokenizer by itself."""
    import spacy

    from kgraph.extract.tokenizer import kgraph_tokenizer

    return kgraph_tokenizer(spacy.blank("en"))


@lru_cache(maxsize=2)
def load_pipeline(model: str = "fast", lean: bool = False) -> Language:
    """The spaCy pipeline that the package ships; `model` names a folder under `kgraph/models/`.

    A `lean` one knows of a word its lower-case and normal form and whether it is white space: no component asks for `like_num`, `is_stop`
    and a dozen more, which spaCy works out for each word that is new to it, in half of the tokenizer's time. Nor does it leave `marks` (sentence
    starts, span groups) for components of others.
    """
    import spacy
    from spacy.attrs import IS_SPACE, LOWER, NORM

    from kgraph.extract.tokenizer import kgraph_tokenizer

    nlp = spacy.blank("en")
    if lean:
        nlp.vocab.lex_attr_getters = {k: f for k, f in nlp.vocab.lex_attr_getters.items() if k in {LOWER, NORM, IS_SPACE}}
    nlp.tokenizer = kgraph_tokenizer(nlp)
    nlp.max_length = MAX_LENGTH + 1000
    for name in COMPONENTS:
        config: dict[str, object] = {"model": model} if name in {"kgraph_ner", "kgraph_facts"} else {}
        if lean and name in {"kgraph_sentences", "kgraph_ner"}:
            config["marks"] = False
        nlp.add_pipe(name, config=config)
    return nlp


def read_papers(papers: Iterable[Paper], model: str = "fast") -> Iterator[PaperFacts]:
    """Extract the facts of each paper, in order."""
    from kgraph.extract.reading import paper_text

    nlp = load_pipeline(model, lean=True)
    kept: list[Paper] = []

    def docs() -> Iterator[Doc]:
        for paper in papers:
            text, start = paper_text(paper.title, paper.abstract)
            doc = nlp.make_doc(text := text[:MAX_LENGTH])
            doc.user_data["kgraph_text"], doc.user_data["kgraph_abstract_start"] = text, start
            kept.append(paper)
            yield doc

    stream: Iterable[Doc] = docs()
    for _, component in nlp.pipeline:
        stream = component.pipe(stream) if hasattr(component, "pipe") else map(component, stream)
    for doc in stream:
        yield to_facts(kept.pop(0), doc.user_data["kgraph"])


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
