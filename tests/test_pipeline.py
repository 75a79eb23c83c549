"""The whole extraction on real text: what every paper's facts must satisfy whatever they say."""

import gzip
import json
from pathlib import Path

import pytest

from kgraph.extract.pipeline import load_pipeline, read_papers, to_facts
from kgraph.extract.reading import paper_text
from kgraph.model import Paper
from kgraph.read.clean import decode

SHARED = Path(__file__).parents[2] / "shared"
OWN = [
    Paper(
        key="own",
        title="ZorkNet: Pruning Vision Transformers on Edge Devices",
        abstract="Vision transformers (ViTs) are slow. We present ZorkNet, a pruning method for ViTs. ZorkNet reaches 81.3% top-1 accuracy on ImageNet, 1.2 points higher "
        "than DeiT, and was trained on 8 A100 GPUs for 12 hours. Code: https://github.com/zork/net.",
    ),
    Paper(key="empty", abstract=""),
    Paper(key="odd", title="", abstract="\u202eمرحبا 🤖 " + "x" * 60_000 + " GPT-4 " + "(" * 500),
    Paper(key="long word", abstract="x" * 200_000),
    Paper(key="long name", abstract="X" * 100_000),
]


def sample(n):
    path = SHARED / "papers" / "abstracts-60k.jsonl.gz"
    if not path.exists():
        pytest.skip("needs ../shared/papers")
    papers = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for _, line in zip(range(n), lines, strict=False):
            record = json.loads(line)
            papers.append(Paper(key=record["id"], title=decode(record["title"])[0], abstract=decode(record["abstract"])[0]))
    return papers


def field(paper, sentence):
    return paper.title if sentence.field == "title" else paper.abstract


def check_evidence(paper, facts):
    assert facts.paper == paper.key
    for sentence in facts.sentences:
        assert 0 <= sentence.start < sentence.end <= len(field(paper, sentence))
    for mention in facts.mentions:
        sentence, entity = facts.sentences[mention.sentence], facts.entities[mention.entity]
        assert sentence.start <= mention.start < mention.end <= sentence.end
        assert field(paper, sentence)[mention.start : mention.end].strip()
        assert entity.name
        assert entity.name in entity.names
    for fact in (*facts.results, *facts.quantities, *facts.uses):
        sentence = facts.sentences[fact.sentence]
        assert sentence.start <= fact.start < fact.end <= sentence.end
        assert 0 < fact.confidence <= 1
        if hasattr(fact, "value_text"):
            assert field(paper, sentence)[fact.start : fact.end] == fact.value_text
    for claim in facts.claims:
        assert claim.subject != claim.object
        assert max(claim.subject, claim.object) < len(facts.entities)
        assert 0 < claim.confidence <= 1


@pytest.mark.parametrize("paper", OWN, ids=lambda p: p.key)
def test_every_span_of_a_fact_is_a_slice_of_its_sentence(paper):
    check_evidence(paper, next(read_papers([paper])))


def test_facts_of_real_abstracts_never_outlive_their_evidence():
    papers = sample(120)
    for paper, facts in zip(papers, read_papers(papers), strict=True):
        check_evidence(paper, facts)


def test_a_plain_abstract_gives_what_a_reader_would_take_from_it():
    facts = next(read_papers(OWN[:1]))
    kinds = {e.name: e.kind for e in facts.entities}
    assert kinds["ImageNet"] == "dataset"
    assert "hardware" in {kind for name, kind in kinds.items() if "A100" in name}
    assert [e.name for e in facts.entities if e.introduced] == ["ZorkNet"]
    assert {r.value for r in facts.results} == {"81.3", "1.2"}
    (use,) = facts.uses
    assert (use.count, use.hours, use.role) == ("8", "12", "training")
    assert facts.code == ("https://github.com/zork/net",)


def test_papers_read_together_or_alone_in_any_order_give_the_same_facts():
    papers = sample(24)
    together = {f.paper: f for f in read_papers(papers)}
    backwards = {f.paper: f for f in read_papers(papers[::-1])}
    assert together == backwards
    assert together[papers[3].key] == next(read_papers([papers[3]]))


def test_the_pipeline_that_ships_gives_the_same_facts_as_the_lean_one():
    papers = [*OWN[:3], *sample(12)]
    nlp = load_pipeline()
    for paper, facts in zip(papers, read_papers(papers), strict=True):
        text, start = paper_text(paper.title, paper.abstract)
        doc = nlp.make_doc(text)
        doc.user_data["kgraph_abstract_start"] = start
        for _, component in nlp.pipeline:
            doc = component(doc)
        assert to_facts(paper, doc.user_data["kgraph"]) == facts


def test_a_stranger_can_add_a_component_by_name():
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("kgraph_abbreviations")
    doc = nlp("We study large language models (LLMs).")
    assert doc.user_data["kgraph"].abbreviations == [("LLMs", "large language models")]
    assert load_pipeline().pipe_names == ["kgraph_sentences", "kgraph_ner", "kgraph_abbreviations", "kgraph_things", "kgraph_facts"]
