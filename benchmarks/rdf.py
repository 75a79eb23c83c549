"""Turtle and questions beside rdflib, in one run: `python -m benchmarks.rdf [papers] [--no-rdflib-at-full-size]`.

5,700 synthetic papers are a million triples. CPU seconds of this process: use the ratios. The Turtle row "from triples in memory" gives both serializers
what they start from (rdflib its graph, pyoxigraph the sorted triples); "from the networkx graph" begins where `kgraph build` does, for both.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph

from benchmarks.synthetic import synthetic
from kgraph.export.terms import prefixes
from kgraph.export.triples import triples
from kgraph.export.turtle import turtle_body, write_turtle
from kgraph.graph import KnowledgeGraph, build_graph
from kgraph.query import bind, open_store, questions, run_sparql, terms_of
from kgraph.validate import validate

RUN = {"label": "kgraph benchmark", "version": "0", "model": "synthetic", "input_hash": "0"}
SMALL = 300
"""Papers at which rdflib is given every question too."""
LIMIT = 60
"""Seconds after which rdflib is not waited for."""


def cpu(function: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    result = function()
    return time.process_time() - start, result


def limited(function: Callable[[], object], seconds: int = LIMIT) -> float | None:
    """CPU seconds, or None when it takes longer than `seconds` of wall time."""

    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        return cpu(function)[0]
    except TimeoutError:
        return None
    finally:
        signal.alarm(0)


def turtle(graph: KnowledgeGraph, folder: Path) -> None:
    ours, _ = cpu(lambda: write_turtle(graph, folder / "graph.ttl"))
    again, _ = cpu(lambda: write_turtle(graph, folder / "again.ttl"))
    same = (folder / "graph.ttl").read_bytes() == (folder / "again.ttl").read_bytes()
    ready = list(triples(graph))

    def serialize() -> None:
        with (folder / "ready.ttl").open("wb") as file, turtle_body(file, prefixes()) as body:
            pyoxigraph.serialize(ready, body, pyoxigraph.RdfFormat.TURTLE, prefixes=prefixes())

    alone, _ = cpu(serialize)
    building, memory = cpu(graph.to_rdflib)
    theirs, _ = cpu(lambda: memory.serialize(folder / "rdflib.ttl", format="turtle"))  # type: ignore[attr-defined]
    print(f"\nTurtle, {len(ready):,} triples, byte-stable: {same}")
    print(f"  {'from triples in memory':26} rdflib{theirs:8.2f} s   pyoxigraph{alone:7.2f} s {theirs / alone:6.1f} times")
    theirs, ours = building + theirs, min(ours, again)
    print(f"  {'from the networkx graph':26} rdflib{theirs:8.2f} s   kgraph    {ours:7.2f} s {theirs / ours:6.1f} times", flush=True)


def parameters(store: pyoxigraph.Store) -> dict[str, str]:
    """The hardest values: of each type the entity that most papers name."""
    head = "PREFIX kg: <https://w3id.org/kgraph/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "

    def most(cls: str) -> str:
        sparql = f"SELECT ?l {{ ?e a kg:{cls} ; rdfs:label ?l ; ^kg:mentions ?p }} GROUP BY ?l ORDER BY DESC(COUNT(?p)) ?l LIMIT 1"
        return str(run_sparql(store, head + sparql).rows[0][0])

    model, task = most("Model"), most("Task")
    return {
        "hardware": most("Hardware"), "metric": most("Metric"), "benchmark": most("Benchmark"), "concept": task, "system": model, "entity": model,
        "base": model, "method": most("Method"), "dataset": most("Dataset"), "min": "30", "since": "2018",
        "paper": "synthetic-000001", "other": "synthetic-000002",
    }  # fmt: skip


def ask_all(store: pyoxigraph.Store, graph: KnowledgeGraph | None) -> None:
    memory = graph.to_rdflib() if graph is not None else None
    values = parameters(store)
    print(f"\nQuestions, {len(store):,} triples{'' if memory is None else ', rdflib beside'}")
    for name, asked in questions().items():
        given = [{p.name: values[p.name] for p in asked.parameters}, {p.name: values[p.name] for p in asked.parameters if p.required}]
        for chosen in given if given[0] != given[1] else given[:1]:
            sparql = bind(asked, terms_of(store, asked, chosen))
            ours, table = cpu(lambda sparql=sparql, name=name: run_sparql(store, sparql, name))
            line = f"  {name + (' ' + ','.join(chosen) if chosen else ''):34}{len(table):8,} rows{ours:8.3f} s"
            if memory is not None:
                theirs = limited(lambda sparql=sparql: list(memory.query(sparql)))
                line += f"   rdflib {'over ' + str(LIMIT) + ' s' if theirs is None else f'{theirs:8.3f} s {theirs / ours:7.1f} times'}"
            print(line + ("   over 1 s" if ours >= 1 else ""), flush=True)


def main(papers: int, big_rdflib: bool) -> None:
    small = build_graph(*synthetic(SMALL), RUN)
    ask_all(open_store(small), small)
    graph = build_graph(*synthetic(papers), RUN)
    with tempfile.TemporaryDirectory() as folder:
        if big_rdflib:
            turtle(graph, Path(folder))
        path = Path(folder) / "graph.ttl"
        write_turtle(graph, path)
        del graph
        seconds, store = cpu(lambda: open_store(path))
        print(f"\nload into Oxigraph {seconds:.2f} s")
        ask_all(store, None)  # type: ignore[arg-type]
        seconds, found = cpu(lambda: validate(store))  # type: ignore[arg-type]
        print(f"\nvalidate {seconds:.2f} s, {len(found)} violations")  # type: ignore[arg-type]


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    main(int(words[0]) if words else 5700, "--no-rdflib-at-full-size" not in sys.argv)
