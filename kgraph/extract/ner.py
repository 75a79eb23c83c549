"""Extraction step 3: mentions by a trained tagger, as spaCy component `kgraph_ner`.

A convolutional tagger in NumPy: per word an embedding (of common words ready-made, of others computed once and cached), then residual
convolutions of growing dilation over the document (ID-CNN, Strubell et al. 2017), then one linear layer for each label scheme. Decoding
finds span borders first, with the types summed out, and types each span by its summed probabilities, so that a span never changes its
type half-way. Trained by `kgraph.train`; weights are stored as int8 rows with a float16 scale.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Span as DocSpan
from spacy.util import minibatch

from kgraph.extract.reading import reading_of
from kgraph.extract.words import gram_rows, shape_row, word_row

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Doc

    Floats = NDArray[np.float32]

MODELS = Path(__file__).parent.parent / "models"
CACHE_WORDS = 60_000  # 150 MB
CERTAIN = 0.98
"""From this probability on a word is outside without a search; most words of an abstract are. No span of 400 abstracts changed before 0.9."""
BATCH_DOCS = 6  # about 1,300 words: the states stay in a core's cache
BLOCK = 64
"""Matrix products run over whole blocks of words: the last bits of a word's states then do not depend on the words it shares a batch with,
which BLAS kernels for the rest of a block would make them do."""


class Span(NamedTuple):
    """Words `start:end` are one mention; `kinds` are the probabilities of its types, `score` that it is an entity at all, `salience` that a reader would miss it."""

    start: int
    end: int
    kinds: dict[str, float]
    score: float
    salience: float

    @property
    def kind(self) -> str:
        """The most probable type; ties go to the first by name."""
        best = max(self.kinds.values())
        return min(kind for kind, share in self.kinds.items() if share == best)


class Vectors:
    """Hidden states and input vectors of the words of one sequence, each of shape (words, width); a slice has both side by side, (words, 2 * width).

    Most words are never asked for, so they are put side by side then.
    """

    __slots__ = ("hidden", "inputs")

    def __init__(self, hidden: Floats, inputs: Floats) -> None:
        self.hidden, self.inputs = hidden, inputs

    def __getitem__(self, words: slice) -> Floats:
        return np.concatenate([self.hidden[words], self.inputs[words]], axis=1)


def softmax(logits: Floats) -> Floats:
    """Row-wise softmax."""
    exp = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)  # type: ignore[no-any-return]


def softmax_columns(logits: Floats) -> Floats:
    """Softmax of each column, in place."""
    logits -= logits.max(axis=0)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=0)
    return logits


def layer_norm(x: Floats, gain: Floats, bias: Floats) -> Floats:
    """Layer normalisation over the last axis (Ba et al. 2016), epsilon 1e-5 as in PyTorch."""
    centred: Floats = x - x.mean(axis=-1, keepdims=True)
    scale = 1.0 / np.sqrt(np.einsum("ij,ij->i", centred, centred) / x.shape[-1] + 1e-5)
    centred *= scale[:, None]
    centred *= gain
    centred += bias
    return centred


def layer_norm_columns(x: Floats, gain: Floats, bias: Floats, spare: Floats) -> None:
    """`layer_norm` of each column, in place; `spare` is an array of the shape of `x` to work in. Long rows make it twice as fast as short ones."""
    mean = np.full(len(x), 1 / len(x), dtype=np.float32)
    x -= mean @ x
    np.multiply(x, x, out=spare)
    x *= 1.0 / np.sqrt(mean @ spare + np.float32(1e-5))
    x *= gain[:, None]
    x += bias[:, None]


class Tagger:
    """The network. `schemes` maps a label scheme to its tags; the first tag is always `O`."""

    def __init__(self, arrays: dict[str, NDArray[Any]], meta: dict[str, Any]) -> None:
        self.meta = meta
        self.schemes: dict[str, list[str]] = meta["schemes"]
        self.dilations: list[int] = meta["dilations"]
        self.vocabulary: dict[str, int] = {w: i for i, w in enumerate(meta["vocabulary"])}
        self.weights: dict[str, Floats] = {}
        for name, array in arrays.items():
            if array.dtype == np.int8:
                array = array.astype(np.float32) * arrays[name + ".scale"].astype(np.float32)[:, None]
            if not name.endswith(".scale"):
                self.weights[name] = np.ascontiguousarray(array, dtype=np.float32)
        self.width = self.weights["embed.bias"].shape[0] // 2
        self.first: Floats = self.weights.pop("conv0.weight").reshape(3, self.width, self.width)
        for layer in range(1, len(self.dilations)):  # one matrix a layer, (3 * width, width), or the two of a narrow one
            if f"conv{layer}.in" in self.weights:
                continue
            weight = self.weights.pop(f"conv{layer}.weight").reshape(3, self.width, self.width)
            self.weights[f"conv{layer}"] = np.ascontiguousarray(weight.transpose(0, 2, 1)).reshape(3 * self.width, self.width)
        self.common: dict[str, int] = {w: i for i, w in enumerate(meta.get("common", ()), 1)}
        self.rows = dict(self.common)
        size = max(1024, 2 * len(self.common))
        # by row: the word's vector, and what the first convolution makes of it as the word before, at, and behind a place; row 0, all zeros, is no word
        self.table: Floats = np.zeros((4, size, self.width), dtype=np.float32)
        if self.common:
            self._keep(1, self.weights.pop("common"))

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Read `tagger.npz` and `tagger.json` of a model folder."""
        with np.load(folder / "tagger.npz") as arrays:
            return cls(dict(arrays), json.loads((folder / "tagger.json").read_text(encoding="utf-8")))

    def embed(self, words: Sequence[str]) -> Floats:
        """Input vectors, shape (words, width)."""
        rows = self._rows_of(words)  # may renew the table
        return self.table[0, rows]

    def _rows_of(self, words: Sequence[str]) -> list[int]:
        missing = sorted(set(words).difference(self.rows))
        if missing:
            if len(self.rows) + len(missing) > CACHE_WORDS:
                self.rows = dict(self.common)
                missing = sorted(set(words).difference(self.common))
            self._embed_new(missing)
        rows = self.rows
        return [rows[w] for w in words]

    def _keep(self, at: int, vectors: Floats) -> None:
        """Put vectors, shape (words, width), into the table from row `at` on."""
        while at + len(vectors) > self.table.shape[1]:
            self.table = np.concatenate([self.table, np.zeros_like(self.table)], axis=1)
        rows = slice(at, at + len(vectors))
        self.table[0, rows] = vectors
        np.matmul(vectors, self.first, out=self.table[1:, rows])

    def _embed_new(self, words: list[str]) -> None:
        w = self.weights
        form = w["form"][[word_row(x, self.vocabulary) for x in words]]
        rows = [gram_rows(x) for x in words]
        counts = np.array([len(r) for r in rows])
        found = w["grams"][[g for r in rows for g in r]]
        grams = np.add.reduceat(found, np.cumsum(counts) - counts, axis=0) / counts[:, None].astype(np.float32)
        shapes = w["shapes"][[shape_row(x) for x in words]]
        parts = np.zeros((len(words) + -len(words) % BLOCK, len(w["embed.weight"])), dtype=np.float32)
        np.concatenate([form, grams, shapes], axis=1, out=parts[: len(words)])
        hidden = parts @ w["embed.weight"] + w["embed.bias"]
        vectors = np.maximum(hidden[:, : self.width], hidden[:, self.width :])
        vectors = layer_norm(vectors, w["embed.norm.gain"], w["embed.norm.bias"])
        at = len(self.rows) + 1
        self._keep(at, vectors)
        self.rows.update((word, at + i) for i, word in enumerate(words))

    def hidden(self, sequences: Sequence[Sequence[str]]) -> list[Floats]:
        """Hidden states, one (words, width) array a sequence; sequences do not see each other."""
        return [v.hidden for v in self.vectors(sequences)]

    def vectors(self, sequences: Sequence[Sequence[str]]) -> list[Vectors]:
        """Hidden states and input vectors of each sequence; sequences do not see each other."""
        w = self.weights
        pad = max(self.dilations)
        known = self._rows_of([word for sequence in sequences for word in sequence])
        places, rows, at = [], [0] * pad, 0
        for sequence in sequences:
            places.append((len(rows), len(rows) + len(sequence)))
            rows += known[at : at + len(sequence)]
            rows += [0] * pad
            at += len(sequence)
        rows += [0] * (-len(rows) % BLOCK)
        total, d = len(rows), self.dilations[0]
        index = np.array(rows)
        inputs = self.table[0].take(index, axis=0)
        out = self.table[2].take(index, axis=0)
        out[d:] += self.table[1].take(index[:-d], axis=0)
        out[:-d] += self.table[3].take(index[d:], axis=0)
        out += w["conv0.bias"]
        np.maximum(out, 0.0, out=out)
        out += inputs
        x: Floats = np.ascontiguousarray(out.T)
        taps = np.empty((3, self.width, total), dtype=np.float32)
        borders = index == 0
        for layer, d in enumerate(self.dilations):
            before, fresh, behind = taps
            if f"conv{layer}.in" in w:
                rank = len(w[f"conv{layer}.in"])
                parts = before[: 3 * rank].reshape(3, rank, total)
                np.matmul(w[f"conv{layer}.in"], x, out=parts[1])
                parts[0, :, :d], parts[0, :, d:], parts[2, :, :-d], parts[2, :, -d:] = 0.0, parts[1, :, :-d], parts[1, :, d:], 0.0
                np.matmul(w[f"conv{layer}.out"], parts.reshape(3 * rank, total), out=fresh)
            elif layer:
                np.matmul(w[f"conv{layer}"], x, out=taps.reshape(3 * self.width, total))
                fresh[:, d:] += before[:, :-d]
                fresh[:, :-d] += behind[:, d:]
            if layer:
                fresh += w[f"conv{layer}.bias"][:, None]
                x += np.maximum(fresh, 0.0, out=fresh)
            layer_norm_columns(x, w[f"conv{layer}.norm.gain"], w[f"conv{layer}.norm.bias"], fresh)
            x[:, borders] = 0.0  # between sequences
        hidden = np.ascontiguousarray(x.T)
        return [Vectors(hidden[a:b], inputs[a:b]) for a, b in places]

    def probabilities(self, hidden: Floats, scheme: str) -> Floats:
        """Tag probabilities of one sequence under one scheme, shape (words, tags)."""
        return softmax(hidden @ self.weights[f"head.{scheme}.weight"] + self.weights[f"head.{scheme}.bias"])

    def spans(self, sequences: Sequence[Sequence[str]], scheme: str = "kgraph", bias: float = 0.0) -> list[list[Span]]:
        """The spans of each sequence; a positive `bias` (log odds) finds more, at less precision."""
        return self.spans_of(self.hidden(sequences), scheme, bias)

    def read(self, sequences: Sequence[Sequence[str]], bias: float = 0.0) -> tuple[list[Vectors], list[list[Span]], list[Floats]]:
        """Vectors and `kgraph` spans of each sequence, and the probabilities of each word to begin a name and to be inside of one, shape (2, words)."""
        found = self.vectors(sequences)
        return found, *self._decoded([v.hidden for v in found], "kgraph", bias)

    def spans_of(self, states: Sequence[Floats], scheme: str = "kgraph", bias: float = 0.0) -> list[list[Span]]:
        """The spans of sequences whose hidden states are known."""
        return self._decoded(states, scheme, bias)[0]

    def _decoded(self, states: Sequence[Floats], scheme: str, bias: float) -> tuple[list[list[Span]], list[Floats]]:
        """Spans, and the probabilities of each word to begin one and to be inside of one."""
        heads = [scheme, "salience"] if "salience" in self.schemes else [scheme]
        weight = np.concatenate([self.weights[f"head.{head}.weight"] for head in heads], axis=1)
        shift = np.concatenate([self.weights[f"head.{head}.bias"] for head in heads])[:, None]
        tags = self.schemes[scheme]
        if not states:
            return [], []
        ends = np.cumsum([len(hidden) for hidden in states])
        logits = np.concatenate([(hidden @ weight).T for hidden in states], axis=1)  # (tags, words): long rows
        logits += shift
        probs = softmax_columns(logits[: len(tags)])
        salience = softmax_columns(logits[len(tags) :])[1] if len(heads) > 1 else np.ones(len(probs[0]), dtype=np.float32)
        named = np.stack([probs[[t[0] == mark for t in tags]].sum(axis=0) for mark in "BI"])
        return decode_all(probs.T, tags, salience, ends, bias), np.split(named, ends[:-1], axis=1)


