"""Extraction of facts, results: measured values with metric, subject, baseline, benchmark and direction.

A number whose unit only a measurement has, or that stands beside a metric, is a result. Its slots are filled from the same clause by
order and distance; lists are distributed by `phrases.spread`. Method: cue lexicons and surface order, in the tradition of shallow
information extraction; nothing is learned, and confidences are the measured precision of each rule (`confidence`).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from kgraph.extract import polarity
from kgraph.extract.confidence import CONFIDENCE
from kgraph.extract.lists import rival_chunks, thing_of_chunk
from kgraph.extract.numbers import Number
from kgraph.extract.phrases import (
    ACTORS,
    BEAT,
    DATA,
    DOWN,
    LOWER,
    METRIC_HEADS,
    NUMBER,
    RAISE,
    REACH,
    THAN,
    THING,
    UP,
    WORD,
    Row,
    breaks,
    coordinated,
    metric_phrases,
    modifies,
    names_of,
    runs,
    spread,
    thing_at,
)  # fmt: skip
from kgraph.extract.pronouns import main_thing
from kgraph.extract.reading import Thing
from kgraph.extract.subjects import subject_before
from kgraph.model import Result
from kgraph.names import fold, singular

RESULT_UNITS = frozenset(
    "% ‰ x points FPS tokens/s ms μs ns images/s samples/s queries/s requests/s FLOPs GFLOPs MFLOPs TFLOPS PFLOPS TFLOP/s petaFLOP/s exaFLOP/s GFLOP/s TOPS TOPS/W GOPS GOPS/W GMACs MACs W mW kW kWh Wh MWh mWh J mJ μJ "
    "MJ nJ pJ kJ dB GB/s TB/s Gbps Mbps kbps bps $ cents Elo mm² tCO2e kgCO2e kg m/s km/h Hz bpp".split()
)
DURATIONS = frozenset({"s", "minutes", "hours", "days", "weeks", "months", "years", "GPU hours", "GPU days"})
SIZES = frozenset({"GB", "MB", "KB", "TB", "GiB"})
LENGTHS = frozenset({"m", "cm", "mm", "km", "nm", "μm", "°"})
_BASELINE_KINDS = frozenset({"model", "method", "software", "hardware"})
_FILL = UP | DOWN | frozenset(
    "in of the a an for its on average overall absolute relative additional mean median score scores zero-shot up to over per total peak maximum max end-to-end actual accuracy point points percentage higher test "
    "validation gain improvement macro micro median best highest lowest overall new final single only model less".split()
)
_LEFT_FILL = frozenset(
    "of by to at from is was were are be = : ( up about around approximately nearly almost over more than only just a an the average on score scores value values rate improvement improvements reduction gain gains increase "
    "decrease drop drops as high low much overall respectively exceeding below above under roughly within even best ≥ ≤ > < ~ ∼ ≈ and least most further an additional absolute relative mean between significantly "
    "dramatically substantially consistently respectively, reach level levels results result".split()
) | REACH | RAISE | LOWER
_DIRECT = frozenset("of by to at from = : ( is was are were up about around approximately nearly almost over more than only just a an as high low much score scores value rate reaches reached reaching improvement reduction increase increased decreased drops improved improves gain gains".split())
_SUPER = frozenset("super-resolution upsampling downsampling upscaling magnification zoom objective sr grid compression-ratio".split())


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


def is_result(row: Row, at: int, metrics: list[tuple[int, int]]) -> bool:
    """Does the number at position `at` state a measured value?"""
    number = row.items[at].number
    assert number is not None
    if at in row.used:
        return False
    unit, after, before = number.unit, [row.word(at + i) for i in range(1, 4)], [row.word(at - i) for i in range(1, 5)]
    if unit in RESULT_UNITS:
        if unit == "x" and (set(after) & _SUPER or (row.index == 0 and "super-resolution" in row.reading.text[: row.reading.abstract_start].lower())):
            return False
        if unit == "%" and ("confidence" in after[:2] or (number.value == "100" and after[0] in {"open", "open-source", "reproducible"})):
            return False
        if unit == "points" and after[0] in {"scale", "cloud", "clouds", "likert"}:
            return False
        return not (unit == "$" and number.scaled in {"B", "T"})
    if unit in DURATIONS:
        return _is_duration_result(row, at, number)
    if unit in SIZES:
        words = set(row.words(max(0, at - 8), at + 6))
        names = " ".join(row.items[t].text for t in row.things(max(0, at - 6), at + 5))
        return ("." in number.value or bool(words & {"memory", "footprint", "vram", "ram", "storage", "peak", "reducing", "reduces", "requires", "requiring", "size"} or "memory" in names)) and not words & {"corpus", "text", "dataset"}
    if unit in LENGTHS:
        return "." in number.value or _metric_beside(row, at, metrics, 0, len(row.items))[0] is not None
    if unit or number.scaled in {"B", "T"}:
        return False
    if "." in number.value and not number.scaled and row.word(at + 1) in {"on", "for", "in"} and any(row.kind(p) in DATA for p in row.things(at + 2, at + 5)):
        return True
    if number.signed and "." in number.value:
        return True
    metric, direct = _metric_beside(row, at, metrics, 0, len(row.items))
    if metric is None:
        return False
    if "." in number.value:
        return True
    noun = row.word(at + 1)
    if at + 1 < len(row.items) and row.items[at + 1].kind == THING and singular(row.items[at + 1].text.split()[-1]) != row.items[at + 1].text.split()[-1]:
        return False
    return direct and not number.word and not (noun.endswith("s") and noun not in METRIC_HEADS) and not set(before[:1]) & {"top"}


def _is_duration_result(row: Row, at: int, number: Number) -> bool:
    after, before = [row.word(at + i) for i in range(1, 4)], [row.word(at - i) for i in range(1, 5)]
    if after[0] in {"of", "long", "ago", "old", "video", "videos", "clips", "audio", "speech", "period", "horizon", "ahead", "later"} or "budget" in row.words(max(0, at - 4), at + 3):
        return False
    text = row.reading.text[row.items[at].start : row.items[at].end]
    if re.search(r"-(?:second|minute|hour|day|week|month|year)$", text):
        return False
    if "every" in before or "doubles" in row.words(max(0, at - 6), at):
        return True
    if number.unit in {"years", "weeks", "months", "days"} and not set(row.words(max(0, at - 8), at)) & (LOWER | {"from", "takes", "time", "within", "require", "requires"}):
        return False
    cues = {"latency", "time", "within", "under", "takes", "take", "taking", "in", "from", "only", "just", "to", "less", "requires", "requiring", "per", "than", "runtime", "about", "by", "of", "at"} | LOWER
    return bool((set(before) | set(row.words(max(0, at - 6), at))) & cues)


def _metric_beside(row: Row, at: int, metrics: list[tuple[int, int]], low: int, high: int) -> tuple[int | None, bool]:
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


def read_results(row: Row) -> list[Result]:
    """The results of one sentence; adds metrics the tagger missed to the reading."""
    metrics = metric_phrases(row)
    numbers = [at for at in row.numbers() if is_result(row, at, metrics)]
    if not numbers:
        return []
    for at in row.numbers():  # `0.91, 0.85 and 0.88`: what is listed with a result is one
        number = row.items[at].number
        if number is not None and at not in numbers and at not in row.used and not number.unit and "." in number.value:
            if any(_bare_gap(row, min(at, n), max(at, n)) for n in numbers if 0 < abs(at - n) <= 4):
                numbers = sorted([*numbers, at])
    splits = breaks(row)
    out: list[Result] = []
    groups = runs(row, numbers, splits)
    for index, group in enumerate(groups):
        low = max([s for s in splits if s <= group[0]], default=0)
        high = next((s for s in splits if s > group[-1]), len(row.items)) if index + 1 < len(groups) else len(row.items)
        if index + 1 < len(groups):
            high = max([s for s in splits if s <= groups[index + 1][0]], default=high)
        out.extend(_results_of(row, group, low, high, metrics))
    return out


def _results_of(row: Row, group: list[int], low: int, high: int, metrics: list[tuple[int, int]]) -> list[Result]:
    slots = [Slots(at) for at in group]
    _fill_metrics(row, slots, low, high, metrics)
    _fill_directions(row, slots, low)
    _fill_baselines(row, slots, low, high)
    _fill_data(row, slots, low, high, DATA, "benchmark")
    _fill_data(row, slots, low, high, frozenset({"task"}), "task")
    _fill_subjects(row, slots, low, high)
    _fill_models(row, slots, low, high)
    out = []
    for slot in slots:
        number = row.items[slot.at].number
        assert number is not None
        state = polarity.of_value(row, slot.at, slot.of)
        if state == "drop":
            continue
        row.used.add(slot.at)
        rule = "unit" if number.unit else "metric"
        confidence = CONFIDENCE[f"result.{rule}{'.metric' if slot.metric is not None and rule == 'unit' else ''}"]
        start, end = row.reading.field_span(row.items[slot.at].start, row.items[slot.at].end)
        text = row.reading.text[row.items[slot.at].start : row.items[slot.at].end]
        out.append(
            Result(
                value=number.value, value_text=text, start=start, end=end, sentence=row.index, confidence=confidence, polarity=state,  # type: ignore[arg-type]
                unit=number.unit, metric=slot.metric, of=slot.of, baseline=slot.baseline, benchmark=slot.benchmark, task=slot.task, model=slot.model, direction=slot.direction,
            )
        )
    return out


def _metric_thing(row: Row, position: int, metrics: list[tuple[int, int]]) -> int:
    if row.items[position].kind == THING:
        return _widened(row, position)
    first, last = next((a, b) for a, b in metrics if a == position)
    index = thing_at(row.reading, row.items[first].start, row.items[last].end, "metric")
    thing = row.reading.things[index]
    if row.word(first - 1) in {"average", "mean"} and row.word(last).startswith(("improvement", "gain")) and len(thing.names) == 1:
        thing.names.append(f"{row.word(first - 1)} {thing.name}")
    return index


def _fill_metrics(row: Row, slots: list[Slots], low: int, high: int, metrics: list[tuple[int, int]]) -> None:
    listed = _listed_before(row, slots, low, metrics)
    if listed:
        for slot, position in zip(slots, listed, strict=True):
            slot.metric = _metric_thing(row, position, metrics)
        return
    edges = [low, *(s.at for s in slots), high]
    found: list[int | None] = []
    for index, slot in enumerate(slots):
        position, _ = _metric_beside(row, slot.at, metrics, edges[index], edges[index + 2])
        found.append(position)
    for index in range(len(slots) - 1, 0, -1):  # `1.77x and 2.87x higher throughput`
        if found[index - 1] is None and found[index] is not None and _bare_gap(row, slots[index - 1].at, slots[index].at):
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
            nearest = min(phrases, key=lambda p: abs(p - slots[0].at), default=None) if row.items[slots[0].at].number.unit == "%" else None  # type: ignore[union-attr]
        found = [nearest] * len(slots)
    for slot, position in zip(slots, found, strict=True):
        if position is not None:
            slot.metric = _metric_thing(row, position, metrics)


def _widened(row: Row, position: int) -> int:
    """The metric named at `position`; a bare head (`throughput`) takes in the plain words that say of what (`data preparation throughput`)."""
    item, reading = row.items[position], row.reading
    after = row.items[position + 1] if position + 1 < len(row.items) else None
    right = after is not None and after.kind == WORD and after.text in METRIC_HEADS and after.start == item.end + 1 and item.text not in METRIC_HEADS and len(item.text.split()) == 1
    if item.pronoun or (item.text not in METRIC_HEADS and not right):
        return item.thing
    end = after.end if right and after is not None else item.end
    first = position
    while first > 0 and position - first < 3 and row.items[first - 1].kind == WORD and modifies(row.items[first - 1].text) and row.items[first].start - row.items[first - 1].end == 1:
        first -= 1
    while first < position and row.items[first].text in {"model", "total", "full", "strong", "good", "competitive", "comparable", "similar", "impressive", "promising", "excellent", "final", "sota", "high", "low", "reported", "minimal", "own", "original"}:
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
    unit = row.items[at].number.unit  # type: ignore[union-attr]
    for units, word in _UNIT_METRICS:
        if unit in units:
            named = [i for i, t in enumerate(row.reading.things) if t.kind == "metric" and any(re.search(rf"\b{word}", n.lower()) for n in t.names)]
            return named[0] if named else None
    return None


def _bare_gap(row: Row, one: int, two: int) -> bool:
    return all(i.kind == WORD and i.text in {",", "and", "or", "to", "-", "–", "—", "from", "about", "up", "nearly", "over", "~", "∼", "/"} for i in row.items[one + 1 : two])


def _listed_before(row: Row, slots: list[Slots], low: int, metrics: list[tuple[int, int]]) -> list[int]:
    """`precision, recall and F1 of 0.9, 0.8 and 0.85`: as many metrics in one list before the numbers as there are numbers."""
    count = len(slots)
    if count < 2 or not all(_bare_gap(row, a.at, b.at) for a, b in itertools.pairwise(slots)):
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


def _fill_directions(row: Row, slots: list[Slots], low: int) -> None:
    for index, slot in enumerate(slots):
        number = row.items[slot.at].number
        assert number is not None
        right = [row.word(slot.at + i) for i in (1, 2, 3)]
        left = row.words(max(low, slot.at - 8), slot.at)
        slot.direction = number.direction
        for word in right:
            if slot.direction or word in {",", "and", "than", ";"}:
                break
            slot.direction = _DIRECTIONS.get(word, "")
        for word in reversed(left):
            if slot.direction:
                break
            slot.direction = "increase" if word in RAISE else "reduction" if word in LOWER else _DIRECTIONS.get(word, "")
        metric = row.reading.things[slot.metric].name.lower() if slot.metric is not None else ""
        if not slot.direction and re.search(r"speed-?up|improvement|gain", metric):
            slot.direction = "increase"
        if not slot.direction and index and slots[index - 1].metric == slot.metric:
            slot.direction = slots[index - 1].direction


_DIRECTIONS = (
    dict.fromkeys(("higher", "greater", "faster", "more", "larger", "better", "longer", "quicker"), "higher")
    | dict.fromkeys(("lower", "fewer", "less", "smaller", "shorter", "cheaper", "slower", "worse"), "lower")
    | {w: "increase" for w in UP if w.startswith(("improve", "increase", "gain", "boost", "speed", "accel", "rise", "growth", "uplift"))}
    | {w: "reduction" for w in DOWN if w.startswith(("reduc", "decreas", "drop", "declin", "saving", "degrad", "loss", "cut", "shrink"))}
)


def _fill_baselines(row: Row, slots: list[Slots], low: int, high: int) -> None:
    edges = [low, *(s.at for s in slots), high]
    lists: list[list[int]] = []
    for begin, end in itertools.pairwise(edges):
        lists.append(_compared(row, begin, end))
    if not any(lists):
        start = 0 if row.word(0) in {"compared", "relative", "in", "unlike", "against"} else None
        if start is not None:
            lists[0] = _compared(row, 0, low)
    for slot, chosen in zip(slots, spread([s.at for s in slots], lists), strict=True):
        if chosen:
            slot.baseline = chosen[0]
        elif slot.direction in {"higher", "lower"} and row.last_baseline is not None:  # `, which leads to 1.7x higher throughput`
            slot.baseline = row.last_baseline
        row.last_baseline = slot.baseline if slot.baseline is not None else row.last_baseline


def _compared(row: Row, begin: int, end: int) -> list[int]:
    """Things (by index) after `than`, `over`, `compared to`, or after a verb of winning, between two positions."""
    out: list[int] = []
    at = begin
    while at < end:
        word = row.word(at)
        cue = word in {"than", "versus", "vs", "over", "against", "beyond", "outperforming"} or word in BEAT
        cue = cue or (word in {"compared", "relative", "comparison", "comparing", "respect", "baseline", "improves", "improve", "improvement"} and row.word(at + 1) in {"to", "with", "over", "upon", "on", ","})
        if not cue or (word in {"over", "than"} and row.items[min(at + 1, len(row.items) - 1)].kind == NUMBER):
            at += 1
            continue
        step = at + 1
        step = at + 2 if row.word(at + 1) in {"to", "with", "over", "upon", "on"} else at + 1
        if "before" not in row.words(at, step + 3):
            chunks = [c for c in rival_chunks(row, step - 1, _BASELINE_KINDS) if c.first < end]
            found = [thing_of_chunk(row, c, _BASELINE_KINDS, not row.background and not c.described) for c in chunks]
            out.extend(t for t in found if t is not None and t not in out)
            if chunks:
                at = max(at, chunks[-1].last)
        at += 1
    return out


def _fill_data(row: Row, slots: list[Slots], low: int, high: int, kinds: frozenset[str], name: str) -> None:
    """Benchmark or task: in the clause after a preposition, else in the sentence."""
    edges = [low, *(s.at for s in slots), high]
    lists = [[p for p in row.things(a, b, kinds) if _after_preposition(row, p)] for a, b in itertools.pairwise(edges)]
    opening = [p for p in row.things(0, 6, kinds) if row.word(0) in {"on", "in", "for", "across"} and p < low + 12 and "," in row.words(p + 1, p + 5)]
    if opening and lists[-1] and lists[-1][0] - slots[-1].at > 8 and not any(lists[1:-1]):
        lists[-1] = opening[-1:]
    if not any(lists):
        right = [p for p in row.things(high, len(row.items), kinds) if _after_preposition(row, p)]
        left = [p for p in row.things(0, low, kinds) if _after_preposition(row, p)]
        lists[-1] = right[:1] or left[-1:]
        every = list({row.thing(p): p for p in reversed(row.things(0, low, kinds))}.values())[::-1]
        if len(slots) > 1 and len(every) == len(slots) and "respectively" in row.words(slots[-1].at, len(row.items)):
            lists[-1] = every
    if not any(lists) and name == "task":
        lists[-1] = list(row.things(0, slots[0].at, kinds))[-1:]
    for slot, chosen in zip(slots, spread([s.at for s in slots], lists), strict=True):
        if chosen:
            setattr(slot, name, row.thing(chosen[0]))
    if name == "benchmark" and all(s.benchmark is None for s in slots) and main_thing(row.reading) is None:
        own = main_thing(row.reading, DATA)
        position = subject_before(row, slots[0].at)
        if position is None or row.thing(position) != own:
            for slot in slots:
                slot.benchmark = own


def _after_preposition(row: Row, position: int) -> bool:
    if row.items[position].pronoun and row.items[position].text in {"it", "they"}:
        return False
    for left in range(position - 1, max(position - 9, -1), -1):
        item = row.items[left]
        if item.kind == WORD and item.text in {"on", "in", "for", "across", "over", "of", "at", "under", "from", "within", "to", "with"}:
            return True
        if item.kind == NUMBER or (item.kind == WORD and item.text in {";", "than"}):
            return False
    return False


def _fill_subjects(row: Row, slots: list[Slots], low: int, high: int) -> None:
    reading = row.reading
    main = main_thing(reading)
    for index, slot in enumerate(slots):
        after = slot.at + 1
        until = slots[index + 1].at if index + 1 < len(slots) else high
        if row.word(after) in {"for", "by", "with", "using", "from"} and after + 1 < until:
            owner = next((p for p in range(after + 1, min(after + 4, until)) if row.items[p].kind == THING), None)
            if owner is not None and row.kind(owner) in ACTORS and row.word(after) in {"for", "by"} and row.thing(owner) not in {s.baseline for s in slots}:
                slot.of = row.thing(owner)
                continue
        if row.word(slot.at - 1) == "at" and slot.at >= 2 and row.kind(slot.at - 2) in ACTORS and set(row.words(max(0, slot.at - 9), slot.at - 2)) & BEAT:
            slot.of = row.thing(slot.at - 2)  # `outperforms X at 90%`: the value is that of X
            slot.baseline = None
            continue
        position = subject_before(row, slot.at)
        if position is not None and (row.thing(position) == slot.baseline or (row.kind(position) in DATA and main is not None)):
            position = subject_before(row, position)
        slot.of = row.thing(position) if position is not None else main
        if slot.of is not None and slot.of in {slot.baseline, slot.metric, slot.benchmark, slot.task}:
            slot.of = main if main not in {slot.baseline, slot.benchmark} else None
    subjects = {s.of for s in slots}
    if len(slots) > 1 and len(subjects) == 1 and "respectively" in row.words(low, len(row.items)):
        position = subject_before(row, slots[0].at, ACTORS)
        if position is not None:
            first = position
            while True:  # walk to the front of `A, B and C achieve`
                earlier = [p for p in row.things(0, first, ACTORS) if coordinated(row, p, ACTORS)[-1:] == [position]]
                if not earlier:
                    break
                first = earlier[0]
            chain = coordinated(row, first, ACTORS)
            if len(chain) == len(slots):
                for slot, member in zip(slots, chain, strict=True):
                    slot.of = row.thing(member)


def _fill_models(row: Row, slots: list[Slots], low: int, high: int) -> None:
    for slot in slots:
        taken = {slot.of, slot.baseline}
        for position in row.things(low, high, frozenset({"model"})):
            if row.thing(position) not in taken and row.word(position - 1) in {"with", "using", "on", "for"} and row.word(position - 1) not in THAN:
                slot.model = row.thing(position)
                break
