"""Synthetic papers of realistic shape, seeded: for speed, memory and property tests, where no text has to be true.

`synthetic(n)` gives what the stages before the graph would give for `n` papers: (papers, facts by paper key, resolution). Names follow a
Zipf law, so that a few concepts are in most papers and most concepts in one; texts, offsets, claims, results and hardware agree with each other.

>>> papers, facts, resolution = synthetic(3)
>>> [paper.key for paper in papers]
['synthetic-000000', 'synthetic-000001', 'synthetic-000002']
>>> paper, mention = papers[0], facts['synthetic-000000'].mentions[0]
>>> paper.abstract[mention.start:mention.end] in facts[paper.key].entities[mention.entity].names
True
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kgraph.model import Claim, Concept, Entity, HardwareUse, Kind, Mention, Paper, PaperFacts, Polarity, Quantity, Resolution, Result, Sentence, Source


@dataclass
class Draft:
    """A paper that is being written by hand: sentences first, then what each of them says, by name.

    Every name of an entity is looked for in every sentence (longest first), so mentions and offsets are right by construction.
    """

    key: str
    title: str
    sentences: Sequence[str]
    entities: Mapping[str, tuple[Kind, Sequence[str]]]  # label -> (kind, further names)
    introduces: Sequence[str] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    code: tuple[str, ...] = ()
    claims: list[Claim] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    uses: list[HardwareUse] = field(default_factory=list)

    def _index(self, name: str) -> int:
        return list(self.entities).index(name)

    def _slots(self, slots: Mapping[str, Any]) -> dict[str, Any]:
        named = {"of", "metric", "baseline", "benchmark", "task", "model", "hardware"}
        return {slot: self._index(value) if slot in named else value for slot, value in slots.items()}

    def _offset(self, sentence: int, text: str) -> tuple[int, int]:
        at = sum(len(s) + 1 for s in self.sentences[:sentence]) + self.sentences[sentence].index(text)
        return at, at + len(text)

    def claim(self, sentence: int, subject: str, predicate: str, target: str, polarity: Polarity = "asserted", confidence: float = 0.9) -> None:
        self.claims.append(Claim(self._index(subject), predicate, self._index(target), sentence, confidence, polarity))

    def result(self, sentence: int, value_text: str, value: str, polarity: Polarity = "asserted", confidence: float = 0.9, **slots: Any) -> None:
        start, end = self._offset(sentence, value_text)
        self.results.append(Result(value, value_text, start, end, sentence, confidence, polarity, **self._slots(slots)))

    def quantity(self, sentence: int, prop: str, value_text: str, value: str, confidence: float = 0.9, **slots: Any) -> None:
        start, end = self._offset(sentence, value_text)
        self.quantities.append(Quantity(prop, value, value_text, start, end, sentence, confidence, **self._slots(slots)))

    def use(self, sentence: int, hardware: str, text: str, polarity: Polarity = "asserted", confidence: float = 0.9, **slots: Any) -> None:
        start, end = self._offset(sentence, text)
        self.uses.append(HardwareUse(self._index(hardware), start, end, sentence, confidence, polarity, **self._slots(slots)))

    def finish(self) -> tuple[Paper, PaperFacts]:
        """The paper and its facts; sentence 0 of the facts is the title where there is one."""
        paper = Paper(self.key, " ".join(self.sentences), title=self.title, **self.meta)
        sentences, at = [], 0
        for text in self.sentences:
            sentences.append(Sentence("abstract", at, at + len(text)))
            at += len(text) + 1
        names = sorted(((name, i) for i, (label, (_, more)) in enumerate(self.entities.items()) for name in (label, *more)), key=lambda x: (-len(x[0]), x))
        mentions = [m for s, text in enumerate(self.sentences) for m in _mentions(text, s, sentences[s].start, names)]
        if self.title:
            sentences.append(Sentence("title", 0, len(self.title)))
            mentions += _mentions(self.title, len(self.sentences), 0, names)
        entities = tuple(
            Entity(label, kind, (label, *more), ((kind, 1.0),), introduced=label in self.introduces) for label, (kind, more) in self.entities.items()
        )
        return paper, PaperFacts(
            self.key, entities, tuple(sentences), tuple(mentions), tuple(self.claims), tuple(self.results), tuple(self.quantities), tuple(self.uses), self.code
        )


def _mentions(text: str, sentence: int, offset: int, names: Iterable[tuple[str, int]]) -> list[Mention]:
    found: list[Mention] = []
    for name, entity in names:
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            outside = not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum()
            if outside and all(end + offset <= m.start or at + offset >= m.end for m in found):
                found.append(Mention(entity, sentence, at + offset, end + offset))
            at = text.find(name, end)
    return sorted(found, key=lambda m: m.start)


_WORDS = (
    "graph", "sparse", "neural", "deep", "latent", "robust", "causal", "spectral",
    "modular", "adaptive", "temporal", "contrastive", "hybrid", "linear", "prompt", "token",
)  # fmt: skip
_THINGS: dict[Kind, str] = {
    "model": "Net", "method": "Attention", "software": "Kit", "dataset": "Corpus",
    "benchmark": "Bench", "metric": "Score", "task": "Parsing", "hardware": "Chip",
}  # fmt: skip
_SHARES: dict[Kind, float] = {"model": 0.3, "method": 0.34, "software": 0.05, "dataset": 0.1, "benchmark": 0.08, "metric": 0.05, "task": 0.07, "hardware": 0.01}


def _concepts(n: int, rng: random.Random) -> dict[Kind, list[Concept]]:
    """About 1.5 concepts a paper, at least six of a kind; every seventh model is a variant, every fourth name has an alias."""
    out: dict[Kind, list[Concept]] = {}
    for kind, share in _SHARES.items():
        out[kind] = []
        for i in range(max(6, int(1.5 * n * share))):
            label = f"{rng.choice(_WORDS).capitalize()}{_THINGS[kind]}-{i}"
            names = (label, f"{kind[:3].upper()}{i}") if i % 4 == 0 else (label,)
            better = i % 5 != 0 if kind == "metric" and i % 3 else None
            broader = (out[kind][i % 7].id,) if kind in ("method", "hardware") and i >= 7 else ()
            variant = (out[kind][i - 1].id,) if kind == "model" and i % 7 == 6 else ()
            out[kind].append(Concept(label.lower(), label, kind, names, broader=broader, variant_of=variant, higher_is_better=better))
    return out


def synthetic(n: int, seed: int = 7) -> tuple[list[Paper], dict[str, PaperFacts], Resolution]:
    """`n` papers, their facts by key, and the resolution; equal arguments give equal values."""
    rng = random.Random(seed)
    concepts = _concepts(n, rng)
    papers, facts, assignment = [], {}, {}
    for i in range(n):
        paper, said, ids = _paper(i, concepts, rng)
        papers.append(paper)
        facts[paper.key] = said
        assignment[paper.key] = ids
    flat = sorted((c for kind in concepts.values() for c in kind), key=lambda c: c.id)
    return papers, facts, Resolution(tuple(flat), assignment)


def _pick(pool: Sequence[Concept], rng: random.Random, k: int) -> list[Concept]:
    """`k` different concepts, the low ranks far more often than the high ones."""
    chosen: dict[str, Concept] = {}
    for _ in range(4 * k):
        concept = pool[min(len(pool) - 1, int(len(pool) ** rng.random()) - 1)]
        chosen.setdefault(concept.id, concept)
    return list(chosen.values())[:k]


def _paper(i: int, concepts: Mapping[Kind, Sequence[Concept]], rng: random.Random) -> tuple[Paper, PaperFacts, tuple[str, ...]]:
    own = concepts["model"][i % len(concepts["model"])]
    others = [c for c in _pick(concepts["model"], rng, 4) if c.id != own.id] or [concepts["model"][(i + 1) % len(concepts["model"])]]
    methods, benches = _pick(concepts["method"], rng, 3), _pick(concepts["benchmark"], rng, 2)
    metric, task, device = (_pick(concepts[kind], rng, 1)[0] for kind in ("metric", "task", "hardware"))
    data, tool = _pick(concepts["dataset"], rng, 1)[0], _pick(concepts["software"], rng, 1)[0]
    entities = {c.label: (c.kind, c.names[1:]) for c in (own, *others, *methods, *benches, metric, task, device, data, tool)}
    value, count = f"{rng.uniform(20, 95):.1f}", rng.choice(["1", "8", "64", "512"])
    listed = " and ".join(m.label for m in methods)
    sentences = [
        f"We study {task.label} and present {own.label}, which is built upon {others[-1].label} and uses {listed}.",
        f"On {benches[0].label}, {own.label} reaches {value} {metric.label} and outperforms {others[0].label}.",
        f"It is trained on {data.label} with {tool.label}" + (f" on {count} {device.label} devices." if i % 4 == 0 else "."),
        f"On {benches[-1].label} it does not outperform {others[-1].label}.",
        "Further analysis shows where the gains come from and what remains to be done.",
    ]
    draft = Draft(
        f"synthetic-{i:06d}", f"{own.label}: {task.label} at scale", sentences, entities, introduces=[own.label] if i % 3 else [],
        meta={
            "identifiers": (f"arXiv:{2000 + i // 100000 % 20}.{i % 100000:05d}",), "issued": str(2015 + i % 11),
            "authors": (f"A. Author{i % 97}", f"B. Writer{i % 89}"),
            "urls": (f"https://arxiv.org/abs/{2000 + i // 100000 % 20}.{i % 100000:05d}",), "sources": (Source("synthetic.jsonl", i + 1),),
        },
        code=(f"https://github.com/synthetic/repo{i}",) if i % 5 == 0 else (),
    )  # fmt: skip
    draft.claim(0, own.label, "basedOn", others[-1].label)
    for method in methods:
        draft.claim(0, own.label, "uses", method.label, confidence=0.8)
    draft.claim(0, own.label, "addresses", task.label)
    draft.claim(1, own.label, "outperforms", others[0].label, confidence=0.93)
    draft.claim(1, own.label, "evaluatedOn", benches[0].label)
    draft.claim(2, own.label, "trainedOn", data.label)
    draft.claim(3, own.label, "outperforms", others[-1].label, polarity="negated")
    draft.result(1, value, value, of=own.label, metric=metric.label, benchmark=benches[0].label, task=task.label, unit="%")
    if i % 4 == 0:
        draft.use(2, device.label, f"{count} {device.label}", of=own.label, count=count, role="training")
    paper, facts = draft.finish()
    by_label = {c.label: c.id for c in (own, *others, *methods, *benches, metric, task, device, data, tool)}
    return paper, facts, tuple(by_label[e.name] for e in facts.entities)
