"""Stage 5 for graphs too large for one file or one memory: the same triples as `graph.nt`, in shards, each made from a part of the papers.

Format `shards` writes a folder:

* `papers-NNN.nt`: papers with their sentences and statements; a paper's shard is a hash of its key;
* `entities-NNN.nt`: entities with their names and the direct triples between them; an entity's shard is a hash of its id;
* `run.nt`: what made it, and the counts (VoID);
* `papers-NNN.csv`, `facts-NNN.csv`, `entities-NNN.csv`: the tables of the format `csv`, in the same shards, each with its header.

A shard of papers is a pure function of its papers, their facts and the concepts they name; it hands what it says of entities to their shards,
which put it together: group by entity as map and merge. Each shard is sorted and has no line twice, so the bytes do not depend on who
made it when, and the whole is the union of all files.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.model import Concept, Paper, Resolution, Value

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from kgraph.graph import KnowledgeGraph

PAPERS_PER_SHARD = 1024
Link = tuple[str, str, str]
MapTasks = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]
"""Like the builtin `map`, in order; an engine may run the calls elsewhere."""


class PapersTask(Value, frozen=True):
    """A shard of papers to be folded. `facts` are packed; `concepts` are those that the papers name, `entity_shards` their number of shards."""

    papers: tuple[Paper, ...]
    facts: tuple[bytes, ...]
    assignment: dict[str, tuple[str, ...]]
    concepts: tuple[Concept, ...]
    run: dict[str, str]
    entity_shards: int


class PapersDone(Value, frozen=True):
    """The N-Triples and tables of a shard of papers, its counts, and what it says of entities, by their shard: triples, and (paper, relation, entity)."""

    lines: bytes
    tables: dict[str, bytes]
    counts: dict[str, int]
    shares: dict[int, bytes]
    links: dict[int, tuple[Link, ...]]


class EntitiesTask(Value, frozen=True):
    """A shard of entities to be put together from the shares of all shards of papers."""

    concepts: tuple[Concept, ...]
    shares: tuple[bytes, ...]
    links: tuple[tuple[Link, ...], ...]


class EntitiesDone(Value, frozen=True):
    """The N-Triples and tables of a shard of entities, and its counts."""

    lines: bytes
    tables: dict[str, bytes]
    counts: dict[str, int]


def shard_count(papers: int, size: int) -> int:
    """A power of two, so that a shard has between half of `size` and `size` papers on average.

    >>> [shard_count(n, 1024) for n in (0, 1024, 1025, 60_000)]
    [1, 1, 2, 64]
    """
    return 1 << max(0, -(-papers // size) - 1).bit_length()


def shard_of(name: str, count: int) -> int:
    """The shard of a paper's key or a concept's id.

    >>> shard_of("some-paper-0a1b2c3d", 64)
    4
    """
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big") % count


def by_shard(papers: Sequence[Paper], count: int) -> list[list[Paper]]:
    """The papers of each shard, in order."""
    shards: list[list[Paper]] = [[] for _ in range(count)]
    for paper in papers:
        shards[shard_of(paper.key, count)].append(paper)
    return shards


def fold_papers(task: PapersTask) -> PapersDone:
    """Make a shard of papers."""
    from kgraph.export.terms import node
    from kgraph.export.triples import ENTITY_CLASSES, triples
    from kgraph.graph import build_graph
    from kgraph.store import PackedFacts

    facts = PackedFacts({paper.key: packed for paper, packed in zip(task.papers, task.facts, strict=True)})
    graph = build_graph(task.papers, facts, Resolution(task.concepts, task.assignment), task.run)
    shard_of_entity = {node(f"e:{c.id}"): shard_of(c.id, task.entity_shards) for c in task.concepts}
    lines: list[bytes] = []
    shares: dict[int, list[bytes]] = {}
    for triple, line in _lines(triples(graph)):
        if (shard := shard_of_entity.get(triple.subject)) is not None:  # type: ignore[arg-type]
            if triple.predicate.value not in _OF_CONCEPTS:
                shares.setdefault(shard, []).append(line)
        elif not _about_the_run(triple):
            lines.append(line)
    types = Counter(cls for _, cls in graph.nodes(data="type") if cls not in ENTITY_CLASSES and cls != "Run")
    types["Claim"] = len({key for _, _, key, data in graph.edges(keys=True, data=True) if "claim" in data})
    links: dict[int, list[Link]] = {}
    ids = {f"e:{c.id}": shard_of(c.id, task.entity_shards) for c in task.concepts}
    for paper in task.papers:
        for _, entity, relation in graph.out_edges(f"paper:{paper.key}", data="relation"):
            links.setdefault(ids[entity], []).append((f"paper:{paper.key}", relation, entity))
    return PapersDone(
        _joined(lines),
        _tables(graph, ("papers", "facts")),
        dict(sorted(types.items())),
        {shard: _joined(said) for shard, said in sorted(shares.items())},
        {shard: tuple(sorted(found)) for shard, found in sorted(links.items())},
    )


def fold_entities(task: EntitiesTask) -> EntitiesDone:
    """Make a shard of entities."""
    from kgraph.export.triples import triples
    from kgraph.graph import build_graph

    graph = build_graph([], {}, Resolution(task.concepts, {}), {})
    lines = [line for triple, line in _lines(triples(graph)) if not _about_the_run(triple)]
    for share in task.shares:
        lines += share.splitlines(keepends=True)
    types = Counter(cls for _, cls in graph.nodes(data="type") if cls is not None and cls != "Run")
    for paper, relation, entity in (link for links in task.links for link in links):
        graph.add_edge(paper, entity, key=relation, relation=relation)
    return EntitiesDone(_joined(lines), _tables(graph, ("entities",)), dict(sorted(types.items())))


def _tables(graph: KnowledgeGraph, names: Iterable[str]) -> dict[str, bytes]:
    from kgraph.export.flat import tables
    from kgraph.tables import render

    made = tables(graph)
    return {name: render(made[name], "csv").encode("utf-8", "replace") for name in names}


_OF_CONCEPTS = frozenset({"http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2000/01/rdf-schema#label"})
"""What a shard of papers says of entities only because its graph needs it; the rest are the direct triples of its claims."""


def _about_the_run(triple: Triple) -> bool:
    from kgraph.export.terms import BASE

    return str(triple.subject).startswith((f"<{BASE}run/", f"<{BASE}dataset/"))


def _lines(triples: Iterable[Triple]) -> Iterator[tuple[Triple, bytes]]:
    """Each triple with its line of N-Triples; line breaks inside literals are escaped there."""
    from pyoxigraph import RdfFormat, serialize

    listed = list(triples)
    written = serialize(listed, format=RdfFormat.N_TRIPLES) or b""
    return zip(listed, written.splitlines(keepends=True), strict=True)


def _joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(sorted(set(lines)))


def write_shards(
    papers: Sequence[Paper],
    packed: Mapping[str, bytes],
    resolution: Resolution,
    run: Mapping[str, str],
    folder: Path,
    *,
    size: int | None = None,
    map_tasks: MapTasks = map,
) -> dict[str, int]:
    """Write all shards of a graph to `folder`; returns the counts of classes and triples. Only one shard's graph is in memory for each task."""
    from kgraph.export.triples import describe, triples
    from kgraph.graph import build_graph

    count = shard_count(len(papers), size or PAPERS_PER_SHARD)
    concepts = {c.id: c for c in resolution.concepts}
    counts: Counter[str] = Counter()
    shares: list[list[bytes]] = [[] for _ in range(count)]
    links: list[list[tuple[Link, ...]]] = [[] for _ in range(count)]

    def paper_tasks() -> Iterator[PapersTask]:
        for shard in by_shard(papers, count):
            assignment = {paper.key: resolution.assignment[paper.key] for paper in shard}
            named = sorted({c for ids in assignment.values() for c in ids if c in concepts})
            slim = tuple(Concept(c, concepts[c].label, concepts[c].kind) for c in named)
            yield PapersTask(tuple(shard), tuple(packed[paper.key] for paper in shard), assignment, slim, dict(run), count)

    def entity_tasks() -> Iterator[EntitiesTask]:
        groups: list[list[Concept]] = [[] for _ in range(count)]
        for concept in resolution.concepts:
            groups[shard_of(concept.id, count)].append(concept)
        for group, said, linked in zip(groups, shares, links, strict=True):
            yield EntitiesTask(tuple(group), tuple(said), tuple(linked))

    def write(name: str, content: bytes) -> None:
        from kgraph.export.files import atomic_write

        with atomic_write(folder / name) as file:
            file.write(content)
        counts["triples"] += content.count(b"\n") if name.endswith(".nt") else 0

    def write_shard(name: str, number: int, done: PapersDone | EntitiesDone) -> None:
        place = f"{number:0{len(str(count - 1))}}"
        write(f"{name}-{place}.nt", done.lines)
        for table, content in done.tables.items():
            write(f"{table}-{place}.csv", content)
        counts.update(done.counts)

    for number, done in enumerate(map_tasks(fold_papers, paper_tasks())):
        write_shard("papers", number, done)
        for shard, share in done.shares.items():
            shares[shard].append(share)
        for shard, found in done.links.items():
            links[shard].append(found)
    for number, made in enumerate(map_tasks(fold_entities, entity_tasks())):
        write_shard("entities", number, made)
    nothing = build_graph([], {}, Resolution((), {}), run)
    of_run = [line for triple, line in _lines(triples(nothing)) if "/run/" in str(triple.subject)]
    described = describe(nothing, counts + Counter(triples=len(of_run)))
    write("run.nt", _joined([*of_run, *(line for _, line in _lines(described))]))
    return dict(counts)
