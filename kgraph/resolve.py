"""Stage 3: the entities of all papers -> concepts, one thing, one node, and why.

`kgraph.canonical` gives each entity its concept from its own paper, the lexicon and the user's aliases; here equal ones are gathered, their
type is voted on, the label chosen, and relations that names alone show are drawn. One pass and one fold over counters: time is
proportional to the number of entities, the result does not depend on the order of the papers, and an IRI depends on no other paper.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import partial
from sys import intern
from typing import NamedTuple

from kgraph.aliases import NO_ALIASES, Aliases
from kgraph.canonical import identify, known
from kgraph.collecting import uncollected
from kgraph.devices import device_class
from kgraph.keys import Anchor, core, key, named_by_form, plain_id
from kgraph.lexicon import Entry, load
from kgraph.model import KINDS, Concept, Kind, PaperFacts, Reason, Resolution
from kgraph.names import fold, variants

IGNORED = ""
"""In an assignment: no concept, the user's aliases say to ignore the entity."""
_UNIT = 1_000_000
"""Votes are summed in millionths: sums of integers do not depend on their order."""
_KNOWN_SHARE, _KNOWN_LEAST = 0.6, 0.5
"""A lexicon entry votes with this share of all mentions' votes and never less than this: texts beat lists when they agree."""
_CLASS_NAMES = re.compile(r"^[a-z]|^(?:GPU|CPU|TPU|NPU|FPGA|ASIC|HPU|DSP|IPU|LPU|UAV|RISC-V)$")


class _Gathered:
    """What all papers say of one concept."""

    __slots__ = ("entry", "names", "parent", "reasons", "rule_label", "votes")

    def __init__(self, anchor: Anchor) -> None:
        self.entry: Entry | None = anchor.entry
        self.parent = anchor.parent
        self.names: Counter[str] = Counter()
        self.votes: Counter[Kind] = Counter()
        self.reasons: dict[tuple[str, str], tuple[str, str]] = {}  # (folded name, rule) -> (paper, evidence), of the least paper
        self.rule_label = anchor.name


class _Judged(NamedTuple):
    """What follows from all papers together."""

    label: str
    kind: Kind
    votes: tuple[tuple[Kind, float], ...]


@uncollected()
def resolve(facts: Iterable[PaperFacts], aliases: Aliases = NO_ALIASES) -> Resolution:
    """Concepts across papers, and which one each entity of each paper is (`IGNORED` where the aliases say so).

    `facts` is read once, so it may be a stream; papers have distinct keys. Ids are content-derived: `slug` of the lexicon's preferred name,
    else of the full form that the paper gives for an abbreviation, else of the folded name.
    """
    gathered: dict[str, _Gathered] = {}
    assignment: dict[str, tuple[str, ...]] = {}
    for paper in facts:
        labels = [e.name for e in paper.entities]
        ids: list[str] = []
        for index, entity in enumerate(paper.entities):
            anchor = identify(entity, (*labels[:index], *labels[index + 1 :]), aliases)
            if anchor is None:
                ids.append(IGNORED)
                continue
            concept = gathered.get(anchor.id)
            if concept is None:
                concept = gathered[intern(anchor.id)] = _Gathered(anchor)
            _gather(concept, anchor, paper.paper, entity.name, entity.names, entity.votes or ((entity.kind, 1.0),))
            ids.append(intern(anchor.id))
        assignment[paper.paper] = tuple(ids)
    _add_parents(gathered)
    judged = {id_: _Judged(_label(concept), *_kind(concept)) for id_, concept in gathered.items()}
    linked = _links(gathered, judged)
    concepts = tuple(_concept(id_, gathered[id_], judged[id_], linked.get(id_, ((), ())), aliases) for id_ in sorted(gathered))
    return Resolution(concepts, dict(sorted(assignment.items())))


def _gather(concept: _Gathered, anchor: Anchor, paper: str, label: str, names: Iterable[str], votes: Iterable[tuple[Kind, float]]) -> None:
    for name in dict.fromkeys((label, *names)):
        name = intern(name)
        concept.names[name] += 2 if name == label else 1
        if anchor.rule != "folded form" or fold(name) != fold(anchor.name):
            reason = (fold(name), anchor.rule if name == label or anchor.rule != "folded form" else "one entity of a paper")
            place = (paper, anchor.evidence)
            if reason not in concept.reasons or place < concept.reasons[reason]:
                concept.reasons[reason] = place
    for kind, weight in votes:
        concept.votes[kind] += round(weight * _UNIT)
    if anchor.entry is not None and concept.entry is None:
        concept.entry = anchor.entry
    concept.rule_label = min(concept.rule_label, anchor.name)
    concept.parent = max(concept.parent, anchor.parent)


def _add_parents(gathered: dict[str, _Gathered]) -> None:
    """Devices bring the device they are a variant of and the class they belong to, named or not: `broader` of an A100 is always GPU."""
    lexicon = load()
    todo = [id_ for id_, c in gathered.items() if _kind(c)[0] == "hardware"]
    while todo:
        id_ = todo.pop()
        concept = gathered[id_]
        entry = lexicon.lookup(concept.entry.broader, "hardware") if concept.entry and concept.entry.broader else None
        parent = concept.parent or (entry.id if entry else device_class(_label(concept)))
        if not parent or parent == id_:
            continue
        concept.parent = parent
        if parent not in gathered:
            base = lexicon.by_id.get(parent)
            name = base.name if base else re.sub(r" \d+GB$", "", _label(concept))
            gathered[parent] = _Gathered(Anchor(parent, name, "device", base))
            gathered[parent].votes["hardware"] = 1
            todo.append(parent)


