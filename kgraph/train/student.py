"""Training stage 4: the shipped tagger, distilled in PyTorch from the teachers' probabilities and the gold.

Method: knowledge distillation (Hinton et al. 2015): on every window, of the corpora and of unlabelled recent abstracts, the student
learns the teachers' tag distributions of *all* schemes; where a window is labelled, its gold tags are learned as well. The network is that of
`kgraph.extract.ner`, which runs it in NumPy.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from kgraph.extract.ner import Tagger
from kgraph.extract.words import GRAM_ROWS, SHAPE_ROWS, SPARE_ROWS, gram_rows, shape_row, word_row
from kgraph.train.data import Tagged
from kgraph.train.shrink import small
from kgraph.train.spans import score_spans, tags_to_spans
from kgraph.train.teacher import batches, targets


class Student(nn.Module):
    """The PyTorch twin of `kgraph.extract.ner.Tagger`."""

    def __init__(
        self,
        schemes: dict[str, list[str]],
        vocabulary: Sequence[str],
        *,
        width: int = 192,
        form: int = 128,
        gram: int = 64,
        shape: int = 32,
        dilations: Sequence[int] = (1, 2, 4, 1),
        drop: float = 0.3,
        hide: float = 0.25,
    ) -> None:
        super().__init__()
        self.schemes, self.dilations, self.width = schemes, list(dilations), width
        self.vocabulary = {w: i for i, w in enumerate(vocabulary)}
        self.form = nn.Embedding(len(vocabulary) + SPARE_ROWS, form)
        self.grams = nn.EmbeddingBag(GRAM_ROWS, gram, mode="mean")
        self.shapes = nn.Embedding(SHAPE_ROWS, shape)
        for table in (self.form, self.grams, self.shapes):
            nn.init.normal_(table.weight, std=0.3)
        self.embed = nn.Linear(form + gram + shape, 2 * width)
        self.norm = nn.LayerNorm(width)
        self.convs = nn.ModuleList(nn.Conv1d(width, width, 3, padding=d, dilation=d) for d in dilations)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in dilations)
        self.heads = nn.ModuleDict({s: nn.Linear(width, len(t)) for s, t in schemes.items()})
        self.drop, self.hide = nn.Dropout(drop), hide
        self.cache: dict[str, tuple[int, list[int], int]] = {}

    def features(self, word: str) -> tuple[int, list[int], int]:
        """Rows of a word in the three tables."""
        if word not in self.cache:
            self.cache[word] = (word_row(word, self.vocabulary), gram_rows(word), shape_row(word))
        return self.cache[word]

    def forward(self, windows: Sequence[Sequence[str]]) -> torch.Tensor:
        """Hidden states, shape (windows, longest, width)."""
        length = max(len(w) for w in windows)
        unique = sorted({x for w in windows for x in w})
        index = {w: i + 1 for i, w in enumerate(unique)}
        rows = [self.features(w) for w in unique]
        offsets = np.cumsum([0] + [len(r[1]) for r in rows])[:-1]
        form = self.form(torch.tensor([r[0] for r in rows]))
        grams = self.grams(torch.tensor([g for r in rows for g in r[1]]), torch.from_numpy(offsets))
        shapes = self.shapes(torch.tensor([r[2] for r in rows]))
        if self.training:  # some forms are hidden, so that n-grams, shape and context learn to name unknown words
            form = form * (torch.rand(len(rows), 1) > self.hide)
        hidden = self.embed(self.drop(torch.cat([form, grams, shapes], dim=1)))
        vectors = self.norm(torch.maximum(hidden[:, : self.width], hidden[:, self.width :]))
        vectors = torch.cat([vectors.new_zeros(1, self.width), vectors])
        ids = torch.tensor([[index[x] for x in w] + [0] * (length - len(w)) for w in windows])
        mask = (ids > 0).unsqueeze(-1).float()
        x = functional.embedding(ids, vectors)
        for conv, norm in zip(self.convs, self.norms, strict=True):
            out = conv(self.drop(x).transpose(1, 2)).transpose(1, 2).float()
            x = norm(x + out.relu()) * mask
        return x

    def export(self, folder: Path, notes: dict) -> None:
        """Write `tagger.npz` (tables as int8 rows with float16 scales, the rest as float16) and `tagger.json`."""

        def plain(tensor: torch.Tensor) -> np.ndarray:
            return tensor.detach().float().numpy()

        arrays: dict[str, np.ndarray] = {}
        for name, table in (("form", self.form), ("grams", self.grams), ("shapes", self.shapes)):
            arrays |= small(name, plain(table.weight))
        arrays["embed.weight"], arrays["embed.bias"] = plain(self.embed.weight).T, plain(self.embed.bias)
        arrays["embed.norm.gain"], arrays["embed.norm.bias"] = plain(self.norm.weight), plain(self.norm.bias)
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            arrays[f"conv{i}.weight"] = plain(conv.weight).transpose(2, 1, 0)
            arrays[f"conv{i}.bias"] = plain(conv.bias)
            arrays[f"conv{i}.norm.gain"], arrays[f"conv{i}.norm.bias"] = plain(norm.weight), plain(norm.bias)
        for scheme, head in self.heads.items():
            arrays[f"head.{scheme}.weight"], arrays[f"head.{scheme}.bias"] = plain(head.weight).T, plain(head.bias)
        arrays = {k: v if v.dtype in (np.int8, np.float16) else v.astype(np.float16) for k, v in arrays.items()}
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(folder / "tagger.npz", **arrays)
        vocabulary = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        meta = {"schemes": self.schemes, "dilations": self.dilations, **notes, "vocabulary": vocabulary}
        (folder / "tagger.json").write_text(json.dumps(meta, ensure_ascii=False, indent=None) + "\n", encoding="utf-8")


def evaluate_tagger(tagger: Tagger, dev: list[Tagged], bias: float = 0.0) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 (percent, exact spans and labels) of the NumPy tagger by corpus."""
    scores = {}
    for scheme in sorted({w.corpus for w in dev}):
        part = [w for w in dev if w.corpus == scheme]
        gold = [set(tags_to_spans(w.tags)) for w in part]
        guess = [{(s.start, s.end, s.kind) for s in spans} for spans in tagger.spans([w.words for w in part], scheme, bias)]
        scores[scheme] = tuple(round(100 * x, 2) for x in score_spans(gold, guess))
    return scores


