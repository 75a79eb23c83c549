"""Extraction of facts, results: which metric a value is of, by what stands beside it, in a list with it, or implied by its unit."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from kgraph.extract.phrases import (
    DOWN,
    LOWER,
    METRIC_HEADS,
    NUMBER,
    RAISE,
    REACH,
    THING,
    UP,
    WORD,
    Row,
    modifies,
    names_of,
    thing_at,
    words_of,
)  # fmt: skip
from kgraph.extract.reading import Thing
from kgraph.names import fold

_FILL = (
    UP
    | DOWN
    | frozenset(
        "in of the a an for its on average overall absolute relative additional mean median score scores zero-shot up to over per total peak "
        "maximum max end-to-end actual accuracy point points percentage higher test "
        "validation gain improvement macro micro median best highest lowest overall new final single only model less".split()
    )
)


_LEFT_FILL = (
    frozenset(
        "of by to at from is was were are be = : ( up about around approximately nearly almost over more than only just a an the average on score "
        "scores value values rate improvement improvements reduction gain gains increase "
        "decrease drop drops as high low much overall respectively exceeding below above under roughly within even best ≥ ≤ > < ~ ∼ ≈ and least "
        "most further an additional absolute relative mean between significantly "
        "dramatically substantially consistently respectively, reach level levels results result".split()
    )
    | REACH
    | RAISE
    | LOWER
)


_DIRECT = words_of(
    "of by to at from = : ( is was are were up about around approximately nearly almost over more than only just a an as high low much score "
    "scores value rate reaches reached reaching improvement reduction increase increased decreased drops improved improves gain gains"
)


@dataclass(slots=True)
class Slots:
    """What is known of one value while its sentence is read; positions of the row, or things."""

    at: int
    metric: int | None = None
    of: int | None = None
    baseline: int | None = None
    benchmark: int | None = None
    task: int | None = None
    model: int | None = None
    direction: str = ""
    rules: list[str] = field(default_factory=list)


def metric_beside(row: Row, at: int, metrics: list[tuple[int, int]], low: int, high: int) -> tuple[int | None, bool]:
    """The position where the metric of the number at `at` begins, and whether they stand side by side (`MFU of 55%`, `55% MFU`)."""
    starts = {last: first for first, last in metrics}
    begins = {first for first, _ in metrics}
    left, left_direct, direct = None, False, True
    step = at - 1
    while step >= low and at - step <= 12:
        item = row.items[step]
        if item.kind == THING:
            if row.kind(step) == "metric":
                left, left_direct = step, direct and at - step <= 5
                break
            if row.word(step - 1) in {"of", "for", "on", "in", "by", "with"}:
                step -= 2
                direct = False
                continue
            break
        if item.kind == NUMBER:
            break
        if step in starts:
            left, left_direct = starts[step], direct and at - step <= 5
            break
        if item.text not in _LEFT_FILL:
            break
        direct = direct and item.text in _DIRECT
        step -= 1
    right = None
    step = at + 1
    while step < high and step - at <= 6:
        item = row.items[step]
        if item.kind == THING:
            if row.kind(step) == "metric":
                right = step
            elif step + 1 < high and (row.kind(step + 1) == "metric" or step + 1 in begins):
                right = step + 1  # `3.1x DiT speedups`
            break
        if item.kind == NUMBER:
            break
        if step in begins:
            right = step
            break
        if item.text not in _FILL:
            break
        if item.text in {"on", "over", "to"} or (item.text == "in" and row.word(step - 1) in {"%", ","}):
            break
        step += 1
    if left is not None and (left_direct or right is None):
        return left, left_direct
    return right, right is not None and right - at <= 2


def _metric_thing(row: Row, position: int, metrics: list[tuple[int, int]]) -> int:
    if row.items[position].kind == THING:
        return _widened(row, position)
    first, last = next((a, b) for a, b in metrics if a == position)
    index = thing_at(row.reading, row.items[first].start, row.items[last].end, "metric")
    thing = row.reading.things[index]
    if row.word(first - 1) in {"average", "mean"} and row.word(last).startswith(("improvement", "gain")) and len(thing.names) == 1:
        thing.names.append(f"{row.word(first - 1)} {thing.name}")
    return index


def fill_metrics(row: Row, slots: list[Slots], low: int, high: int, metrics: list[tuple[int, int]]) -> None:
    """Give each of the values of one clause its metric: from a list of as many, from beside it, shared, or implied."""
    listed = _listed_before(row, slots, low, metrics)
    if listed:
        for slot, position in zip(slots, listed, strict=True):
            slot.metric = _metric_thing(row, position, metrics)
        return
    edges = [low, *(s.at for s in slots), high]
    found: list[int | None] = []
    for index, slot in enumerate(slots):
        found.append(metric_beside(row, slot.at, metrics, edges[index], edges[index + 2])[0])
    for index in range(len(slots) - 1, 0, -1):  # `1.77x and 2.87x higher throughput`
        if found[index - 1] is None and found[index] is not None and bare_gap(row, slots[index - 1].at, slots[index].at):
            found[index - 1] = found[index]
    for index in range(1, len(slots)):  # `improves quality in 80% of A, 87% of B`
        one, two = row.items[slots[index - 1].at].number, row.items[slots[index].at].number
        if found[index] is None and one is not None and two is not None and one.unit == two.unit:
            found[index] = found[index - 1]
    if all(f is None for f in found):  # the only metric of the clause, then of the sentence before the number
        inside = row.things(low, high, frozenset({"metric"}))
        before = inside or row.things(0, slots[0].at, frozenset({"metric"}))
        nearest = min(before, key=lambda p: abs(p - slots[0].at), default=None)
        if nearest is None:
            own = _metric_of_unit(row, slots[0].at)
            if own is not None:
                for slot in slots:
                    slot.metric = own
                return
            phrases = [a for a, b in metrics if low <= a < high and abs(a - slots[0].at) <= 10]
            nearest = min(phrases, key=lambda p: abs(p - slots[0].at), default=None) if row.number(slots[0].at).unit == "%" else None
        found = [nearest] * len(slots)
    for slot, place in zip(slots, found, strict=True):
        if place is None:
            slot.metric = _metric_of_unit(row, slot.at)
        if place is not None:
            slot.metric = _metric_thing(row, place, metrics)


def _widened(row: Row, position: int) -> int:
    """The metric named at `position`; a bare head (`throughput`) takes in the plain words that say of what (`data preparation throughput`)."""
    item, reading = row.items[position], row.reading
    after = row.items[position + 1] if position + 1 < len(row.items) else None
    right = (
        after is not None
        and after.kind == WORD
        and after.text in METRIC_HEADS
        and after.start == item.end + 1
        and item.text not in METRIC_HEADS
        and len(item.text.split()) == 1
    )
    if item.pronoun or (item.text not in METRIC_HEADS and not right):
        return item.thing
    end = after.end if right and after is not None else item.end
    first = position
    while (
        first > 0
        and position - first < 3
        and row.items[first - 1].kind == WORD
        and modifies(row.items[first - 1].text)
        and row.items[first].start - row.items[first - 1].end == 1
    ):
        first -= 1
    while first < position and row.items[first].text in {
        "model",
        "total",
        "full",
        "strong",
        "good",
        "competitive",
        "comparable",
        "similar",
        "impressive",
        "promising",
        "excellent",
        "final",
        "sota",
        "high",
        "low",
        "reported",
        "minimal",
        "own",
        "original",
    }:
        first += 1
    mention = next((m for m in reading.mentions if m.start == item.start and m.end == item.end), None)
    if (first == position and not right) or mention is None:
        return item.thing
    start = row.items[first].start
    name = reading.text[start:end]
    mention.end = item.end = end
    known = next((i for i, t in enumerate(reading.things) if fold(name) in names_of(t)), None)
    mention.start = item.start = start
    if known is None and not any(m is not mention and m.thing == mention.thing for m in reading.mentions):
        old = reading.things[mention.thing]  # no other place names the short form, so the long form is its name
        old.names = [name, *old.names]
        old.name = name
        return item.thing
    if known is None:
        reading.things.append(Thing(name=name, kind="metric", names=[name], votes={"metric": 1.0}, score=mention.score))
        known = len(reading.things) - 1
    mention.thing = item.thing = known
    return known


_UNIT_METRICS = (
    (frozenset({"tokens/s", "petaFLOP/s", "TFLOP/s", "exaFLOP/s", "TFLOPS", "images/s", "samples/s", "queries/s", "requests/s", "GFLOP/s"}), "throughput"),
    (frozenset({"ms", "μs"}), "latency"),
    (frozenset({"J", "mJ", "μJ", "nJ", "pJ", "kJ", "kWh", "Wh", "MJ", "MWh"}), "energy"),
    (frozenset({"W", "mW", "kW"}), "power"),
)


def _metric_of_unit(row: Row, at: int) -> int | None:
    """The metric of the paper that a unit alone implies (`502 petaFLOP/s` is a throughput)."""
    unit = row.number(at).unit
    for units, word in _UNIT_METRICS:
        if unit in units:
            named = [i for i, t in enumerate(row.reading.things) if t.kind == "metric" and any(re.search(rf"\b{word}", n.lower()) for n in t.names)]
            return named[0] if named else None
    return None


def bare_gap(row: Row, one: int, two: int) -> bool:
    """Do only connectors of lists and ranges stand between two positions?"""
    return all(
        i.kind == WORD and i.text in {",", "and", "or", "to", "-", "–", "—", "from", "about", "up", "nearly", "over", "~", "∼", "/"}
        for i in row.items[one + 1 : two]
    )


def _listed_before(row: Row, slots: list[Slots], low: int, metrics: list[tuple[int, int]]) -> list[int]:
    """`precision, recall and F1 of 0.9, 0.8 and 0.85`: as many metrics in one list before the numbers as there are numbers."""
    count = len(slots)
    if count < 2 or not all(bare_gap(row, a.at, b.at) for a, b in itertools.pairwise(slots)):
        return []
    starts = list(row.things(low, slots[0].at, frozenset({"metric"}))) + [a for a, b in metrics if low <= a and b < slots[0].at]
    positions = sorted(set(starts))[-count:]
    if len(positions) < count:
        return []
    ends = dict(metrics)
    for one, two in itertools.pairwise(positions):
        gap = row.items[ends.get(one, one) + 1 : two]
        if not all(i.kind == WORD and i.text in {",", "and", "or", "&", "(", ")"} for i in gap):
            return []
    return positions
