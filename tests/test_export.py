"""Every format is read back by another tool than wrote it, with equal counts; bytes do not change; nothing in a text does harm."""

from __future__ import annotations

import csv
import importlib.metadata
import json
import tomllib
from pathlib import Path

import networkx as nx
import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic

from benchmarks.synthetic import synthetic
from kgraph.export import FORMATS, GROUP, default_path, export, exporter, exporters
from kgraph.export.flat import tables
from kgraph.export.lines import write_nquads
from kgraph.graph import KnowledgeGraph, build_graph
from tests.sample import NASTY, RUN, sample_graph

ROOT = Path(__file__).parents[1]
OURS = sorted(set(FORMATS) - {"html"})
GRAPH = sample_graph()
COUNT = len(GRAPH.to_rdflib())


def test_our_formats_are_registered_as_a_stranger_would_register_them():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"][GROUP]
    assert declared == {name: where for name, (where, _) in FORMATS.items()}
    assert list(exporters()) == sorted(exporters())


def test_an_unknown_format_lists_the_choices():
    with pytest.raises(ValueError, match="'pdf' is not one of the exporters: csv, gexf, graphml, html, jsonld, neo4j, nquads, nt, parquet, ttl, void"):
        exporter("pdf")


def test_a_stranger_s_format_is_a_function(monkeypatch, tmp_path):
    def points(group: str) -> list[importlib.metadata.EntryPoint]:
        return [importlib.metadata.EntryPoint("count", "tests.test_export:write_count", group)]

    monkeypatch.setattr("kgraph.export.entry_points", points)
    assert export(GRAPH, "count", f"{tmp_path}/") == tmp_path / "graph.count"
    assert (tmp_path / "graph.count").read_text() == str(len(GRAPH))


def write_count(graph: KnowledgeGraph, path: Path) -> None:
    path.write_text(str(len(graph)))


@pytest.mark.parametrize("name", OURS)
def test_the_same_graph_gives_the_same_bytes_and_replaces_what_was_there(name, tmp_path):
    first, second = (export(sample_graph(), name, tmp_path / part / default_path(name, Path()).name) for part in "ab")
    assert export(sample_graph(), name, second) == second
    found = [{str(p.relative_to(root)): p.read_bytes() for p in (root, *root.rglob("*")) if p.is_file()} for root in (first, second)]
    assert found[0] == found[1] != {}
    assert not list(tmp_path.rglob(".*"))


