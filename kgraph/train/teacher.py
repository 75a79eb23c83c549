"""Training stage 2: the teacher, MiniLM-L6 fine-tuned with one tagging head a corpus.

Method: multi-task fine-tuning of a shared encoder (Liu et al. 2019, MT-DNN) with BIO softmax heads; each window trains only the head of
its own corpus, so that what one corpus does not label is never taught as a negative. MiniLM is uncased, so the form of a word (case,
digits, length) is embedded beside it. Runs in bfloat16, which is fast on CPUs with AMX.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from kgraph.train.data import Tagged
from kgraph.train.spans import score_spans, tags_to_spans

CASE_ROWS = 16
BATCH_WORDS = 2000
PLACES = 512
"""Positions that the encoder knows."""
WORD_PIECES = 12


def case_row(word: str) -> int:
    """One of `CASE_ROWS` classes of word form: case pattern (8) times "has a digit".

    >>> [case_row(w) for w in ("model", "BERT", "GPT-4", "LLaMA", "LLMs")]
    [2, 6, 7, 12, 10]
    """
    letters = [c for c in word if c.isalpha()]
    if not letters:
        case = 0
    elif all(c.islower() for c in letters):
        case = 1
    elif all(c.isupper() for c in letters):
        case = 2 if len(letters) == 1 else 3
    elif letters[0].isupper() and all(c.islower() for c in letters[1:]):
        case = 4
    elif letters[-1] == "s" and all(c.isupper() for c in letters[:-1]):
        case = 5
    elif letters[0].isupper():
        case = 6
    else:
        case = 7
    return case * 2 + any(c.isdigit() for c in word)


class PooledDropout(nn.Module):
    """Dropout whose masks are cut from a pool drawn once, at random places: drawing them anew takes a tenth of a training step on a CPU."""

    pool: torch.Tensor | None = None

    def __init__(self, p: float = 0.1) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`x` with a share `p` of its values set to 0 and the others scaled up."""
        if not self.training or not self.p:
            return x
        if PooledDropout.pool is None:
            PooledDropout.pool = torch.empty(1 << 23).bernoulli_(1 - self.p).div_(1 - self.p).to(torch.bfloat16)
        n = x.numel()
        at = random.randrange(len(PooledDropout.pool) - n)
        return x * PooledDropout.pool[at : at + n].view(x.shape).to(x.dtype)


def plain_attention(module, query, key, value, mask, scaling, dropout=0.0, **_):  # type: ignore[no-untyped-def]
    """Softmax attention as three matrix steps in bfloat16, whose backward pass is several times faster on a CPU than the fused kernel's.

    Shapes (batch, heads, pieces, size) in, (batch, pieces, heads, size) out, as `transformers` asks of an attention function.
    """
    with torch.autocast("cpu", enabled=False):
        query, key, value = (x.to(torch.bfloat16) for x in (query * scaling, key, value))
        scores = query @ key.transpose(-1, -2)
        if mask is not None:
            scores = scores + (mask.to(torch.bfloat16) if mask.dtype != torch.bool else torch.zeros(()).bfloat16().masked_fill(~mask, -1e4))
        return (scores.softmax(-1) @ value).transpose(1, 2).contiguous(), None


class Teacher(nn.Module):
    """Encoder, word-form embedding, one mixing layer, and a linear head for each label scheme in `labels`."""

    def __init__(self, labels: dict[str, list[str]], weights: Path) -> None:
        from transformers import AttentionInterface, AutoModel
        from transformers.masking_utils import AttentionMaskInterface, eager_mask

        super().__init__()
        self.labels = labels
        AttentionInterface.register("kgraph", plain_attention)
        AttentionMaskInterface.register("kgraph", eager_mask)
        self.encoder = AutoModel.from_pretrained(
            str(weights), local_files_only=True, attention_probs_dropout_prob=0.0, attn_implementation="kgraph"
        )  # dropout of attention costs more than the attention itself
        for module in list(self.encoder.modules()):
            for name, child in list(module.named_children()):
                if isinstance(child, nn.Dropout):
                    setattr(module, name, PooledDropout(child.p))
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)  # half of the weights; rare words would only overfit
        width = self.encoder.config.hidden_size
        self.shape = nn.Embedding(CASE_ROWS, 48)
        self.mix = nn.Conv1d(width * 2 + 48, 384, kernel_size=3, padding=1)
        self.drop = nn.Dropout(0.2)
        self.heads = nn.ModuleDict({name: nn.Linear(384, len(tags)) for name, tags in labels.items()})

    def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        """Hidden states of words, shape (batch, words, 384)."""
        hidden = self.encoder(input_ids=batch["pieces"], attention_mask=batch["mask"]).last_hidden_state
        rows = torch.arange(hidden.shape[0]).unsqueeze(1)
        first, last = hidden[rows, batch["first"]], hidden[rows, batch["last"]]
        words = torch.cat([first, last, self.shape(batch["case"])], dim=-1) * batch["real"].unsqueeze(-1)
        mixed = functional.gelu(self.mix(self.drop(words).transpose(1, 2)).transpose(1, 2))
        return self.drop(mixed).float()


