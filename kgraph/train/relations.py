"""Training stage 5: the relation network of `kgraph.extract.relation_model`, on the tagger that ships.

`python -m kgraph.train.relations` reads the train splits of SciER, SciERC and SciNLP, whose label sets become heads of one network, and
writes `relations.npz` and `relations.json` beside the tagger; it has to be run again whenever the tagger changes. Borders of things are
shaken, things dropped and their types hidden while training, since at run time they are predicted. SciER's dev split, with gold
entities, chooses the epoch. One thread, fixed seed; takes minutes.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from kgraph.extract.ner import MODELS, Tagger
from kgraph.extract.relation_model import (
    FAR,
    FAR_APART,
    LABELS,
    ROLES,
    RelationModel,
    choices,
    classes,
    offsets,
    pair_features,
    pairs_of,
    role_of,
)
from kgraph.train.__main__ import SHARED, make_nlp
from kgraph.train.data import read_jsonl, word_offsets


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence: its word vectors, the spans of its things with their roles, and the class of each related pair (first, second)."""

    scheme: str
    vectors: np.ndarray
    spans: tuple[tuple[int, int], ...]
    roles: tuple[int, ...]
    gold: dict[tuple[int, int], int]


def read_examples(shared: Path, scheme: str, split: str, tagger: Tagger, nlp) -> list[Example]:  # type: ignore[no-untyped-def]
    """The sentences of a corpus that hold two things or more. Where a pair has two labels the first counts."""
    rows = []
    index = {key: i + 1 for i, key in enumerate(classes(scheme))}
    index |= {(label, not forward): i for (label, forward), i in list(index.items()) if (label, not forward) not in index}
    for record in read_jsonl(shared / "corpora" / scheme / f"{split}.jsonl"):
        if len(record["entities"]) < 2:
            continue
        words = word_offsets(nlp, record["text"])
        spans = []
        for e in record["entities"]:
            inside = [i for i, (a, b) in enumerate(words) if a < e["end"] and b > e["start"]]
            spans.append((inside[0], inside[-1] + 1))
        gold: dict[tuple[int, int], int] = {}
        for r in record["relations"]:
            forward = spans[r["head"]] <= spans[r["tail"]]
            pair = (r["head"], r["tail"]) if forward else (r["tail"], r["head"])
            gold.setdefault(pair, index[r["label"], forward])
        rows.append(([record["text"][a:b] for a, b in words], tuple(spans), tuple(role_of(e["label"]) for e in record["entities"]), gold))
    out = []
    for at in range(0, len(rows), 64):
        part = rows[at : at + 64]
        for (_, spans, roles, gold), vectors in zip(part, tagger.vectors([r[0] for r in part]), strict=True):
            out.append(Example(scheme, vectors[:], spans, roles, gold))
    return out


def shaken(example: Example, rng: random.Random) -> Example:
    """The example as a tagger might have found it: some things missing, some borders a word off, some types unknown."""
    n = len(example.vectors)
    keep = [i for i in range(len(example.spans)) if len(example.spans) <= 2 or rng.random() > 0.05]
    spans, taken = [], list(example.spans)
    for i in keep:
        start, end = example.spans[i]
        if rng.random() < 0.12:
            other = [s for j, s in enumerate(taken) if j != i]
            wanted = (start + rng.choice((-1, 0, 1)), end + rng.choice((-1, 0, 1)))
            if 0 <= wanted[0] < wanted[1] <= n and not any(a < wanted[1] and wanted[0] < b for a, b in other):
                start, end = wanted
                taken[i] = wanted
        spans.append((start, end))
    roles = tuple(example.roles[i] if rng.random() > 0.03 else rng.randrange(1, len(ROLES)) for i in keep)
    place = {old: new for new, old in enumerate(keep)}
    gold = {(place[a], place[b]): c for (a, b), c in example.gold.items() if a in place and b in place}
    return Example(example.scheme, example.vectors, tuple(spans), roles, gold)