def test_a_folder_with_other_things_in_it_is_never_replaced(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    assert export(GRAPH, "csv", tmp_path) == export(GRAPH, "csv", f"{tmp_path}/") == tmp_path / "tables-csv"
    assert (tmp_path / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("name", OURS)
def test_an_empty_graph_is_written_too(name, tmp_path):
    assert export(build_graph([], {}, type(GRAPH_PARTS[2])((), {}), RUN), name, tmp_path / "x").exists()


GRAPH_PARTS = synthetic(1)


def test_ntriples_are_read_by_rdflib(tmp_path):
    export(GRAPH, "nt", tmp_path / "g.nt")
    assert isomorphic(rdflib.Graph().parse(tmp_path / "g.nt", format="nt"), GRAPH.to_rdflib())
    assert len((tmp_path / "g.nt").read_text("utf-8").splitlines()) >= COUNT


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_jsonld_is_read_by_rdflib_and_oxigraph_with_every_number_in_its_type(tmp_path):
    export(GRAPH, "jsonld", tmp_path / "g.jsonld")
    read = rdflib.Graph().parse(tmp_path / "g.jsonld", format="json-ld")
    assert isomorphic(read, GRAPH.to_rdflib())
    triples = {
        str(pyoxigraph.Triple(q.subject, q.predicate, q.object)) for q in pyoxigraph.parse(path=tmp_path / "g.jsonld", format=pyoxigraph.RdfFormat.JSON_LD)
    }
    assert len(triples) == COUNT
    data = json.loads((tmp_path / "g.jsonld").read_text("utf-8"))
    assert data["@context"]["kg:of"] == {"@type": "@id"}
    (one,) = [n for n in data["@graph"] if n.get("kg:valueText") == "60.50 %"]
    assert one["kg:value"] == {"@value": "60.5", "@type": "xsd:decimal"} and one["kg:of"] == "e:fernwave"


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_nquads_come_in_shards_with_a_graph_for_each_paper(tmp_path):
    write_nquads(GRAPH, tmp_path / "q", shard=100)
    parts = sorted((tmp_path / "q").iterdir())
    assert [p.name for p in parts] == [f"part-{i:05d}.nq" for i in range(-(-COUNT // 100))]
    store = pyoxigraph.Store()
    for part in parts:
        store.bulk_load(path=part)
    assert len(store) == COUNT
    dataset = rdflib.Dataset()
    for part in parts:
        dataset.parse(part, format="nquads")
    papers = {str(g.identifier) for g in dataset.graphs() if "/paper/" in str(g.identifier)}
    assert len(papers) == 7
    by_paper = {str(q.graph_name.value) for q in store if q.predicate.value.endswith("#statedIn") and q.object != q.graph_name}
    assert not by_paper


@pytest.mark.parametrize(("name", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_networkx_reads_graphml_and_gexf_back(name, read, tmp_path):
    export(GRAPH, name, tmp_path / "g.xml")
    back = read(tmp_path / "g.xml")
    assert (back.number_of_nodes(), back.number_of_edges()) == (GRAPH.number_of_nodes(), GRAPH.number_of_edges())
    assert back.nodes["e:nvidia-a100"]["class"] == "Hardware"
    assert back.nodes["paper:fernwave-01"]["abstract"] == GRAPH.nodes["paper:fernwave-01"]["abstract"]
    assert {d["relation"] for *_, d in back.edges(data=True)} == {d["relation"] for *_, d in GRAPH.edges(data=True)}


def test_texts_that_xml_forbids_are_cleaned(tmp_path):
    graph = sample_graph()
    graph.nodes["e:fernwave"]["label"] = "a\x00b\x0b\ud800\uffff c"
    for name in ("graphml", "gexf"):
        export(graph, name, tmp_path / "g.xml")
        assert b"ab c" in (tmp_path / "g.xml").read_bytes()


def test_csv_and_parquet_hold_the_same_three_tables(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    export(GRAPH, "csv", tmp_path / "csv")
    export(GRAPH, "parquet", tmp_path / "parquet")
    made = tables(GRAPH)
    assert {name: len(table) for name, table in made.items()} == {"papers": 7, "entities": 18, "facts": 38}
    for name, table in made.items():
        with (tmp_path / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        read = parquet.read_table(tmp_path / "parquet" / f"{name}.parquet")
        assert len(rows) == read.num_rows == len(table)
        assert tuple(rows[0]) == tuple(read.column_names) == table.columns
    facts = parquet.read_table(tmp_path / "parquet" / "facts.parquet")
    assert facts.schema.field("value").type == pyarrow.float64()
    assert sorted(v for v in facts.column("value").to_pylist() if v is not None)[:3] == [1.9, 2.0, 9.8]
    for row in facts.to_pylist():
        paper = GRAPH.nodes[row["paper"]]
        assert row["evidence"] in (paper["abstract"][row["sentence_start"] : row["sentence_end"]], paper.get("title"))


def test_no_cell_of_a_csv_is_a_formula(tmp_path):
    graph = sample_graph()
    graph.nodes["e:fernwave"]["label"] = "=HYPERLINK(1)"
    graph.nodes["e:orchid"]["label"] = "\t@SUM(1)"
    for name in ("csv", "neo4j"):
        export(graph, name, tmp_path / name)
        for path in (tmp_path / name).glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.reader(file):
                    assert not [c for c in row if c.lstrip(" ")[:1] in tuple("=+@\t\r") or (c[:1] == "-" and not c[1:].replace(".", "").isdigit())]


def test_neo4j_files_hold_every_node_and_edge_once(tmp_path):
    export(GRAPH, "neo4j", tmp_path / "n")
    arguments = (tmp_path / "n" / "import.args").read_text("utf-8").split()
    nodes, edges = [], []
    for argument in arguments:
        option, _, file = argument.partition("=")
        if option in ("--nodes", "--relationships"):
            with (tmp_path / "n" / file).open(encoding="utf-8", newline="") as opened:
                (nodes if option == "--nodes" else edges).extend(csv.DictReader(opened))
    assert {n["id:ID"] for n in nodes} == set(GRAPH)
    assert len(nodes) == len(GRAPH)
    facts = sum(cls in ("Result", "Quantity", "HardwareUse") for _, cls in GRAPH.nodes(data="type"))
    assert len(edges) == GRAPH.number_of_edges() + 2 * facts
    assert all(e[":START_ID"] in GRAPH and e[":END_ID"] in GRAPH for e in edges)
    assert {f.name for f in (tmp_path / "n").iterdir()} == {a.partition("=")[2] for a in arguments if ".csv" in a} | {"import.args"}


def test_the_description_stands_alone_and_counts_the_graph(tmp_path):
    export(GRAPH, "void", tmp_path / "dataset.ttl")
    read = rdflib.Graph().parse(tmp_path / "dataset.ttl")
    (count,) = read.objects(None, rdflib.URIRef("http://rdfs.org/ns/void#triples"))
    assert int(count) == COUNT
    assert set(read) < set(GRAPH.to_rdflib())


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_fifty_papers_keep_their_counts_in_every_format(tmp_path):
    graph = build_graph(*synthetic(50), RUN)
    count = sum(1 for _ in pyoxigraph.parse(path=export(graph, "ttl", tmp_path / "g.ttl")))
    assert count == sum(1 for _ in pyoxigraph.parse(path=export(graph, "nt", tmp_path / "g.nt")))
    assert count == len(rdflib.Graph().parse(export(graph, "jsonld", tmp_path / "g.jsonld"), format="json-ld"))
    assert nx.read_graphml(export(graph, "graphml", tmp_path / "g.graphml")).number_of_edges() == graph.number_of_edges()
    assert NASTY not in (tmp_path / "g.ttl").read_text("utf-8")
