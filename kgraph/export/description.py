"""Stage 5: the description of the data set (VoID and DCAT) as a file of its own, for catalogues; the Turtle file holds the same triples."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import RdfFormat, serialize

from kgraph.export.files import atomic_write
from kgraph.export.terms import BASE, prefixes
from kgraph.export.triples import subject_of, triples
from kgraph.graph import KnowledgeGraph


def write_description(graph: KnowledgeGraph, path: Path, *, base: str = BASE) -> None:
    """Write what `kgraph.export.triples.describe` says of `graph` as Turtle."""
    from kgraph.export.turtle import turtle_body

    names, dataset = prefixes(base), f"{base}dataset/"
    with atomic_write(path) as file, turtle_body(file, names) as body:
        serialize((t for t in triples(graph, base=base) if subject_of(t).value.startswith(dataset)), body, RdfFormat.TURTLE, prefixes=names)
