"""THE PIPELINE: read -> extract -> resolve -> graph -> export. Every stage is one call; each is timed."""

from __future__ import annotations

import hashlib
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import kgraph
from kgraph import manifest
from kgraph.manifest import BuildReport, Request, State
from kgraph.model import Paper, PaperFacts, Problem, Resolution
from kgraph.progress import OnProgress, Step, silent

if TYPE_CHECKING:
    from distributed import Client

    from kgraph.aliases import Aliases
    from kgraph.graph import KnowledgeGraph
    from kgraph.reuse import Answers, Extracted
    from kgraph.shards import MapTasks
    from kgraph.store import PackedFacts

__all__ = ["BuildReport", "Request", "build", "last_inputs", "run_build"]

OnProblem = Callable[[Problem], None]
ENGINES = ("local", "dask")
EXTRACTOR = "kgraph.extract.pipeline:read_papers"
CACHE = ".cache"
SHARDS = "shards"
"""The format that is made of parts of the papers, here or on a cluster, and never needs the graph of everything: `kgraph.shards`."""


class OptionError(ValueError):
    """A build cannot be done as it is asked for; the message is for the person who asked."""


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

    Raises OptionError for a bad option, before any work, and OSError when the output cannot be written; what is wrong with the input goes to
    `on_problem`. Outputs appear whole, one after the other, `manifest.json` last; when anything fails the old ones stay.
    """
    output = Path(output)
    check_options(formats, model, engine, extractor)
    if join and SHARDS in formats:
        raise OptionError(f"the format {SHARDS!r} is made paper by paper and cannot hold joined tables")
    names, tables, alias_file = tuple(map(str, inputs)), tuple(map(str, join)), str(aliases) if aliases else None
    request = Request(names, tuple(formats), model, input_format, tables, alias_file, str(Path.cwd()), extractor)
    if not full and (report := manifest.unchanged(output, request)) is not None:
        for problem in report.problems:
            on_problem(problem)
        return report

    from kgraph.staging import only_one, publish, staged_files, staging
    from kgraph.why import RESOLUTION, write_resolution

    problems: list[Problem] = []
    timings: dict[str, float] = {}

    def note(problem: Problem) -> None:
        problems.append(problem)
        on_problem(problem)

    at = time.time_ns()
    code = manifest.see_code()
    version = manifest.facts_version(model, extractor)
    seen = manifest.see_inputs(request)
    kept = cache or output / CACHE
    with ExitStack() as stack:
        client = stack.enter_context(_cluster(scheduler, jobs)) if engine == "dask" else None
        staged = stack.enter_context(staging(output))
        with _timed("read", timings):
            papers, records = read(inputs, input_format, note, on_progress)
        with _timed("extract", timings):
            said = extract(papers, model, extractor, jobs, kept, client, answers, full=full, on_problem=note, on_progress=on_progress)
        with _timed("resolve", timings):
            rules, facts = user_rules(aliases, said.facts, note)
            resolution, coverage = resolve(papers, facts, rules)
            write_resolution(resolution, staged / RESOLUTION)
        run = run_of(papers, model)
        counts = write(formats, staged, papers, facts, resolution, run, join, kept, client, note, on_progress, timings)
        problems.sort()
        paths = tuple(str(output_path(name, output)) for name in formats)
        counts = {"records": records, **manifest.counts(counts)}
        report = BuildReport(str(output), paths, counts, coverage, tuple(problems), timings, said.reused, said.extracted, said.failed, said.damaged)
        outputs = tuple(manifest.see(path, path.relative_to(staged).as_posix()) for path in staged_files(staged))
        state = State(request, manifest.program_version(code), at, seen or (), outputs, code, report, certain=seen is not None and not said.failed)
        (staged / manifest.MANIFEST).write_bytes(manifest.manifest(state, run["model"], version, run["input_hash"]))
        with only_one(output):
            publish(staged, output, last=manifest.MANIFEST)
            looked = tuple(msgspec.structs.replace(s, look=manifest.look_of(output / s.path)) for s in outputs)
            manifest.write_state(output, msgspec.structs.replace(state, outputs=looked))
        if client is not None:
            _tidy(kept)
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
    rules, facts = user_rules(aliases, said.facts, note)
    resolution, _ = resolve(papers, facts, rules)
    return assemble(papers, facts, resolution, run_of(papers, model), join, note)


def check_options(formats: Sequence[str], model: str, engine: str, extractor: str) -> None:
    """Refuse what cannot be done before anything is: OptionError with the choices."""
    from kgraph.export import exporters

    choices = [("one of the exporters", formats, sorted({*exporters(), SHARDS})), ("one of the engines", (engine,), ENGINES)]
    if extractor == EXTRACTOR:
        choices.append(("one of the models", (model,), manifest.models()))
    for what, asked, known in choices:
        for name in asked:
            if name not in known:
                raise OptionError(f"{name!r} is not {what}: {', '.join(known)}")


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
    client: Client | None = None,
    answers: Answers | None = None,
    *,
    full: bool = False,
    on_problem: OnProblem,
    on_progress: OnProgress,
) -> Extracted:
    """Stage 2: the facts of all papers, known or new, by processes of this machine or a cluster's."""
    from kgraph.reuse import extract_papers, with_workers

    version = manifest.facts_version(model, extractor)
    if client is not None and cache is not None:
        from kgraph.cluster import FOLDER, extract_on_cluster

        folder = cache / FOLDER
        return extract_on_cluster(client, papers, version, folder, extractor=extractor, model=model, full=full, on_problem=on_problem, on_progress=on_progress)
    if answers is None:
        answers = with_workers(extractor, model, jobs)
    return extract_papers(papers, version, answers, cache=cache, full=full, on_problem=on_problem, on_progress=on_progress)


