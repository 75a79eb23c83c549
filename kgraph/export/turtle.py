"""Stage 5: Turtle, the main output, and the hand-over to rdflib and Oxigraph.

pyoxigraph writes the stream of `kgraph.export.triples`: subjects and predicates that follow each other are folded, so equal streams give equal,
readable bytes, about thirty times faster than rdflib, which stays the interface for those who want it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from kgraph.export.files import atomic_write
from kgraph.export.terms import BASE, prefixes
from kgraph.export.triples import triples
from kgraph.graph import KnowledgeGraph

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node


def write_turtle(graph: KnowledgeGraph, path: Path, *, base: str = BASE) -> None:
    """Write `graph` to `path` as Turtle; individuals get IRIs under `base`. The same graph gives the same bytes."""
    names = prefixes(base)
    with atomic_write(path) as file, turtle_body(file, names) as body:
        serialize(triples(graph, base=base), body, RdfFormat.TURTLE, prefixes=names)


@contextmanager
def turtle_body(file: IO[bytes], names: Mapping[str, str]) -> Iterator[IO[bytes]]:
    """Write the prefix lines, sorted, and give a file for the rest: what the serializer writes there without its own prefix lines."""
    file.write("".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(names.items())).encode())
    body = _Body(file)
    yield cast(IO[bytes], body)
    body.close()


class _Body:
    """What the serializer writes, without its prefix lines (their order changes from run to run), and with an empty line before each paper.

    Line breaks inside literals are escaped in Turtle as it writes it, so a raw one is always the end of a line.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.rest, self.header = file, b"", True

    def write(self, data: bytes) -> int:
        """Take the next piece, of any length."""
        whole, newline, self.rest = (self.rest + data).rpartition(b"\n")
        lines = whole + newline
        while self.header and lines.startswith(b"@prefix "):
            lines = lines.partition(b"\n")[2]
        if lines:
            if self.header:
                lines, self.header = b"\n" + lines, False
            self.file.write(lines.replace(b"\npaper:", b"\n\npaper:"))
        return len(data)

    def flush(self) -> None:
        """Nothing to do: what is held back is part of a line."""

    def close(self) -> None:
        """Write what is left."""
        self.file.write(self.rest)


def to_pyoxigraph(graph: KnowledgeGraph, *, base: str = BASE) -> Store:
    """The graph in an in-memory Oxigraph store. The store writes decimals in its own way (55.20 comes back as 55.2): compare by value."""
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in triples(graph, base=base))
    return store


def to_rdflib(graph: KnowledgeGraph, *, base: str = BASE) -> rdflib.Graph:
    """The graph in rdflib's memory store, with the same prefixes as in the file."""
    import rdflib

    made = rdflib.Graph()
    for prefix, namespace in prefixes(base).items():
        made.bind(prefix, namespace, replace=True)
    made.addN((*rdflib_triple(t), made) for t in triples(graph, base=base))
    return made


def rdflib_triple(triple: Triple) -> tuple[Node, Node, Node]:
    """A pyoxigraph triple in rdflib's terms. Plain strings get no datatype: rdflib takes `"%"` and `"%"^^xsd:string` for two different literals."""
    import rdflib

    def convert(value: object) -> Node:
        if isinstance(value, NamedNode):
            return rdflib.URIRef(value.value)
        if not isinstance(value, Literal):
            raise TypeError(f"no blank nodes or quoted triples in our graphs: {value}")
        if value.language:
            return rdflib.Literal(value.value, lang=value.language)
        plain = value.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        return rdflib.Literal(value.value, datatype=None if plain else rdflib.URIRef(value.datatype.value))

    return convert(triple.subject), convert(triple.predicate), convert(triple.object)