class Pieces:
    """Word pieces of words (WordPiece, uncased), cached by word."""

    def __init__(self, weights: Path) -> None:
        from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.begin, self.end, self.unknown = (self.tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]", "[UNK]"))
        self.cache: dict[str, list[int]] = {}

    def of(self, word: str) -> list[int]:
        """At most `WORD_PIECES` ids of `word`; unknown writing systems give `[UNK]`."""
        if word not in self.cache:
            self.cache[word] = self.tokenizer.encode(word, add_special_tokens=False).ids[:WORD_PIECES] or [self.unknown]
        return self.cache[word]

    def batch(self, windows: Sequence[Sequence[str]]) -> dict[str, torch.Tensor]:
        """`pieces` and `mask` (windows, pieces), and of each word `first`, `last` (its pieces), `case` and `real` (windows, words); cut at 512 pieces."""
        rows = []
        for words in windows:
            ids, first, last = [self.begin], [], []
            for word in words:
                pieces = self.of(word) if len(ids) + WORD_PIECES < PLACES else []
                first.append(min(len(ids), PLACES - 2))
                ids += pieces
                last.append(len(ids) - 1)
            rows.append(([*ids, self.end], first, last, [case_row(w) for w in words]))

        def pad(column: list[list[int]]) -> torch.Tensor:
            longest = max(map(len, column))
            return torch.tensor([row + [0] * (longest - len(row)) for row in column])

        pieces, first, last, case = (pad([row[i] for row in rows]) for i in range(4))
        mask, real = (pad([[1] * len(row[i]) for row in rows]) for i in (0, 1))
        return {"pieces": pieces, "mask": mask, "first": first, "last": last, "case": case, "real": real.float()}


def batches(windows: list[Tagged], size: int, rng: random.Random | None) -> Iterator[list[Tagged]]:
    """Batches of at most `size` words, of windows of similar length; shuffled when `rng` is given."""
    noise = rng.random if rng else lambda: 0.0
    order = sorted(range(len(windows)), key=lambda i: (len(windows[i].words) + 12 * noise(), i))
    groups: list[list[Tagged]] = [[]]
    for i in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(windows[i].words) > size:
            groups.append([])
        groups[-1].append(windows[i])
    if rng:
        rng.shuffle(groups)
    yield from (g for g in groups if g)


def targets(batch: list[Tagged], scheme: str, index: dict[str, int], length: int) -> torch.Tensor:
    """Tag ids, -100 (ignored by the loss) for padding, masked words and windows of other schemes."""
    rows = [[-100 if tag is None else index[tag] for tag in window.of(scheme)[:length]] for window in batch]
    return torch.tensor([row + [-100] * (length - len(row)) for row in rows])


def loss_of(model: Teacher, hidden: torch.Tensor, batch: list[Tagged]) -> torch.Tensor:
    """Mean cross entropy over all labelled words of the batch."""
    total, count = hidden.new_zeros(()), 0
    for scheme in sorted({s for w in batch for s in (w.corpus, *(["salience"] if w.salience else []))}):
        index = {t: i for i, t in enumerate(model.labels[scheme])}
        gold = targets(batch, scheme, index, hidden.shape[1])
        logits = model.heads[scheme](hidden)
        total = total + functional.cross_entropy(logits.flatten(0, 1), gold.flatten(), ignore_index=-100, reduction="sum")
        count += int((gold >= 0).sum())
    return total / max(count, 1)


@torch.no_grad()
def predict(models: Sequence[Teacher], pieces: Pieces, windows: Sequence[Sequence[str]], scheme: str, words: int = 6000) -> list[torch.Tensor]:
    """Mean tag probabilities of the models, one (words, tags) tensor a window, in input order."""
    out: list[torch.Tensor | None] = [None] * len(windows)
    order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
    at = 0
    for m in models:
        m.eval()
    while at < len(order):
        end = at
        while end < len(order) and (end - at + 1) * len(windows[order[end]]) <= words:
            end += 1
        chosen = order[at : max(end, at + 1)]
        inputs = pieces.batch([windows[i] for i in chosen])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = [m(inputs) for m in models]
        probs = sum(m.heads[scheme](h).softmax(-1) for m, h in zip(models, hidden, strict=True)) / len(models)
        for row, i in enumerate(chosen):
            out[i] = probs[row, : len(windows[i])].clone()
        at = max(end, at + 1)
    return out  # type: ignore[return-value]


