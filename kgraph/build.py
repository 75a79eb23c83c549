"""THE PIPELINE: read -> extract -> resolve -> graph -> export. Every stage is one call; each is timed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import kgraph
from kgraph.model import Paper, PaperFacts, Problem

if TYPE_CHECKING:
    from kgraph.graph import KnowledgeGraph


def input_hash(papers: Sequence[Paper]) -> str:
    """16 hexadecimal digits over what was read, in key order."""
    import msgspec

    digest = hashlib.sha256()
    for paper in papers:
        digest.update(msgspec.json.encode(paper))
    return digest.hexdigest()[:16]


def assemble(papers: Sequence[Paper], facts: Mapping[str, PaperFacts], model: str) -> KnowledgeGraph:
    """Stages 3 and 4: resolve the entities of all papers and fold everything into one graph."""
    from kgraph.extract.ner import model_hash
    from kgraph.graph import build_graph
    from kgraph.resolve import resolve

    resolution = resolve(facts[p.key] for p in papers)
    run = {"label": f"kgraph {kgraph.__version__}", "version": kgraph.__version__, "model": f"{model} {model_hash(model)}", "input_hash": input_hash(papers)}
    return build_graph(papers, facts, resolution, run)


def build(inputs: Sequence[str | Path], *, model: str = "fast", format: str | None = None, on_problem: Callable[[Problem], None] = lambda problem: None) -> KnowledgeGraph:
    """Read `inputs` (files, folders, globs, `-`), extract, resolve, and return the graph. Problems in the input go to `on_problem`."""
    from kgraph.extract.pipeline import read_papers as extract
    from kgraph.read import read_papers
    from kgraph.read.duplicates import merge_duplicates

    papers = merge_duplicates(read_papers(inputs, format=format, on_problem=on_problem))
    facts = {f.paper: f for f in extract(papers, model)}
    return assemble(papers, facts, model)
