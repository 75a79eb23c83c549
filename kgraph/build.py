"""THE PIPELINE: read -> extract -> resolve -> graph -> export. Every stage is one call; each is timed."""

from __future__ import annotations

import hashlib
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import kgraph
from kgraph import manifest
from kgraph.manifest import BuildReport, Request, State
from kgraph.model import Paper, PaperFacts, Problem
from kgraph.progress import OnProgress, Step, silent

if TYPE_CHECKING:
    from kgraph.graph import KnowledgeGraph
    from kgraph.reuse import Answers, Extracted

__all__ = ["BuildReport", "Request", "build", "last_inputs", "run_build"]

OnProblem = Callable[[Problem], None]
ENGINES = ("local", "dask")
EXTRACTOR = "kgraph.extract.pipeline:read_papers"
CACHE = ".cache"


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
    answers: Answers | None = None,
) -> BuildReport:
    """Build the graph of `inputs` (files, folders, globs, `-`) and write it to the folder `output` in all `formats`, with `manifest.json`.

    `jobs` processes extract (0: one for each CPU). `cache` is the folder of known facts (`output/.cache` if not given), `full` ignores what is
    in it. `join` are tables of known facts, `aliases` a file of the user's own names. `engine` is `local` or `dask` (with the `scheduler`'s
    address, else on this machine). `extractor` is `module:function`, `(papers, model) -> facts`; `answers` are workers that already run.

    Raises ValueError for a bad option, before any work, and OSError when the output cannot be written; what is wrong with the input goes to
    `on_problem`. Outputs appear whole, one after the other, `manifest.json` last; when anything fails the old ones stay.
    """
    from kgraph.staging import only_one, publish, staged_files, staging

    output = Path(output)
    check_options(formats, model, engine, extractor)
    names, tables, alias_file = tuple(map(str, inputs)), tuple(map(str, join)), str(aliases) if aliases else None
    request = Request(names, tuple(formats), model, input_format, tables, alias_file, str(Path.cwd()), extractor)
    if not full and (report := manifest.unchanged(output, request)) is not None:
        for problem in report.problems:
            on_problem(problem)
        return report

    from kgraph.export import default_path, exporter

    writers = {name: exporter(name) for name in formats}
    problems: list[Problem] = []
    timings: dict[str, float] = {}

    def note(problem: Problem) -> None:
        problems.append(problem)
        on_problem(problem)

    at = time.time_ns()
    code = manifest.see_code()
    version = manifest.facts_version(model, extractor)
    seen = manifest.see_inputs(request)
    with staging(output) as staged:
        with _timed("read", timings):
            papers, records = read(inputs, input_format, note, on_progress)
        with _timed("extract", timings):
            kept = cache or output / CACHE
            said = extract(papers, model, extractor, jobs, kept, engine, scheduler, answers, full=full, on_problem=note, on_progress=on_progress)
        graph = assemble(papers, said.facts, model, aliases, join, note, timings)
        with _timed("write", timings):
            for done, (name, write) in enumerate(writers.items()):
                on_progress(Step("write", done, len(writers), "formats"))
                write(graph, default_path(name, staged))
            on_progress(Step("write", len(writers), len(writers), "formats"))
        counts = {"records": records, **manifest.counts(graph)}
        problems.sort()
        report = BuildReport(
            str(output), tuple(str(default_path(name, output)) for name in writers), counts, manifest.coverage(graph), tuple(problems), timings,
            said.reused, said.extracted, said.failed, said.damaged,
        )  # fmt: skip
        outputs = tuple(manifest.see(path, path.relative_to(staged).as_posix()) for path in staged_files(staged))
        state = State(request, manifest.program_version(code), at, seen or (), outputs, code, report, certain=seen is not None and not said.failed)
        made = manifest.manifest(state, graph.nodes[graph.graph["run"]]["model"], version, input_hash(papers))
        (staged / manifest.MANIFEST).write_bytes(made)
        with only_one(output):
            publish(staged, output, last=manifest.MANIFEST)
            looked = tuple(msgspec.structs.replace(s, look=manifest.look_of(output / s.path)) for s in outputs)
            manifest.write_state(output, msgspec.structs.replace(state, outputs=looked))
    return report


