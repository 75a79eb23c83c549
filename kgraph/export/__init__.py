"""Stage 5: the graph as files. One module a format, each a function `(graph, path) -> None` in the entry points group `kgraph.exporters`.

A stranger's package adds a format by the same group, and may replace one of ours:

    [project.entry-points."kgraph.exporters"]
    dot = "my_package:write_dot"
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgraph.graph import KnowledgeGraph

Exporter = Callable[["KnowledgeGraph", Path], None]
GROUP = "kgraph.exporters"
FORMATS: dict[str, tuple[str, str]] = {
    "csv": ("kgraph.export.tables:write_csv", "tables-csv"),
    "gexf": ("kgraph.export.xml:write_gexf", "graph.gexf"),
    "graphml": ("kgraph.export.xml:write_graphml", "graph.graphml"),
    "html": ("kgraph.viewer.page:write_html", "graph.html"),
    "jsonld": ("kgraph.export.jsonld:write_jsonld", "graph.jsonld"),
    "neo4j": ("kgraph.export.neo4j:write_neo4j", "neo4j"),
    "nquads": ("kgraph.export.lines:write_nquads", "nquads"),
    "nt": ("kgraph.export.lines:write_ntriples", "graph.nt"),
    "parquet": ("kgraph.export.tables:write_parquet", "tables-parquet"),
    "ttl": ("kgraph.export.turtle:write_turtle", "graph.ttl"),
    "void": ("kgraph.export.description:write_description", "dataset.ttl"),
}
"""Our own formats: where the function is (as in the entry points, so that a source tree works uninstalled), and the default name of the file or folder."""
SUFFIXES = {"csv": (".csv",), "neo4j": (".csv", ".args"), "nquads": (".nq",), "parquet": (".parquet",)}
"""The formats of several files, and what these end in."""


def exporters() -> dict[str, EntryPoint]:
    """All formats by name, sorted; those of other installed packages win over ours."""
    own = {name: EntryPoint(name, where, GROUP) for name, (where, _) in FORMATS.items()}
    return dict(sorted({**own, **{point.name: point for point in entry_points(group=GROUP)}}.items()))


def exporter(name: str) -> Exporter:
    """The function that writes format `name`. ValueError lists the choices when there is none.

    >>> exporter("pdf")
    Traceback (most recent call last):
    ValueError: 'pdf' is not one of the exporters: csv, gexf, graphml, html, jsonld, neo4j, nquads, nt, parquet, ttl, void
    """
    known = exporters()
    if name not in known:
        raise ValueError(f"{name!r} is not one of the exporters: {', '.join(known)}")
    function: Exporter = known[name].load()
    return function


def default_path(name: str, folder: Path) -> Path:
    """Where format `name` goes in an output folder: `graph.ttl`, `tables-csv` (a folder), `graph.NAME` for a stranger's format."""
    return folder / (FORMATS[name][1] if name in FORMATS else f"graph.{name}")


def _is_earlier(name: str, folder: Path) -> bool:
    """Is `folder` what an earlier export of the same format left?"""
    return name in SUFFIXES and all(p.is_file() and p.suffix in SUFFIXES[name] for p in folder.iterdir())


def export(graph: KnowledgeGraph, name: str, path: Path | str) -> Path:
    """Write `graph` in format `name` to `path`; to the default name inside it when `path` ends in `/` or is a folder with other things in it.

    A format of several files replaces its folder, and never one that holds anything but an earlier export. Returns what was written.
    ValueError lists the choices when there is no such format.
    """
    write = exporter(name)
    folder = Path(path)
    inside = str(path).endswith("/") or (folder.is_dir() and not _is_earlier(name, folder))
    target = default_path(name, folder) if inside else folder
    write(graph, target)
    return target
