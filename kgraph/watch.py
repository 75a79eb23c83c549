"""`kgraph build --watch`: build again whenever an input is saved, with worker processes that stay loaded in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kgraph.manifest import BuildReport, Request, input_files, look_of

INTERVAL = 0.5
"""Seconds between two looks. A build begins when two looks in a row are the same, so that a file is not read while it is being saved."""
Looks = tuple[tuple[str, tuple[int, int, int, int] | None], ...]


def watch(
    inputs: Sequence[str | Path],
    output: Path,
    *,
    on_report: Callable[[BuildReport], None],
    interval: float = INTERVAL,
    **options: Any,
) -> None:
    """Build, then build again on every change of the inputs, tables or aliases, until interrupted (KeyboardInterrupt).

    `options` are those of `kgraph.build.run_build`; each build's report goes to `on_report`. Raises ValueError for standard input, which
    cannot be read twice.
    """
    from kgraph.build import EXTRACTOR, run_build
    from kgraph.pool import Workers

    aliases = options.get("aliases")
    request = Request(tuple(map(str, inputs)), join=tuple(map(str, options.get("join", ()))), aliases=str(aliases) if aliases else None)
    if "-" in request.inputs:
        raise ValueError("standard input cannot be watched")
    if options.get("engine", "local") != "local":
        raise ValueError(f"only the local engine watches, not {options['engine']!r}")
    with Workers(options.get("extractor", EXTRACTOR), options.get("model", "fast"), options.get("jobs", 1)) as workers:
        for first, _ in enumerate(changes(request, Path(output), interval)):
            on_report(run_build(inputs, output, **{**options, "full": bool(options.get("full")) and not first}, answers=workers.extract))


def changes(request: Request, output: Path, interval: float = INTERVAL, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Yield at once, then each time that the files of the request have changed and stayed the same for `interval` seconds."""
    built = looks(request, output)
    yield
    while True:
        sleep(interval)
        now = looks(request, output)
        if now != built and now == _after(interval, request, output, sleep):
            built = now
            yield


def _after(interval: float, request: Request, output: Path, sleep: Callable[[float], None]) -> Looks:
    sleep(interval)
    return looks(request, output)


def looks(request: Request, output: Path) -> Looks:
    """How the files of a request look on the disk, but for what lies in the output folder, which the build itself changes."""
    inside = output.resolve()
    files = [path for path, _, _ in input_files(request) or [] if inside not in path.resolve().parents]
    return tuple((str(path), _look(path)) for path in files)


def _look(path: Path) -> tuple[int, int, int, int] | None:
    try:
        return look_of(path)
    except OSError:  # gone, for the moment: many editors save by renaming
        return None
