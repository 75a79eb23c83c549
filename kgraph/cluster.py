"""The engine `dask`: extraction and the fold into shards on a cluster (extra `kgraph[dask]`), with the bytes of the local build.

Work is cut into tasks that are files in a folder which all machines see: `HASH.task` goes in, `HASH.done` comes out, the name is a hash of
content, code and versions. A task reads one file and writes the other by one rename, so it may be done twice, anywhere, at any time: a
worker that dies loses only the task it was at, and a run that is started again after its end takes up what is done. The scheduler
carries only file names. Inside a worker texts are read by a process of their own (`kgraph.pool`), so a text that kills it is
reported like everywhere else and not tried again for ever.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kgraph.model import Paper, PaperFacts, Value
from kgraph.pool import Answer, Text, Workers, encodable
from kgraph.progress import OnProgress, Step
from kgraph.reuse import Extracted, OnProblem, with_problems
from kgraph.shards import EntitiesDone, EntitiesTask, MapTasks, PapersDone, PapersTask, by_shard, fold_entities, fold_papers, shard_count
from kgraph.store import PackedFacts, pack

if TYPE_CHECKING:
    from distributed import Client

FOLDER = "shards"
TEXTS_PER_SHARD = 512
CONNECT_SECONDS = 120
RETRIES = 2
CHECKSUM = 16


class TextsTask(Value, frozen=True):
    """Texts to be read by an extractor."""

    extractor: str
    model: str
    version: str
    texts: tuple[Text, ...]


def read_texts(task: TextsTask) -> list[Answer]:
    """Read a shard of texts, each one's answer in its place."""
    return sorted(_workers(task.extractor, task.model, threading.get_ident()).extract(task.texts))


# what a cluster does: name -> (function, type of its task, type of its result)
KINDS: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "texts": (read_texts, TextsTask, list[Answer]),
    "papers": (fold_papers, PapersTask, PapersDone),
    "entities": (fold_entities, EntitiesTask, EntitiesDone),
}


@cache
def _workers(extractor: str, model: str, thread: int) -> Workers:
    """One process for each thread of a worker of the cluster, kept loaded from shard to shard; it ends with the worker."""
    return Workers(extractor, model, 1)


