"""Stage 2 for many papers: facts out of the cache where the text is known, else by worker processes, which fill the cache as they go."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kgraph.model import Paper, PaperFacts, Problem
from kgraph.pool import Answer, Text, Workers
from kgraph.progress import OnProgress, Step
from kgraph.store import CacheError, FactsCache, PackedFacts, facts_key, pack

WRITE_SECONDS = 1.0
"""New facts go to the cache this often: what a killed build has lost."""
Answers = Callable[[Iterable[Text]], Iterable[Answer]]
OnProblem = Callable[[Problem], None]


class Extracted(NamedTuple):
    """The facts of all papers by key, and how they were come by (numbers of papers; `damaged`: of cache entries)."""

    facts: PackedFacts
    reused: int
    extracted: int
    failed: int
    damaged: int


def extract_papers(
    papers: Sequence[Paper],
    version: str,
    answers: Answers,
    *,
    cache: Path | None,
    full: bool = False,
    on_problem: OnProblem,
    on_progress: OnProgress,
) -> Extracted:
    """The facts of `papers`; those of texts that the cache does not know under `version` (or of all, if `full`) come from `answers`.

    Papers of one text are read once. A paper that could not be read is a problem and has no facts; it is not kept, so that the next build tries
    again. Without a cache that can be used, work goes on without.
    """
    keys = {paper.key: facts_key(paper.title, paper.abstract, version) for paper in papers}
    store = _open(cache, version, on_problem)
    try:
        known: dict[bytes, bytes] = {}
        damaged = 0
        if store is not None and not full:
            known, damaged = store.find(list(dict.fromkeys(keys.values())))
        missing = {key: paper for paper in papers if (key := keys[paper.key]) not in known}
        todo = list(missing.items())
        reused = sum(keys[paper.key] in known for paper in papers)
        reasons: dict[bytes, str] = {}
        texts = (Text(number, paper.title, paper.abstract) for number, (_, paper) in enumerate(todo))
        for some in _for_a_while(_counted(answers(texts), len(todo), on_progress) if todo else ()):
            fresh = [(todo[answer.number][0], answer.packed) for answer in some if answer.packed is not None]
            known.update(fresh)
            reasons.update((todo[answer.number][0], answer.reason) for answer in some if answer.packed is None)
            store = _keep(store, fresh, on_problem)
        if store is not None:
            damaged += store.damaged_files
            store = _keep(store, None, on_problem)
    finally:
        if store is not None:
            store.close()
    empty = pack(PaperFacts(paper=""))
    failed = with_problems(papers, {paper.key: reasons[key] for paper in papers if (key := keys[paper.key]) in reasons}, on_problem)
    packed = {paper.key: known.get(keys[paper.key], empty) for paper in papers}
    return Extracted(PackedFacts(packed), reused, len(papers) - reused - failed, failed, damaged)


def with_problems(papers: Iterable[Paper], reasons: Mapping[str, str], on_problem: OnProblem) -> int:
    """Report the papers (by key) that could not be read, each with where it stands in the input; returns their number."""
    for paper in papers:
        if paper.key in reasons:
            path, line = (paper.sources[0].path, paper.sources[0].line) if paper.sources else (paper.key, 1)
            on_problem(Problem(path, line, f"could not be read: {reasons[paper.key]}"))
    return len(reasons)


def with_workers(extractor: str, model: str, jobs: int) -> Answers:
    """Answers from `jobs` processes that live as long as one extraction."""

    def answers(texts: Iterable[Text]) -> Iterator[Answer]:
        with Workers(extractor, model, jobs) as workers:
            yield from workers.extract(texts)

    return answers


def _open(folder: Path | None, version: str, on_problem: OnProblem) -> FactsCache | None:
    if folder is None:
        return None
    try:
        return FactsCache(folder, version)
    except CacheError as error:
        on_problem(Problem(str(folder), 1, f"the cache cannot be used, everything is read anew: {error}"))
        return None


def _keep(store: FactsCache | None, fresh: list[tuple[bytes, bytes]] | None, on_problem: OnProblem) -> FactsCache | None:
    """Write new entries (None: forget old ones); a cache that cannot be written is given up, and that is a problem, not the end."""
    if store is None:
        return None
    try:
        if fresh is None:
            store.forget_other_versions()
        elif fresh:
            store.add(fresh)
    except CacheError as error:
        store.close()
        on_problem(Problem(str(store.path), 1, f"the cache cannot be written, this build goes on without: {error}"))
        return None
    return store


def _counted(answers: Iterable[Answer], total: int, on_progress: OnProgress) -> Iterator[Answer]:
    on_progress(Step("extract", 0, total))
    for done, answer in enumerate(answers, 1):
        yield answer
        on_progress(Step("extract", done, total))


def _for_a_while(answers: Iterable[Answer]) -> Iterator[list[Answer]]:
    """Answers in lists, one about every `WRITE_SECONDS`."""
    some: list[Answer] = []
    since = time.monotonic()
    try:
        for answer in answers:
            some.append(answer)
            if time.monotonic() - since >= WRITE_SECONDS:
                yield some
                some, since = [], time.monotonic()
    except KeyboardInterrupt:
        if some:  # what has been read is kept, also when the build is stopped
            yield some
        raise
    if some:
        yield some
