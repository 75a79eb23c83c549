"""What makes an exported tagger smaller or faster without training: tables in int8, vectors of common words ready-made, a convolution of lower rank."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kgraph.extract.ner import Tagger


def small(name: str, table: np.ndarray) -> dict[str, np.ndarray]:
    """A table (rows, width) in int8, with a float16 scale a row."""
    scale = (np.abs(table).max(axis=1) / 127 + 1e-12).astype(np.float16)
    rows = np.clip(np.rint(table / np.maximum(scale.astype(np.float32), 1e-7)[:, None]), -127, 127).astype(np.int8)
    return {name: rows, name + ".scale": scale}


def keep_common(folder: Path, words: Sequence[str]) -> None:
    """Store the input vectors of these words ready-made in an exported model: most words of a text then cost a process nothing."""
    tagger = Tagger.load(folder)
    with np.load(folder / "tagger.npz") as kept:
        arrays = {name: kept[name] for name in kept.files if not name.startswith("common")}
    tagger.rows, tagger.common = {}, {}
    np.savez_compressed(folder / "tagger.npz", **arrays, **small("common", tagger.embed(words)))
    path = folder / "tagger.json"
    meta = json.loads(path.read_text(encoding="utf-8")) | {"common": list(words)}
    path.write_text(json.dumps(meta, ensure_ascii=False, indent=None) + "\n", encoding="utf-8")


def narrow(folder: Path, texts: Sequence[Sequence[str]], layer: int, rank: int) -> None:
    """Let one convolution of an exported model go through `rank` numbers a word, without further training.

    Of all matrices of that rank the one is taken that changes the layer's outputs least (in squares) over the words of `texts`: the truncated singular
    value decomposition of the weights times a root of the second moment of the inputs (DRONE, Chen et al. 2021). Raises ValueError for a rank
    above a third of the width, which would save nothing.
    """
    path = folder / "tagger.npz"
    with np.load(path) as kept:
        arrays = {name: kept[name] for name in kept.files}
    meta = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
    below = Tagger(dict(arrays), meta | {"dilations": meta["dilations"][:layer]})
    inputs = np.concatenate(below.hidden(texts)).astype(np.float64)
    width = inputs.shape[1]
    if 3 * rank > width:
        raise ValueError(f"rank {rank} is more than a third of the width {width}")
    root = np.linalg.cholesky(inputs.T @ inputs / len(inputs) + 1e-8 * np.eye(width))
    weight = arrays.pop(f"conv{layer}.weight").astype(np.float64)  # (tap, in, out)
    left, values, right = np.linalg.svd(weight.transpose(0, 2, 1).reshape(3 * width, width) @ root, full_matrices=False)
    scale = np.sqrt(values[:rank])
    arrays[f"conv{layer}.in"] = (scale[:, None] * right[:rank] @ np.linalg.inv(root)).astype(np.float16)
    arrays[f"conv{layer}.out"] = (left[:, :rank] * scale).reshape(3, width, rank).transpose(1, 0, 2).reshape(width, 3 * rank).astype(np.float16)
    np.savez_compressed(path, **arrays)