class Network(nn.Module):
    """The PyTorch twin of `RelationModel`."""

    def __init__(self, inputs: int, schemes: Sequence[str], *, width: int = 128, heads: int = 4, layers: int = 1, drop: float = 0.25) -> None:
        super().__init__()
        self.width, self.heads = width, heads
        self.words = nn.Linear(inputs, width)
        self.roles = nn.Embedding(len(ROLES), width)
        self.convs = nn.ModuleList(nn.Conv1d(width, width, 3, padding=1) for _ in range(layers))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(layers))
        self.first, self.second, self.both = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False), nn.Linear(width, width)
        self.types, self.gap, self.between = nn.Embedding(len(ROLES) ** 2, width), nn.Embedding(FAR_APART + 1, width), nn.Embedding(40, width)
        self.query, self.keys = nn.Linear(width, width), nn.Linear(width, 2 * width, bias=False)
        self.near_first, self.near_second = nn.Embedding(2 * FAR + 1, heads), nn.Embedding(2 * FAR + 1, heads)
        self.state, self.final = nn.Linear(2 * width, width), nn.Linear(3 * width, width)
        for table in (self.roles, self.types, self.gap, self.between, self.near_first, self.near_second):
            nn.init.normal_(table.weight, std=0.1)
        self.out = nn.ModuleDict({s: nn.Linear(width, 1 + len(classes(s))) for s in schemes})
        self.drop, self.share = nn.Dropout(drop), drop

    def thinned(self, x: torch.Tensor) -> torch.Tensor:
        """Dropout of whole features of a sentence, at a fraction of the cost of single numbers (Tompson et al. 2015)."""
        return x * (torch.rand(len(x), 1, x.shape[2]) > self.share) / (1 - self.share) if self.training else x

    def forward(self, batch: Sequence[Example], pairs: Sequence[Sequence[tuple[int, int]]]) -> torch.Tensor:
        """States of all pairs of the batch, in order, shape (pairs, width)."""
        longest = max(len(e.vectors) for e in batch)
        vectors = torch.zeros(len(batch), longest, batch[0].vectors.shape[1])
        role = torch.zeros(len(batch), longest, dtype=torch.long)
        mask = torch.zeros(len(batch), longest)
        base = np.cumsum([0, *(len(e.spans) for e in batch)])
        for i, e in enumerate(batch):
            vectors[i, : len(e.vectors)] = torch.from_numpy(e.vectors)
            mask[i, : len(e.vectors)] = 1.0
            for (a, b), r in zip(e.spans, e.roles, strict=True):
                role[i, a:b] = r
        x = functional.relu(self.words(self.thinned(vectors)) + self.roles(role)) * mask[..., None]
        for conv, norm in zip(self.convs, self.norms, strict=True):
            out = conv(self.thinned(x).transpose(1, 2)).transpose(1, 2)
            x = norm(x + functional.relu(out)) * mask[..., None]
        spans = np.array([s for e in batch for s in e.spans], dtype=np.int64)
        owner = np.repeat(np.arange(len(batch)), [len(e.spans) for e in batch])
        away = torch.from_numpy(offsets(longest, spans))
        inside = (away == FAR).float()
        means = torch.bmm((inside / inside.sum(1, keepdim=True))[:, None], x.index_select(0, torch.from_numpy(owner)))[:, 0]
        ends = torch.from_numpy(np.concatenate([np.array(p, dtype=np.int64).reshape(-1, 2) + b for p, b in zip(pairs, base, strict=False)]))
        rows = torch.from_numpy(np.concatenate([pair_features(e.spans, e.roles, p) for e, p in zip(batch, pairs, strict=True)]))
        sentence = torch.from_numpy(np.repeat(np.arange(len(batch)), [len(p) for p in pairs]))
        means = self.drop(means)
        a, b = means.index_select(0, ends[:, 0]), means.index_select(0, ends[:, 1])
        pair = functional.relu(self.first(a) + self.second(b) + self.both(a * b) + self.types(rows[:, 0]) + self.gap(rows[:, 1]) + self.between(rows[:, 2]))
        size = self.width // self.heads
        query = self.query(self.drop(pair)).view(-1, self.heads, 1, size)
        keys, values = (t.view(len(batch), longest, self.heads, size).transpose(1, 2).index_select(0, sentence) for t in self.keys(x).chunk(2, dim=-1))
        bias = self.near_first(away[ends[:, 0]]) + self.near_second(away[ends[:, 1]])
        scores = (query @ keys.transpose(2, 3))[:, :, 0] / size**0.5 + bias.transpose(1, 2)
        scores = scores.masked_fill(mask[sentence][:, None] == 0, -1e9)
        found = (scores.softmax(-1)[:, :, None] @ values).flatten(1)
        state = functional.relu(self.state(self.drop(torch.cat([pair, found], dim=1))))
        near = state.new_zeros(len(spans), self.width).index_add(0, ends[:, 0], state).index_add(0, ends[:, 1], state)
        count = torch.bincount(ends.flatten(), minlength=len(spans)).clamp(min=1)
        near = self.drop(near / count[:, None])
        return functional.relu(self.final(torch.cat([self.drop(state), near.index_select(0, ends[:, 0]), near.index_select(0, ends[:, 1])], dim=1)) + state)

    def arrays(self) -> dict[str, np.ndarray]:
        """The weights by the names that `RelationModel` reads, float16."""
        named = {"words.weight": self.words.weight.T, "words.bias": self.words.bias, "roles": self.roles.weight}
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            named |= {
                f"conv{i}.weight": conv.weight.permute(2, 1, 0),
                f"conv{i}.bias": conv.bias,
                f"conv{i}.norm.gain": norm.weight,
                f"conv{i}.norm.bias": norm.bias,
            }
        named |= {"first.weight": self.first.weight.T, "second.weight": self.second.weight.T, "both.weight": self.both.weight.T, "both.bias": self.both.bias}
        named |= {
            "types": self.types.weight,
            "gap": self.gap.weight,
            "between": self.between.weight,
            "near.first": self.near_first.weight,
            "near.second": self.near_second.weight,
        }
        named |= {"query.weight": self.query.weight.T, "query.bias": self.query.bias, "keys.weight": self.keys.weight.T}
        named |= {f"{n}.{p}": getattr(getattr(self, n), p).t() for n in ("state", "final") for p in ("weight", "bias")}
        named |= {f"head.{s}.weight": h.weight.T for s, h in self.out.items()} | {f"head.{s}.bias": h.bias for s, h in self.out.items()}
        return {name: tensor.detach().numpy().astype(np.float16) for name, tensor in named.items()}


