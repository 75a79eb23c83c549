"""Extraction of facts, shared ground: a sentence as a short row of words, numbers and named things, and the words that carry relations.

There is no parser: order, distance, coordination and the small closed classes of words below decide. A `Row` is what all fact readers
look at; its things include pronouns that stand for one (`pronouns`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec

from kgraph.extract.numbers import Number
from kgraph.extract.reading import MADE, Mention, Reading, Thing
from kgraph.model import Kind
from kgraph.names import fold

WORD = "word"
NUMBER = "number"
THING = "thing"
_TOKENS = re.compile(r"[A-Za-zÀ-ÿ]\w*(?:-[A-Za-zÀ-ÿ]\w*)*(?:['’][a-z]+)?|\d[\w.,]*\w|\d|[^\w\s]")
AND = frozenset({"and", "or", "&", "as well as", "/"})

ACTORS: frozenset[str] = frozenset({"model", "method", "software"})
DATA: frozenset[str] = frozenset({"dataset", "benchmark"})


def words_of(text: str) -> frozenset[str]:
    """The words of a list written with spaces."""
    return frozenset(text.split())


def forms(bases: str) -> frozenset[str]:
    """The regular forms of English verbs (`achieve` gives achieves, achieved, achieving); `base:past` names an irregular past."""
    out: set[str] = set()
    for entry in bases.split():
        base, *past = entry.split(":")
        stem = base[:-1] if base.endswith("e") else base
        if re.search(r"[^aeiou]y$", base):
            out |= {base, base[:-1] + "ies", base[:-1] + "ied", base + "ing"}
        elif re.fullmatch(r"(?:cut|get|beat|set|drop|equip|ship|map|plug|run|transfer|refer|top|swap|slash|trim|step)", base):
            double = base if base in {"beat", "slash"} else base + base[-1]
            out |= {base, base + ("es" if base.endswith("sh") else "s"), double + "ed", double + "ing"}
        else:
            out |= {base, base + ("es" if re.search(r"(?:s|sh|ch|x|z)$", base) else "s"), stem + "ed", stem + "ing"}
        out.update(past)
    return frozenset(out)


REACH = forms(
    "achieve reach attain obtain yield deliver score get:got report show:shown record produce maintain retain preserve sustain keep:kept "
    "exhibit demonstrate give:gave offer "
    "provide set hit:hit secure realize realise run:ran operate perform enable rank register converge cover support need require use "
    "take:took consume solve:solved "
    "complete resolve detect identify predict classify recover process contain comprise include allow capture generate measure train infer "
    "observe find:found note "
    "see:saw bring:brought lead:led result incur cost:cost"
)
RAISE = forms(
    "improve increase boost raise enhance gain accelerate speed:sped lift grow:grew rise:rose scale elevate advance amplify expand strengthen "
    "climb double triple"
)
LOWER = forms(
    "reduce decrease lower cut:cut save drop shrink:shrunk decline degrade minimize minimise compress fall:fell diminish slash mitigate "
    "alleviate trim lessen curb suppress prune lose:lost halve shorten limit"
)
BEAT = forms("outperform surpass exceed beat:beaten outpace outrank outstrip eclipse overtake:overtook outdo:outdid outscore trail underperform")
VERBS = REACH | RAISE | LOWER | BEAT
COPULA = frozenset({"is", "are", "was", "were", "be", "been", "being", "becomes", "remains", "stands", "has", "have", "had", "having"})
MODAL = frozenset({"can", "could", "may", "might", "would", "should", "will", "must", "shall", "cannot"})
THAN = frozenset(
    {"than", "over", "versus", "vs", "against", "beyond", "above", "below", "relative", "compared", "comparing", "comparison", "from", "outperforming"}
)
UP = words_of(
    "higher greater faster more larger better improvement improvements increase increases gain gains boost boosts speedup speedups speed-up "
    "speed-ups acceleration rise growth uplift quicker longer"
)
DOWN = words_of(
    "lower fewer less smaller reduction reductions decrease decreases drop drops decline declines savings saving loss cut shorter cheaper "
    "degradation worse slower shrinkage"
)
PREPOSITIONS = words_of(
    "on in for at across over under with within of to from by through via using during between among against than when while as per without into "
    "onto upon after before"
)
DETERMINERS = words_of(
    "a an the this that these those its their our his her each every any some all both such another other several many more most no one two three"
)
SUBORDINATE = words_of("while whereas but although though which who whose because since thus thereby hence")
STOP = (
    PREPOSITIONS
    | DETERMINERS
    | COPULA
    | MODAL
    | SUBORDINATE
    | VERBS
    | UP
    | DOWN
    | words_of("and or not also only just even up about average absolute relative nearly almost significant substantial overall we it they")
)

# Heads of phrases that name something measured.
METRIC_HEADS = frozenset(
    "accuracy accuracies throughput latency latencies speedup speedups speed overhead overheads cost costs time times runtime memory "
    "footprint usage utilization utilisation energy power consumption error errors "
    "rate rates score scores recall precision perplexity loss quality performance efficiency success length size bandwidth traffic sparsity "
    "redundancy budget correlation agreement "
    "f1 auc auroc map miou iou psnr ssim fid bleu rouge wer cer ndcg mrr mae rmse mse ap hit pass flops macs fps bits complexity consistency "
    "coverage robustness fairness calls tokens "
    "accuracy_drop deviation variance coherence similarity distance ratio ratios probability likelihood elo winrate wins reward rewards "
    "regret gap diversity toxicity leakage delay communication computation compute "
    "reactivity completion retention sensitivity specificity kappa dice jaccard density parameters perplexities stability faithfulness factuality fidelity relevance helpfulness safety".split()
)


class Item(msgspec.Struct, gc=False):
    """One member of a row: `text[start:end]`. `thing` indexes `reading.things`; `pronoun` things are referred to, not named."""

    kind: str
    start: int
    end: int
    text: str
    thing: int = -1
    number: Number | None = None
    pronoun: bool = False


@dataclass(slots=True)
class Row:
    """Sentence `index` of the reading as items in order."""

    reading: Reading
    index: int
    items: list[Item]
    background: bool = False  # tells of the field, not of this paper
    used: set[int] = field(default_factory=set)  # positions of numbers that a fact was made of
    last_baseline: int | None = None  # what the last result of the sentence was compared with
    plain: list[str] = field(init=False)  # the word at each position, nothing where another item stands
    named: list[int] = field(init=False)  # positions of things
    numbered: list[int] = field(init=False)  # positions of numbers

    def __post_init__(self) -> None:
        self.plain = [item.text if item.kind == WORD else "" for item in self.items]
        self.named = [at for at, item in enumerate(self.items) if item.kind == THING]
        self.numbered = [at for at, item in enumerate(self.items) if item.kind == NUMBER]

    def kind(self, at: int) -> str:
        """The type of the thing at position `at`, or nothing."""
        item = self.items[at]
        return self.reading.things[item.thing].kind if item.kind == THING else ""

    def word(self, at: int) -> str:
        """The word at position `at` in lower case, or nothing."""
        plain = self.plain
        return plain[at] if 0 <= at < len(plain) else ""

    def words(self, start: int, end: int) -> list[str]:
        """The words between two positions."""
        return [word for word in self.plain[max(start, 0) : end] if word]

    def number(self, at: int) -> Number:
        """The number at a position of a number."""
        number = self.items[at].number
        assert number is not None
        return number

    def all_words(self, start: int, end: int) -> list[str]:
        """The words between two positions, those of names included."""
        return [w for i in self.items[max(start, 0) : end] if i.kind != NUMBER for w in (i.text.split() if i.kind == THING else (i.text,))]

    def things(self, start: int = 0, end: int | None = None, kinds: frozenset[str] | None = None) -> list[int]:
        """Positions of things between `start` and `end`, of the given types."""
        items, things, named = self.items, self.reading.things, self.named
        between = named[bisect_left(named, start) : len(named) if end is None else bisect_left(named, end)]
        return between if kinds is None else [at for at in between if things[items[at].thing].kind in kinds]

    def thing(self, at: int) -> int:
        """The index of the thing at a position."""
        return self.items[at].thing

    def text(self, start: int, end: int) -> str:
        """What is printed between two positions, `end` included."""
        return self.reading.text[self.items[start].start : self.items[end].end]


def row_of(reading: Reading, index: int, numbers: Sequence[Number], referents: Sequence[Mention]) -> Row:
    """Sentence `index` as a row. Numbers inside a name belong to the name; one at the front of it stands for itself (`175B LLM`)."""
    text, (start, end) = reading.text, reading.sentences[index]
    numbers = [n for n in numbers if n.start >= start and n.end <= end]
    spans: list[Item] = []
    for m in reading.in_sentence(index):
        begin = m.start
        for n in numbers:
            if n.start == begin and n.end < m.end and text[n.end] in " -–/":
                spans.append(Item(NUMBER, n.start, n.end, text[n.start : n.end].lower(), number=n))
                begin = n.end + 1
        spans.append(Item(THING, begin, m.end, text[begin : m.end].lower(), thing=m.thing))
    taken = [(i.start, i.end) for i in spans]
    for m in referents:
        if m.sentence == index and not any(a < m.end and m.start < b for a, b in taken):
            spans.append(Item(THING, m.start, m.end, text[m.start : m.end].lower(), thing=m.thing, pronoun=True))
            taken.append((m.start, m.end))
    for n in numbers:
        stop = min([a - 1 for a, b in taken if n.digits_end <= a < n.end], default=n.end)  # the unit may be a name of its own: 30 FPS
        if not any(a < stop and n.start < b for a, b in taken):
            spans.append(Item(NUMBER, n.start, stop, text[n.start : stop].lower(), number=n))
    spans.sort(key=lambda i: i.start)
    items: list[Item] = []
    position = start
    for span in [*spans, None]:
        stop = span.start if span else end
        items += [Item(WORD, t.start(), t.end(), t[0].lower()) for t in _TOKENS.finditer(text, position, max(stop, position))]
        if span:
            items.append(span)
            position = span.end
    return Row(reading, index, items)


def names_of(thing: Thing) -> set[str]:
    """All names of a thing in the spelling that ignores case, hyphens and plural."""
    return {fold(name) for name in [thing.name, *thing.names]}


def thing_at(reading: Reading, start: int, end: int, kind: Kind) -> int:
    """The thing that `text[start:end]` names: the mention there, else a thing of that name, else a new thing with a new mention."""
    for m in reading.mentions:
        if m.start < end and start < m.end:
            return m.thing
    name = re.sub(r"\s+", " ", reading.text[start:end])
    folded = fold(name)
    index = next((i for i, t in enumerate(reading.things) if folded in names_of(t)), -1)
    if index < 0:
        reading.things.append(Thing(name=name, kind=kind, names=[name], votes={kind: 1.0}, score=MADE))
        index = len(reading.things) - 1
    sentence = next((i for i, (a, b) in enumerate(reading.sentences) if a <= start and end <= b), -1)
    if sentence >= 0:
        reading.mentions.append(Mention(index, start, end, sentence, MADE))
        reading.mentions.sort(key=lambda m: m.start)
    return index


def is_list_gap(row: Row, one: int, two: int) -> bool:
    """Do only commas, conjunctions and articles stand between two positions?"""
    gap = row.items[one + 1 : two]
    return (
        len(gap) <= 4
        and all(
            i.kind == WORD and (i.text in AND or i.text in {",", "the", "a", "an", "both", "even", ")", "(", "well", "as", "by", "other", "then", "on", "in"})
            for i in gap
        )
        and bool(gap)
    )


def coordinated(row: Row, first: int, kinds: frozenset[str] | None = None, modifiers: int = 2) -> list[int]:
    """Positions of the things of the list that begins with the thing at `first`: `A, B, and C`, a few plain words before each allowed."""
    out = [first]
    at = first + 1
    while at < len(row.items):
        gap = 0
        conjunction = False
        while at < len(row.items) and row.items[at].kind == WORD and gap <= modifiers + 3:
            word = row.items[at].text
            if word in {",", "and", "or", "&", "/"}:
                conjunction = True
            elif word in {"(", ")", "the", "a", "an", "both", "even"} or (conjunction and word not in STOP and word.replace("-", "").isalpha()):
                gap += 1
            elif word in {"as", "well"}:
                gap += 1
                conjunction = conjunction or word == "well"
            else:
                return out
            at += 1
        if not conjunction and row.word(at - 1) == "(" and row.word(at + 1) == ")" and at < len(row.items) and row.items[at].thing == row.items[out[-1]].thing:
            at += 2  # its abbreviation: `A (AB), and B`
            continue
        if not conjunction or at >= len(row.items) or row.items[at].kind != THING:
            return out
        if {"a", "an"} & set(row.words(out[-1] + 1, at)) and not {"and", "or"} & set(row.words(out[-1] + 1, at)):
            return out  # an apposition: `X, a new framework`
        if kinds is not None and row.kind(at) not in kinds:
            return out
        if at + 1 < len(row.items) and row.word(at + 1) in VERBS and row.items[at].pronoun:
            return out
        out.append(at)
        at += 1
    return out


def breaks(row: Row) -> list[int]:
    """Positions where a new clause begins: after semicolons, before subordinating words, at conjunctions followed by a verb."""
    out = [0]
    for at, item in enumerate(row.items):
        if item.kind != WORD:
            continue
        before = row.word(at - 1)
        if (
            item.text in {";", "—"}
            or (item.text == ":" and at > 0)
            or (item.text in SUBORDINATE and (before in {",", ";"} or item.text in {"while", "whereas", "which", "but", "although"}))
            or (item.text in {"and", "but"} and _new_predicate(row, at + 1))
            or (item.text == "," and _participle(row, at + 1))
        ):
            out.append(at)
    return sorted(set(out))


_PREDICATES = VERBS | MODAL | {"is", "are"}


def _new_predicate(row: Row, at: int) -> bool:
    """`and achieves`, `and further reduces`, `and it reaches`: a conjunction that joins clauses, not members of a list."""
    while (
        row.word(at) in {"further", "also", "even", "consistently", "significantly", "substantially", "then", "simultaneously", "achieve", "by"}
        and row.word(at) not in VERBS
    ):
        at += 1
    word = row.word(at)
    if word in VERBS and not (word.endswith("ed") and row.word(at + 1) in {"accuracy", "models"}):
        return True
    return (
        at < len(row.items)
        and row.items[at].kind == THING
        and row.word(at + 1) in _PREDICATES
        and row.word(at + 1) not in {"cost", "score", "gain", "speed", "results", "drop"}
    )


def _participle(row: Row, at: int) -> bool:
    while row.word(at) in {"thereby", "thus", "hence", "further", "significantly", "while", "and", "consistently"}:
        at += 1
    return row.word(at) in VERBS and row.word(at).endswith("ing")


_BEFORE_PLAIN = (STOP | {""}) - LOWER - {"in"}
"""Behind these a word such as `size` or `time` stands alone and is no metric."""


def metric_phrases(row: Row) -> list[tuple[int, int]]:
    """Stretches of plain words that read like a metric (`communication overheads`), as first and last position."""
    out: list[tuple[int, int]] = []
    for at, item in enumerate(row.items):
        if (
            item.kind != WORD
            or item.text not in METRIC_HEADS
            or (item.text in {"map", "hit", "pass", "parameters", "tokens", "time", "times", "size"} and row.word(at - 1) in _BEFORE_PLAIN)
        ):
            continue
        first = at
        last = at + 1 if row.word(at + 1) in {"improvement", "improvements", "gain", "gains"} and item.text in {"performance", "accuracy", "score"} else at
        while first > 0 and at - first < 3 and row.items[first - 1].kind == WORD and modifies(row.items[first - 1].text):
            first -= 1
        if first == at and first > 0 and row.items[first - 1].kind == THING and row.kind(first - 1) == "metric":
            continue  # `MOS scores` is MOS
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], last)
        else:
            out.append((first, last))
    return out


def modifies(word: str) -> bool:
    """Can a plain word stand before the head of a phrase as a part of its name?"""
    return (
        word.replace("-", "").isalpha()
        and len(word) > 2
        and word not in STOP
        and not word.endswith(("ly", "est"))
        and word not in {"additional", "same", "further", "extra", "achieving", "reaching", "new", "best", "state", "art", "its"}
    )


def spread(values: Sequence[int], slots: Sequence[Sequence[int]]) -> list[list[int]]:
    """Give each of `values` its members of `slots`: one list per gap; `slots[0]` stands before the first value, `slots[i]` after value i.

    The ways of saying it: each value followed by its own; each preceded by its own; one list of as many members at the end or at the
    front (`1.9x and 2.8x compared to A and B respectively`); one for all.
    """
    count = len(values)
    before, after = slots[0], slots[1:]
    middle = [s for s in after[:-1] if s]
    last = after[-1]
    if count == 1:
        return [list(last) or list(before)]
    if middle:
        if last or not before:
            out = [list(s[:1]) for s in after]
            for i in range(count):
                if not out[i] and i + 1 < count and not last and i > 0:
                    out[i] = out[i - 1]
            return out
        return [list(s[-1:]) for s in slots[:-1]]
    if len(last) == count:
        return [[m] for m in last]
    if len(before) == count and not last:
        return [[m] for m in before]
    shared = list(last) or list(before[-1:])
    return [shared[:] for _ in values]


def runs(row: Row, positions: Sequence[int], splits: Sequence[int]) -> list[list[int]]:
    """Group positions of numbers that no clause border parts."""
    out: list[list[int]] = []
    for at in positions:
        if out and not any(out[-1][-1] < s <= at for s in splits):
            out[-1].append(at)
        else:
            out.append([at])
    return out


def neighbours(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Adjacent pairs."""
    return pairwise(positions)
