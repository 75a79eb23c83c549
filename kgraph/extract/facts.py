"""Extraction step 5: results, quantities, hardware use and relations of a paper whose things are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from kgraph.extract import confidence, polarity
from kgraph.extract.confidence import CONFIDENCE
from kgraph.extract.evaluations import from_results
from kgraph.extract.hardware_use import merged, read_uses
from kgraph.extract.numbers import find_numbers
from kgraph.extract.phrases import METRIC_HEADS, row_of
from kgraph.extract.pronouns import contribution, referents
from kgraph.extract.quantities import read_quantities
from kgraph.extract.reading import MADE, Reading, Thing
from kgraph.extract.relation_model import Said
from kgraph.extract.relations import consistent, read_relations
from kgraph.extract.results import read_results
from kgraph.extract.statements import is_class
from kgraph.extract.subjects import own_start
from kgraph.extract.variants import name_memory_variants, told_variants, variants_by_name
from kgraph.model import Claim, HardwareUse, Quantity, Result

Fact = TypeVar("Fact", Claim, Result, Quantity, HardwareUse)


def once(results: list[Result], reading: Reading) -> list[Result]:
    """A value told in the title and again in the abstract, or twice of one metric, is one result: the one with more slots."""

    def slots(r: Result) -> int:
        return sum(s is not None for s in (r.metric, r.of, r.baseline, r.benchmark, r.task)) + bool(r.direction)

    def in_title(r: Result) -> bool:
        return reading.sentences[r.sentence][0] < reading.abstract_start

    kept: list[Result] = []
    for r in sorted(results, key=lambda r: (in_title(r), -slots(r))):
        twin = next(
            (
                k
                for k in kept
                if k.value == r.value and k.unit == r.unit and (in_title(r) or (k.sentence != r.sentence and (k.metric == r.metric or r.metric is None)))
            ),
            None,
        )
        if twin is None:
            kept.append(r)
    return sorted(kept, key=lambda r: (r.sentence, r.start))


def read_facts(reading: Reading, learned: Callable[[Reading, set[Said]], list[Claim]] | None = None) -> None:
    """Fill `claims`, `results`, `quantities` and `uses`; metrics that only a value names become things.

    `learned` proposes claims beside the rules; what a rule has said already is not said again.
    """
    known = len(reading.things)
    unnamed = None if any(thing.introduced for thing in reading.things) else contribution(reading)
    if unnamed is not None:
        reading.things[unnamed].introduced = True  # while facts are read: it is what `we`, `our method` and verbs without a subject tell of
    numbers = find_numbers(reading.text)
    pronouns = referents(reading)
    first = own_start(reading)
    claims: list[Claim] = []
    for index in range(len(reading.sentences)):
        row = row_of(reading, index, numbers, pronouns)
        row.background = index < first and reading.sentences[index][0] >= reading.abstract_start
        reading.uses += read_uses(row)
        reading.quantities += read_quantities(row)
        reading.results += read_results(row)
        claims += read_relations(row)
        claims += [Claim(f.subject, f.predicate, f.object, index, CONFIDENCE[f.rule], polarity.of_clause(row, f.cue)) for f in told_variants(row)]
    reading.results = once(reading.results, reading)
    reading.uses = merged(reading.uses, {u.hardware: reading.things[u.hardware].name for u in reading.uses})
    beaten = {(c.subject, c.sentence) for c in claims if c.predicate == "outperforms"}
    claims += [
        Claim(f.subject, f.predicate, f.object, sentence, CONFIDENCE[f.rule], state)
        for f, sentence, state in from_results(reading)
        if f.rule != "outperforms.result" or (f.subject, sentence) not in beaten or not _is_broad(reading.things[f.object])
    ]  # `the leading model X`: X is what it is compared with
    claims += [Claim(f.subject, f.predicate, f.object, sentence, CONFIDENCE[f.rule]) for f, sentence in variants_by_name(reading)]
    if learned is not None:
        said = {(c.subject, c.predicate, c.object) for c in claims}
        claims += [c for c in learned(reading, said) if (c.subject, c.predicate, c.object) not in said]
    reading.claims = weighed(reading, consistent(claims))
    if unnamed is not None:
        reading.things[unnamed].introduced = False
        if unnamed >= known and not any(unnamed in {c.subject, c.object} for c in reading.claims if c.predicate in _BETWEEN_THINGS):
            forget(reading, unnamed)
    forget_unlikely(reading)
    name_memory_variants(reading)


def _is_broad(thing: Thing) -> bool:
    """Is a thing a class (`large language models`, `GPU`) rather than one of its members?"""
    return thing.kind == "hardware" or is_class(thing.name)


def weighed(reading: Reading, claims: list[Claim]) -> list[Claim]:
    """The claims, surer of those that are told plainly: their sentence names both ends, and the object is surely a thing."""
    named = {(m.thing, m.sentence) for m in reading.mentions}

    def plain(claim: Claim) -> bool:
        return reading.things[claim.object].score >= confidence.SURE and {(claim.subject, claim.sentence), (claim.object, claim.sentence)} <= named

    return [msgspec.structs.replace(c, confidence=confidence.weighed(c.confidence, plain(c))) if c.predicate in _BETWEEN_THINGS else c for c in claims]


_BETWEEN_THINGS = frozenset({"outperforms", "comparedWith", "basedOn", "variantOf", "uses", "evaluatedOn"})
_SLOTS = {
    Claim: ("subject", "object"),
    Result: ("of", "baseline", "metric", "benchmark", "task", "model"),
    Quantity: ("of",),
    HardwareUse: ("of", "hardware"),
}


MIN_LIKELIHOOD = {"used": 0.3, "metric": 0.2, "subject": 0.7}
"""Least mean probability of its words to be of a name, for a thing that only a rule's slot made, by what it is in facts; for other places 0.
Of those below, one in five is a thing another paper could name; scores on the annotations stay as they are within a point."""


def forget_unlikely(reading: Reading) -> None:
    """Take out the things that only a slot of a rule made and that the tagger deems no names (`oracle gap`, `agile approach`), or no fact needs."""
    made = {index for index, thing in enumerate(reading.things) if thing.score == MADE and not thing.lexicon}
    if not made:
        return
    places: dict[int, str] = {}
    for result in reading.results:
        places |= dict.fromkeys(made & {result.baseline}, "compared")
        if result.metric in made and reading.things[result.metric].name.lower().split()[0] not in METRIC_HEADS:  # `performance improvement` is asked for
            places.setdefault(result.metric, "metric")
    for claim in reading.claims:
        if claim.predicate in {"outperforms", "comparedWith", "evaluatedOn"}:
            places |= dict.fromkeys(made & {claim.subject, claim.object}, "compared")
    for claim in reading.claims:
        places.setdefault(claim.object, "used" if claim.predicate == "uses" else "other")
    for claim in reading.claims:
        places.setdefault(claim.subject, "subject")
    needed = {getattr(fact, slot) for fact in (*reading.results, *reading.quantities, *reading.uses) for slot in _SLOTS[type(fact)]} | places.keys()
    first = {m.thing: m for m in reversed(reading.mentions)}
    for index in sorted(made, reverse=True):
        least = MIN_LIKELIHOOD.get(places.get(index, "other"), 0.0)
        if index not in needed or (least and reading.likelihood(first[index].start, first[index].end) < least):
            forget(reading, index)


def forget(reading: Reading, gone: int) -> None:
    """Take the thing `gone` out of a reading: claims about it fall away, other facts lose the slot."""

    def kept(fact: Fact) -> Fact:
        places = {slot: getattr(fact, slot) for slot in _SLOTS[type(fact)]}
        moved = {slot: None if at == gone else at - 1 for slot, at in places.items() if at is not None and at >= gone}
        return msgspec.structs.replace(fact, **moved) if moved else fact

    reading.claims = [kept(c) for c in reading.claims if gone not in {c.subject, c.object}]
    reading.results = [kept(r) for r in reading.results]
    reading.quantities = [kept(q) for q in reading.quantities]
    reading.uses = [kept(u) for u in reading.uses]
    reading.mentions = [m for m in reading.mentions if m.thing != gone]
    for mention in reading.mentions:
        mention.thing -= mention.thing > gone
    del reading.things[gone]
