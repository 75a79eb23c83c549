"""What two builds say differently."""

from __future__ import annotations

from msgspec.structs import replace

from kgraph.diff import diff, summary
from kgraph.export.turtle import write_turtle
from kgraph.graph import build_graph
from kgraph.model import Resolution
from tests.sample import RUN, sample, sample_graph


def test_equal_graphs_differ_in_nothing_whoever_made_them(tmp_path):
    write_turtle(sample_graph(), tmp_path / "graph.ttl")
    assert len(diff(tmp_path, sample_graph())) == 0
    assert len(diff(sample_graph(), build_graph(*sample(), {**RUN, "version": "9", "input_hash": "x"}))) == 0


def changed(**facts):
    papers, said, resolution = sample()
    return build_graph(papers, {**said, "fernwave-01": replace(said["fernwave-01"], **facts)}, resolution, RUN)


def test_what_came_and_went_is_named_with_paper_and_sentence():
    claims = sample()[1]["fernwave-01"].claims
    (row,) = diff(sample_graph(), changed(claims=claims[1:])).records()
    assert row == {"change": "removed", "kind": "Claim", "what": "Fernwave outperforms Orchid", "before": "", "after": "",
                   "paper": "Fernwave: A Small Language Model for Question Answering",
                   "sentence": "Fernwave reaches 61.2% accuracy on MMLU and outperforms Orchid."}  # fmt: skip
    (row,) = diff(changed(claims=claims[1:]), sample_graph()).records()
    assert (row["change"], row["what"]) == ("added", "Fernwave outperforms Orchid")


def test_a_fact_that_says_something_else_has_changed():
    said = sample()[1]["fernwave-01"]
    (row,) = diff(sample_graph(), changed(results=(replace(said.results[0], metric=None, value="61.3"),))).records()
    assert (row["change"], row["kind"], row["before"], row["after"]) == ("changed", "Result", "metric accuracy; value 61.2", "value 61.3")
    (row,) = diff(sample_graph(), changed(claims=(replace(said.claims[0], polarity="negated"), *said.claims[1:]))).records()
    assert (row["change"], row["before"], row["after"]) == ("changed", "polarity asserted", "polarity negated")
    (row,) = diff(sample_graph(), changed(uses=(replace(said.uses[0], confidence=0.5),))).records()
    assert (row["change"], row["kind"], row["before"], row["after"]) == ("changed", "HardwareUse", "confidence 0.9", "confidence 0.5")


def test_papers_and_entities_are_compared_too():
    papers, facts, resolution = sample()
    concepts = tuple(replace(c, kind="software") if c.id == "orchid" else c for c in resolution.concepts)
    papers = [replace(p, title="New Title") if p.key == "orchid-02" else p for p in papers if p.key != "plain-06"]
    table = diff(sample_graph(), build_graph(papers, facts, Resolution(concepts, resolution.assignment), RUN))
    found = {(r["change"], r["kind"], r["what"]): (r["before"], r["after"]) for r in table.records()}
    assert found["changed", "Software", "Orchid"] == ("type kg:Model", "type kg:Software")
    assert found["changed", "Paper", "New Title"] == ("title Orchid Revisited", "title New Title")
    assert ("removed", "Paper", "What Is Known About Nothing in Particular") in found
    assert summary(table).rows == [("Paper", 0, 1, 1), ("Software", 0, 0, 1)]
