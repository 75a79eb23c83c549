"""Stage 5: CSV for `neo4j-admin database import`: typed headers, a file a node class and a relation, and the command in `import.args`.

Load it with `neo4j-admin database import full @import.args` from inside the folder. Papers, entities and facts are nodes; what a slot of a fact
holds, and every direct statement, is a relationship. Source: Neo4j Operations Manual, "CSV header format".
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from kgraph.export.files import atomic_folder
from kgraph.graph import KnowledgeGraph
from kgraph.tables import safe_for_spreadsheets

ARRAY = "\u001f"
"""Between the values of a list; no text has it (the unit separator is removed from texts)."""
_TYPES = {"start": "long", "end": "long", "line": "long", "confidence": "double", "value": "double", "count": "double", "memory_gb": "double",
          "hours": "double", "higher_is_better": "boolean", "alt_labels": "string[]", "identifiers": "string[]", "creators": "string[]", "same_as": "string[]",
          "code": "string[]", "sources": "string[]", "exact_match": "string[]", "see_also": "string[]"}  # fmt: skip
_LEFT_OUT = ("type", "votes", "spans", "paper", "sentence", "row")  # a label, not wanted, or a relationship of its own


def write_neo4j(graph: KnowledgeGraph, path: Path) -> None:
    """Write the folder `path` with `nodes-CLASS.csv`, `edges-RELATION.csv` and `import.args`. Line breaks in texts become spaces (offsets stay true)."""
    nodes: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for name, data in sorted(graph.nodes(data=True)):
        nodes.setdefault(data["type"], []).append((name, data))
    edges: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for source, target, data in graph.edges(data=True):
        edges.setdefault(data["relation"], []).append((source, target, data))
    for name, data in graph.nodes(data=True):
        for relation, attribute in (("statedIn", "paper"), ("wasDerivedFrom", "sentence"), ("wasDerivedFrom", "row")):
            if attribute in data and data["type"] != "Sentence":
                edges.setdefault(relation, []).append((name, data[attribute], {}))
    with atomic_folder(path) as folder:
        arguments = [f"--array-delimiter=U+{ord(ARRAY):04X}", "--multiline-fields=false"]
        for cls in sorted(nodes):
            columns = sorted({key for _, data in nodes[cls] for key in data} - set(_LEFT_OUT))
            header = ["id:ID", *(f"{c}:{_TYPES.get(c, 'string')}" for c in columns), ":LABEL"]
            rows = [[name, *(_cell(data.get(c)) for c in columns), f"{cls}{ARRAY}Dataset" if cls == "Benchmark" else cls] for name, data in nodes[cls]]
            _write(folder / f"nodes-{cls}.csv", header, rows)
            arguments.append(f"--nodes=nodes-{cls}.csv")
        for relation in sorted(edges):
            columns = ["claim", "confidence", "polarity", "sentence"] if any("claim" in data for *_, data in edges[relation]) else []
            header = [":START_ID", *(f"{c}:{_TYPES.get(c, 'string')}" for c in columns), ":END_ID", ":TYPE"]
            found = sorted(edges[relation], key=lambda e: (e[0], e[1], str(e[2].get("claim"))))
            _write(folder / f"edges-{relation}.csv", header, [[s, *(_cell(data.get(c)) for c in columns), t, relation] for s, t, data in found])
            arguments.append(f"--relationships=edges-{relation}.csv")
        (folder / "import.args").write_text("\n".join(arguments) + "\n", "utf-8")


def _cell(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ARRAY.join(_cell(str(v).replace(ARRAY, " ")) for v in value)
    if isinstance(value, str):
        value = "".join(" " if c in "\r\n\u2028\u2029" else c for c in value)
    if isinstance(value, float):
        return repr(value)
    return safe_for_spreadsheets(value)


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(file.getvalue().encode("utf-8", "replace"))