def build(
    inputs: Sequence[str | Path],
    *,
    model: str = "fast",
    format: str | None = None,
    jobs: int = 1,
    cache: Path | None = None,
    join: Sequence[str | Path] = (),
    aliases: Path | None = None,
    on_problem: OnProblem | None = None,
    on_progress: OnProgress = silent,
    extractor: str = EXTRACTOR,
) -> KnowledgeGraph:
    """The graph of `inputs` (files, folders, globs, `-`), without writing anything; facts are kept for the next time in `cache`, if given.

    What is wrong with the input goes to `on_problem`, else it is a warning. The other arguments are those of `run_build`.
    """
    check_options((), model, "local", extractor)
    note = on_problem or (lambda problem: warnings.warn(f"{problem.path}:{problem.line}: {problem.message}", stacklevel=3))
    papers, _ = read([inputs] if isinstance(inputs, str | Path) else inputs, format, note, on_progress)
    said = extract(papers, model, extractor, jobs, cache, on_problem=note, on_progress=on_progress)
    return assemble(papers, said.facts, model, aliases, join, note, {})


def check_options(formats: Sequence[str], model: str, engine: str, extractor: str) -> None:
    """Refuse what cannot be done before anything is: ValueError with the choices."""
    from kgraph.export import exporters

    choices = [("one of the exporters", formats, exporters()), ("one of the engines", (engine,), ENGINES)]
    if extractor == EXTRACTOR:
        choices.append(("one of the models", (model,), manifest.models()))
    for what, asked, known in choices:
        for name in asked:
            if name not in known:
                raise ValueError(f"{name!r} is not {what}: {', '.join(known)}")


def read(inputs: Sequence[str | Path], input_format: str | None, on_problem: OnProblem, on_progress: OnProgress) -> tuple[list[Paper], int]:
    """Stage 1: the distinct papers in the order of their keys, and the number of records they came in."""
    from kgraph.read import read_papers
    from kgraph.read.duplicates import merge_duplicates

    records = 0

    def counted() -> Iterator[Paper]:
        nonlocal records
        for paper in read_papers(inputs, format=input_format, on_problem=on_problem):
            records += 1
            on_progress(Step("read", records, unit="records"))
            yield paper

    papers = merge_duplicates(counted())
    on_progress(Step("read", records, records, "records"))
    return papers, records


def extract(
    papers: Sequence[Paper],
    model: str,
    extractor: str,
    jobs: int,
    cache: Path | None,
    engine: str = "local",
    scheduler: str | None = None,
    answers: Answers | None = None,
    *,
    full: bool = False,
    on_problem: OnProblem,
    on_progress: OnProgress,
) -> Extracted:
    """Stage 2: the facts of all papers, known or new, by processes of this machine or a cluster's."""
    from kgraph.reuse import extract_papers, with_workers

    version = manifest.facts_version(model, extractor)
    if answers is None:
        answers = with_workers(extractor, model, jobs)
    return extract_papers(papers, version, answers, cache=cache, full=full, on_problem=on_problem, on_progress=on_progress)


def assemble(
    papers: Sequence[Paper],
    facts: Mapping[str, PaperFacts],
    model: str,
    aliases: Path | None,
    join: Sequence[str | Path],
    on_problem: OnProblem,
    timings: dict[str, float],
) -> KnowledgeGraph:
    """Stages 3 and 4: resolve the entities of all papers, fold everything into one graph, add what users' tables know."""
    from kgraph.graph import build_graph
    from kgraph.resolve import resolve

    with _timed("resolve", timings):
        resolution = resolve(facts[p.key] for p in papers)
    with _timed("graph", timings):
        run = {
            "label": f"kgraph {kgraph.__version__}",
            "version": kgraph.__version__,
            "model": f"{model} {manifest.model_hash(model)}",
            "input_hash": input_hash(papers),
        }
        return build_graph(papers, facts, resolution, run)


def input_hash(papers: Sequence[Paper]) -> str:
    """16 hexadecimal digits over what was read, in key order."""
    digest = hashlib.sha256()
    for paper in papers:
        digest.update(msgspec.json.encode(paper))
    return digest.hexdigest()[:16]


def last_inputs(output: Path) -> Request | None:
    """What the last finished build into `output` was asked for; None when there was none."""
    state = manifest.read_state(Path(output))
    return None if state is None else state.request


@contextmanager
def _timed(stage: str, timings: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[stage] = round(time.perf_counter() - start, 3)
