"""Reading questions, binding parameters, opening graphs, and what is said when that fails."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from kgraph.export.turtle import write_turtle
from kgraph.query import QueryError, open_store, parse_question, query, questions, questions_folder, run_sparql
from kgraph.tables import Iri, Table, render
from tests.sample import sample_graph

HEAD = "PREFIX kg: <https://w3id.org/kgraph/ns#>\n"


def test_a_question_declares_its_words_parameters_and_coverage():
    asked = parse_question("q", '# Who?\n# param m: Model, the model, required\n# param n: number, at least, default "3"\n# covers: results, code\n'
                           "SELECT * { VALUES (?m ?n) { (UNDEF UNDEF) } ?x ?y ?m }")  # fmt: skip
    assert (asked.words, asked.covers) == ("Who?", ("results", "code"))
    assert [(p.name, p.type, p.about, p.default, p.required) for p in asked.parameters] == [
        ("m", "Model", "the model", None, True), ("n", "number", "at least", "3", False)]  # fmt: skip


@pytest.mark.parametrize(("source", "message"), [
    ("# Q?\n# param x: Thing\nSELECT * {}", "q.rq:2: 'Thing' is not one of the parameter types"),
    ("# Q?\n# param x: text\nSELECT * {}", "q.rq:2: the query has no `VALUES ?x { UNDEF }`"),
])  # fmt: skip
def test_a_bad_declaration_is_named_with_its_line(source, message):
    with pytest.raises(QueryError, match=message.replace("?", r"\?").replace("{", r"\{")):
        parse_question("q", source)


def test_a_file_a_folder_and_a_graph_give_the_same_answer(tmp_path):
    graph = sample_graph()
    write_turtle(graph, tmp_path / "graph.ttl")
    rows = query(graph, "hardware").rows
    assert rows == query(tmp_path / "graph.ttl", questions_folder() / "hardware.rq").rows == query(tmp_path, "hardware").rows


def test_a_file_is_loaded_once_until_it_changes(tmp_path):
    write_turtle(sample_graph(), tmp_path / "graph.ttl")
    first = open_store(tmp_path)
    assert open_store(tmp_path) is first
    (tmp_path / "graph.ttl").write_text("<http://a> <http://b> 1 .", "utf-8")
    assert len(open_store(tmp_path)) == 1


def test_a_missing_or_broken_file_is_said_with_its_line(tmp_path):
    with pytest.raises(QueryError, match=r"none\.ttl: No such file"):
        query(tmp_path / "none.ttl", "hardware")
    (tmp_path / "bad.ttl").write_text("<http://a> <http://b> <http://c> .\n<http://a> oops\n", "utf-8")
    with pytest.raises(QueryError, match=r"bad\.ttl:[23]: not RDF"):
        query(tmp_path / "bad.ttl", "hardware")


@pytest.mark.parametrize(("question", "parameters", "message"), [
    ("hardwear", {}, "did you mean hardware"),
    ("zzzzzzz", {}, "is not one of the questions: about, beats"),
    ("trained-on", {"hw": "A100"}, "has no parameter 'hw': it takes hardware"),
    ("hardware", {"x": "1"}, "it takes none"),
    ("beats", {}, "beats needs system=...: entity, the winner"),
    ("results-above", {"min": "many"}, "min='many' is not a number"),
    ("results-above", {"min": "1e999999"}, "is not a number"),
])  # fmt: skip
def test_what_cannot_be_asked_is_explained(question, parameters, message):
    with pytest.raises(QueryError, match=message):
        query(sample_graph(), question, parameters)


def test_syntax_errors_and_updates_are_refused(tmp_path):
    store = open_store(sample_graph())
    before = len(store)
    for sparql in ("SELECT * {", "DROP ALL", "INSERT DATA { <http://a> <http://b> 1 }"):
        with pytest.raises(QueryError, match=r"q:\d+: "):
            run_sparql(store, sparql, "q")
    assert len(store) == before


@pytest.mark.parametrize("group", [
    "SERVICE <http://127.0.0.1:1/> { ?a ?b ?c }",
    "service silent <http://127.0.0.1:1/> { ?a ?b ?c }",
    "?s ?p ?o . # a comment\n{ SERVICE ?o { ?a ?b ?c } }",
    "?s ?p ?o.SERVICE?o{ ?a ?b ?c }",
    "?s ?p 1SERVICE<http://127.0.0.1:1/>{ ?a ?b ?c }",
    "?s ?p trueSERVICE kg:x { ?a ?b ?c }",
    "SERVICEkg:x # the service\n { ?a ?b ?c }",
    "SERVICESILENTkg:x{ ?a ?b ?c }",
    '?s ?p "a # \\" <" SERVICE <http://127.0.0.1:1/> { ?a ?b ?c }',
    "?s <?x#y> ?o SERVICE <http://127.0.0.1:1/> { ?a ?b ?c }",
    "?s ?p ?o FILTER(?o<?o)SERVICE#>\n<http://127.0.0.1:1/> { ?a ?b ?c }",
    '?s ?p ?o FILTER(?o<?o#>"""\n)SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } #"""\n',
])  # fmt: skip
def test_service_is_refused_before_anything_is_evaluated(group):
    with pytest.raises(QueryError, match=r"^q:[23]: SERVICE is refused: kgraph asks nothing over the network$"):
        run_sparql(None, HEAD + f"SELECT * {{ {group} }}", "q")  # no store: nothing was asked


