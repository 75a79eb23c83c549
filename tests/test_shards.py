from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize
from sample import RUN, sample
from test_incremental import build, many

from benchmarks.synthetic import synthetic
from kgraph.export import export
from kgraph.export.triples import triples
from kgraph.graph import build_graph
from kgraph.model import Paper, PaperFacts, Resolution
from kgraph.shards import shard_count, shard_of, write_shards
from kgraph.store import pack

CORPORA = {"sample": sample, "synthetic": lambda: synthetic(150)}


@pytest.mark.parametrize("corpus", CORPORA)
@pytest.mark.parametrize("size", [2, 40, 1024])
def test_the_union_of_all_shards_is_the_graph_without_a_line_twice(tmp_path: Path, corpus: str, size: int) -> None:
    papers, facts, resolution = CORPORA[corpus]()
    counts = write_shards(papers, {key: pack(said) for key, said in facts.items()}, resolution, RUN, tmp_path, size=size)
    lines = [line for path in sorted(tmp_path.glob("*.nt")) for line in path.read_bytes().splitlines()]
    whole = serialize(triples(build_graph(papers, facts, resolution, RUN)), format=RdfFormat.N_TRIPLES)
    assert whole is not None
    assert sorted(lines) == sorted(set(whole.splitlines()))
    assert counts["Paper"] == len(papers)
    assert len(list(tmp_path.glob("papers-*.nt"))) == len(list(tmp_path.glob("entities-*.nt"))) == shard_count(len(papers), size)


@pytest.mark.parametrize("corpus", CORPORA)
def test_the_tables_of_all_shards_have_the_rows_of_the_whole(tmp_path: Path, corpus: str) -> None:
    papers, facts, resolution = CORPORA[corpus]()
    write_shards(papers, {key: pack(said) for key, said in facts.items()}, resolution, RUN, tmp_path / "shards", size=2 if len(papers) < 20 else 40)
    export(build_graph(papers, facts, resolution, RUN), "csv", tmp_path / "whole")
    for name in ("papers", "entities", "facts"):
        found = [list(csv.reader(io.StringIO(p.read_text("utf-8"), newline=""))) for p in sorted((tmp_path / "shards").glob(f"{name}-*.csv"))]
        whole = list(csv.reader(io.StringIO((tmp_path / "whole" / f"{name}.csv").read_text("utf-8"), newline="")))
        assert len(found) > 1
        assert all(rows[0] == whole[0] for rows in found)
        assert sorted(row for rows in found for row in rows[1:]) == sorted(whole[1:])


def test_shards_are_sorted_and_every_line_is_n_triples(tmp_path: Path) -> None:
    papers, facts, resolution = sample()
    write_shards(papers, {key: pack(said) for key, said in facts.items()}, resolution, RUN, tmp_path, size=2)
    for path in tmp_path.glob("*.nt"):
        lines = path.read_bytes().splitlines()
        assert lines == sorted(set(lines))
        assert len(list(parse(path=str(path), format=RdfFormat.N_TRIPLES))) == len(lines)


def test_no_papers_make_one_empty_shard(tmp_path: Path) -> None:
    papers: list[Paper] = []
    facts: dict[str, PaperFacts] = {}
    write_shards(papers, {}, Resolution((), {}), RUN, tmp_path)
    assert {p.name: p.stat().st_size > 0 for p in tmp_path.glob("*.nt")} == {"papers-0.nt": False, "entities-0.nt": False, "run.nt": True}
    assert not facts


def test_papers_are_spread_evenly() -> None:
    counts = [0] * 8
    for i in range(8000):
        counts[shard_of(f"paper-{i}", 8)] += 1
    assert max(counts) < 1.15 * min(counts)


def test_the_format_shards_needs_no_graph_of_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import kgraph.build as pipeline

    many(tmp_path / "in", 20)
    both, _ = build([str(tmp_path / "in")], tmp_path / "both", formats=("ttl", "shards"))
    monkeypatch.setitem(pipeline.__globals__ if hasattr(pipeline, "__globals__") else vars(pipeline), "assemble", None)
    alone, _ = build([str(tmp_path / "in")], tmp_path / "out", formats=("shards",))
    assert alone.counts == both.counts
    assert alone.coverage == both.coverage
    for path in (tmp_path / "both/shards").iterdir():
        assert path.read_bytes() == (tmp_path / "out/shards" / path.name).read_bytes()