def decode(probs: Floats, tags: list[str], salience: Floats, bias: float = 0.0) -> list[Span]:
    """Spans of one sequence from its tag probabilities, shape (words, tags), and the salience of its words."""
    return decode_all(probs, tags, salience, np.array([len(probs)]), bias)[0]


def decode_all(probs: Floats, tags: list[str], salience: Floats, ends: NDArray[np.int64], bias: float = 0.0) -> list[list[Span]]:
    """Spans of sequences that stand one behind the other, each up to one of `ends`.

    Viterbi over B, I, O with the types summed out (an I cannot follow an O), then the type of each span.
    """
    out: list[list[Span]] = [[] for _ in ends]
    labels, columns = _columns(tuple(tags))
    doubtful = np.flatnonzero(probs[:, 0] < CERTAIN)  # every word of a span is one
    if not len(doubtful):
        return out
    known = probs[doubtful]
    found = np.concatenate([known, np.zeros((len(known), 1), np.float32)], axis=1)[:, columns]  # by word: of each label begin, then of each label inside
    logs = np.empty((3, len(known)), dtype=np.float32)  # begin, inside, outside
    logs[:2] = found.reshape(-1, 2, len(labels)).sum(axis=2).T
    logs[2] = known[:, 0]
    logs += 1e-9
    np.log(logs, out=logs)
    logs[:2] += bias
    owner = np.searchsorted(ends, doubtful, side="right")
    starts, stops = _places(logs, np.flatnonzero((np.diff(doubtful, prepend=-2) > 1) | (np.diff(owner, prepend=-1) > 0)))
    if not len(starts):
        return out
    mass = np.zeros((len(known) + 1, len(labels) + 1))
    mass[:-1, 1:] = found[:, len(labels) :]
    mass[starts, 1:] = found[starts, : len(labels)]
    mass[:-1, 0] = salience[doubtful]
    mass = np.add.reduceat(mass, np.stack([starts, stops], axis=1).ravel(), axis=0)[::2]
    totals, lengths = mass[:, 1:].sum(axis=1), stops - starts
    shares = (mass[:, 1:] / np.maximum(totals, 1e-9)[:, None]).tolist()
    scores = np.minimum(1.0, totals / lengths).tolist()
    weights = (mass[:, 0] / lengths).tolist()
    owners = owner[starts]
    first = doubtful[starts] - np.concatenate([[0], ends])[owners]
    for which, start, length, kinds, score, weight in zip(owners.tolist(), first.tolist(), lengths.tolist(), shares, scores, weights, strict=True):
        out[which].append(Span(start, start + length, dict(zip(labels, kinds, strict=True)), score, weight))
    return out


