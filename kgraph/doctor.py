"""`kgraph doctor`: what is installed, and what in the last build its user may want to settle.

The doubts are those of `kgraph.why.doctor`, for the resolution and the facts that the build kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.tables import Cell, Table

if TYPE_CHECKING:
    from kgraph.model import PaperFacts
    from kgraph.why import Doubt

EXTRAS = {
    "dask": ("distributed", "clusters"),
    "formats": ("zstandard", ".zst and YAML files"),
    "parquet": ("pyarrow", "Parquet tables"),
    "validate": ("pyshacl", "a second opinion in the tests of `kgraph validate`"),
}
"""Extra -> (a distribution that it brings, what it is for)."""


def installation() -> Table:
    """What is installed: columns `what` and `is`, one row each for versions, models, formats read and written, and extras."""
    import platform
    from importlib.metadata import distributions, entry_points, version

    from kgraph.export import exporters
    from kgraph.manifest import models

    rows: list[tuple[Cell, ...]] = [("kgraph", version("kgraph")), ("Python", platform.python_version())]
    rows += [(name, version(name)) for name in ("spacy", "pyoxigraph", "networkx", "pyvis")]
    rows.append(("models", ", ".join(models())))
    rows.append(("formats read", ", ".join(sorted({point.name for point in entry_points(group="kgraph.readers")}))))
    rows.append(("formats written", ", ".join(exporters())))
    present = {str(found.metadata["Name"]).lower() for found in distributions()}
    rows += [(f"extra {extra}", f"{'installed' if name in present else 'not installed'}: {about}") for extra, (name, about) in EXTRAS.items()]
    return Table(("what", "is"), rows)


def doubts(output: Path) -> list[Doubt] | None:
    """What the last build into `output` leaves in doubt; None when there is none that kept its resolution."""
    from kgraph.why import RESOLUTION, doctor, read_resolution

    path = output / RESOLUTION
    return doctor(read_resolution(path), _facts(output)) if path.is_file() else None


def _facts(output: Path) -> Iterable[PaperFacts]:
    """The facts of the last build that its cache still has."""
    from kgraph.build import CACHE
    from kgraph.manifest import facts_version, read_state

    state = read_state(output)
    if state is None or not (output / CACHE).is_dir() or not (output / "graph.ttl").is_file():
        return ()
    return _cached(output, facts_version(state.request.model, state.request.extractor))


def _cached(output: Path, version: str) -> Iterator[PaperFacts]:
    from kgraph.build import CACHE
    from kgraph.load import load
    from kgraph.store import FactsCache, facts_key, unpack

    papers = {name: data for name, data in load(output).nodes(data=True) if data["type"] == "Paper"}
    keys = {name: facts_key(data.get("title", ""), data.get("abstract", ""), version) for name, data in papers.items()}
    cache = FactsCache(output / CACHE, version)
    try:
        found = cache.find(list(keys.values()))
    finally:
        cache.close()
    for name, key in keys.items():
        if key in found.packed:
            yield unpack(found.packed[key], name.removeprefix("paper:"))
