"""The shipped questions: their exact answers on the sample, the same in Oxigraph and in rdflib, and on the built seed graph where there is one."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from benchmarks.synthetic import synthetic
from kgraph.graph import build_graph
from kgraph.query import bind, load_question, open_store, query, questions, run_sparql, terms_of
from tests.sample import NASTY, RUN, sample_graph

ROOT = Path(__file__).parents[1]
FERN, SEVEN, REVISITED = "Fernwave: A Small Language Model for Question Answering", "Fernwave-7B on a Budget", "Orchid Revisited"
TIDE, UNTITLED = "Tidepool: Serving with Pipeline Parallelism", "Fernwave outperforms Orchid again, this time with question answering over …"

# question, parameters, the columns that are looked at, all rows in order
ANSWERS: list[tuple[str, dict[str, str], str, list[tuple[object, ...]]]] = [
    ("hardware", {}, "paper system device count memoryGB hours role", [
        (UNTITLED, None, "NVIDIA A100", None, None, None, "training"), (SEVEN, "Fernwave-7B", "GPU", 1, 24, None, "training"),
        (SEVEN, None, "NVIDIA H100", None, None, None, "inference"), (FERN, "Fernwave", "NVIDIA A100", 64, None, 36, "training"),
        (TIDE, "Tidepool", "NVIDIA H100", 8, None, None, "inference")]),
    ("trained-on", {"hardware": "a100s"}, "system device count hours paper", [
        (None, "NVIDIA A100", None, None, UNTITLED), ("Fernwave", "NVIDIA A100", 64, 36, FERN)]),
    ("trained-on", {"hardware": "GPU"}, "system device", [(None, "NVIDIA A100"), ("Fernwave", "NVIDIA A100"), ("Fernwave-7B", "GPU")]),
    ("trained-on", {"hardware": "NVIDIA H100"}, "system", []),
    ("results-above", {"metric": "accuracy", "min": "58"}, "value printed system benchmark paper", [
        (Decimal("61.2"), "61.2%", "Fernwave", "MMLU", FERN), (Decimal("60.5"), "60.50 %", "Fernwave", "MMLU", REVISITED)]),
    ("results-above", {"min": "61.15"}, "value", [(Decimal("61.2"),)]),
    ("who-outperforms", {"system": "Orchid-LM"}, "winner paper confidence sentence", [
        ("Fernwave", FERN, Decimal("0.91"), "Fernwave reaches 61.2% accuracy on MMLU and outperforms Orchid."),
        ("Fernwave-7B", SEVEN, Decimal("0.9"), "It lowers perplexity from 12.4 to 9.8 and outperforms Orchid and GPT-4 on GLUE."),
        ("Fernwave", UNTITLED, Decimal("0.77"), f"Fernwave outperforms Orchid again, this time with question answering over {NASTY}.")]),
    ("leaderboard", {"metric": "accuracy"}, "benchmarkName value holder higherIsBetter says", [("MMLU", Decimal("86.4"), "GPT-4", True, "prior work")]),
    ("leaderboard", {"metric": "perplexity"}, "value holder higherIsBetter", [(Decimal("12.4"), "Fernwave", False)]),
    ("leaderboard", {"benchmark": "GLUE"}, "value", []),
    ("beats", {"system": "Fernwave-7B"}, "beaten directly", [("GPT-4", True), ("Orchid", True)]),
    ("hardware-by-year", {"hardware": "GPU"}, "year device papers", [("2024", "NVIDIA A100", 1), ("2025", "NVIDIA H100", 2), ("2025", "GPU", 1)]),
    ("results-about", {"concept": "QA"}, "printed metric system paper", [("61.2%", "accuracy", "Fernwave", FERN)]),
    ("used-together", {"method": "LoRA"}, "methodName together systems", [("low-rank adaptation", "pipeline parallelism", 1)]),
    ("about", {"entity": "nvidia-h100"}, "relation with value paper", [
        ("hardware of: inference", None, None, SEVEN), ("hardware of: inference", "Tidepool", 8, TIDE), ("runsOnHardware (of)", "Tidepool", None, TIDE)]),
    ("about", {"entity": "Tidepool"}, "relation with value metric", [
        ("comparedWith", "pipeline parallelism", None, None), ("hardware: inference", "NVIDIA H100", 8, None), ("result", None, "doubles", "throughput"),
        ("runsOnHardware", "NVIDIA A100", None, None), ("runsOnHardware", "NVIDIA H100", None, None), ("uses", "low-rank adaptation", None, None),
        ("uses", "pipeline parallelism", None, None)]),
    ("introduced-on", {"base": "Fernwave"}, "paper introduced basedOn", [(SEVEN, "Fernwave-7B", "Fernwave")]),
    ("model-sizes", {"min": "2e9"}, "system parameters printed paper", [("Fernwave-7B", 7_000_000_000, "7B", SEVEN)]),
    ("model-sizes", {}, "parameters", [(1_300_000_000,), (7_000_000_000,)]),
    ("in-common", {"paper": "2401.00001", "other": SEVEN}, "concept type papers", [("Fernwave", "Model", 4), ("GPT-4", "Model", 4), ("Orchid", "Model", 4)]),
    ("conflicts", {}, "systemName metricName benchmarkName value otherValue unit paper otherPaper otherSentence", [
        ("Fernwave", "accuracy", "MMLU", Decimal("60.5"), Decimal("61.2"), "%", REVISITED, FERN,
         "Fernwave reaches 61.2% accuracy on MMLU and outperforms Orchid.")]),
    ("concepts-by-year", {"concept": "GPT-4"}, "year papers", [("2024", 2), ("2025", 2)]),
    ("concepts-by-year", {"concept": "GPT-4", "since": "2025"}, "year papers", [("2025", 2)]),
    ("similar-papers", {"paper": "orchid-02"}, "similar shared", [(SEVEN, 5), (FERN, 5), (UNTITLED, 2), (TIDE, 2), (NASTY, 1)]),
    ("coverage", {}, "fact papers", [("(all papers)", 7), ("date", 5), ("comparison", 4), ("hardware", 4), ("result", 4), ("introduction", 3),
                                     ("code link", 2), ("size", 2)]),
    ("evaluated-on", {"benchmark": "Massive Multitask Language Understanding"}, "system paper", [("Fernwave", FERN), ("Orchid", REVISITED)]),
    ("code", {"system": "Fernwave"}, "paper link", [(FERN, "https://github.com/example/fernwave")]),
    ("not-claimed", {}, "says subjectName relation objectName", [
        ("hypothetical", "Orchid", "outperforms", "Fernwave"), ("negated", "Fernwave", "outperforms", "GPT-4")]),
    ("not-claimed", {"entity": "GPT-4"}, "says", [("negated",)]),
    ("timeline", {"concept": "LoRA"}, "year paper introduces sentence", [
        ("2024", REVISITED, False, "With low-rank adaptation (LoRA), Orchid could outperform Fernwave."),
        ("2025", SEVEN, False, "Fernwave-7B is a variant of Fernwave with 7B parameters, fine-tuned with LoRA on a single 24G GPU."),
        ("2025", TIDE, False, "Tidepool swaps adapters made by LoRA.")]),
    ("trained-with", {"dataset": "Wikipedia"}, "system paper", [("Fernwave", FERN)]),
]  # fmt: skip


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    return open_store(sample_graph())


@pytest.fixture(scope="module")
def memory() -> rdflib.Graph:
    return sample_graph().to_rdflib()


@pytest.mark.parametrize(("name", "parameters", "columns", "rows"), ANSWERS, ids=[f"{a[0]} {' '.join(a[1].values())}".strip() for a in ANSWERS])
def test_each_question_has_its_exact_answer(store, name, parameters, columns, rows):
    table = query(store, name, parameters)
    assert list(zip(*(table.column(c) for c in columns.split()), strict=True)) == rows


def test_every_shipped_question_has_a_tested_answer_that_is_not_empty():
    assert {name for name, _, _, rows in ANSWERS if rows} == set(questions())
    assert len(questions()) >= 16


def rdflib_rows(graph: rdflib.Graph, sparql: str) -> list[tuple[object, ...]]:
    """The rows as `run_sparql` would give them, sorted: values, not lexical forms."""
    found = []
    for row in graph.query(sparql):
        cells = []
        for term in row:
            if isinstance(term, rdflib.Literal) and isinstance(term.value, int | float | Decimal) and not isinstance(term.value, bool):
                cells.append(Decimal(str(term)))
            else:
                cells.append(term.value if isinstance(term, rdflib.Literal) and isinstance(term.value, bool) else None if term is None else str(term))
        found.append(tuple(cells))
    return sorted(found, key=repr)


def comparable(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    def one(cell: object) -> object:
        return (
            Decimal(cell) if isinstance(cell, int | Decimal) and not isinstance(cell, bool) else cell if cell is None or isinstance(cell, bool) else str(cell)
        )

    return sorted((tuple(one(c) for c in row) for row in rows), key=repr)


@pytest.mark.parametrize(("name", "parameters"), [(a[0], a[1]) for a in ANSWERS], ids=[f"{a[0]} {' '.join(a[1].values())}".strip() for a in ANSWERS])
def test_rdflib_gives_the_same_answer(store, memory, name, parameters):
    asked = load_question(name)
    sparql = bind(asked, terms_of(store, asked, parameters))
    assert rdflib_rows(memory, sparql) == comparable(run_sparql(store, sparql).rows)


def test_no_answer_is_lost_when_a_loader_types_its_plain_strings(memory):
    """oxrdflib's parsers give rdflib's memory store `"%"^^xsd:string`, which rdflib does not match with `"%"` in a triple pattern."""
    typed = rdflib.Graph()
    for s, p, o in memory:
        plain = isinstance(o, rdflib.Literal) and o.datatype is None and o.language is None
        typed.add((s, p, rdflib.Literal(str(o), datatype=rdflib.XSD.string) if plain else o))
    source = open_store(sample_graph())
    for name, parameters, _, rows in ANSWERS:
        asked = load_question(name)
        sparql = bind(asked, terms_of(source, asked, parameters))
        assert len(rdflib_rows(typed, sparql)) == len(run_sparql(source, sparql)) >= len(rows), name


@pytest.mark.parametrize("path", sorted((ROOT / "queries").glob("*.rq")), ids=lambda p: p.stem)
def test_a_question_matches_no_literal_by_its_term_and_runs_as_it_is_anywhere(path, store):
    text = path.read_text("utf-8")
    assert text.startswith("# ") and text.splitlines()[0].endswith("?")
    body = re.sub(r"^\s*(#.*|PREFIX .*)$", "", text, flags=re.M)
    body = re.sub(r'"[^"]*"', '""', body)
    patterns = body
    while patterns != (patterns := re.sub(r"\([^()]*\)", "", patterns)):  # expressions, from the inside out
        pass
    assert '"' not in patterns and "'" not in patterns, "a literal in a triple pattern misses its typed or untyped twin: compare with STR()"
    assert not re.search(r"(?<![\w?])\d+(?!\w)", re.sub(r"LIMIT \d+", "", patterns))
    for group in re.findall(r"\{[^{}]*\}", patterns):  # rdflib would build a cross product
        assert len(re.findall(r"(?:\ba|rdf:type) kg:[A-Z]", group)) <= 1
    run_sparql(store, text)


def test_a_value_is_data_whatever_is_in_it(store):
    asked = load_question("trained-on")
    for value in ('A100" } DROP ALL #', "}", "\\", '"""', "a\nb", "?x", "<http://x>", "' ; DROP ALL", "\ud800"):
        bound = bind(asked, {"hardware": pyoxigraph.Literal(value.encode("utf-8", "replace").decode())})
        assert run_sparql(store, bound).rows == []
    assert len(list(store)) == len(open_store(sample_graph()))


