"""Stage 5: writing files so that whatever happens, the old or the new ones are there, whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO


def _unused(path: Path) -> Path:
    """A hidden name beside `path` that no file has; the process id keeps two builds apart."""
    return next(p for i in count() if not (p := path.with_name(f".{path.name}.{os.getpid()}.{i}.tmp")).exists())


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Open a binary file that becomes `path` when the block ends, and vanishes when it raises (Ctrl-C too).

    The bytes go to a hidden file in the same folder (made if missing), are flushed to the disk, and take the name in one step.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _unused(path)
    try:
        with draft.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Give a new folder that replaces the folder `path` when the block ends (files of an earlier, larger export do not stay behind).

    A folder cannot be exchanged in one step everywhere: the old one is moved aside, and comes back if the new one cannot take its place.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft, aside = _unused(path), path.with_name(f".{path.name}.{os.getpid()}.old")
    draft.mkdir()
    try:
        yield draft
        if path.exists():
            path.replace(aside)
        try:
            draft.replace(path)
        except OSError:
            if aside.exists():
                aside.replace(path)
            raise
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    shutil.rmtree(aside, ignore_errors=True)