@contextmanager
def connect(scheduler: str | None, jobs: int) -> Iterator[Client]:
    """A client of the scheduler at an address (`tcp://host:8786`), else of a cluster of `jobs` processes on this machine.

    Raises ValueError when Dask is not installed, OSError when nobody answers at the address or no worker comes.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ValueError("the engine 'dask' needs the extra: pip install 'kgraph[dask]'") from error
    import logging

    from kgraph.pool import available_cpus

    if scheduler is not None:
        with Client(scheduler, timeout=CONNECT_SECONDS) as client:
            _wait_for_workers(client)
            yield client
        return
    # workers hold nothing but file names: reading is done by processes of theirs, so Dask's own watch over memory has nothing to see
    options = {"threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0, "silence_logs": logging.ERROR}
    with LocalCluster(n_workers=jobs or available_cpus(), **options) as cluster, Client(cluster) as client:
        _wait_for_workers(client)
        yield client


def _wait_for_workers(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        raise OSError(f"no worker came to the scheduler within {CONNECT_SECONDS} seconds") from error


def extract_on_cluster(
    client: Client,
    papers: Sequence[Paper],
    version: str,
    folder: Path,
    *,
    extractor: str,
    model: str,
    full: bool = False,
    on_problem: OnProblem,
    on_progress: OnProgress,
) -> Extracted:
    """The facts of `papers`, by shards; what an earlier run has finished of the same shards is taken up, unless `full`."""
    shards = [shard for shard in by_shard(papers, shard_count(len(papers), TEXTS_PER_SHARD)) if shard]
    sizes = [len(shard) for shard in shards]
    tasks = (TextsTask(extractor, model, version, tuple(encodable(Text(i, p.title, p.abstract)) for i, p in enumerate(shard))) for shard in shards)
    packed: dict[str, bytes] = {}
    reasons: dict[str, str] = {}
    empty = pack(PaperFacts(paper=""))
    old: set[int] = set()
    done = 0
    on_progress(Step("extract", 0, len(papers)))

    def finished(number: int, known: bool) -> None:
        nonlocal done
        done += sizes[number]
        old.update([number] if known else [])
        on_progress(Step("extract", done, len(papers)))

    read = {True: 0, False: 0}  # by whether an earlier run did it
    for number, answers in enumerate(run_tasks(client, folder, "texts", tasks, full=full, on_done=finished)):
        for paper, answer in zip(shards[number], answers, strict=True):
            if answer.packed is None:
                reasons[paper.key] = answer.reason
            else:
                read[number in old] += 1
            packed[paper.key] = answer.packed or empty
    failed = with_problems(papers, reasons, on_problem)
    return Extracted(PackedFacts(packed), read[True], read[False], failed, 0)


def map_on(client: Client, folder: Path) -> MapTasks:
    """Like `map` for the functions of `kgraph.shards`, on the cluster."""
    names = {function: kind for kind, (function, _, _) in KINDS.items()}
    return lambda function, tasks: run_tasks(client, folder, names[function], tasks)


def run_tasks(
    client: Client,
    folder: Path,
    kind: str,
    tasks: Iterable[Any],
    *,
    full: bool = False,
    on_done: Callable[[int, bool], None] = lambda number, known: None,
) -> Iterator[Any]:
    """Have tasks of a kind done and yield their results in order. `on_done(number, known)` is told of each, `known` if it was done before.

    A task whose workers die again and again is done by this process. Raises OSError when a result cannot be seen from here.
    """
    from distributed import KilledWorker, as_completed

    from kgraph.manifest import program_version, see_code

    folder.mkdir(parents=True, exist_ok=True)
    code = program_version(see_code())
    results: list[Path] = []
    waiting: dict[Any, int] = {}
    result_type = KINDS[kind][2]
    for number, task in enumerate(tasks):
        data = msgspec.msgpack.encode(task)
        # facts depend on what their version says, so that a new exporter does not throw them away; the rest depends on all code
        name = f"{kind}-{hashlib.blake2b((b'' if kind == 'texts' else code.encode()) + data, digest_size=20).hexdigest()}"
        results.append((folder / f"{name}.done").resolve())
        if not full and read_blob(results[-1]) is not None:
            on_done(number, True)
            continue
        results[-1].unlink(missing_ok=True)
        order = results[-1].with_suffix(".task")
        write_blob(order, data)
        waiting[client.submit(do_task, kind, str(order), str(results[-1]), key=f"{name}-{number}", pure=False, retries=RETRIES)] = number
    for future in as_completed(list(waiting)):
        number = waiting[future]
        if isinstance(future.exception(), KilledWorker):
            do_task(kind, str(results[number].with_suffix(".task")), str(results[number]))
        else:
            future.result()
        results[number].with_suffix(".task").unlink(missing_ok=True)
        on_done(number, False)
    for path in results:
        blob = read_blob(path)
        if blob is None:
            raise OSError(f"{path}: not written; the folder of facts must be one that this machine and all workers see")
        yield msgspec.msgpack.decode(blob, type=result_type)


def do_task(kind: str, order: str, result: str) -> None:
    """Do one task: file to file. Done again, it changes nothing."""
    function, task_type, _ = KINDS[kind]
    if read_blob(Path(result)) is not None:
        return
    data = read_blob(Path(order))
    if data is None:
        raise OSError(f"{order}: cannot be read; the folder of facts must be one that all workers see")
    write_blob(Path(result), msgspec.msgpack.encode(function(msgspec.msgpack.decode(data, type=task_type))))


def write_blob(path: Path, data: bytes) -> None:
    """Write data with a checksum, by one rename."""
    from kgraph.export.files import atomic_write

    with atomic_write(path) as file:
        file.write(hashlib.blake2b(data, digest_size=CHECKSUM).digest())
        file.write(data)


def read_blob(path: Path) -> bytes | None:
    """The data of a file that `write_blob` wrote; None when it is missing or damaged."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    data = content[CHECKSUM:]
    return data if hashlib.blake2b(data, digest_size=CHECKSUM).digest() == content[:CHECKSUM] else None


def tidy(folder: Path) -> None:
    """After a finished build: remove what only an unfinished one would take up, all but the facts."""
    for path in folder.glob("*"):
        if path.is_file() and not (path.name.startswith("texts-") and path.suffix == ".done"):
            path.unlink(missing_ok=True)