def _links(gathered: dict[str, _Gathered], judged: dict[str, _Judged]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """(broader, variantOf) of each concept where both ends exist: from the lexicon, else from the form of its label."""
    lexicon = load()
    links: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for id_, concept in gathered.items():
        target = concept.parent
        label, kind, _ = judged[id_]
        if not target and concept.entry is not None and concept.entry.broader:
            entry = lexicon.lookup(concept.entry.broader, concept.entry.kind)
            target = entry.id if entry else ""
        by_form = False
        if target not in gathered or target == id_:
            target, by_form = next(((t, True) for name in variants(label) if (t := _id_of(name)) in gathered and t != id_), ("", False))
            if target and not _alike(kind, judged[target].kind):
                target = ""
        if not target or target == id_ or target not in gathered:
            continue
        if by_form or not _CLASS_NAMES.search(judged[target].label):
            links[id_] = ((), (target,))
        else:
            links[id_] = ((target,), ())
    return links


def _id_of(name: str) -> str:
    entry = known(name, None, load())
    return entry.id if entry else plain_id(key(name))


def _alike(left: Kind, right: Kind) -> bool:
    groups = (("model", "method", "software"), ("dataset", "benchmark"))
    return left == right or any(left in g and right in g for g in groups)


def _kind(concept: _Gathered) -> tuple[Kind, tuple[tuple[Kind, float], ...]]:
    """The type by vote, and all votes, winner first. A benchmark is a dataset, so those two stand together against the others."""
    votes = Counter(concept.votes)
    if concept.entry is not None:
        votes[concept.entry.kind] += max(round(_KNOWN_LEAST * _UNIT), round(_KNOWN_SHARE * sum(concept.votes.values())))
    together = votes["dataset"] + votes["benchmark"]

    def strength(kind: Kind) -> tuple[int, int, int]:
        return (together if kind in ("dataset", "benchmark") else votes[kind], votes[kind], -KINDS.index(kind))

    ranked = sorted((k for k in KINDS if votes[k] > 0), key=strength, reverse=True)
    return (ranked[0] if ranked else "method"), tuple((k, round(votes[k] / _UNIT, 3)) for k in ranked)


def _label(concept: _Gathered) -> str:
    """The lexicon's name, else the commonest form among those that fold to the name the concept goes by; ties go to the plainer one.

    Without the word for its sort where a paper writes it so or the rest is a name by its form: the British National Corpus keeps its last word.
    """
    if concept.entry is not None:
        listed = fold(concept.entry.name)
        forms = [n for n in concept.names if fold(n) == listed] if concept.entry.source != "kgraph" else []  # public lists write as they please
        return max(forms, key=partial(_rank, concept.names)) if forms else concept.entry.name
    same = key(concept.rule_label)
    forms = [n for n in concept.names if key(n) == same] or [*concept.names] or [concept.rule_label]  # DNA, where no paper spells it out
    best = max(forms, key=partial(_rank, concept.names))
    short = core(best)
    written = fold(short)
    return short if len(short) > 1 and ((named_by_form(short) and " " not in short) or any(fold(n) == written for n in concept.names)) else best


def _rank(counts: Counter[str], name: str) -> tuple[int, bool, int, list[int]]:
    """Of several forms the commonest, then the plainer, the shorter, the first."""
    return counts[name], not re.search(r"[(\[\n]", name), -len(name), [-ord(c) for c in name]


def _concept(id_: str, concept: _Gathered, judged: _Judged, links: tuple[tuple[str, ...], tuple[str, ...]], aliases: Aliases) -> Concept:
    label, kind, votes = judged
    entry = concept.entry
    names = {*concept.names, *(entry.names if entry else (concept.rule_label,)), label}
    reasons = [Reason(name, label, rule, f"{evidence} in {paper}" if evidence else paper) for (name, rule), (paper, evidence) in concept.reasons.items()]
    keys = {fold(n) for n in names}
    for rule in sorted(keys & (aliases.rename.keys() | aliases.kind.keys())):
        if rule in aliases.rename:
            reasons.append(Reason(label, aliases.rename[rule], "user alias: rename", aliases.place.get(rule, "")))
            label = aliases.rename[rule]
            names.add(label)
        if rule in aliases.kind:
            kind = aliases.kind[rule]
            reasons.append(Reason(label, kind, "user alias: type", aliases.place.get(rule, "")))
    reasons += [Reason(a, b, "user alias: different", aliases.place.get(a, ""), merged=False) for a, b in sorted(aliases.different) if a in keys or b in keys]
    return Concept(
        id=id_,
        label=label,
        kind=kind,
        names=tuple(sorted(names)),
        broader=links[0],
        variant_of=links[1],
        exact_match=entry.exact_match if entry else (),
        see_also=entry.see_also if entry else (),
        higher_is_better=entry.higher_is_better if entry else None,
        votes=votes,
        reasons=tuple(sorted(reasons)),
    )
