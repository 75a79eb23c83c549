"""`python -m kgraph.train.accurate TEACHER.pt TEXTS.pkl OUT`: the teacher as an int8 ONNX graph for `kgraph build --model accurate`.

Word pieces that the abstracts do not use are dropped; the rest of the vocabulary, the encoder and the heads are written with int8 weights
(dynamic quantisation: one scale an output channel, activations at run time; Jacob et al. 2018).
"""

from __future__ import annotations

import argparse
import json
import pickle
import tempfile
from collections import Counter
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from kgraph.extract.accurate import Pieces
from kgraph.train.__main__ import minilm
from kgraph.train.teacher import Teacher, load, vocabulary

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


class Graph(nn.Module):
    """The teacher's arithmetic in plain tensor operations: what `transformers` wraps in switches does not trace well."""

    def __init__(self, teacher: Teacher, kept: list[int]) -> None:
        super().__init__()
        self.teacher = teacher
        encoder = teacher.encoder
        self.table = nn.Embedding.from_pretrained(encoder.embeddings.word_embeddings.weight[kept] + encoder.embeddings.token_type_embeddings.weight[0])
        mix = teacher.mix  # its three places side by side, so that it is quantised like every other matrix
        self.mix = nn.Linear(mix.in_channels * 3, mix.out_channels)
        self.mix.weight = nn.Parameter(mix.weight.permute(0, 2, 1).reshape(mix.out_channels, -1))
        self.mix.bias = mix.bias
        self.heads = nn.Linear(mix.out_channels, sum(len(t) for t in teacher.labels.values()))
        self.heads.weight = nn.Parameter(torch.cat([teacher.heads[name].weight for name in teacher.labels]))
        self.heads.bias = nn.Parameter(torch.cat([teacher.heads[name].bias for name in teacher.labels]))

    def forward(
        self, pieces: torch.Tensor, mask: torch.Tensor, first: torch.Tensor, last: torch.Tensor, case: torch.Tensor, real: torch.Tensor
    ) -> torch.Tensor:
        """Logits of all schemes side by side, shape (windows, words, tags)."""
        encoder = self.teacher.encoder
        heads = encoder.config.num_attention_heads
        batch, length = pieces.shape
        x = encoder.embeddings.LayerNorm(self.table(pieces) + encoder.embeddings.position_embeddings.weight[:length])
        bias = (mask[:, None, None, :].float() - 1.0) * 1e4

        def split(t: torch.Tensor) -> torch.Tensor:
            return t.view(batch, length, heads, -1).transpose(1, 2)

        for layer in encoder.encoder.layer:
            own = layer.attention.self
            query, key, value = split(own.query(x)), split(own.key(x)), split(own.value(x))
            scores = (query @ key.transpose(-1, -2)) / query.shape[-1] ** 0.5 + bias
            found = (scores.softmax(-1) @ value).transpose(1, 2).reshape(batch, length, -1)
            x = layer.attention.output.LayerNorm(layer.attention.output.dense(found) + x)
            x = layer.output.LayerNorm(layer.output.dense(functional.gelu(layer.intermediate.dense(x))) + x)
        wide = x.shape[-1]
        ends = [x.gather(1, at.unsqueeze(-1).expand(-1, -1, wide)) for at in (first, last)]
        words = torch.cat([*ends, self.teacher.shape(case)], dim=-1) * real.unsqueeze(-1).float()
        none = torch.zeros_like(words[:, :1])
        beside = torch.cat([torch.cat([none, words[:, :-1]], dim=1), words, torch.cat([words[:, 1:], none], dim=1)], dim=-1)
        return self.heads(functional.gelu(self.mix(beside)))


def used_pieces(texts: list[tuple[str, int, list[list[str]]]], weights: Path, least: int = 3) -> list[int]:
    """Ids of the special pieces, of those of one character, and of those that the abstracts use at least `least` times."""
    names = vocabulary(weights)
    pieces = Pieces(names)
    counts: Counter[int] = Counter()
    for word, n in Counter(w.lower() for _, _, sentences in texts for s in sentences for w in s).items():
        for piece in pieces.of(word):
            counts[piece] += n
    return [i for i, name in enumerate(names) if name in SPECIAL or len(name.removeprefix("##")) == 1 or counts[i] >= least]


def export(teacher: Teacher, kept: list[int], weights: Path, out: Path, notes: dict) -> None:
    """Write `tagger.onnx` and `tagger.json` into `out`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    names = vocabulary(weights)
    graph = Graph(teacher, kept).eval()
    pieces = [names[i] for i in kept]
    batch = Pieces(pieces).batch([["We", "present", "LLaVA", "."], ["It", "is", "trained", "on", "A100", "GPUs", "."]])
    arguments = tuple(torch.from_numpy(array) for array in batch.values())
    out.mkdir(parents=True, exist_ok=True)
    axes = {name: {0: "windows", 1: "pieces" if name in {"pieces", "mask"} else "words"} for name in batch}
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(graph, arguments, str(plain), input_names=list(batch), output_names=["tags"], dynamic_axes=axes, opset_version=17, dynamo=False)
        quantize_dynamic(plain, out / "tagger.onnx", weight_type=QuantType.QInt8, per_channel=True)
    meta = {"schemes": teacher.labels, **notes, "pieces": pieces}
    (out / "tagger.json").write_text(json.dumps(meta, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Read a teacher, write the graph, say its size."""
    parser = argparse.ArgumentParser(prog="python -m kgraph.train.accurate", description=__doc__)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    weights = minilm()
    kept = used_pieces(pickle.loads(options.texts.read_bytes()), weights)
    export(load(options.teacher, weights), kept, weights, options.out, {"encoder": "MiniLM-L6"})
    print(f"{len(kept)} word pieces, {sum(p.stat().st_size for p in options.out.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