@lru_cache(maxsize=32)
def _columns(tags: tuple[str, ...]) -> tuple[list[str], list[int]]:
    """The labels of a scheme, and the columns of their B- and then of their I-tags; -1 (a column of zeros) where a label has none."""
    labels = [t[2:] for t in tags if t.startswith("B-")]
    return labels, [tags.index(f"{mark}-{label}") if f"{mark}-{label}" in tags else -1 for mark in "BI" for label in labels]


def _places(logs: Floats, firsts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and end places of the spans in the best states of stretches that begin at `firsts`; `logs` are of begin, inside and outside, shape (3, words).

    The best state of each word alone is the best path where no inside follows an outside, as nearly everywhere; other stretches are searched.
    """
    states = logs.argmax(axis=0)
    bound = np.zeros(len(states), dtype=bool)
    bound[firsts] = True
    after_outside = np.concatenate([[True], states[:-1] == 2]) | bound
    for stretch in np.unique(np.searchsorted(firsts, np.flatnonzero((states == 1) & after_outside), side="right")).tolist():
        first, last = firsts[stretch - 1], firsts[stretch] if stretch < len(firsts) else len(states)
        states[first:last] = _viterbi(*logs[:, first:last].tolist())
    starts = np.flatnonzero(states == 0)
    borders = np.append(np.flatnonzero((states != 1) | bound), len(states))
    return starts, borders[np.searchsorted(borders, starts, side="right")]


def _viterbi(b: list[float], i: list[float], o: list[float]) -> list[int]:
    """The best states (0 begin, 1 inside, 2 outside) of a stretch with an outside word before it; an inside follows no outside."""
    if len(b) == 1:
        return [0 if b[0] >= o[0] else 2]
    sb, si, so = b[0], -1e9, o[0]
    back: list[tuple[int, int, int]] = []
    for bt, it, ot in zip(b[1:], i[1:], o[1:], strict=True):
        best_any = 0 if sb >= si and sb >= so else 1 if si >= so else 2
        best_in = 0 if sb >= si else 1
        back.append((best_any, best_in, best_any))
        top = (sb, si, so)[best_any]
        sb, si, so = top + bt, (sb, si)[best_in] + it, top + ot
    state = 0 if sb >= si and sb >= so else 1 if si >= so else 2
    states = [state]
    for pointers in reversed(back):
        state = pointers[state]
        states.append(state)
    return states[::-1]


@lru_cache(maxsize=4)
def load_tagger(name: str = "fast") -> Tagger:
    """The shipped tagger of that name. Raises FileNotFoundError with the names there are."""
    folder = MODELS / name
    if not (folder / "tagger.npz").exists():
        raise FileNotFoundError(f"no model {name!r}; there are: {', '.join(sorted(p.parent.name for p in MODELS.glob('*/tagger.npz')))}")
    return Tagger.load(folder)


@Language.factory("kgraph_ner", default_config={"model": "fast", "bias": 0.0, "marks": True})
class Ner:
    """Puts the tagger's spans into `doc.user_data["kgraph_spans"]` (with probabilities) and, as `marks` for others, `doc.spans["kgraph"]` (label: type)."""

    def __init__(self, nlp: Language, name: str, model: str, bias: float, marks: bool) -> None:
        self.name = name
        self.marks = marks
        self.bias = bias
        self.tagger = load_tagger(model)

    def __call__(self, doc: Doc) -> Doc:
        """Tag one document."""
        return self.annotate([doc])[0]

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH_DOCS) -> Iterator[Doc]:
        """Tag documents in batches: larger matrix products, the same result."""
        for docs in minibatch(stream, size=batch_size):
            yield from self.annotate(list(docs))

    def annotate(self, docs: list[Doc]) -> list[Doc]:
        """Tag a batch."""
        readings = [reading_of(doc) for doc in docs]
        for doc, reading, vectors, spans, named in zip(docs, readings, *self.tagger.read([r.words for r in readings], self.bias), strict=True):
            places = reading.places
            reading.named = named
            spans = _apart(spans, bisect_left(places, (reading.abstract_start,)))
            doc.user_data["kgraph_vectors"] = vectors if reading.words else None
            doc.user_data["kgraph_spans"] = [(places[s.start][0], places[s.end - 1][1], s) for s in spans]
            if self.marks:
                doc.spans["kgraph"] = [DocSpan(doc, places[s.start][2], places[s.end - 1][2] + 1, label=s.kind) for s in spans]
        return docs


def _apart(spans: list[Span], border: int) -> list[Span]:
    """The spans, those over word `border` in two: no name goes from the title into the abstract."""
    if not any(s.start < border < s.end for s in spans):
        return spans
    out = []
    for s in spans:
        out += [s._replace(end=border), s._replace(start=border)] if s.start < border < s.end else [s]
    return out


make_ner = Ner