def temperatures(tagger: Tagger, dev: list[Tagged]) -> dict[str, float]:
    """For each scheme of `dev` the temperature (Guo et al. 2017) at which the confidences of found spans have the least log loss.

    Softer tags also move borders a little, so a temperature that costs more than half a point of F1 is out of the question.
    """
    out = {}
    for scheme in sorted({w.corpus for w in dev}):
        part = [w for w in dev if w.corpus == scheme]
        states = tagger.hidden([w.words for w in part])
        gold = [set(tags_to_spans(w.tags)) for w in part]
        weight, bias = f"head.{scheme}.weight", f"head.{scheme}.bias"
        plain = tagger.weights[weight], tagger.weights[bias]
        losses = []
        for temperature in np.arange(0.8, 2.6, 0.1).tolist():
            tagger.weights[weight], tagger.weights[bias] = plain[0] / temperature, plain[1] / temperature
            found = tagger.spans_of(states, scheme)
            f1 = score_spans(gold, [{(s.start, s.end, s.kind) for s in spans} for spans in found])[2]
            judged = [(s.score * s.kinds[s.kind], (s.start, s.end, s.kind) in g) for spans, g in zip(found, gold, strict=True) for s in spans]
            loss = -np.mean([np.log(min(max(c if right else 1 - c, 1e-3), 1.0)) for c, right in judged]) if judged else 0.0
            losses.append((float(loss), temperature, f1))
        tagger.weights[weight], tagger.weights[bias] = plain
        best = max(f1 for _, _, f1 in losses)
        out[scheme] = round(min(row for row in losses if row[2] >= best - 0.005)[1], 2)
    return out


