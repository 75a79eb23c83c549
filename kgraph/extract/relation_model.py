"""Extraction step 5, the trained part: relations between two things of one sentence, by a small network in NumPy.

It reads the tagger's vectors again (hidden states and word vectors), now with the types of the things marked on their words. Every pair
of things of a sentence asks the whole sentence what it says of them: attention whose query is the pair and whose bias is the place of a
word before, in, between or behind the two (after Vaswani et al. 2017 and the relative positions of Shaw et al. 2018). Then each pair
sees the mean of the pairs that share a thing with it, since lists and comparisons are read together. One softmax for each label scheme
gives `none`, each label forwards and backwards, and the symmetric labels once. Trained by `python -m kgraph.train.relations`.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from kgraph.extract import polarity
from kgraph.extract.ner import MODELS, Vectors, layer_norm, softmax
from kgraph.extract.phrases import ACTORS, DATA, THING, row_of
from kgraph.extract.subjects import is_background
from kgraph.model import Claim

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kgraph.extract.reading import Reading

    Floats = NDArray[np.float32]

ROLES = ("word", "method", "dataset", "task", "metric", "term")
"""What a word can be part of; every label scheme is mapped to these, so that the corpora teach one network."""
ROLE_OF = {
    **dict.fromkeys(("model", "method", "software", "tool", "generic", "mlmodel"), 1),
    **dict.fromkeys(("dataset", "benchmark", "material"), 2),
    "task": 3,
    "metric": 4,
    **dict.fromkeys(("hardware", "otherscientificterm"), 5),
}
LABELS: dict[str, tuple[str, ...]] = {
    "scier": ("Used-For", "Part-Of", "Compare-With", "SubClass-Of", "Evaluated-With", "Synonym-Of", "Benchmark-For", "Trained-With", "SubTask-Of"),
    "scierc": ("USED-FOR", "FEATURE-OF", "HYPONYM-OF", "PART-OF", "COMPARE", "CONJUNCTION", "EVALUATE-FOR"),
    "scinlp": (
        "UsedFor",
        "MeasuredBy",
        "compareWith",
        "trainedWith",
        "partOf",
        "similarWith",
        "enhancedBy",
        "subtaskOf",
        "evaluatedOn",
        "subclassOf",
        "evaluatedBy",
    ),
}
"""The relation labels of each scheme; those of the others are not scored."""
SYMMETRIC = {"Compare-With": True, "Synonym-Of": False, "COMPARE": True, "CONJUNCTION": True, "compareWith": True, "similarWith": True}
"""Labels without a direction; true where the annotators write the first thing as the head."""
FAR = 8  # words from a thing beyond which distance no longer counts
FAR_APART = 12
MAX_PAIRS = 400  # of one sentence: longer lists of things are cut, nearest pairs first


class Relation(NamedTuple):
    """Thing `head` stands in relation `label` to thing `tail` (indexes into the spans given), with its probability."""

    head: int
    tail: int
    label: str
    probability: float


def classes(scheme: str) -> list[tuple[str, bool]]:
    """The classes of a scheme's softmax after `none`: label, and whether the first thing of the two is the head."""
    return [(label, forward) for label in LABELS[scheme] for forward in ((SYMMETRIC[label],) if label in SYMMETRIC else (True, False))]


def role_of(label: str) -> int:
    """The role of a type of any scheme, in any case; an unknown type is a term."""
    return ROLE_OF.get(label.lower(), ROLES.index("term"))