@pytest.mark.parametrize("group", [
    '?s rdfs:label "SERVICE"', "?s rdfs:label 'a SERVICE <x> {'", '?s rdfs:label """a "SERVICE" \n <x> {"""', "?s rdfs:label '''SERVICE'''",
    '?s rdfs:label "\\"SERVICE"', "# SERVICE <http://127.0.0.1:1/> {\n", "?s a <http://example.org/SERVICE> .", "?s a <http://example.org/#SERVICE> .",
    "?service ?p $SERVICE", "?s a kg:Service", "?s a kg:x-service", "?s kg:service ?o", "?s service:p ?o . { ?s a ?o }", '?s ?p "a"@service',
])  # fmt: skip
def test_the_word_service_is_fine_in_strings_iris_comments_and_names(group):
    head = HEAD + "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX service: <http://example.org/service/>\n"
    assert isinstance(run_sparql(open_store(sample_graph()), head + f"SELECT * {{ {group} }}"), Table)


def test_numbers_are_exact_and_typed():
    store = open_store(sample_graph())
    table = run_sparql(store, HEAD + "SELECT ?v { ?x kg:value ?v } ORDER BY ?v")
    assert [type(v) for v in table.column("v")[:3]] == [Decimal, int, Decimal]
    assert run_sparql(store, HEAD + "ASK { ?x a kg:Paper }").rows == [(True,)]
    (row, *_) = run_sparql(store, HEAD + "CONSTRUCT { ?x a kg:Thing } WHERE { ?x a kg:Paper }").rows
    assert isinstance(row[0], Iri)


TABLE = Table(("name", "n", "ok"), [("=1+1|<b>\x1b[31m\n\u202e", 3, True), ("é漢字", None, False), ("plain", Decimal("-0.50"), None)])


def test_the_terminal_form_is_aligned_and_steers_nothing():
    shown = render(TABLE)
    assert "\x1b" not in shown and "\u202e" not in shown
    assert shown.splitlines()[3].startswith("é漢字")
    assert len({len(line) for line in render(Table(("a", "b"), [("x" * 50, "y" * 50)]), width=40).splitlines()[1:2]}) == 1
    assert all(len(line) <= 40 for line in render(Table(("a", "b"), [("word " * 20, "y" * 50)]), width=40).splitlines())


def test_json_has_numbers_with_all_their_digits():
    assert json.loads(render(TABLE, "json"))[2] == {"name": "plain", "n": -0.5, "ok": None}
    assert "-0.50" in render(TABLE, "json")


def test_csv_runs_no_formula_in_a_spreadsheet():
    lines = render(TABLE, "csv").split("\r\n")
    assert lines[0] == "name,n,ok"
    assert lines[1].startswith("\"'=1+1")
    assert lines[3] == "plain,-0.50,"


def test_markdown_cells_stay_in_their_cell():
    assert render(TABLE, "markdown").splitlines()[2].count(" | ") == 2
    with pytest.raises(ValueError, match="'xml' is not one of the forms: table, json, csv, markdown"):
        render(TABLE, "xml")


def test_every_question_says_what_it_covers():
    assert all(asked.covers for asked in questions().values())
