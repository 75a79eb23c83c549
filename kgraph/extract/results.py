"""Extraction of facts, results: measured values with metric, subject, baseline, benchmark and direction.

A number whose unit only a measurement has, or that stands beside a metric, is a result. Its slots are filled from the same clause by
order and distance; lists are distributed by `phrases.spread`. Method: cue lexicons and surface order, in the tradition of shallow
information extraction; nothing is learned, and confidences are the measured precision of each rule (`confidence`).
"""

from __future__ import annotations

import itertools
import re

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
    THAN,
    THING,
    UP,
    WORD,
    Row,
    breaks,
    coordinated,
    metric_phrases,
    runs,
    spread,
    words_of,
)  # fmt: skip
from kgraph.extract.pronouns import main_thing
from kgraph.extract.result_metrics import Slots, bare_gap, fill_metrics, metric_beside
from kgraph.extract.subjects import subject_before
from kgraph.model import Result
from kgraph.names import singular

RESULT_UNITS = frozenset(
    "% ‰ x points FPS tokens/s ms μs ns images/s samples/s queries/s requests/s FLOPs GFLOPs MFLOPs TFLOPS PFLOPS TFLOP/s petaFLOP/s "
    "exaFLOP/s GFLOP/s TOPS TOPS/W GOPS GOPS/W GMACs MACs W mW kW kWh Wh MWh mWh J mJ μJ"
    "MJ nJ pJ kJ dB GB/s TB/s Gbps Mbps kbps bps $ cents Elo mm² tCO2e kgCO2e kg m/s km/h Hz bpp".split()
)


DURATIONS = frozenset({"s", "minutes", "hours", "days", "weeks", "months", "years", "GPU hours", "GPU days"})


SIZES = frozenset({"GB", "MB", "KB", "TB", "GiB"})


LENGTHS = frozenset({"m", "cm", "mm", "km", "nm", "μm", "°"})


_BASELINE_KINDS = frozenset({"model", "method", "software", "hardware"})


_SUPER = words_of("super-resolution upsampling downsampling upscaling magnification zoom objective sr grid compression-ratio")


def is_result(row: Row, at: int, metrics: list[tuple[int, int]]) -> bool:
    """Does the number at position `at` state a measured value?"""
    number = row.number(at)
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
        return (
            "." in number.value
            or bool(
                words & {"memory", "footprint", "vram", "ram", "storage", "peak", "reducing", "reduces", "requires", "requiring", "size"} or "memory" in names
            )
        ) and not words & {"corpus", "text", "dataset"}
    if unit in LENGTHS:
        return "." in number.value or metric_beside(row, at, metrics, 0, len(row.items))[0] is not None
    if unit or number.scaled in {"B", "T"}:
        return False
    if "." in number.value and not number.scaled and row.word(at + 1) in {"on", "for", "in"} and any(row.kind(p) in DATA for p in row.things(at + 2, at + 5)):
        return True
    if number.signed and "." in number.value:
        return True
    metric, direct = metric_beside(row, at, metrics, 0, len(row.items))
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
    if after[0] in {"of", "long", "ago", "old", "video", "videos", "clips", "audio", "speech", "period", "horizon", "ahead", "later"} or "budget" in row.words(
        max(0, at - 4), at + 3
    ):
        return False
    text = row.reading.text[row.items[at].start : row.items[at].end]
    if re.search(r"-(?:second|minute|hour|day|week|month|year)$", text):
        return False
    if "every" in before or "doubles" in row.words(max(0, at - 6), at):
        return True
    if number.unit in {"years", "weeks", "months", "days"} and not set(row.words(max(0, at - 8), at)) & (
        LOWER | {"from", "takes", "time", "within", "require", "requires"}
    ):
        return False
    cues = {
        "latency",
        "time",
        "within",
        "under",
        "takes",
        "take",
        "taking",
        "in",
        "from",
        "only",
        "just",
        "to",
        "less",
        "requires",
        "requiring",
        "per",
        "than",
        "runtime",
        "about",
        "by",
        "of",
        "at",
    } | LOWER
    return bool((set(before) | set(row.words(max(0, at - 6), at))) & cues)


def read_results(row: Row) -> list[Result]:
    """The results of one sentence; adds metrics the tagger missed to the reading."""
    metrics = metric_phrases(row)
    numbers = [at for at in row.numbered if is_result(row, at, metrics)]
    if not numbers:
        return []
    for at in row.numbered:  # `0.91, 0.85 and 0.88`: what is listed with a result is one
        number = row.items[at].number
        plain = number is not None and at not in numbers and at not in row.used and not number.unit and "." in number.value
        if plain and any(bare_gap(row, min(at, n), max(at, n)) for n in numbers if 0 < abs(at - n) <= 4):
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
    fill_metrics(row, slots, low, high, metrics)
    _fill_directions(row, slots, low)
    _fill_baselines(row, slots, low, high)
    _fill_data(row, slots, low, high, DATA, "benchmark")
    _fill_data(row, slots, low, high, frozenset({"task"}), "task")
    _fill_subjects(row, slots, low, high)
    _fill_models(row, slots, low, high)
    out = []
    for slot in slots:
        number = row.number(slot.at)
        state = polarity.of_value(row, slot.at)
        if state == "drop":
            continue
        row.used.add(slot.at)
        rule = "unit" if number.unit else "metric"
        confidence = CONFIDENCE[f"result.{rule}{'.metric' if slot.metric is not None and rule == 'unit' else ''}"]
        start, end = row.reading.field_span(row.items[slot.at].start, row.items[slot.at].end)
        text = row.reading.text[row.items[slot.at].start : row.items[slot.at].end]
        out.append(
            Result(
                value=number.value,
                value_text=text,
                start=start,
                end=end,
                sentence=row.index,
                confidence=confidence,
                polarity=state,
                unit=number.unit,
                metric=slot.metric,
                of=slot.of,
                baseline=slot.baseline,
                benchmark=slot.benchmark,
                task=slot.task,
                model=slot.model,
                direction=slot.direction,
            )
        )
    return out


def _fill_directions(row: Row, slots: list[Slots], low: int) -> None:
    for index, slot in enumerate(slots):
        number = row.number(slot.at)
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
        cue = cue or (
            word in {"compared", "relative", "comparison", "comparing", "respect", "baseline", "improves", "improve", "improvement"}
            and row.word(at + 1) in {"to", "with", "over", "upon", "on", ","}
        )
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
        if item.kind == WORD and item.text in {"that", "show", "shows", "demonstrate", "demonstrates"}:
            return False
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
        if slot.of is None:  # `we propose X, a system that ... within N`
            named = [row.thing(p) for p in row.things(0, slot.at) if reading.things[row.thing(p)].introduced]
            slot.of = named[-1] if named else None
            slot.benchmark = None if slot.of == slot.benchmark else slot.benchmark
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
