"""The fold of facts into the graph: layout, ids, order."""

from __future__ import annotations

import pickle
from copy import deepcopy

import msgspec
import networkx as nx
import pytest

from benchmarks.synthetic import synthetic
from kgraph.graph import KnowledgeGraph, build_graph, digest
from kgraph.model import Claim, Paper
from tests.sample import RUN, sample, sample_graph


def test_every_attribute_and_edge_is_in_the_documented_layout():
    graph = sample_graph()
    kinds = {cls for _, cls in graph.nodes(data="type")}
    assert kinds == {"Run", "Paper", "Sentence", "Result", "Quantity", "HardwareUse", "Model", "Software", "Benchmark", "Metric", "Task", "Method",
                     "Hardware", "Dataset"}  # fmt: skip
    assert graph.nodes["paper:untitled-05"]["label"].startswith("Fernwave outperforms Orchid again")
    assert "title" not in graph.nodes["paper:untitled-05"]
    assert graph.nodes["e:nvidia-a100"]["alt_labels"] == ("A100", "A100s")
    assert graph.has_edge("e:nvidia-a100", "e:gpu", key="broader")


def test_a_sentence_is_its_slice_and_knows_where_its_entities_stand():
    graph = sample_graph()
    for name, data in graph.nodes(data=True):
        if data["type"] != "Sentence":
            continue
        text = graph.nodes[data["paper"]]["title" if data["field"] == "title" else "abstract"]
        assert text[data["start"] : data["end"]] == data["text"]
        for _, target, edge in graph.out_edges(name, data=True):
            if edge["relation"] == "mentions":
                entity = graph.nodes[target]
                assert {text[s:e] for s, e in edge["spans"]} <= {entity["label"], *entity.get("alt_labels", ())}


def test_two_papers_that_say_the_same_keep_both_proofs():
    said = sample_graph().get_edge_data("e:fernwave", "e:orchid").values()
    assert sorted((e["paper"], e["confidence"]) for e in said if e["polarity"] == "asserted" and e["relation"] == "outperforms") == [
        ("paper:fernwave-01", 0.91),
        ("paper:untitled-05", 0.77),
    ]


def test_input_order_does_not_matter():
    papers, facts, resolution = sample()
    graph, other = sample_graph(), build_graph(papers[::-1], dict(reversed(facts.items())), resolution, dict(reversed(RUN.items())))
    assert list(graph.nodes(data=True)) == list(other.nodes(data=True))
    assert list(graph.edges(keys=True, data=True)) == list(other.edges(keys=True, data=True))


def test_the_name_of_a_fact_says_what_it_says_not_how_sure_we_are():
    papers, facts, resolution = sample()
    surer = {
        key: msgspec.structs.replace(
            said,
            claims=tuple(msgspec.structs.replace(c, confidence=0.99) for c in said.claims),
            results=tuple(msgspec.structs.replace(r, confidence=0.99) for r in said.results),
        )
        for key, said in facts.items()
    }
    assert set(build_graph(papers, surer, resolution, RUN)) == set(sample_graph())


def test_a_claim_found_twice_in_a_sentence_is_one_claim_with_the_better_confidence():
    papers, facts, resolution = sample()
    for confidence in (0.2, 0.97):
        again = msgspec.structs.replace(facts["fernwave-01"].claims[0], confidence=confidence)
        said = {**facts, "fernwave-01": msgspec.structs.replace(facts["fernwave-01"], claims=(*facts["fernwave-01"].claims, again))}
        graph = build_graph(papers, said, resolution, RUN)
        assert graph.number_of_edges() == sample_graph().number_of_edges()
        assert max(0.91, confidence) in {e["confidence"] for e in graph["e:fernwave"]["e:orchid"].values()}


def test_a_claim_between_two_names_of_one_concept_says_nothing():
    papers, facts, resolution = sample()
    said = msgspec.structs.replace(facts["fernwave-01"], claims=(Claim(0, "outperforms", 0, 0, 0.9),))
    graph = build_graph(papers, {**facts, "fernwave-01": said}, resolution, RUN)
    assert not graph.has_edge("e:fernwave", "e:fernwave")