def score(model: RelationModel, examples: Sequence[Example], weights: Sequence[float] = (1.0, 0.8, 0.65, 0.5, 0.4, 0.3)) -> dict[str, float]:
    """Micro precision, recall and F1 in percent with gold spans at the weight of `none` that gives the best F1; a symmetric label has no direction."""
    rows: list[tuple[np.ndarray, np.ndarray]] = []
    for at in range(0, len(examples), 64):
        part = examples[at : at + 64]
        pairs = [pairs_of(e.spans) for e in part]
        states = model.states([e.vectors for e in part], [e.spans for e in part], [e.roles for e in part], pairs)
        gold = np.array([e.gold.get(pair, 0) for e, ps in zip(part, pairs, strict=True) for pair in ps])
        rows.append((model.probabilities(states, part[0].scheme), gold))
    probabilities, gold = (np.concatenate(column) for column in zip(*rows, strict=True))
    wanted, out = sum(len(e.gold) for e in examples), []
    for none in weights:
        guess = choices(probabilities, none)
        right = int(((guess == gold) & (guess > 0)).sum())
        precision, recall = right / max(int((guess > 0).sum()), 1), right / max(wanted, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        out.append({"f1": round(100 * f1, 2), "precision": round(100 * precision, 2), "recall": round(100 * recall, 2), "none": none})
    return max(out, key=lambda row: row["f1"])


def batches(examples: Sequence[Example], rng: random.Random, size: int = 24) -> list[list[Example]]:
    """Shuffled batches of sentences of like length and one scheme each."""
    order = sorted(examples, key=lambda e: (e.scheme, len(e.vectors) + rng.random() * 8))
    out = []
    for scheme in LABELS:
        part = [e for e in order if e.scheme == scheme]
        out += [part[i : i + size] for i in range(0, len(part), size)]
    rng.shuffle(out)
    return out


def train(
    train_set: list[Example], dev: dict[str, list[Example]], *, seed: int = 0, epochs: int = 16, rate: float = 2e-3, main: str = "scier", **shape: float
) -> Iterator[tuple[dict[str, np.ndarray], dict[str, dict[str, float]]]]:
    """Train, and yield weights and dev scores whenever `dev[main]` scores better than before, so that a stopped run leaves a usable network."""
    torch.manual_seed(seed)
    schemes = [s for s in LABELS if any(e.scheme == s for e in train_set)]
    network = Network(train_set[0].vectors.shape[1], schemes, **shape)  # type: ignore[arg-type]
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.02)
    rng = random.Random(seed)
    steps = epochs * len(batches(train_set, rng))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min((s + 1) / 100, max(0.02, 1 - s / steps)))
    best = -1.0
    average: dict[str, torch.Tensor] = {}
    step = 0
    for epoch in range(epochs):
        network.train()
        began, total, n = time.perf_counter(), 0.0, 0
        for batch in batches(train_set, rng):
            noisy = [shaken(e, rng) for e in batch]
            pairs = [pairs_of(e.spans) for e in noisy]
            chosen = [i for i, p in enumerate(pairs) if p]
            if not chosen:
                continue
            noisy, pairs = [noisy[i] for i in chosen], [pairs[i] for i in chosen]
            states = network(noisy, pairs)
            logits = network.out[noisy[0].scheme](network.drop(states))
            goal = torch.tensor([e.gold.get(p, 0) for e, ps in zip(noisy, pairs, strict=True) for p in ps])
            loss = functional.cross_entropy(logits, goal, label_smoothing=0.02)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            total, n, step = total + loss.item(), n + 1, step + 1
            with torch.no_grad():  # the mean of the last weights generalises better than the last ones (Polyak and Juditsky 1992)
                for name, value in network.state_dict().items():
                    average[name] = value.clone() if name not in average else average[name].lerp_(value, max(0.005, 9 / (10 + step)))
        if epoch % 2 and epoch + 1 < epochs:
            continue
        current = {k: v.clone() for k, v in network.state_dict().items()}
        network.load_state_dict(average)
        arrays = network.arrays()
        network.load_state_dict(current)
        scores = {s: score(RelationModel(arrays, {}), examples) for s, examples in dev.items() if s in schemes}
        print(json.dumps({"epoch": epoch, "loss": round(total / n, 4), "dev": scores, "seconds": round(time.perf_counter() - began)}), flush=True)
        if scores[main]["f1"] > best:
            best = scores[main]["f1"]
            yield arrays, scores


def main() -> None:
    """Train on the tagger of a model folder and write the network beside it."""
    parser = argparse.ArgumentParser(prog="python -m kgraph.train.relations", description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--model", type=Path, default=MODELS / "fast", help="folder of the tagger, and of what is written")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layers", type=int, default=1, help="convolutions over the words before pairs are read")
    parser.add_argument("--width", type=int, default=64)
    options = parser.parse_args()
    torch.set_num_threads(1)
    tagger, nlp = Tagger.load(options.model), make_nlp()
    train_set = [e for s in LABELS for e in read_examples(options.shared, s, "train", tagger, nlp)]
    dev = {s: read_examples(options.shared, s, "dev", tagger, nlp) for s in LABELS}
    print("training sentences:", dict(Counter(e.scheme for e in train_set)), flush=True)
    for arrays, scores in train(train_set, dev, seed=options.seed, epochs=options.epochs, layers=options.layers, width=options.width):
        np.savez_compressed(options.model / "relations.npz", **arrays)
        meta = {"none": {s: row["none"] for s, row in scores.items()}, "dev": scores, "seed": options.seed, "epochs": options.epochs, "layers": options.layers}
        (options.model / "relations.json").write_text(json.dumps(meta) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
