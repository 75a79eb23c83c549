"""What makes an exported tagger smaller: a convolution of lower rank."""

import json

import numpy as np
import pytest

from kgraph.extract.ner import Tagger
from kgraph.train.shrink import narrow
from tests.test_ner import tiny_parts

WIDTH = 12
TEXTS = [[f"word{(7 * i + j * j) % 97}" for j in range(5 + i % 9)] for i in range(60)]


def exported(folder, rank=None):
    """A folder with a random tagger whose second convolution is of this rank."""
    arrays, meta = tiny_parts(WIDTH)
    rng = np.random.default_rng(3)
    if rank is not None:
        into, out = rng.normal(size=(WIDTH, rank)), rng.normal(size=(3, rank, WIDTH))
        arrays["conv1.weight"] = (into @ out).astype(np.float32)
    folder.mkdir()
    np.savez_compressed(folder / "tagger.npz", **arrays)
    (folder / "tagger.json").write_text(json.dumps(meta))
    return folder


def off(folder, rank):
    """How far the states are from those before, on average, once the layer is narrowed to `rank`."""
    before = np.concatenate(Tagger.load(folder).hidden(TEXTS))
    narrow(folder, TEXTS, 1, rank)
    return float(np.abs(np.concatenate(Tagger.load(folder).hidden(TEXTS)) - before).mean())


def test_a_convolution_of_low_rank_stays_what_it_was(tmp_path):
    folder = exported(tmp_path / "model", rank=3)
    assert off(folder, 3) < 2e-3  # of states around 1, kept in half precision
    with np.load(folder / "tagger.npz") as arrays:
        assert arrays["conv1.in"].shape == (3, WIDTH)
        assert arrays["conv1.out"].shape == (WIDTH, 9)
        assert "conv1.weight" not in arrays


def test_a_higher_rank_changes_less(tmp_path):
    distances = [off(exported(tmp_path / str(rank)), rank) for rank in (1, 2, 4)]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] > 0.01


def test_a_rank_that_saves_nothing_is_refused(tmp_path):
    folder = exported(tmp_path / "model")
    with pytest.raises(ValueError, match="more than a third"):
        narrow(folder, TEXTS, 1, 5)


def test_sequences_do_not_see_each_other_through_a_narrow_layer(tmp_path):
    folder = exported(tmp_path / "model")
    narrow(folder, TEXTS, 1, 4)
    tagger = Tagger.load(folder)
    together, alone = tagger.hidden(TEXTS), [tagger.hidden([text])[0] for text in TEXTS]
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(together, alone, strict=True))
