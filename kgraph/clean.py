"""`kgraph clean`: remove what builds left behind, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from kgraph.cluster import FOLDER as SHARDS
from kgraph.manifest import MANIFEST, STATE, read_state
from kgraph.staging import LOCK
from kgraph.store import FILE

CACHE = ".cache"


def clean(output: Path, *, cache: Path | None = None, everything: bool = False) -> list[Path]:
    """Remove the facts kept for the next build into `output`; with `everything` also the files of the last one. Returns what was removed.

    `cache` is the folder of the facts when it is not `output/.cache`. Other files in these folders stay, and so do folders that are not empty then.
    Raises OSError when something cannot be removed.
    """
    state = read_state(output) if everything else None
    folder = output / CACHE if cache is None else cache
    gone = [*(folder / f"{FILE}{suffix}" for suffix in ("", "-wal", "-shm")), folder / SHARDS]
    if everything:
        written = [output / seen.path for seen in state.outputs] if state is not None else []
        inside = [path for path in written if path.resolve().is_relative_to(output.resolve())]
        gone += [*inside, output / MANIFEST, output / STATE, output / LOCK]
    removed = []
    for path in dict.fromkeys(gone):
        if path.is_dir() and not path.is_symlink():  # a format that is a folder of files
            shutil.rmtree(path)
        elif path.exists() or path.is_symlink():
            path.unlink()
        else:
            continue
        removed.append(path)
    for path in {folder, *(p.parent for p in removed)} - {output}:
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return removed