def calibrate(student: Student, out: Path, dev: list[Tagged], notes: dict) -> dict[str, float]:
    """Divide the heads by their temperatures and export again, so that confidences mean something at no cost at run time."""
    student.export(out, notes)
    found = temperatures(Tagger.load(out), dev)
    with torch.no_grad():
        for scheme, temperature in found.items():
            student.heads[scheme].weight /= temperature
            student.heads[scheme].bias /= temperature
    student.export(out, {**notes, "temperatures": found})
    return found


def train_student(
    train_set: list[Tagged],
    soft: dict[int, dict[str, np.ndarray]],
    dev: list[Tagged],
    student: Student,
    out: Path,
    *,
    seed: int = 0,
    epochs: int = 12,
    rate: float = 2e-3,
    gold_weight: float = 0.5,
    notes: dict | None = None,
    upsample: dict[str, int] | None = None,
) -> Student:
    """Train on `train_set`; `soft[i]` are the teachers' probabilities of window i by scheme, (words, tags), where there are any:
    for a labelled window those of the other schemes, so that one corpus' text teaches all heads.

    Writes the exported model to `out` after each epoch, so that a stopped run leaves a usable one, and a checkpoint to resume from.
    """
    torch.manual_seed(seed)
    index_of = {id(w): i for i, w in enumerate(train_set)}
    windows = [w for w in train_set for _ in range((upsample or {}).get(w.corpus, 1))]
    optimiser = torch.optim.AdamW(student.parameters(), lr=rate, weight_decay=0.01, fused=True)
    steps = epochs * sum(1 for _ in batches(windows, 4000, random.Random(seed)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min((s + 1) / 200, max(0.02, 1 - s / steps)))
    checkpoint, first = out.with_suffix(".ckpt"), 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        student.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        first = saved["epoch"] + 1
    tag_index = {s: {t: i for i, t in enumerate(tags)} for s, tags in student.schemes.items()}
    for epoch in range(first, epochs):
        rng, began, total, n = random.Random(seed * 1000 + epoch), time.perf_counter(), 0.0, 0
        student.train()
        for batch in batches(windows, 4000, rng):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                hidden = student([w.words for w in batch])
            hidden = student.drop(hidden.float())
            loss = hidden.new_zeros(())
            words = sum(len(w.words) for w in batch)
            taught = [(row, soft[index_of[id(w)]]) for row, w in enumerate(batch) if index_of[id(w)] in soft]
            for scheme in student.schemes:
                logits = student.heads[scheme](hidden)
                known = [(row, t[scheme]) for row, t in taught if scheme in t]
                if known:
                    log_probs = functional.log_softmax(logits, dim=-1)
                    rows = torch.cat([torch.full((len(t),), row) for row, t in known])
                    cols = torch.cat([torch.arange(len(t)) for _, t in known])
                    goal = torch.from_numpy(np.concatenate([t for _, t in known]).astype(np.float32))
                    weight = 2.0 if scheme == "kgraph" else 1.0
                    loss = loss - weight * (goal * log_probs[rows, cols]).sum() / words
                gold = targets(batch, scheme, tag_index[scheme], hidden.shape[1])
                if bool((gold >= 0).any()):
                    weight = gold_weight if soft else 1.0
                    loss = loss + weight * functional.cross_entropy(logits.flatten(0, 1), gold.flatten(), ignore_index=-100, reduction="sum") / words * 2
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(student.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            total, n = total + loss.item(), n + 1
        student.eval()
        student.export(out, notes or {})
        scores = evaluate_tagger(Tagger.load(out), dev) if dev else {}
        print(json.dumps({"epoch": epoch, "loss": round(total / n, 4), "dev": scores, "seconds": round(time.perf_counter() - began)}), flush=True)
        torch.save({"model": student.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(), "epoch": epoch}, checkpoint)
    return student
