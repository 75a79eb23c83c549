"""The shipped questions on the graph of the seed papers: their exact answers, in Oxigraph and in rdflib."""

from __future__ import annotations

import pyoxigraph
import pytest
import rdflib

from kgraph.graph import KnowledgeGraph
from kgraph.query import open_store, questions
from tests.seed_answers import ASKED, COMMAND, answer, called, golden, seed_graph
from tests.test_queries import comparable, rdflib_rows

GOLDEN = golden()
NAMES = [called(name, parameters) for name, parameters in ASKED]
REWRITE = f"`{COMMAND}` writes tests/golden/seed_answers.json anew: when the new answer is right, commit it"
UNSTATED = {"conflicts", "trained-with"}  # the seed papers say nothing of it


@pytest.fixture(scope="session")
def graph() -> KnowledgeGraph:
    return seed_graph()


@pytest.fixture(scope="session")
def store(graph: KnowledgeGraph) -> pyoxigraph.Store:
    return open_store(graph)


@pytest.fixture(scope="session")
def memory(graph: KnowledgeGraph) -> rdflib.Graph:
    return graph.to_rdflib()


def test_every_shipped_question_is_asked_of_the_seed_papers():
    assert {name for name, _ in ASKED} == set(questions())
    assert list(GOLDEN) == NAMES, REWRITE
    assert {name for name, _ in ASKED} - {name for (name, _), called_so in zip(ASKED, NAMES, strict=True) if GOLDEN[called_so]["rows"]} <= UNSTATED


@pytest.mark.parametrize(("name", "parameters"), ASKED, ids=NAMES)
def test_oxigraph_gives_exactly_the_written_rows_in_their_order(store, name, parameters):
    _, table = answer(store, name, parameters)
    written = GOLDEN[called(name, parameters)]
    assert table.columns == written["columns"], REWRITE
    assert table.rows == written["rows"], REWRITE


@pytest.mark.parametrize(("name", "parameters"), ASKED, ids=NAMES)
def test_rdflib_gives_exactly_the_written_rows(store, memory, name, parameters):
    sparql, _ = answer(store, name, parameters)
    assert rdflib_rows(memory, sparql) == comparable(GOLDEN[called(name, parameters)]["rows"]), REWRITE
