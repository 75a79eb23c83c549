"""Stage 5: all outputs of a build appear together and whole, or not at all, however it ends and whoever builds into the same folder.

A build writes into a hidden folder of its own inside the output folder. When everything is there and on the disk, the files are renamed
into their places one after the other, while a lock keeps other builds from doing the same.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: no lock; two builds at once may mix whole files, and folders of killed builds stay
    fcntl = None  # type: ignore[assignment]

PREFIX = ".build-"
LOCK = ".lock"


@contextmanager
def staging(output: Path) -> Iterator[Path]:
    """A new folder inside `output` (made if missing) for the files of one build; it is gone when the block ends, however it ends."""
    output.mkdir(parents=True, exist_ok=True)
    with only_one(output):
        remove_leftovers(output)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=output))
        own = (folder / LOCK).open("wb")
        _lock(own, wait=True)
    try:
        with own:  # the lock is held as long as this process lives
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def only_one(output: Path) -> Iterator[None]:
    """Keep other builds from putting their files into `output` meanwhile."""
    with (output / LOCK).open("ab") as lock:
        _lock(lock, wait=True)
        yield


def staged_files(staged: Path) -> list[Path]:
    """All files that a build has written so far, sorted."""
    return sorted(p for p in staged.rglob("*") if p.is_file() and p != staged / LOCK)


def publish(staged: Path, output: Path, last: str) -> None:
    """Move every file and folder out of `staged` to its place in `output`, the one named `last` last. To be called inside `only_one`."""
    items = sorted((p for p in staged.iterdir() if p.name != LOCK), key=lambda p: (p.name == last, p.name))
    for file in staged_files(staged):
        with file.open("rb") as opened:  # exporters of others need not have done so
            os.fsync(opened.fileno())
    for item in items:
        target = output / item.name
        aside = None
        if target.is_dir() and not target.is_symlink():  # a folder cannot be exchanged in one step
            aside = staged / f"{item.name}.old"
            target.replace(aside)
        try:
            item.replace(target)
        except OSError:
            if aside is not None:
                aside.replace(target)
            raise


def remove_leftovers(output: Path) -> None:
    """Remove the folders of builds that were killed: those whose lock nobody holds. To be called inside `only_one`."""
    if fcntl is None:
        return
    for folder in output.glob(f"{PREFIX}*"):
        try:
            with (folder / LOCK).open("rb") as lock:
                if _lock(lock, wait=False):
                    shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # just removed by its own build
            continue


def _lock(file: IO[bytes], *, wait: bool) -> bool:
    """Take the lock of a file until it is closed; False when another has it and we do not `wait`."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
