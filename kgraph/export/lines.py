"""Stage 5: N-Triples, a triple a line, and N-Quads in shards for bulk loading into Oxigraph, QLever or Virtuoso."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from kgraph.export.files import atomic_folder, atomic_write
from kgraph.export.terms import BASE
from kgraph.export.triples import subject_of, triples
from kgraph.graph import KnowledgeGraph

SHARD = 1_000_000
"""Quads in a shard; a store's loader then has work for several threads."""


def write_ntriples(graph: KnowledgeGraph, path: Path, *, base: str = BASE) -> None:
    """Write `graph` as N-Triples in UTF-8, in the order of the Turtle file."""
    with atomic_write(path) as file:
        serialize(triples(graph, base=base), file, RdfFormat.N_TRIPLES)


def write_nquads(graph: KnowledgeGraph, path: Path, *, base: str = BASE, shard: int = SHARD) -> None:
    """Write `graph` as N-Quads into the folder `path`, `shard` quads a file (`part-00000.nq`, ...).

    What a paper says is in the named graph of that paper's IRI, the rest (entities, runs, the description) in `BASE` + `graph`.
    """
    stream = quads(triples(graph, base=base), base)
    with atomic_folder(path) as folder:
        for number, part in enumerate(_parts(stream, shard)):
            serialize(part, folder / f"part-{number:05d}.nq", RdfFormat.N_QUADS)


def quads(stream: Iterable[Triple], base: str = BASE) -> Iterator[Quad]:
    """Triples with the graph they belong to: that of the paper since whose first triple no entity, run or row has come."""
    paper, rest = f"{base}paper/", NamedNode(f"{base}graph")
    own = tuple(f"{base}{kind}/" for kind in ("sentence", "claim", "result", "quantity", "use"))
    current = rest
    for triple in stream:
        subject = subject_of(triple)
        if subject.value.startswith(paper):
            current = subject
        elif not subject.value.startswith(own):
            current = rest
        yield Quad(triple.subject, triple.predicate, triple.object, current)


def _parts(stream: Iterator[Quad], size: int) -> Iterator[Iterator[Quad]]:
    for first in stream:
        yield _chain(first, islice(stream, size - 1))


def _chain(first: Quad, rest: Iterator[Quad]) -> Iterator[Quad]:
    yield first
    yield from rest
