"""Validation: a good graph has no violation, each kind of planted error is named, and pyshacl says the same."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest

from benchmarks.synthetic import synthetic
from kgraph.export.turtle import write_turtle
from kgraph.graph import build_graph
from kgraph.query import QueryError
from kgraph.validate import ONTOLOGY, SHAPES, as_table, validate
from tests.sample import RUN, sample_graph

ROOT = Path(__file__).parents[1]
HEAD = """PREFIX kg: <https://w3id.org/kgraph/ns#> PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX e: <https://w3id.org/kgraph/id/e/> PREFIX paper: <https://w3id.org/kgraph/id/paper/> PREFIX sentence: <https://w3id.org/kgraph/id/sentence/>
"""
S = "sentence:fernwave-01_0_87"

# what is planted (SPARQL update), and the rule that must name it
PLANTED: list[tuple[str, str]] = [
    (f"DELETE {{ {S} oa:start ?x }} INSERT {{ {S} oa:start 1 }} WHERE {{ {S} oa:start ?x }}", "Sentence: the sentence is not that slice of the abstract"),
    ("DELETE { ?s oa:exact ?x } INSERT { ?s oa:exact 'Other' } WHERE { ?s kg:field 'title' ; oa:exact ?x }", "Sentence: the sentence is not that slice of the title"),
    (f"DELETE {{ {S} oa:end ?x }} WHERE {{ {S} oa:end ?x }}", "Sentence oa:end minCount"),
    (f"DELETE {{ {S} oa:end ?x }} INSERT {{ {S} oa:end '87' }} WHERE {{ {S} oa:end ?x }}", "Sentence oa:end datatype"),
    (f"INSERT DATA {{ {S} dcterms:isPartOf paper:orchid-02 }}", "Sentence dcterms:isPartOf maxCount"),
    (f"INSERT DATA {{ {S} kg:mentions e:gpu }}", "Sentence: the paper of the sentence does not mention the entity"),
    ("DELETE DATA { e:fernwave kg:outperforms e:orchid }", "Claim: an asserted claim has no direct triple"),
    ("INSERT DATA { e:orchid kg:outperforms e:gpt-4 }", "Direct: a direct triple has no asserted claim"),
    ("INSERT DATA { e:orchid kg:outperforms e:fernwave }", "Direct: a direct triple has no asserted claim"),  # only a hypothetical claim says so
    ("DELETE { ?c rdf:predicate kg:uses } INSERT { ?c rdf:predicate kg:likes } WHERE { ?c rdf:predicate kg:uses }", "Claim rdf:predicate in"),
    ("DELETE { ?c rdf:object ?o } INSERT { ?c rdf:object ?s } WHERE { ?c rdf:subject ?s ; rdf:object ?o ; rdf:predicate kg:variantOf }",
     "Claim: a claim relates an entity to itself"),
    ("DELETE { ?c rdf:object ?o } INSERT { ?c rdf:object paper:orchid-02 } WHERE { ?c rdf:object ?o ; rdf:predicate kg:basedOn }", "Claim rdf:object or"),
    ("DELETE { ?r kg:value ?v } INSERT { ?r kg:value '61.2' } WHERE { ?r kg:valueText '61.2%' ; kg:value ?v }", "Result kg:value or"),
    ("DELETE { ?r kg:value ?v } INSERT { ?r kg:value '61.2' } WHERE { ?r kg:valueText '61.2%' ; kg:value ?v }", "numbers as strings"),
    ("DELETE { ?r kg:count ?v } INSERT { ?r kg:count '64' } WHERE { ?r kg:count ?v }", "HardwareUse kg:count or"),
    ("DELETE { ?r kg:count ?v } INSERT { ?r kg:count -1 } WHERE { ?r kg:count ?v }", "HardwareUse kg:count minInclusive"),
    ("DELETE { ?r kg:value ?v } WHERE { ?r a kg:Quantity ; kg:value ?v }", "Quantity kg:value minCount"),
    ("DELETE { ?r kg:confidence ?v } INSERT { ?r kg:confidence 1.5 } WHERE { ?r a kg:Result ; kg:confidence ?v }", "Statement kg:confidence maxInclusive"),
    ("DELETE { ?r kg:confidence ?v } WHERE { ?r a kg:Claim ; kg:confidence ?v }", "Statement kg:confidence minCount"),
    ("DELETE { ?r kg:polarity ?v } INSERT { ?r kg:polarity 'maybe' } WHERE { ?r a kg:Result ; kg:polarity ?v }", "Statement kg:polarity in"),
    ("DELETE { ?r prov:wasDerivedFrom ?v } WHERE { ?r a kg:Result ; prov:wasDerivedFrom ?v }", "Statement prov:wasDerivedFrom minCount"),
    ("DELETE { ?r prov:wasDerivedFrom ?v } INSERT { ?r prov:wasDerivedFrom e:gpu } WHERE { ?r a kg:Result ; prov:wasDerivedFrom ?v }",
     "Statement prov:wasDerivedFrom or"),
    ("DELETE { ?r kg:statedIn ?v } WHERE { ?r a kg:HardwareUse ; kg:statedIn ?v }",
     "Statement: a statement from a text has a sentence and a paper, one from a table a row"),
    ("DELETE { ?r kg:statedIn ?v } INSERT { ?r kg:statedIn paper:plain-06 } WHERE { ?r a kg:HardwareUse ; kg:statedIn ?v }",
     "Statement: the sentence is not of the paper that is said to state it"),
    ("DELETE { ?r kg:statedIn ?v } INSERT { ?r kg:statedIn e:gpu } WHERE { ?r a kg:HardwareUse ; kg:statedIn ?v }", "Statement kg:statedIn class"),
    ("DELETE { ?r prov:wasGeneratedBy ?v } WHERE { ?r a kg:Quantity ; prov:wasGeneratedBy ?v }", "Statement prov:wasGeneratedBy minCount"),
    ("INSERT DATA { e:gpu a kg:Model }", "Entity rdf:type maxCount"),
    ("INSERT DATA { e:gpu rdfs:label 'G.P.U.' }", "Entity rdfs:label maxCount"),
    ("DELETE { e:gpu rdfs:label ?x } WHERE { e:gpu rdfs:label ?x }", "Entity rdfs:label minCount"),
    ("DELETE { e:gpu rdfs:label ?x } INSERT { e:gpu rdfs:label '' } WHERE { e:gpu rdfs:label ?x }", "Entity rdfs:label minLength"),
    ("INSERT DATA { paper:plain-06 kg:mentions e:nobody }", "Mentioned rdfs:label minCount"),
    ("DELETE DATA { e:accuracy kg:higherIsBetter true } ; INSERT DATA { e:accuracy kg:higherIsBetter 'yes' }", "Entity kg:higherIsBetter datatype"),
    ("INSERT DATA { e:gpu skos:broader e:nvidia-a100 }", "Broader: an entity is broader than itself"),
    ("DELETE DATA { paper:fernwave-01 kg:mentions e:fernwave }", "Paper: an introduced entity is not mentioned"),
    ("DELETE { ?p dcterms:issued ?x } INSERT { ?p dcterms:issued '2024' } WHERE { ?p dcterms:issued ?x }", "Paper dcterms:issued or"),
    ("INSERT DATA { paper:plain-06 schema:codeRepository 'github.com/x' }", "Paper schema:codeRepository nodeKind"),
    ("DELETE { ?p dcterms:abstract ?x } WHERE { ?p dcterms:abstract ?x }", "Paper dcterms:abstract minCount"),
    ("DELETE { ?r kg:direction ?v } INSERT { ?r kg:direction 'up' } WHERE { ?r kg:direction ?v }", "Result kg:direction in"),
    ("DELETE { ?r kg:role ?v } INSERT { ?r kg:role 'fun' } WHERE { ?r kg:role ?v }", "HardwareUse kg:role in"),
    ("INSERT DATA { e:gpu kg:outperform e:orchid }", "unknown term"),
    ("INSERT DATA { e:gpu a kg:Modell }", "unknown term"),
    ("INSERT DATA { e:gpu skos:related _:x }", "blank nodes"),
    (f"DELETE {{ {S} ?p ?o }} WHERE {{ {S} ?p ?o }}", "count of triples"),
]  # fmt: skip


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("validate") / "graph.ttl"
    write_turtle(sample_graph(), path)
    return path


def test_good_graphs_have_no_violation():
    assert validate(sample_graph()) == []
    assert validate(build_graph(*synthetic(30), RUN)) == []


@pytest.mark.parametrize(("update", "rule"), PLANTED, ids=[f"{i} {rule}" for i, (_, rule) in enumerate(PLANTED)])
def test_each_planted_error_is_named(update, rule, lines):
    store = pyoxigraph.Store()
    store.bulk_load(path=lines)
    store.update(HEAD + update)
    found = validate(store)
    assert rule in {v.rule for v in found}
    assert all(v.node and v.message for v in found)


def test_there_are_more_than_twenty_kinds_of_planted_error():
    assert len({rule for _, rule in PLANTED}) >= 21


def test_an_illegal_iri_is_a_violation_with_its_line(tmp_path, lines):
    text = lines.read_text("utf-8").replace("schema:sameAs <https://arxiv.org/abs/2401.00001>", "schema:sameAs <https://arxiv.org/a b[>")
    (tmp_path / "bad.ttl").write_text(text, "utf-8")
    (violation,) = validate(tmp_path / "bad.ttl")
    line = 1 + text[: text.index("a b[>")].count("\n")
    assert violation.rule == "syntax" and f"bad.ttl:{line}: not RDF" in violation.message


def test_a_missing_file_is_no_violation_but_an_error():
    with pytest.raises(QueryError, match="No such file"):
        validate(Path("nowhere.ttl"))


def test_shapes_that_use_more_than_is_translated_are_refused(tmp_path):
    (tmp_path / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://s> a sh:NodeShape ; sh:targetClass <http://c> ; sh:closed true .", "utf-8"
    )
    with pytest.raises(QueryError, match="sh:closed is not one of the translated components: class, datatype"):
        validate(sample_graph(), tmp_path / "s.ttl")


def test_violations_print_as_a_table(lines):
    store = pyoxigraph.Store()
    store.bulk_load(path=lines)
    store.update(HEAD + "INSERT DATA { e:gpu a kg:Model }")
    table = as_table(validate(store))
    assert ("Entity rdf:type maxCount", "e:gpu", "kg:Model", "more than one") in table.rows or ("Entity rdf:type maxCount", "e:gpu") in [
        r[:2] for r in table.rows
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_pyshacl_agrees_on_the_sample_and_on_the_planted_errors(lines):
    pyshacl = pytest.importorskip("pyshacl")
    import rdflib

    shapes = rdflib.Graph().parse(SHAPES)
    conforms, _, text = pyshacl.validate(rdflib.Graph().parse(lines), shacl_graph=shapes)
    assert conforms, text
    ours_only = {"numbers as strings", "count of triples", "unknown term", "blank nodes"}
    store = pyoxigraph.Store()
    store.bulk_load(path=lines)
    for update, rule in PLANTED[::6]:
        if rule not in ours_only:
            store.update(HEAD + update)
    planted = rdflib.Graph().parse(data=pyoxigraph.serialize([pyoxigraph.Triple(q.subject, q.predicate, q.object) for q in store],
                                                             format=pyoxigraph.RdfFormat.N_TRIPLES), format="nt")  # fmt: skip
    conforms, report, _ = pyshacl.validate(planted, shacl_graph=shapes)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    theirs = {str(node).rpartition("/")[2] for node in report.objects(None, sh.focusNode)}
    ours = {v.node.partition(":")[2] for v in validate(store) if v.rule not in ours_only}
    assert not conforms and theirs == ours


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(not (ROOT / "output" / "graph.ttl").exists(), reason="no graph has been built in output/")
def test_the_built_graph_is_valid_and_pyshacl_agrees():
    pyshacl = pytest.importorskip("pyshacl")
    import rdflib

    assert validate(ROOT / "output" / "graph.ttl") == []
    conforms, _, text = pyshacl.validate(rdflib.Graph().parse(ROOT / "output" / "graph.ttl"), shacl_graph=rdflib.Graph().parse(SHAPES))
    assert conforms, text


def test_the_ontology_describes_every_term_that_is_written():
    import rdflib

    ontology = rdflib.Graph().parse(ONTOLOGY)
    kg = rdflib.Namespace("https://w3id.org/kgraph/ns#")
    for graph in (sample_graph().to_rdflib(), rdflib.Graph().parse(SHAPES)):
        for term in {t for triple in graph for t in triple if isinstance(t, rdflib.URIRef) and t.startswith(kg) and t != rdflib.URIRef(kg)}:
            assert ontology.value(term, rdflib.RDFS.comment), term
    for prop in ontology.subjects(rdflib.RDF.type, rdflib.RDF.Property):
        assert ontology.value(prop, rdflib.RDFS.range), prop
