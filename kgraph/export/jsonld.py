"""Stage 5: JSON-LD 1.1, a node a line, with a context that gives every property its short name.

IRI-valued properties are typed in the context, so that links read `"of": "e:x"`. Decimals are strings with a type: a bare 55.2 is a double to
JSON-LD, and comes back from many processors as `"5.52E1"^^xsd:decimal`. Integers and booleans are JSON's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from kgraph.export.files import atomic_write
from kgraph.export.terms import BASE, DECIMAL, INTEGER, VOCABULARIES, prefixes
from kgraph.export.triples import subject_of, triples
from kgraph.graph import KnowledgeGraph

_RDF_TYPE = VOCABULARIES["rdf"] + "type"
_XSD = VOCABULARIES["xsd"]


def write_jsonld(graph: KnowledgeGraph, path: Path, *, base: str = BASE) -> None:
    """Write `graph` as JSON-LD in the order of the Turtle file."""
    short = _Names(base)
    with atomic_write(path) as file:
        file.write(b'{"@context": ' + json.dumps(_context(graph, short, base), ensure_ascii=False, indent=1).encode() + b',\n"@graph": [\n')
        separator = b""
        for node in _nodes(triples(graph, base=base), short):
            file.write(separator + json.dumps(node, ensure_ascii=False).encode())
            separator = b",\n"
        file.write(b"\n]}\n")


class _Names:
    """Short forms of IRIs, remembered."""

    def __init__(self, base: str) -> None:
        self.spaces = sorted(prefixes(base).items(), key=lambda item: -len(item[1]))
        self.known: dict[str, str] = {}

    def __call__(self, iri: str) -> str:
        if iri not in self.known:
            found = next((f"{prefix}:{iri.removeprefix(space)}" for prefix, space in self.spaces if iri.startswith(space)), iri)
            # a local part that begins with `//` would be taken for an absolute IRI
            self.known[iri] = iri if found.partition(":")[2].startswith("//") else found
        return self.known[iri]


def _context(graph: KnowledgeGraph, short: _Names, base: str) -> dict[str, Any]:
    """The prefixes, and which properties hold links. One look at the stream decides: a property is a link where all its values are."""
    links: dict[str, bool] = {}
    for triple in triples(graph, base=base):
        if triple.predicate.value != _RDF_TYPE:
            name = short(triple.predicate.value)
            links[name] = links.get(name, True) and isinstance(triple.object, NamedNode)
    return {"@version": 1.1, **prefixes(base), **{name: {"@type": "@id"} for name in sorted(links) if links[name]}}


def _nodes(stream: Iterator[Triple], short: _Names) -> Iterator[dict[str, Any]]:
    for subject, of_subject in groupby(stream, key=lambda t: subject_of(t).value):
        node: dict[str, Any] = {"@id": short(subject)}
        for predicate, found in groupby(of_subject, key=lambda t: t.predicate.value):
            values = [_value(t.object, short) for t in found]
            if predicate == _RDF_TYPE:
                node["@type"] = [short(v) for v in values] if len(values) > 1 else short(values[0])
            else:
                node[short(predicate)] = values[0] if len(values) == 1 else values
        yield node


def _value(term: object, short: _Names) -> Any:
    if isinstance(term, NamedNode):
        return short(term.value)
    assert isinstance(term, Literal)
    if term.datatype == INTEGER and abs(int(term.value)) < 2**53:
        return int(term.value)
    if term.datatype.value == _XSD + "boolean":
        return term.value == "true"
    if term.datatype.value == _XSD + "string":
        return term.value
    return {"@value": term.value, "@type": "xsd:decimal" if term.datatype == DECIMAL else short(term.datatype.value)}
