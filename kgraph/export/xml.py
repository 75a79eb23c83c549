"""Stage 5: GraphML and GEXF, for Gephi, yEd, Cytoscape and networkx, by networkx' own writers.

Both formats hold only plain values: lists are joined by ` | `, and characters that XML 1.0 forbids are left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import networkx as nx

from kgraph.export.files import atomic_write
from kgraph.export.flat import SEPARATOR
from kgraph.graph import KnowledgeGraph

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(graph: KnowledgeGraph, path: Path) -> None:
    """Write `graph` as GraphML: all nodes and edges with their attributes, edge ids kept."""
    with atomic_write(path) as file:
        nx.write_graphml(_plain(graph), file, named_key_ids=True)


def write_gexf(graph: KnowledgeGraph, path: Path) -> None:
    """Write `graph` as GEXF 1.2: all nodes and edges with their attributes. No date is written, so equal graphs give equal bytes."""
    with atomic_write(path) as file:
        text = "\n".join(nx.generate_gexf(_plain(graph)))
        file.write(re.sub(r' lastmodifieddate="[^"]*"', "", text, count=1).encode() + b"\n")


def _plain(graph: KnowledgeGraph) -> nx.MultiDiGraph:
    """A copy with names and values that XML can hold. `type` of a node is called `class`, as GEXF has its own `type` of edges."""
    plain = nx.MultiDiGraph()
    names = {name: _FORBIDDEN.sub("", name) for name in graph}
    for name, data in graph.nodes(data=True):
        plain.add_node(names[name], **{("class" if key == "type" else key): _value(value) for key, value in data.items()})
    for number, (source, target, data) in enumerate(graph.edges(data=True)):
        # the id of an edge is its number: GEXF wants one for each, and networkx reads it back as the key
        attributes = {key: _value(value) for key, value in data.items()}
        plain.add_edge(names[source], names[target], key=str(number), label=data["relation"], **attributes)
    return plain


def _value(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, tuple | list):
        value = SEPARATOR.join(map(str, value))
    return _FORBIDDEN.sub("", str(value))