def test_questions_answer_alike_on_synthetic_papers():
    graph = build_graph(*synthetic(24), RUN)
    store, memory = open_store(graph), graph.to_rdflib()
    label = {cls: str(run_sparql(store, f"SELECT ?l {{ ?e a <https://w3id.org/kgraph/ns#{cls}> ; <http://www.w3.org/2000/01/rdf-schema#label> ?l ; "
             "^<https://w3id.org/kgraph/ns#mentions> ?p } GROUP BY ?l ORDER BY DESC(COUNT(?p)) ?l LIMIT 1").rows[0][0])
             for cls in ("Model", "Method", "Metric", "Hardware", "Benchmark", "Task", "Dataset")}  # fmt: skip
    values = {"hardware": label["Hardware"], "metric": label["Metric"], "benchmark": label["Benchmark"], "concept": label["Task"], "system": label["Model"],
              "entity": label["Model"], "base": label["Model"], "method": label["Method"], "dataset": label["Dataset"], "min": "30", "since": "2018",
              "paper": "synthetic-000001", "other": "synthetic-000002"}  # fmt: skip
    empty = []
    for name, asked in questions().items():
        sparql = bind(asked, terms_of(store, asked, {p.name: values[p.name] for p in asked.parameters}))
        rows = run_sparql(store, sparql).rows
        assert rdflib_rows(memory, sparql) == comparable(rows), name
        if not rows:
            empty.append(name)
    assert set(empty) <= {"model-sizes", "code", "conflicts", "leaderboard"}


@pytest.mark.skipif(not (ROOT / "output" / "graph.ttl").exists(), reason="no graph has been built from the seed files in output/")
def test_the_built_graph_gives_equal_answers_in_both():
    store = open_store(ROOT / "output" / "graph.ttl")
    memory = rdflib.Graph().parse(ROOT / "output" / "graph.ttl")
    for name, asked in questions().items():
        if not any(p.required for p in asked.parameters):
            sparql = bind(asked, terms_of(store, asked, {}))
            assert rdflib_rows(memory, sparql) == comparable(run_sparql(store, sparql).rows), name