def pairs_of(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """All pairs of spans that do not overlap, by index, the one that starts first in front, at most `MAX_PAIRS`."""
    order = sorted(range(len(spans)), key=lambda i: spans[i])
    pairs = [(a, b) for a, b in combinations(order, 2) if spans[a][1] <= spans[b][0]]
    return sorted(pairs, key=lambda p: spans[p[1]][0] - spans[p[0]][1])[:MAX_PAIRS] if len(pairs) > MAX_PAIRS else pairs


def pair_features(spans: Sequence[tuple[int, int]], roles: Sequence[int], pairs: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    """Rows of the pair tables, shape (pairs, 3): the two roles; words between; things between and in the sentence."""
    starts = sorted(s for s, _ in spans)
    rank = {s: i for i, s in enumerate(starts)}
    many = min(len(spans), 7)
    return np.array(
        [
            (roles[a] * len(ROLES) + roles[b], min(spans[b][0] - spans[a][1], FAR_APART), min(rank[spans[b][0]] - rank[spans[a][0]] - 1, 4) * 8 + many)
            for a, b in pairs
        ],
        dtype=np.int64,
    ).reshape(-1, 3)


def offsets(length: int, spans: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far each word stands from each span, shape (spans, length): 0 to `FAR - 1` before it, `FAR` in it, up to `2 * FAR` behind it."""
    at = np.arange(length)[None, :]
    before, behind = np.maximum(spans[:, :1] - at, 0), np.maximum(at - spans[:, 1:] + 1, 0)
    return FAR - np.minimum(before, FAR) + np.minimum(behind, FAR)  # type: ignore[no-any-return]


class RelationModel:
    """The network; `vectors` of words are `[hidden state, word vector]` of the tagger that it was trained with."""

    def __init__(self, arrays: dict[str, NDArray[Any]], meta: dict[str, Any]) -> None:
        self.meta = meta
        self.weights: dict[str, Floats] = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in arrays.items()}
        self.width = self.weights["words.bias"].shape[0]
        self.schemes = [name.split(".")[1] for name in arrays if name.startswith("head.") and name.endswith(".bias")]
        self.heads = self.weights["near.first"].shape[1]
        self.layers = sum(name.startswith("conv") and name.endswith(".bias") and ".norm" not in name for name in arrays)

    @classmethod
    def load(cls, folder: Path) -> RelationModel:
        """Read `relations.npz` and `relations.json` of a model folder."""
        with np.load(folder / "relations.npz") as arrays:
            return cls(dict(arrays), json.loads((folder / "relations.json").read_text(encoding="utf-8")))

    def _words(self, sentences: Sequence[Floats], roles: Sequence[NDArray[np.int64]]) -> list[Floats]:
        """Word states, one (words, width) array a sentence; zeros between sentences keep them from seeing each other."""
        w = self.weights
        lengths = [len(s) for s in sentences]
        places, at = [], 1
        for n in lengths:
            places.append((at, at + n))
            at += n + 1
        x = np.zeros((at, self.width), dtype=np.float32)
        inner = np.concatenate([np.arange(a, b) for a, b in places])
        mask = np.zeros((at, 1), dtype=np.float32)
        mask[inner] = 1.0
        x[inner] = np.maximum(np.concatenate(sentences) @ w["words.weight"] + w["words.bias"] + w["roles"][np.concatenate(roles)], 0)
        for layer in range(self.layers):
            weight = w[f"conv{layer}.weight"]  # (3, width, width)
            out = x @ weight[1] + w[f"conv{layer}.bias"]
            out[1:] += x[:-1] @ weight[0]
            out[:-1] += x[1:] @ weight[2]
            x = layer_norm(x + np.maximum(out, 0.0, out=out), w[f"conv{layer}.norm.gain"], w[f"conv{layer}.norm.bias"]) * mask
        return [x[a:b] for a, b in places]

    def states(
        self,
        sentences: Sequence[Floats],
        spans: Sequence[Sequence[tuple[int, int]]],
        roles: Sequence[Sequence[int]],
        pairs: Sequence[Sequence[tuple[int, int]]],
    ) -> Floats:
        """States of all pairs of all sentences, shape (pairs, width)."""
        w = self.weights
        marked = []
        for words, places, kinds in zip(sentences, spans, roles, strict=True):
            row = np.zeros(len(words), dtype=np.int64)
            for (start, end), role in zip(places, kinds, strict=True):
                row[start:end] = role
            marked.append(row)
        x = self._words(sentences, marked)
        means = [np.stack([s[a] if b - a == 1 else s[a:b].mean(axis=0) for a, b in places]) for s, places in zip(x, spans, strict=True)]
        index = [np.array(p, dtype=np.int64).reshape(-1, 2) for p in pairs]
        first = np.concatenate([m[p[:, 0]] for m, p in zip(means, index, strict=True)])
        second = np.concatenate([m[p[:, 1]] for m, p in zip(means, index, strict=True)])
        rows = np.concatenate([pair_features(s, r, p) for s, r, p in zip(spans, roles, pairs, strict=True)])
        pair = first @ w["first.weight"] + second @ w["second.weight"] + (first * second) @ w["both.weight"] + w["both.bias"]
        pair = np.maximum(pair + w["types"][rows[:, 0]] + w["gap"][rows[:, 1]] + w["between"][rows[:, 2]], 0)
        query = (pair @ w["query.weight"] + w["query.bias"]).reshape(len(pair), self.heads, -1)
        keys = np.concatenate(x) @ w["keys.weight"]
        found, at, word = [], 0, 0
        for s, places, p in zip(x, spans, index, strict=True):
            q = query[at : at + len(p)].transpose(1, 0, 2)
            k, v = (half.reshape(len(s), self.heads, -1).transpose(1, 2, 0) for half in np.split(keys[word : word + len(s)], 2, axis=1))
            away = offsets(len(s), np.array(places, dtype=np.int64))
            bias = w["near.first"][away[p[:, 0]]] + w["near.second"][away[p[:, 1]]]  # (pairs, words, heads)
            attention = softmax(q @ k / np.float32(np.sqrt(q.shape[-1])) + bias.transpose(2, 0, 1))
            found.append((attention @ v.transpose(0, 2, 1)).transpose(1, 0, 2).reshape(len(p), self.width))
            at, word = at + len(p), word + len(s)
        state = np.maximum(np.concatenate([pair, np.concatenate(found)], axis=1) @ w["state.weight"] + w["state.bias"], 0)
        base = np.cumsum([0, *(len(s) for s in spans)])
        ends = np.concatenate([p + b for p, b in zip(index, base, strict=False)])
        near = np.zeros((base[-1], self.width), dtype=np.float32)
        count = np.zeros((base[-1], 1), dtype=np.float32)
        for side in (0, 1):
            np.add.at(near, ends[:, side], state)
            np.add.at(count, ends[:, side], np.float32(1.0))
        near /= np.maximum(count, 1.0)
        return np.maximum(np.concatenate([state, near[ends[:, 0]], near[ends[:, 1]]], axis=1) @ w["final.weight"] + w["final.bias"] + state, 0)  # type: ignore[no-any-return]

    def probabilities(self, states: Floats, scheme: str) -> Floats:
        """Probabilities of `none` and the `classes` of a scheme, shape (pairs, 1 + classes)."""
        return softmax(states @ self.weights[f"head.{scheme}.weight"] + self.weights[f"head.{scheme}.bias"])

    def relations(
        self, sentences: Sequence[Floats], spans: Sequence[Sequence[tuple[int, int]]], types: Sequence[Sequence[str]], scheme: str = "scier"
    ) -> Iterator[list[Relation]]:
        """The most probable relation of each pair of spans of each sentence, where there is one; spans are word positions in the sentence."""
        pairs = [pairs_of(s) for s in spans]
        busy = [i for i, p in enumerate(pairs) if p]
        if busy:
            states = self.states(
                [sentences[i] for i in busy], [spans[i] for i in busy], [[role_of(t) for t in types[i]] for i in busy], [pairs[i] for i in busy]
            )
            probabilities = self.probabilities(states, scheme)
            best = choices(probabilities, self.meta.get("none", {}).get(scheme, 1.0)).tolist()
        names = classes(scheme)
        at = 0
        for sentence in pairs:
            out = []
            for row, (a, b) in enumerate(sentence, at):
                if best[row]:
                    label, forward = names[best[row] - 1]
                    out.append(Relation(*((a, b) if forward else (b, a)), label, float(probabilities[row, best[row]])))
            at += len(sentence)
            yield out


def choices(probabilities: Floats, none: float) -> NDArray[np.int64]:
    """The class of each pair; `none` weighs the probability of no relation, so that precision and recall are in balance."""
    return (probabilities * np.array([none, *[1.0] * (probabilities.shape[1] - 1)], dtype=np.float32)).argmax(axis=1)  # type: ignore[no-any-return]


@lru_cache(maxsize=4)
def load_relation_model(name: str = "fast") -> RelationModel:
    """The shipped network of that name. Raises FileNotFoundError where that model has none."""
    return RelationModel.load(MODELS / name)


_TASK = frozenset({"task"})
_MEANS = frozenset({"method", "software"})
# label -> what it can say: predicate, whether the head is the subject, types of subject and object
SAYS: dict[str, dict[str, tuple[tuple[str, bool, frozenset[str], frozenset[str]], ...]]] = {
    "scier": {
        "Used-For": (("addresses", True, ACTORS | DATA, _TASK), ("uses", False, ACTORS, _MEANS)),
        "Part-Of": (("uses", False, ACTORS, _MEANS),),
        "Compare-With": (("comparedWith", True, ACTORS, ACTORS),),
        "SubClass-Of": (("variantOf", True, frozenset({"model"}), frozenset({"model"})),),
        "Evaluated-With": (("evaluatedOn", True, ACTORS, DATA),),
        "Trained-With": (("trainedOn", True, ACTORS, DATA),),
        "Benchmark-For": (("addresses", True, DATA, _TASK),),
    },
    "scierc": {
        "USED-FOR": (("addresses", True, ACTORS | DATA, _TASK), ("uses", False, ACTORS, _MEANS)),
        "PART-OF": (("uses", False, ACTORS, _MEANS),),
        "COMPARE": (("comparedWith", True, ACTORS, ACTORS),),
        "HYPONYM-OF": (("variantOf", True, frozenset({"model"}), frozenset({"model"})),),
        "EVALUATE-FOR": (("evaluatedOn", False, ACTORS, DATA), ("evaluatedBy", False, ACTORS, frozenset({"metric"}))),
    },
    "scinlp": {
        "UsedFor": (("addresses", True, ACTORS | DATA, _TASK), ("uses", False, ACTORS, _MEANS)),
        "partOf": (("uses", False, ACTORS, _MEANS),),
        "enhancedBy": (("uses", True, ACTORS, _MEANS),),
        "compareWith": (("comparedWith", True, ACTORS, ACTORS),),
        "subclassOf": (("variantOf", True, frozenset({"model"}), frozenset({"model"})),),
        "trainedWith": (("trainedOn", True, ACTORS, DATA),),
        "MeasuredBy": (("evaluatedBy", True, ACTORS, frozenset({"metric"})),),
    },
}
TRUST = {"scier": 0.6, "scierc": 0.25, "scinlp": 0.15}
"""Weights of the mean of what the schemes that have a predicate say of it."""
SURE = {"addresses": 0.6, "evaluatedBy": 0.6}
"""From which probability a proposal counts. Of what it adds to the rules on the development half of our annotations four in five were right
when read through; proposals of the other predicates add more errors than finds at any threshold there, and stay with the rules."""
PREDICATES = frozenset(says[0] for labels in SAYS.values() for said in labels.values() for says in said)
"""What can be proposed."""


Said = tuple[int, str, int]
"""Subject, predicate and object of a claim."""


@lru_cache(maxsize=8)
def _types_of(wanted: frozenset[str]) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """Wanted predicates with the types of subject and object that some label takes."""
    rows = (x for labels in SAYS.values() for said in labels.values() for x in said if x[0] in wanted)
    return tuple(dict.fromkeys((predicate, subjects, objects) for predicate, _, subjects, objects in rows))


@lru_cache(maxsize=1024)
def _columns(scheme: str, wanted: frozenset[str], kinds: tuple[str, str]) -> tuple[tuple[int, bool, str], ...]:
    """What a scheme's classes say of two things of these types, the first before the second: class, whether the first is the subject, predicate."""
    out = []
    for column, (label, forward) in enumerate(classes(scheme), 1):
        for predicate, head_is_subject, subjects, objects in SAYS[scheme].get(label, ()):
            subject, other = kinds if forward == head_is_subject else kinds[::-1]
            if predicate in wanted and subject in subjects and other in objects:
                out.append((column, forward == head_is_subject, predicate))
    return tuple(out)


def _open(reading: Reading, here: Collection[int], wanted: frozenset[str], own: bool, said: Collection[Said]) -> bool:
    """Can two of these things stand in a wanted relation that is not said yet?"""
    things = reading.things
    subjects = [t for t in here if things[t].introduced or not own]
    return any(
        things[s].kind in takes and things[o].kind in gives and s != o and (s, predicate, o) not in said
        for s in subjects
        for predicate, takes, gives in _types_of(wanted)
        for o in here
    )


def proposals(
    reading: Reading, vectors: Vectors, network: RelationModel, wanted: Collection[str] = PREDICATES, own: bool = False, said: Collection[Said] = ()
) -> list[Claim]:
    """All claims of the wanted predicates about two things of one sentence, with their probability.

    `vectors` are those of the reading's words, what `Tagger.vectors` gives for them. With `own` the subject is
    something the paper introduces. Sentences in which no two things fit, or all that fit are `said`, are not read.
    """
    wanted = frozenset(wanted)
    things = reading.things
    kinds = [thing.kind for thing in things]
    starts = [start for start, _, _ in reading.places]
    sentences, spans, mentions, places = [], [], [], []
    for number, (start, end) in enumerate(reading.sentences):
        named = reading.in_sentence(number)
        if not _open(reading, {m.thing for m in named}, wanted, own, said):
            continue
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        here = [(m, (max(bisect_right(starts, m.start) - 1 - first, 0), bisect_left(starts, m.end) - first)) for m in named]
        here = [(m, span) for m, span in here if span[0] < span[1] <= last - first]
        if len(here) > 1:
            sentences.append(vectors[first:last])
            mentions.append([m for m, _ in here])
            spans.append([span for _, span in here])
            places.append(number)
    pairs = [pairs_of(s) for s in spans]
    if not any(pairs):
        return []
    states = network.states(sentences, spans, [[role_of(kinds[m.thing]) for m in row] for row in mentions], pairs)
    flat = [(number, row[a].thing, row[b].thing) for number, row, ps in zip(places, mentions, pairs, strict=True) for a, b in ps]
    best: dict[tuple[int, str, int, int], dict[str, float]] = {}
    for scheme in network.schemes:
        for row, (number, one, two) in zip(network.probabilities(states, scheme).tolist(), flat, strict=True):
            if one == two or (own and not (things[one].introduced or things[two].introduced)):
                continue
            mass: dict[tuple[int, str, int, int], float] = defaultdict(float)
            for column, forward, predicate in _columns(scheme, wanted, (kinds[one], kinds[two])):
                subject, other = (one, two) if forward else (two, one)
                if not own or things[subject].introduced:
                    mass[subject, predicate, other, number] += row[column]
            for key, p in mass.items():
                known = best.setdefault(key, {})
                known[scheme] = max(known.get(scheme, 0.0), p)
    weight = {p: sum(TRUST[s] for s in network.schemes if any(x[0] == p for says in SAYS[s].values() for x in says)) for p in {key[1] for key in best}}
    return [Claim(*key, round(sum(TRUST[s] * p for s, p in known.items()) / weight[key[1]], 3)) for key, known in best.items()]


def relation_claims(reading: Reading, vectors: Vectors, model: str = "fast", said: Collection[Said] = ()) -> list[Claim]:
    """The proposals sure enough to stand beside the rules (`SURE`), where those have not `said` all: of what the paper introduces, from
    sentences about it, with the polarity of their clause."""
    out = []
    for claim in proposals(reading, vectors, load_relation_model(model), SURE, True, said):
        if claim.confidence < SURE[claim.predicate] or is_background(reading, claim.sentence):
            continue
        row = row_of(reading, claim.sentence, (), ())
        last = max(at for at, item in enumerate(row.items) if item.kind == THING and item.thing in {claim.subject, claim.object})
        out.append(Claim(claim.subject, claim.predicate, claim.object, claim.sentence, claim.confidence, polarity.of_clause(row, last)))
    return out
