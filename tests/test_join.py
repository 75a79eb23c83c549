"""Facts from a user's table: what they become, that they stay apart from what texts say, and what is said of bad rows."""

from __future__ import annotations

import pyoxigraph
import pytest

from kgraph.ask import ask, coverage, show
from kgraph.export.turtle import write_turtle
from kgraph.join import join
from kgraph.query import open_store, query
from kgraph.validate import validate
from tests.sample import sample_graph

TABLE = """model,hardware,count,hours,parameters,trained on,metric,value,benchmark
orchid-lm,A100,128,72.5,13B,Wikipedia,,,
GPT-4,NVIDIA B200,"25,000",,,,accuracy,86.5%,MMLU
"""


def joined(tmp_path, text, name="facts.csv"):
    graph = sample_graph()
    (tmp_path / name).write_text(text, "utf-8")
    return graph, join(graph, tmp_path / name)


def test_each_cell_becomes_a_fact_with_its_row(tmp_path):
    graph, report = joined(tmp_path, TABLE)
    assert (report.facts, report.rows, report.problems) == (5, 2, [])
    assert validate(graph) == []
    rows = query(graph, "trained-on", {"hardware": "A100"}).records()
    (row,) = [r for r in rows if r["says"] == "joined"]
    assert (row["system"], row["count"], str(row["hours"]), row["sentence"]) == ("Orchid", 128, "72.5", f"{(tmp_path / 'facts.csv').as_posix()}:2")
    assert [r["says"] for r in rows] == ["asserted", "asserted", "joined"]


def test_a_device_that_no_paper_names_becomes_an_entity(tmp_path):
    graph, _ = joined(tmp_path, TABLE)
    assert graph.nodes["e:nvidiab200"] == {"type": "Hardware", "label": "NVIDIA B200"}
    (row,) = query(graph, "trained-on", {"hardware": "nvidia b200"}).records()
    assert (row["count"], row["paper"]) == (25000, None)


def test_joined_facts_make_no_direct_triple_and_no_coverage(tmp_path):
    graph, _ = joined(tmp_path, TABLE)
    assert '"e/orchid> <https://w3id.org/kgraph/ns#trainedOn>' not in "\n".join(map(str, graph.to_rdflib()))
    store, plain = open_store(graph), open_store(sample_graph())
    e = "https://w3id.org/kgraph/id/e/"
    assert not list(store.quads_for_pattern(pyoxigraph.NamedNode(e + "orchid"), pyoxigraph.NamedNode("https://w3id.org/kgraph/ns#trainedOn"), None))
    assert coverage(store, ("hardware", "sizes", "results")) == coverage(plain, ("hardware", "sizes", "results"))
    assert "joined" in show(ask(store, "model-sizes"))


def test_a_row_about_a_paper_is_about_what_it_introduces(tmp_path):
    graph, report = joined(tmp_path, "paper\tmemory_gb\thardware\trole\n2503.00003\t80\tH100\ttraining\n", "facts.tsv")
    assert report.problems == []
    rows = [r for r in query(graph, "hardware").records() if r["says"] == "joined"]
    assert [(r["paper"], r["system"], r["memoryGB"], r["role"]) for r in rows] == [("Fernwave-7B on a Budget", "Fernwave-7B", 80, "training")]


@pytest.mark.parametrize(("text", "line", "message"), [
    ("", 1, "the file is empty"),
    ("hardware\nA100\n", 1, "no column says what a row is about"),
    ("model,hardwear\nOrchid,A100\n", 1, "did you mean 'hardware'?"),
    ("model,hardware\nOrchyd,A100\n", 2, "no paper names 'Orchyd'; did you mean Orchid?"),
    ("paper,hardware\n9999.1,A100\n", 2, "no paper '9999.1' in the graph"),
    ("model,parameters\n\"Orchid\",about 7\n", 2, "parameters 'about 7' is not a number"),
    ("model,hardware,role\nOrchid,A100,fun\n", 2, "role 'fun' is not training or inference"),
    ("model,hardware\nOrchid,MMLU\n", 2, "'MMLU' is a Benchmark, not a Hardware"),
    ("model,count\nOrchid,3\n", 2, "count without a hardware"),
    ("model,metric\nOrchid,accuracy\n", 2, "metric without a value"),
    ("model,outperforms\nOrchid,Orchid\n", 2, "needs two different entities"),
    ("model,hardware\n\"Orchid\n\n\",\n,A100\n", 5, "the row does not say what it is about"),
    ("model,hardware\nOrchid,\n", 2, "the row states no fact"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path, text, line, message):
    _, report = joined(tmp_path, text)
    assert any(p.line == line and message in p.message and p.path.endswith("facts.csv") for p in report.problems), report.problems


def test_unreadable_files_are_problems(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"model,hardware\nOrchid,\xff\n")
    assert "is not UTF-8" in join(sample_graph(), tmp_path / "x.csv").problems[0].message
    assert "No such file" in join(sample_graph(), tmp_path / "none.csv").problems[0].message


def test_the_same_table_gives_the_same_bytes_and_is_read_back(tmp_path):
    from kgraph.load import load

    for name in ("a.ttl", "b.ttl"):
        write_turtle(joined(tmp_path, TABLE)[0], tmp_path / name)
    assert (tmp_path / "a.ttl").read_bytes() == (tmp_path / "b.ttl").read_bytes()
    write_turtle(load(tmp_path / "a.ttl"), tmp_path / "c.ttl")
    assert (tmp_path / "a.ttl").read_bytes() == (tmp_path / "c.ttl").read_bytes()
