"""`import kgraph` as a Python user meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import networkx
import pyoxigraph
import pytest
import rdflib

import kgraph
from kgraph.export.turtle import write_turtle
from kgraph.tables import Table
from tests.sample import sample_graph

HEAVY = ("spacy", "networkx", "rdflib", "pyvis", "pyoxigraph", "numpy", "click", "msgspec")


def output_of(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_importing_kgraph_imports_nothing_else() -> None:
    assert output_of(f"import kgraph, sys; print([name for name in {HEAVY!r} if name in sys.modules])") == "[]\n"


def test_the_public_names_are_listed_and_others_are_refused() -> None:
    assert set(kgraph.__all__) <= set(dir(kgraph))
    with pytest.raises(AttributeError, match="module 'kgraph' has no attribute 'nothing'"):
        _ = kgraph.nothing  # type: ignore[attr-defined]


def test_a_function_is_not_hidden_by_the_module_of_its_name() -> None:
    program = "import kgraph.query, kgraph.ask, kgraph.load, kgraph.build; print(*(getattr(kgraph, name).__name__ for name in kgraph.__all__[2:]))"
    assert output_of(program) == "ask build load query view\n"
    from kgraph import query
    from kgraph.query import Question

    assert callable(query)
    assert Question.__name__ == "Question"


def test_build_load_query_and_ask_work_together(tmp_path: Path) -> None:
    write_turtle(sample_graph(), tmp_path / "graph.ttl")
    graph = kgraph.load(tmp_path)
    assert isinstance(graph, kgraph.KnowledgeGraph)
    rows = kgraph.query(graph, "trained-on", {"hardware": "A100"})
    assert set(rows.column("device")) == {"NVIDIA A100"}
    answer = kgraph.ask(tmp_path / "graph.ttl", "trained-on", {"hardware": "A100"})
    assert answer.table == rows
    assert answer.coverage == ("4 of 7 papers state hardware",)
    assert "<table>" in answer._repr_html_()


def test_the_graph_is_handed_over_to_other_libraries() -> None:
    graph = sample_graph()
    assert isinstance(graph, networkx.MultiDiGraph)
    ours, theirs = graph.to_pyoxigraph(), graph.to_rdflib()
    assert isinstance(ours, pyoxigraph.Store)
    assert isinstance(theirs, rdflib.Graph)
    assert len(ours) == len(theirs) > 0
    assert list(kgraph.query(theirs_as_store(theirs), "coverage").rows) == list(kgraph.query(graph, "coverage").rows)


def theirs_as_store(graph: rdflib.Graph) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.load(graph.serialize(format="nt").encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    return store


def test_a_table_becomes_a_data_frame() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not among kgraph's dependencies")
    frame = pandas.DataFrame(Table(("name", "n"), [("A100", 8), ("H100", None)]).records())
    assert list(frame.columns) == ["name", "n"]


def test_a_graph_shows_itself_in_a_notebook_without_writing_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = sample_graph()._repr_html_()
    assert "<iframe" in shown and "sandbox=" in shown
    assert not list(tmp_path.iterdir())