def resolve(papers: Sequence[Paper], facts: PackedFacts, rules: Aliases) -> tuple[Resolution, dict[str, int]]:
    """Stage 3: the concepts of all papers; and, in passing, how many papers state at least one of each kind of fact."""
    from kgraph.resolve import resolve

    coverage = dict.fromkeys(manifest.COVERAGE, 0)

    def counted() -> Iterator[PaperFacts]:
        for paper in papers:
            said = facts[paper.key]
            for name, states in manifest.COVERAGE.items():
                coverage[name] += states(said)
            yield said

    return resolve(counted(), rules), coverage


def user_rules(aliases: Path | None, facts: PackedFacts, on_problem: OnProblem) -> tuple[Aliases, PackedFacts]:
    """What the user says of names, and the facts without the entities that are to be ignored."""
    from kgraph.aliases import NO_ALIASES, read_aliases, without_ignored
    from kgraph.store import PackedFacts, pack

    rules, wrong = (NO_ALIASES, []) if aliases is None else read_aliases(Path(aliases))
    for problem in wrong:
        on_problem(problem)
    if rules.ignore:
        facts = PackedFacts({key: pack(without_ignored(said, rules)) for key, said in facts.items()})
    return rules, facts


def assemble(
    papers: Sequence[Paper],
    facts: Mapping[str, PaperFacts],
    resolution: Resolution,
    run: Mapping[str, str],
    join: Sequence[str | Path],
    on_problem: OnProblem,
) -> KnowledgeGraph:
    """Stage 4: everything folded into one graph, and what users' tables know."""
    from kgraph.graph import build_graph

    graph = build_graph(papers, facts, resolution, run)
    for table in sorted(map(str, join)):
        from kgraph.join import join as join_table

        for problem in join_table(graph, table).problems:
            on_problem(problem)
    return graph


def write(
    formats: Sequence[str],
    folder: Path,
    papers: Sequence[Paper],
    facts: PackedFacts,
    resolution: Resolution,
    run: Mapping[str, str],
    join: Sequence[str | Path],
    cache: Path,
    client: Client | None,
    on_problem: OnProblem,
    on_progress: OnProgress,
    timings: dict[str, float],
) -> Mapping[str, int]:
    """Stages 4 and 5: each format into `folder`; returns how many things of each class there are. Shards are made without the graph of everything."""
    types: Mapping[str, int] = {}
    graph: KnowledgeGraph | None = None
    for done, name in enumerate(formats):
        on_progress(Step("write", done, len(formats), "formats"))
        if name == SHARDS:
            from kgraph.shards import write_shards

            with _timed("write", timings):
                types = write_shards(papers, facts.packed, resolution, run, output_path(name, folder), map_tasks=_map_tasks(client, cache))
            continue
        from kgraph.export import exporter

        if graph is None:
            with _timed("graph", timings):
                graph = assemble(papers, facts, resolution, run, join, on_problem)
                types = manifest.class_counts(graph)
        with _timed("write", timings):
            exporter(name)(graph, output_path(name, folder))
    on_progress(Step("write", len(formats), len(formats), "formats"))
    return types


def output_path(name: str, folder: Path) -> Path:
    """Where a format goes in an output folder."""
    from kgraph.export import default_path

    return folder / SHARDS if name == SHARDS else default_path(name, folder)


def run_of(papers: Sequence[Paper], model: str) -> dict[str, str]:
    """What made the graph: the attributes of its run."""
    version = kgraph.__version__
    return {"label": f"kgraph {version}", "version": version, "model": f"{model} {manifest.model_hash(model)}", "input_hash": input_hash(papers)}


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


def _cluster(scheduler: str | None, jobs: int) -> AbstractContextManager[Client]:
    from kgraph.cluster import connect

    return connect(scheduler, jobs)


def _map_tasks(client: Client | None, cache: Path) -> MapTasks:
    if client is None:
        return map
    from kgraph.cluster import FOLDER, map_on

    return map_on(client, cache / FOLDER)


def _tidy(cache: Path) -> None:
    from kgraph.cluster import FOLDER, tidy

    tidy(cache / FOLDER)


@contextmanager
def _timed(stage: str, timings: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[stage] = round(timings.get(stage, 0.0) + time.perf_counter() - start, 3)