def test_a_paper_without_facts_is_a_bug_of_the_caller():
    papers, facts, resolution = sample()
    with pytest.raises(KeyError, match="stray"):
        build_graph([*papers, Paper("stray", "text")], facts, resolution, RUN)


def test_hashes_tell_apart_what_only_joined_texts_would_not():
    assert digest("ab", "c") != digest("a", "bc")
    assert len(digest("x")) == 16


def test_the_synthetic_papers_are_the_same_each_time_and_hold_together():
    papers, facts, resolution = synthetic(40)
    assert (papers, facts, resolution) == synthetic(40)
    graph = build_graph(papers, facts, resolution, RUN)
    assert sum(cls == "Paper" for _, cls in graph.nodes(data="type")) == 40
    assert all("text" in graph.nodes[s] for _, s in graph.nodes(data="sentence") if s)


def test_nodes_and_edges_of_one_kind_share_nothing_that_a_user_can_change():
    graph, untouched = sample_graph(), sample_graph()
    sentence, paper, key = next(edge for edge in graph.edges(keys=True) if edge[2] == "isPartOf")
    graph.edges[sentence, paper, key]["weight"] = 0.5
    graph.add_edge(sentence, paper, key="mine", relation="mine")
    graph.nodes[sentence]["note"] = "read"
    del graph.nodes[sentence]["note"], graph.edges[sentence, paper, key]["weight"]
    graph.remove_edge(sentence, paper, key="mine")
    assert list(graph.edges(keys=True, data=True)) == list(untouched.edges(keys=True, data=True))
    assert list(graph.nodes(data=True)) == list(untouched.nodes(data=True))
    graph.edges[sentence, paper, key]["weight"] = 0.5
    assert graph.pred[paper][sentence][key] == {"relation": "isPartOf", "weight": 0.5}


def test_a_graph_survives_copies_and_pickles():
    graph = sample_graph()
    for other in (graph.copy(), pickle.loads(pickle.dumps(graph)), deepcopy(graph)):
        assert type(other) is KnowledgeGraph
        assert nx.utils.graphs_equal(graph, other)


def test_the_way_back_along_edges_is_that_of_networkx_whenever_it_is_asked_for():
    graph = KnowledgeGraph()
    graph.put("a", {})
    graph.link("a", "b", "uses", {"relation": "uses"})
    graph.link("a", "b", "uses", {"relation": "uses", "again": True})
    graph.link("c", "b", "basedOn", {"relation": "basedOn"})
    assert sorted(graph.in_edges("b", keys=True)) == [("a", "b", "uses"), ("c", "b", "basedOn")]
    graph.put("d", {})  # now that it was asked for, it is kept
    graph.link("d", "a", "uses", {"relation": "uses"})
    assert list(graph.predecessors("a")) == ["d"]
    assert graph.in_degree("b") == 2 and graph.in_degree("d") == 0
    assert graph.pred["b"]["a"] is not None and graph._pred["b"]["a"] is graph._succ["a"]["b"]
    graph.remove_node("a")
    assert list(graph.predecessors("b")) == ["c"]


@pytest.mark.parametrize(
    "changed",
    [lambda g: g, lambda g: g.copy(), deepcopy, lambda g: pickle.loads(pickle.dumps(g)), lambda g: g.subgraph(list(g)), lambda g: g.reverse().reverse(),
     lambda g: g.reverse(copy=False).reverse(copy=False), lambda g: g.edge_subgraph(list(g.edges(keys=True))), lambda g: KnowledgeGraph(g)],
    ids=["itself", "copy", "deepcopy", "pickle", "subgraph", "reverse", "reverse view", "edge subgraph", "converted"],
)  # fmt: skip
def test_whatever_is_made_of_the_graph_knows_the_way_back(changed):
    graph = changed(sample_graph())
    plain = nx.MultiDiGraph()
    plain.add_nodes_from(sample_graph().nodes(data=True))
    plain.add_edges_from(sample_graph().edges(keys=True, data=True))
    for node in plain:
        assert sorted(graph.in_edges(node, keys=True)) == sorted(plain.in_edges(node, keys=True))


def test_a_view_of_an_empty_graph_has_no_way_back():
    assert not KnowledgeGraph().subgraph([]).pred
