"""Stage 2 in parallel: worker processes that take texts and give packed facts, over their standard input and output.

Only text goes in and only facts come out (a spaCy `Doc` pickles to several hundred times its facts). A worker is this module run by a
fresh interpreter, so the caller's program needs no main guard, may have threads, and never imports spaCy itself; all numeric libraries
are held to one thread, so that the facts do not depend on the number of cores. A worker that dies or hangs costs the one text that it
fails on twice, nothing else.

A message is its length in four bytes and MessagePack: a batch is a list of `(number, title, abstract)`, the answer a list of `Answer`s.
"""

from __future__ import annotations

import gc
import os
import queue
import re
import struct
import subprocess
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from types import TracebackType
from typing import IO, Any, NamedTuple, TypeVar

import msgspec

from kgraph.model import Paper, PaperFacts
from kgraph.store import pack

BATCH_TEXTS = 16
BATCH_CHARACTERS = 100_000
"""A batch is closed at either; small, so that the last ones of a build keep all workers busy."""
STRIKES = 2
"""A text on which a worker died this often, each time alone, is given up: once may have been the system's doing."""
START_SECONDS = 600.0
PATIENCE_SECONDS = 120.0
CHARACTERS_PER_SECOND = 200
"""A batch may take `PATIENCE_SECONDS` and a second more for so many characters (a hundredth of the usual speed) before its worker counts as hung."""
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS")

Extract = Callable[[Iterable[Paper], str], Iterable[PaperFacts]]
_LENGTH = struct.Struct(">I")
_SURROGATE = re.compile("[\ud800-\udfff]")
T = TypeVar("T")


class Text(NamedTuple):
    """What is to be read; `number` is the caller's."""

    number: int
    title: str
    abstract: str


class Answer(NamedTuple):
    """The packed facts of text `number`, or None and why there are none."""

    number: int
    packed: bytes | None
    reason: str = ""


class _Batch(NamedTuple):
    texts: tuple[Text, ...]
    strikes: int = 0


def load_extractor(name: str) -> Extract:
    """The function `module:function`, called with papers and the model's name; ValueError if there is none.

    >>> load_extractor("kgraph.extract.nothing:read")
    Traceback (most recent call last):
    ValueError: no extractor 'kgraph.extract.nothing:read': No module named 'kgraph.extract.nothing'
    """
    module, _, function = name.partition(":")
    try:
        found: Extract = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"no extractor {name!r}: {error}") from error
    return found


def extract_batch(extract: Extract, model: str, texts: Sequence[Text]) -> list[Answer]:
    """Read texts; when that raises, read them one by one, so that a text which cannot be read costs no other.

    An exception here is a bug in the extractor, which must not lose the rest: its type, message and place become the reason.
    """
    try:
        return list(_extract(extract, model, texts))
    except Exception as error:
        if len(texts) > 1:
            return [answer for text in texts for answer in extract_batch(extract, model, [text])]
        place = traceback.extract_tb(error.__traceback__)[-1]
        return [Answer(texts[0].number, None, f"{type(error).__name__}: {error} ({os.path.basename(place.filename)}:{place.lineno})")]  # noqa: PTH119


def _extract(extract: Extract, model: str, texts: Sequence[Text]) -> Iterator[Answer]:
    papers = [Paper(key=str(number), title=title, abstract=abstract) for number, title, abstract in texts]
    for text, facts in zip(texts, extract(papers, model), strict=True):
        yield Answer(text.number, pack(facts))


def encodable(text: Text) -> Text:
    """The text without lone surrogates, which have no UTF-8; replaced one by one, so that offsets stay true."""
    return Text(text.number, _SURROGATE.sub("\ufffd", text.title), _SURROGATE.sub("\ufffd", text.abstract))


def batches(texts: Iterable[Text]) -> Iterator[tuple[Text, ...]]:
    """Texts in order, a handful at a time."""
    batch: list[Text] = []
    size = 0
    for text in texts:
        batch.append(encodable(text))
        size += len(text.title) + len(text.abstract)
        if len(batch) == BATCH_TEXTS or size >= BATCH_CHARACTERS:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


class WorkerError(Exception):
    """A worker ended, or was ended because it took too long, in the midst of a batch; the message says how."""