@torch.no_grad()
def predict_all(models: Sequence[Teacher], pieces: Pieces, windows: Sequence[Sequence[str]], words: int = 6000) -> list[dict[str, np.ndarray]]:
    """Mean tag probabilities of every scheme in one pass: for each window, float16 arrays (words, tags)."""
    out: list[dict[str, np.ndarray]] = [{} for _ in windows]
    order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
    for m in models:
        m.eval()
    at = 0
    while at < len(order):
        end = at + 1
        while end < len(order) and (end - at + 1) * len(windows[order[end]]) <= words:
            end += 1
        chosen = order[at:end]
        inputs = pieces.batch([windows[i] for i in chosen])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = [m(inputs) for m in models]
        for scheme in models[0].labels:
            probs = sum(m.heads[scheme](h).softmax(-1) for m, h in zip(models, hidden, strict=True)) / len(models)
            array = probs.numpy().astype(np.float16)
            for row, i in enumerate(chosen):
                out[i][scheme] = array[row, : len(windows[i])].copy()
        at = end
    return out


def evaluate(models: Sequence[Teacher], pieces: Pieces, dev: list[Tagged]) -> dict[str, float]:
    """Micro F1 of exact spans by corpus."""
    scores = {}
    for scheme in sorted({w.corpus for w in dev}):
        part = [w for w in dev if w.corpus == scheme]
        names = models[0].labels[scheme]
        gold, guess = [], []
        for window, probs in zip(part, predict(models, pieces, [w.words for w in part], scheme), strict=True):
            gold.append(set(tags_to_spans(window.tags)))
            guess.append(set(tags_to_spans([names[i] for i in probs.argmax(-1).tolist()])))
        scores[scheme] = round(100 * score_spans(gold, guess)[2], 2)
    return scores


def train(
    train_set: list[Tagged],
    dev: list[Tagged],
    weights: Path,
    out: Path,
    *,
    seed: int,
    epochs: int,
    start: Path | None = None,
    rate: float = 2e-4,
    upsample: dict[str, int] | None = None,
) -> Teacher:
    """Fine-tune and write `out` after each epoch (with the optimiser's state, so that a stopped run goes on)."""
    torch.manual_seed(seed)
    labels = {"salience": ["O", "I-core"]} if any(w.salience for w in train_set) else {}
    labels |= {c: ["O", *sorted({t for w in train_set if w.corpus == c for t in w.tags if t and t != "O"})] for c in sorted({w.corpus for w in train_set})}
    model = Teacher(labels, weights)
    if start is not None:
        state = torch.load(start, weights_only=False)["model"]
        own = model.state_dict()
        model.load_state_dict({k: v for k, v in state.items() if k in own and own[k].shape == v.shape}, strict=False)
    pieces = Pieces(weights)
    windows = [w for w in train_set for _ in range((upsample or {}).get(w.corpus, 1))]
    encoder = [p for n, p in model.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    rest = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    optimiser = torch.optim.AdamW([{"params": encoder, "lr": rate}, {"params": rest, "lr": rate * 6}], weight_decay=0.01, fused=True)
    steps = epochs * sum(1 for _ in batches(windows, BATCH_WORDS, random.Random(seed)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min((s + 1) / 100, max(0.0, 1 - s / (steps * 1.03))))
    first = 0
    if out.exists():
        saved = torch.load(out, weights_only=False)
        if saved["epoch"] + 1 >= epochs:
            model.load_state_dict(saved["model"])
            return model
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        first = saved["epoch"] + 1
    for epoch in range(first, epochs):
        rng, began, total, n = random.Random(seed * 1000 + epoch), time.perf_counter(), 0.0, 0
        model.train()
        for batch in batches(windows, BATCH_WORDS, rng):
            inputs = pieces.batch([w.words for w in batch])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                hidden = model(inputs)
            loss = loss_of(model, hidden, batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total, n = total + loss.item(), n + 1
        scores = evaluate([model], pieces, dev)
        print(json.dumps({"seed": seed, "epoch": epoch, "loss": round(total / n, 4), "dev": scores, "seconds": round(time.perf_counter() - began)}), flush=True)
        torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(), "epoch": epoch, "labels": labels}, out)
    return model


def load(path: Path, weights: Path) -> Teacher:
    """Read a teacher that `train` wrote."""
    saved = torch.load(path, weights_only=False)
    model = Teacher(saved["labels"], weights)
    model.load_state_dict(saved["model"])
    return model


if __name__ == "__main__":
    import pickle

    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=2e-4)
    options = parser.parse_args()
    train_set, dev = pickle.loads(options.data.read_bytes())
    train(
        train_set,
        dev,
        options.weights,
        options.out,
        seed=options.seed,
        epochs=options.epochs,
        start=options.start,
        rate=options.rate,
        upsample={"scierc": 2, "tdmsci": 2, "kgraph": 3},
    )
