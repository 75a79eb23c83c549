"""The Turtle file: what it says, that other tools read the same, and that its bytes do not change."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic

from benchmarks.synthetic import synthetic
from kgraph.export.files import atomic_folder, atomic_write
from kgraph.export.terms import BASE, KG, link, local_iri, share, text
from kgraph.export.triples import triples
from kgraph.export.turtle import write_turtle
from kgraph.graph import build_graph
from tests.sample import NASTY, RUN, sample_graph

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def turtle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ttl") / "graph.ttl"
    write_turtle(sample_graph(), path)
    return path


def test_rdflib_and_oxigraph_read_the_same_triples_that_were_written(turtle):
    graph = sample_graph()
    read = rdflib.Graph().parse(turtle)
    assert isomorphic(read, graph.to_rdflib())
    assert len(read) == len(list(pyoxigraph.parse(path=turtle))) == len(graph.to_pyoxigraph()) == sum(1 for _ in triples(graph))


def test_no_triple_is_written_twice_and_none_has_a_blank_node(turtle):
    read = list(pyoxigraph.parse(path=turtle))
    assert len(read) == len(set(read))
    assert not any(isinstance(t, pyoxigraph.BlankNode) for triple in read for t in (triple.subject, triple.object))


def test_numbers_are_numbers_and_strings_have_no_datatype(turtle):
    read = rdflib.Graph().parse(turtle)
    kg = rdflib.Namespace(KG)
    for prop in ("value", "count", "hours", "memoryGB", "confidence"):
        kinds = {o.datatype for o in read.objects(None, kg[prop])}
        assert kinds and kinds <= {rdflib.XSD.integer, rdflib.XSD.decimal}
    written = turtle.read_text("utf-8")
    assert "^^xsd:string" not in written
    assert 'kg:value 60.5 ;\n\tkg:unit "%" ;\n\tkg:valueText "60.50 %"' in written
    assert 'dcterms:issued "2024"^^xsd:gYear' in written and '"2024-01-02"^^xsd:date' in written


def test_a_direct_triple_stands_exactly_where_an_asserted_claim_is():
    read = sample_graph().to_rdflib()
    kg = rdflib.Namespace(KG)
    claimed = {
        (read.value(c, rdflib.RDF.subject), read.value(c, rdflib.RDF.predicate), read.value(c, rdflib.RDF.object)): str(read.value(c, kg.polarity))
        for c in read.subjects(rdflib.RDF.type, kg.Claim)
    }
    e = rdflib.Namespace(BASE + "e/")
    assert (e.fernwave, kg.outperforms, e.orchid) in read
    assert (e.fernwave, kg.outperforms, e["gpt-4"]) not in read  # negated
    assert (e.orchid, kg.outperforms, e.fernwave) not in read  # could
    assert all((triple in read) == (polarity == "asserted") for triple, polarity in claimed.items())
    assert (e["nvidia-a100"], rdflib.SKOS.broader, e.gpu) in read


def test_the_file_is_readable_type_first_and_grouped_by_paper(turtle):
    written = turtle.read_text("utf-8")
    header, body = written.split("\n\n", 1)
    prefixes = re.findall(r"@prefix (\w+): <(.*)> \.", header)
    assert len(prefixes) == len({iri for _, iri in prefixes}) == len(header.splitlines())
    assert prefixes == sorted(prefixes)
    assert all(" a " in line for line in body.splitlines() if line and not line.startswith("\t"))
    assert f"<{BASE}" not in re.sub(r'"(\\.|[^"\\])*"', "", body)
    order = re.findall(r"^(?:paper|sentence):([a-z]+)", body, re.M)
    assert order == sorted(order)


def test_two_runs_with_other_hash_seeds_give_the_same_bytes(tmp_path, turtle):
    code = "import sys, pathlib, kgraph.export.turtle as t, tests.sample as s; t.write_turtle(s.sample_graph(), pathlib.Path(sys.argv[1]))"
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.ttl"
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)})
        assert path.read_bytes() == turtle.read_bytes()


def test_another_base_moves_all_individuals(tmp_path):
    write_turtle(sample_graph(), tmp_path / "g.ttl", base="https://example.org/kb/")
    subjects = {t.subject.value for t in pyoxigraph.parse(path=tmp_path / "g.ttl")}
    assert all(s.startswith("https://example.org/kb/") for s in subjects)


@pytest.mark.parametrize("url", ["http://a/[x] y", "http://[bad", "a b:99x/ü", "https://x.org/%zz", "http://h:port/", " javascript:alert(1) ", "", "😀"])
def test_any_url_becomes_a_legal_iri(url):
    assert link(url).value.startswith(("http://", "https://"))


def test_local_names_stay_apart_and_legal():
    names = ["e:a b", "e:a%20b", "e:a/b", "e:a%2Fb", "e:é", "e:\x00", "e:\ud800", 'e:<>"{}|\\^`', "e:?#[]"]
    made = [local_iri(n) for n in names]
    assert len(set(made)) == len(names)
    assert all(pyoxigraph.NamedNode(iri) for iri in made)


def test_nasty_text_comes_back_whole(tmp_path):
    odd = NASTY + "\x00\x01\x0b\u2028\ufeff\r\n\t"
    assert text(odd).value == odd
    assert text("a\ud800b").value == "a\ufffdb"
    read = rdflib.Graph().parse(data=pyoxigraph.serialize([pyoxigraph.Triple(link("x"), link("y"), text(odd))], format=pyoxigraph.RdfFormat.TURTLE))
    assert str(next(read.objects())) == odd


def test_confidences_are_decimals_between_0_and_1():
    assert [share(c).value for c in (0.0, 1e-9, 0.9, 2 / 3, 1.0)] == ["0.0", "0.0", "0.9", "0.667", "1.0"]


def test_the_description_counts_what_is_in_the_file(turtle):
    read = rdflib.Graph().parse(turtle)
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    (dataset,) = read.subjects(rdflib.RDF.type, rdflib.URIRef("http://www.w3.org/ns/dcat#Dataset"))
    assert int(read.value(dataset, void.triples)) == len(read)
    for part in read.objects(dataset, void.classPartition):
        assert int(read.value(part, void.entities)) == len(set(read.subjects(rdflib.RDF.type, read.value(part, void["class"]))))


def test_a_bigger_graph_is_read_back_whole(tmp_path):
    graph = build_graph(*synthetic(60), RUN)
    write_turtle(graph, tmp_path / "g.ttl")
    assert set(pyoxigraph.parse(path=tmp_path / "g.ttl")) == {pyoxigraph.Quad(t.subject, t.predicate, t.object) for t in triples(graph)}


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "new" / "graph.ttl"
    for stop in (None, KeyboardInterrupt, ValueError):
        try:
            with atomic_write(path) as file:
                file.write(b"old" if stop is None else b"half")
                if stop:
                    raise stop
        except (KeyboardInterrupt, ValueError):
            pass
        assert path.read_bytes() == b"old"
        assert [p.name for p in path.parent.iterdir()] == ["graph.ttl"]


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "shards"
    for names, fails in ((["a", "b"], False), (["c"], True), (["d"], False)):
        try:
            with atomic_folder(path) as draft:
                for name in names:
                    (draft / name).write_text(name)
                if fails:
                    raise RuntimeError
        except RuntimeError:
            assert sorted(p.name for p in path.iterdir()) == ["a", "b"]
    assert [p.name for p in path.iterdir()] == ["d"]
    assert [p.name for p in tmp_path.iterdir()] == ["shards"]