class _Worker:
    """One process."""

    def __init__(self, extractor: str, model: str) -> None:
        environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1"), "PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path)}  # noqa: PTH109
        self.late = False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kgraph.pool", extractor, model],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the caller, who ends the workers
        )

    def load(self) -> None:
        """Wait until the extractor is loaded. Raises WorkerError, and RuntimeError when it cannot be loaded."""
        failed = self._within(START_SECONDS, lambda: _receive(self._pipe(self.process.stdout), list[str]))
        if failed:
            raise RuntimeError(f"the extractor could not be loaded:\n{failed[0]}")

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            raise RuntimeError("a worker was started without pipes")
        return pipe

    def ask(self, texts: Sequence[Text]) -> list[Answer]:
        """Have a batch read. Raises WorkerError."""

        def exchange() -> list[Answer]:
            _send(self._pipe(self.process.stdin), texts)
            return _receive(self._pipe(self.process.stdout), list[Answer])

        characters = sum(len(t.title) + len(t.abstract) for t in texts)
        return self._within(PATIENCE_SECONDS + characters / CHARACTERS_PER_SECOND, exchange)

    def _within(self, seconds: float, exchange: Callable[[], T]) -> T:
        timer = threading.Timer(seconds, self._too_late)
        timer.daemon = True
        timer.start()
        try:
            return exchange()
        except (EOFError, BrokenPipeError) as error:
            status = self.process.wait()
            how = f"no answer in {seconds:.0f} seconds" if self.late else f"signal {-status}" if status < 0 else f"exit code {status}"
            raise WorkerError(how) from error
        finally:
            timer.cancel()

    def _too_late(self) -> None:
        self.late = True
        self.process.kill()

    def kill(self) -> None:
        """End the process at once; it holds nothing that could be lost."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:  # what was still to be written has no reader any more
                    continue


class Workers:
    """`jobs` worker processes for one extractor and model, started when first needed and kept until the `with` block ends."""

    def __init__(self, extractor: str, model: str, jobs: int = 1) -> None:
        self.extractor = extractor
        self.model = model
        self.jobs = max(1, jobs or available_cpus())
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._stopping = threading.Event()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        while self._idle:
            self._idle.pop().kill()

    def extract(self, texts: Iterable[Text]) -> Iterator[Answer]:
        """Read all texts and yield their answers as they come, in any order, one for each text.

        A text that the extractor raises on, dies on or does not finish in reasonable time has an answer without facts. Raises RuntimeError
        when the extractor does not load.
        """
        pending = deque(_Batch(batch) for batch in batches(texts))
        left = sum(len(batch.texts) for batch in pending)
        answers: queue.SimpleQueue[list[Answer] | BaseException] = queue.SimpleQueue()
        threads = [threading.Thread(target=self._serve, args=(pending, answers), daemon=True) for _ in range(min(self.jobs, len(pending)))]
        for thread in threads:
            thread.start()
        try:
            while left:
                got = answers.get()
                if isinstance(got, BaseException):
                    raise got
                left -= len(got)
                yield from got
        except BaseException:
            self._stopping.set()
            for worker in list(self._busy):
                worker.process.kill()
            raise
        finally:
            for thread in threads:
                thread.join()
            self._stopping.clear()

    def _serve(self, pending: deque[_Batch], answers: queue.SimpleQueue[Any]) -> None:
        """Keep one worker at work until nothing is pending; on its death begin another and read the texts of its batch one by one."""
        worker: _Worker | None = None
        try:
            while pending and not self._stopping.is_set():
                try:
                    batch = pending.popleft()
                except IndexError:  # another thread was faster
                    break
                try:
                    if worker is None:
                        worker = self._worker()
                    answers.put(worker.ask(batch.texts))
                except WorkerError as death:
                    if worker is not None:
                        self._end(worker)
                        worker = None
                    if self._stopping.is_set():
                        break
                    self._after_death(batch, str(death), pending, answers)
        except BaseException as error:  # handed to the caller's thread
            answers.put(error)
        finally:
            if worker is not None:
                self._busy.discard(worker)
                self._idle.append(worker)

    def _worker(self) -> _Worker:
        """One that is loaded. A process that ends while it loads is begun again once."""
        if self._idle:
            worker = self._idle.pop()
            self._busy.add(worker)
            return worker
        for strike in range(STRIKES):
            worker = _Worker(self.extractor, self.model)
            self._busy.add(worker)
            if self._stopping.is_set():
                worker.process.kill()
            try:
                worker.load()
            except BaseException as error:
                self._end(worker)
                if not isinstance(error, WorkerError):
                    raise
                if strike + 1 == STRIKES:
                    raise RuntimeError(f"the extractor's process ended while it was loading: {error}") from error
            else:
                return worker
        raise AssertionError("a loop that returns or raises")

    def _end(self, worker: _Worker) -> None:
        self._busy.discard(worker)
        worker.kill()

    @staticmethod
    def _after_death(batch: _Batch, how: str, pending: deque[_Batch], answers: queue.SimpleQueue[Any]) -> None:
        if len(batch.texts) > 1:
            pending.extendleft(_Batch((text,)) for text in reversed(batch.texts))
        elif batch.strikes + 1 < STRIKES:
            pending.appendleft(_Batch(batch.texts, batch.strikes + 1))
        else:
            answers.put([Answer(batch.texts[0].number, None, f"the extractor's process died on it: {how}")])


def available_cpus() -> int:
    """CPUs that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _send(pipe: IO[bytes], value: object) -> None:
    data = msgspec.msgpack.encode(value)
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes], kind: type[T]) -> T:
    """The next message; raises EOFError when the other side is gone."""
    head = pipe.read(_LENGTH.size)
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 0
    data = pipe.read(length)
    if len(data) != length or not length:
        raise EOFError
    return msgspec.msgpack.decode(data, type=kind)


def work(extractor: str, model: str) -> None:
    """The life of a worker: load, say so, answer batches until the pipe is closed (by the caller or by its end)."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    try:
        extract = load_extractor(extractor)
        list(extract([], model))  # loads the model
        gc.freeze()  # it lives as long as the process: no collection need walk it
    except Exception:
        _send(output, [traceback.format_exc()])
        return
    _send(output, [])
    while True:
        try:
            texts = _receive(sys.stdin.buffer, list[Text])
        except EOFError:
            return
        _send(output, extract_batch(extract, model, texts))


if __name__ == "__main__":
    work(*sys.argv[1:])
