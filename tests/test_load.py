"""RDF read back as a graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.synthetic import synthetic
from kgraph.export.triples import triples
from kgraph.export.turtle import write_turtle
from kgraph.graph import KnowledgeGraph, build_graph
from kgraph.load import load
from kgraph.query import QueryError
from tests.sample import RUN, sample_graph


@pytest.mark.parametrize(
    "graph", [sample_graph(), build_graph(*synthetic(40), RUN), build_graph([], {}, synthetic(0)[2], RUN)], ids=["sample", "synthetic", "no paper"]
)
@pytest.mark.parametrize("base", ["https://w3id.org/kgraph/id/", "http://example.org/e/my/"])
def test_a_graph_read_back_has_the_triples_it_was_written_from(graph: KnowledgeGraph, base: str, tmp_path: Path) -> None:
    write_turtle(graph, tmp_path / "graph.ttl", base=base)
    again = load(tmp_path)
    assert [str(t) for t in triples(again)] == [str(t) for t in triples(graph)]


def test_names_and_values_are_found_again_in_their_sentences(tmp_path: Path) -> None:
    graph = sample_graph()
    write_turtle(graph, tmp_path / "graph.ttl")
    again = load(str(tmp_path / "graph.ttl"))
    for sentence, target, data in graph.edges(data=True):
        if data["relation"] == "mentions" and sentence.startswith("sentence:"):
            assert again.edges[sentence, target, "mentions"]["spans"] == data["spans"]
    values = [name for name, node in graph.nodes(data=True) if "value_text" in node]
    assert values
    assert [again.nodes[name]["start"] for name in values] == [graph.nodes[name]["start"] for name in values]


def test_a_missing_file_and_a_file_that_is_no_rdf_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"graph\.ttl: .*kgraph build"):
        load(tmp_path)
    (tmp_path / "graph.ttl").write_text("@prefix a: <https://example.org/> .\nthis is no Turtle")
    with pytest.raises(QueryError, match=r"graph\.ttl:2: not RDF"):
        load(tmp_path)
