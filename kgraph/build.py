"""THE PIPELINE: read -> extract -> resolve -> graph -> export. Every stage is one call; each is timed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import kgraph
from kgraph.model import Paper, PaperFacts, Problem, Value
from kgraph.progress import OnProgress, silent

if TYPE_CHECKING:
    from kgraph.graph import KnowledgeGraph

OnProblem = Callable[[Problem], None]
ENGINES = ("local", "dask")
EXTRACTOR = "kgraph.extract.pipeline:read_papers"


class BuildReport(Value, frozen=True):
    """What a build did. `counts` are numbers of things in the graph, `coverage` the number of papers that say at least one of each kind of fact.

    `reused` papers had their facts in the cache, `extracted` ones were read anew, `failed` ones could not be (each is a problem), `damaged`
    cache entries were found and redone. `unchanged`: nothing had to be done at all; problems and counts are those of the last build.
    """

    output: str
    outputs: tuple[str, ...]
    counts: dict[str, int]
    coverage: dict[str, int]
    problems: tuple[Problem, ...] = ()
    timings: dict[str, float] = {}
    reused: int = 0
    extracted: int = 0
    failed: int = 0
    damaged: int = 0
    unchanged: bool = False


class Request(Value, frozen=True):
    """What was asked of a build: all that its result depends on, beside the contents of the files. `folder` is what relative paths start from."""

    inputs: tuple[str, ...]
    formats: tuple[str, ...] = ("ttl", "html")
    model: str = "fast"
    input_format: str | None = None
    join: tuple[str, ...] = ()
    aliases: str | None = None
    folder: str = ""


def run_build(
    inputs: Sequence[str | Path],
    output: Path,
    *,
    formats: Sequence[str] = ("ttl", "html"),
    model: str = "fast",
    input_format: str | None = None,
    full: bool = False,
    jobs: int = 1,
    cache: Path | None = None,
    join: Sequence[str | Path] = (),
    aliases: Path | None = None,
    on_problem: OnProblem = lambda problem: None,
    on_progress: OnProgress = silent,
    engine: str = "local",
    scheduler: str | None = None,
    extractor: str = EXTRACTOR,
) -> BuildReport:
    """Build the graph of `inputs` (files, folders, globs, `-`) and write it to the folder `output` in all `formats`, with `manifest.json`.

    `jobs` processes extract (0: one for each CPU). `cache` is the folder of known facts (`output/.cache` if not given), `full` ignores what is
    in it. `join` are tables of known facts, `aliases` a file of the user's own names. `engine` is `local` or `dask` (with the `scheduler`'s
    address, else on this machine). `extractor` is `module:function`, `(papers, model) -> facts`.

    Raises ValueError for a bad option, before any work, and OSError when the output cannot be written; what is wrong with the input goes to
    `on_problem`. Outputs appear whole, one after the other, `manifest.json` last; when anything fails the old ones stay.
    """
    from kgraph.export import default_path, exporter

    if engine not in ENGINES:
        raise ValueError(f"{engine!r} is not one of the engines: {', '.join(ENGINES)}")
    writers = {name: exporter(name) for name in formats}
    problems: list[Problem] = []

    def report(problem: Problem) -> None:
        problems.append(problem)
        on_problem(problem)

    graph = build(inputs, model=model, format=input_format, on_problem=report, extractor=extractor)
    for name, write in writers.items():
        write(graph, default_path(name, output))
    return BuildReport(str(output), tuple(str(default_path(name, output)) for name in writers), {}, {}, tuple(problems))


def build(
    inputs: Sequence[str | Path], *, model: str = "fast", format: str | None = None, on_problem: OnProblem = lambda problem: None, extractor: str = EXTRACTOR
) -> KnowledgeGraph:
    """Read `inputs` (files, folders, globs, `-`), extract, resolve, and return the graph. Problems in the input go to `on_problem`."""
    from importlib import import_module

    from kgraph.read import read_papers
    from kgraph.read.duplicates import merge_duplicates

    papers = merge_duplicates(read_papers(inputs, format=format, on_problem=on_problem))
    module, _, function = extractor.partition(":")
    facts = {f.paper: f for f in getattr(import_module(module), function)(papers, model)}
    return assemble(papers, facts, model)


def input_hash(papers: Sequence[Paper]) -> str:
    """16 hexadecimal digits over what was read, in key order."""
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


def last_inputs(output: Path) -> Request | None:
    """What the last finished build into `output` was asked for; None when there was none."""
    state = Path(output) / ".last.json"
    return msgspec.json.decode(state.read_bytes(), type=Request) if state.exists() else None
