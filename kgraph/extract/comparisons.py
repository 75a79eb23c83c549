"""Extraction of facts, comparisons: who outperforms whom, and who is compared without a winner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kgraph.extract.lists import GENERIC, Chunk, chunks_after, members_after, new_thing
from kgraph.extract.phrases import (
    ACTORS,
    BEAT,
    COPULA,
    DATA,
    DOWN,
    LOWER,
    METRIC_HEADS,
    MODAL,
    NUMBER,
    PREPOSITIONS,
    RAISE,
    STOP,
    THING,
    UP,
    VERBS,
    WORD,
    Row,
)  # fmt: skip
from kgraph.extract.pronouns import main_thing
from kgraph.extract.rivals import CLASS_NOUNS, rivals_after, rivals_of
from kgraph.extract.statements import RIVALS, Found, is_class, objects_after, sure_subject
from kgraph.extract.subjects import has_verb_after, in_prepositional

_BETTER = frozenset(
    "superiority better higher faster superior stronger greater cheaper lower fewer less smaller more improved improvement improvements improve improves "
    "improving gain gains speedup speedups speed-up reduces reducing reduce reduction reductions "
    "boosts boost saves saving savings increase increases increasing accelerates achieves enhances enhance advantages significant advantage outperforms exceeds wins win robust larger longer efficient".split()
)


_WORSE = frozenset(
    {
        "worse",
        "inferior",
        "slower",
        "underperforms",
        "underperform",
        "underperforming",
        "lags",
        "lag",
        "behind",
        "trails",
        "weaker",
        "degrades",
        "degrade",
        "degraded",
        "degrading",
        "suffers",
        "hurts",
        "slow",
        "prohibitively",
    }
)


_BEATEN = RIVALS | DATA | {"task"}  # behind a verb of winning, whatever type the vote gave it
_ALIKE = frozenset({"comparable", "competitive", "similar", "equivalent", "equal", "same"})
_AS_WELL = frozenset({"match", "matches", "matching", "rival", "rivals", "comparable", "equal", "equals", "par", "parity"})
_LEVEL = (
    ("on", "par", "with"),
    ("comparable", "to"),
    ("comparable", "with"),
    ("competitive", "with"),
    ("competitive", "to"),
    ("parity", "with"),
    ("rivals",),
    ("rivaling",),
    ("matches",),
    ("matching",),
)


_CUES = BEAT | _ALIKE | {cue[0] for cue in _LEVEL} | {
    "approaches", "approaching", "contrast", "ahead", "above", "beyond", "among", "amongst", "while", "whereas", "but", "of", "than", "to", "over", "upon", "against", "below", "behind", "compared", "comparing", "relative", "comparison", "compare", "compares", "comparisons", "versus", "vs",
}  # fmt: skip


def comparisons(row: Row) -> Iterator[Found]:
    """outperforms and comparedWith."""
    for at, item in enumerate(row.items):
        if item.text not in _CUES or item.kind != WORD:
            continue
        word = item.text
        if word in BEAT:
            yield from _beats(row, at)
        elif word == "than" or (word == "to" and row.word(at - 1) in {"superior", "superiority", "inferior", "preferable"}):
            yield from _than(row, at)
        elif word in {"over", "upon", "against"} and (_improves_before(row, at) or _over_again(row, at)):
            yield from _pairs(row, at, "outperforms", "outperforms.over")
        elif (
            (word == "ahead" and row.word(at + 1) == "of")
            or (word in {"above", "beyond"} and row.items[at - 1].kind == NUMBER)
            or (word in {"among", "amongst"} and _BEST & set(row.words(at - 6, at)))
        ):
            yield from _pairs(row, at + (word == "ahead"), "outperforms", "outperforms.over", at)
        elif word in {"while", "whereas", "but"} or (word == "contrast" and at == 1):
            yield from _fallen(row, at)
        elif word == "of" and _multiple(row, at):
            yield from _pairs(row, at, "outperforms", "outperforms.over")
        elif word in {"below", "behind"} and row.word(at - 1) in _STAYS:
            yield from _each(row, at, sure_subject(row, at), rivals_after(row, at, _BEATEN), "outperforms", "outperforms.than", swapped=True)
        elif word in _ALIKE and (link := _alike(row, at)) is not None:
            yield from _pairs(row, link, "comparedWith", "comparedWith.level", at)
        elif word in {"compared", "versus", "vs", "against"} and (rival := _valued(row, at)):
            yield from _each(row, at, _scorer(row, at), rival, "outperforms", "outperforms.compared")
        elif (word in {"compared", "comparing", "relative", "comparison"} and row.word(at + 1) in {"to", "with", ","}) or (
            word == "comparison" and row.word(at - 1) == "in"
        ):
            yield from _compared(row, at)
        elif word in {"compare", "compares", "comparing", "comparisons", "comparison"} or (
            word in {"versus", "vs"}
            and row.items[at - 1].kind == THING
            and row.items[min(at + 1 + (row.word(at + 1) == "."), len(row.items) - 1)].kind == THING
        ):
            yield from _compare(row, at)
        elif word in {"approaches", "approaching"}:
            if at and at + 1 < len(row.items) and row.items[at + 1].kind == THING and (row.items[at - 1].kind == THING or word == "approaching"):
                yield from _pairs(row, at, "comparedWith", "comparedWith.level")
        else:
            for cue in _LEVEL:
                if word == cue[0] and tuple(row.word(at + i) for i in range(len(cue))) == cue:
                    yield from _pairs(row, at + len(cue) - 1, "comparedWith", "comparedWith.level", at)
                    break


_BEST = frozenset({"best", "highest", "lowest", "fastest", "strongest", "superior"})
_FALLS = frozenset(
    "drops falls declines degrades collapses fails struggles plateaus stagnates lags dropped fell declined degraded collapsed failed struggled".split()
)


def _fallen(row: Row, at: int) -> Iterator[Found]:
    """`X reaches 97 %, while Y drops to 9 %`, `whereas Y only reaches 9 %`, `In contrast, Y only`: X outperforms Y."""
    position = next(iter(row.things(at + 1, at + (6 if row.word(at) == "contrast" else 4), RIVALS)), None)
    told = row.words(position + 1, position + 3) if position is not None else []
    if position is None or not (told[:1] and (told[0] in _FALLS or (told[0] in {"only", "merely", "just"} and told[1:] and told[1] in VERBS))):
        return
    if row.word(at) == "contrast":
        if not row.reading.things[row.thing(position)].introduced and not row.background:
            yield from _each(row, at, main_thing(row.reading, ACTORS), [row.thing(position)], "outperforms", "outperforms.compared")
        return
    if any(row.items[p].kind == NUMBER for p in range(position, min(position + 7, len(row.items)))) and next(iter(row.numbers()), at) < at:
        subject = sure_subject(row, at)
        yield from _each(row, at, subject, [row.thing(position)], "outperforms", "outperforms.compared")


def _multiple(row: Row, at: int) -> bool:
    """`3.5x the throughput of X`, `twice the speed of X`: does the `of` at `at` stand behind a multiple of something measured?"""
    number = next((p for p in range(at - 1, max(at - 6, -1), -1) if row.items[p].kind == NUMBER), None)
    if number is None or row.number(number).unit != "x" or at + 1 >= len(row.items):
        return False
    between = row.all_words(number + 1, at)
    return (
        bool(between)
        and between[-1] in METRIC_HEADS
        and all(w not in PREPOSITIONS | VERBS | {","} for w in between)
        and between[-1] not in {"size", "length", "parameters", "cost"}
    )


_STAYS = frozenset({"fall", "falls", "fell", "falling", "remain", "remains", "remained", "stay", "stays", "lag", "lags", "lagging", "still"})


def _alike(row: Row, at: int) -> int | None:
    """The link of `comparable or superior accuracy to`, `the same quality as`: its position, when what is alike stands between."""
    links = {"as"} if row.word(at) == "same" else {"to", "with", "than", "as", "against"}
    if row.word(at + 1) in {"way", "manner", "time", "fashion"}:
        return None
    for step in range(at + 2, min(at + 7, len(row.items))):
        word = row.word(step)
        if word in links:
            return step
        if word in {",", ";", ".", "on", "in", "for", "across", "and", "while"}:
            return None
    return None


def _beats(row: Row, at: int) -> Iterator[Found]:
    word = row.word(at)
    lost = word in _WORSE
    if row.word(at + 1) == "by" and word.endswith("ed") and row.word(at - 1) in COPULA:
        lost = True
    objects = rivals_after(row, at + (row.word(at + 1) == "by"), _BEATEN)
    subject = _doer(row, at)
    if row.word(at - 1) == "or" and _AS_WELL & set(row.words(at - 5, at)):
        yield from _each(row, at, subject, objects, "comparedWith", "comparedWith.level")
        return
    for one in [subject, *_together(row, at)]:
        yield from _each(row, at, one, objects, "outperforms", "outperforms.verb", lost)


_PLURAL = frozenset({"outperform", "surpass", "exceed", "beat", "outpace"})


def _together(row: Row, at: int) -> list[int]:
    """A and B of `A, B, and C outperform`, where the verb at `at` is a plural."""
    last = at - 1
    while last > 0 and row.word(last).endswith("ly"):
        last -= 1
    if row.word(at) not in _PLURAL or row.items[last].kind != THING or not {"and", ",", "&"} & {row.word(last - 1)}:
        return []
    first = last
    while first >= 2 and row.items[first].kind == THING:
        left = first - 1 - (row.word(first - 1) == "and" and row.word(first - 2) == ",")
        if row.word(left) not in {",", "and", "&"} or row.items[left - 1].kind != THING or row.kind(left - 1) not in RIVALS:
            break
        first = left - 1
    return [row.thing(p) for p in row.things(first, last, RIVALS)] if {"and", "&"} & set(row.words(first, last)) else []


_AUXILIARY = MODAL | COPULA | frozenset({"able", "to", "also", "even", "further", "still", "often", "then", "all", "both", "not", "only", "do", "does", "did"})
_OWN_NOUNS = frozenset(
    "method methods approach approaches model models framework frameworks system systems algorithm algorithms technique techniques strategy strategies pipeline architecture network design solution "
    "agent policy scheme results experiments evaluations which that it they we and or but".split()
)


def _doer(row: Row, at: int) -> int | None:
    """Who does what the finite verb at `at` says: a thing, the paper's own, or a phrase before the verb that nothing took for a name."""
    first = at - 1
    enabled = _enabled(row, at)
    if enabled is None:
        enabled = _example(row, at)
    if enabled is None:
        enabled = _derived(row, at)
    if enabled is not None:
        return row.thing(enabled)
    while first >= 0 and (row.word(first) in _AUXILIARY or row.word(first).endswith("ly")):
        first -= 1
    head = row.word(first)
    if first >= 0 and row.kind(first) == "task" and not in_prepositional(row, first):
        return row.thing(first)  # `code execution outperforms`, whatever type the vote gave it
    wished = row.word(at - 1) == "to" and row.word(at - 2) != "able"  # `we plan to beat X`
    owner = next(
        (p - 1 for p in range(max(1, first - 4), first) if row.word(p) in {"'", "’"} and row.word(p + 1) == "s" and row.items[p - 1].kind == THING), None
    )
    if owner is not None and row.reading.things[row.thing(owner)].introduced and not PREPOSITIONS & set(row.words(owner, first)):
        return row.thing(owner)  # `Foo's adaptive approach outperforms`
    maker = _maker(row, first)
    if maker is not None:
        return row.thing(maker)
    plain = not wished and head.isalpha() and len(head) > 3 and head not in _OWN_NOUNS | STOP | GENERIC and not row.word(at).endswith("ing")
    if not plain:
        return sure_subject(row, at)
    begin = first
    while (
        begin > 0
        and first - begin < 3
        and row.items[begin - 1].kind == WORD
        and row.word(begin - 1).replace("-", "").isalpha()
        and row.word(begin - 1) not in STOP | {"where", "how", "why", "if", "because"}
    ):
        begin -= 1
    if begin > 0 and row.items[begin - 1].kind == THING:
        return sure_subject(row, at)
    return None if row.background else new_thing(row, Chunk(begin, first))


def _maker(row: Row, last: int) -> int | None:
    """Foo of `Foo-tuned agents`, which ends at `last`: the position of what the paper introduces."""
    for dash in range(last - 1, max(last - 4, 0), -1):
        if row.word(dash) == "-" and row.word(dash + 1).endswith("ed") and row.items[dash - 1].kind == THING:
            return dash - 1 if row.reading.things[row.thing(dash - 1)].introduced else None
    return None


def _example(row: Row, at: int) -> int | None:
    """X of `smaller models (e.g., X) can surpass`: its position."""
    last = at - 1
    while last > 0 and (row.word(last) in _AUXILIARY or row.word(last).endswith("ly")):
        last -= 1
    first = next((p for p in range(last - 1, max(last - 9, -1), -1) if row.word(p) == "("), None) if row.word(last) == ")" else None
    named = row.things(first, last, RIVALS) if first is not None and {"e", "e.g", "like", "such"} & set(row.words(first, last)) else []
    return named[0] if len(named) == 1 else None


_MAKES = frozenset("derive obtain build train develop present propose introduce construct release".split())


def _derived(row: Row, at: int) -> int | None:
    """X of `we derive X, outperforming`: its position."""
    if not row.word(at).endswith("ing") or row.word(at - 1) != "," or row.items[at - 2].kind != THING or not row.reading.things[row.thing(at - 2)].introduced:
        return None
    return at - 2 if row.kind(at - 2) in RIVALS and "we" in row.words(at - 9, at) and _MAKES & set(row.words(at - 9, at)) else None


_ENABLES = frozenset(
    "enables enable enabled enabling allows allow allowed allowing helps help helped helping lets let letting leads lead led pushes makes causes equips empowers".split()
)


def _enabled(row: Row, at: int) -> int | None:
    """Y of `X enables the 14B Y to outperform Z`: its position."""
    step = at - 1
    while step > 0 and (row.word(step) in {"to", "even"} or row.word(step).endswith("ly")):
        step -= 1
    bare = step > 0 and row.word(step) in {"or", "match"} and "match" in row.words(step - 1, at)
    step -= 2 * bare  # `let X match or surpass`
    if "to" not in row.words(step + 1, at) and not bare:
        return None
    step -= row.word(step) in CLASS_NOUNS
    if step <= 0 or row.items[step].kind != THING or row.kind(step) not in RIVALS:
        return None
    return step if _ENABLES & set(row.words(step - 5, step)) and not PREPOSITIONS & set(row.words(step - 3, step)) else None


def _each(row: Row, at: int, subject: int | None, objects: list[int], predicate: str, rule: str, swapped: bool = False) -> Iterator[Found]:
    for other in objects:
        if subject is None or other == subject:
            continue
        yield Found(other, predicate, subject, at, rule) if swapped else Found(subject, predicate, other, at, rule)


_COST = re.compile(
    r"collision|reduc|lower|error|latenc|(?<!-)\btimes?\b|cost|memory|perplexity|loss|overhead|energy|power|delay|regret|leak|hallucinat|violat|false|\bwer\b|\bfid\b|\bmae\b|rmse|harm"
)
"""Names of what is better when it is less."""


def _valued(row: Row, at: int) -> list[int]:
    """The rivals told with a smaller value: `60.1% (vs. 45.2% for X)`, `compared to 37.5% by X and 30% by Y`."""
    step = at + 1
    while row.word(step) in {"to", "with", ".", "only", "just", "the", "a", "an", "of", "baseline", "mere", *METRIC_HEADS}:
        step += 1
    own = next((p for p in range(at - 1, max(at - 12, -1), -1) if row.items[p].kind == NUMBER), None)
    out: list[int] = []
    if own is None or {"comparable", "similar", "competitive", "no"} & set(row.words(max(0, own - 8), at)):
        return out
    for _ in range(4):
        if step >= len(row.items) or row.items[step].kind != NUMBER or row.number(step).unit != row.number(own).unit:
            break
        link = next((p for p in range(step + 1, min(step + 5, len(row.items))) if row.word(p) in {"for", "by", "of", "with", "from", "using"}), None)
        if link is None or any(w not in METRIC_HEADS | {"%", "achieved", "obtained", "reached", "reported", "-", "the"} for w in row.words(step + 1, link)):
            break
        chunk = next(iter(chunks_after(row, link)), None)
        told = " ".join(row.all_words(max(0, own - 8), at))
        less = _COST.search(told) is not None
        mine, other = float(row.number(own).value), float(row.number(step).value)
        if chunk is None:
            break
        if mine != other and (mine < other) == less:
            out += [t for t in rivals_of(row, [chunk], RIVALS | DATA) if not (chunk.described and is_class(row.reading.things[t].name))]
        step = chunk.last + 1
        while row.word(step) in {",", "and"}:
            step += 1
    return list(dict.fromkeys(out))


def _scorer(row: Row, at: int) -> int | None:
    """Who reaches the value before the cue at `at`, the brackets open there left out."""
    opened = next((p for p in range(at - 1, max(at - 6, -1), -1) if row.word(p) == "("), at)
    return sure_subject(row, opened)


def _owner(row: Row, at: int) -> int | None:
    """X of `the superior performance and robustness of X compared to`, `the superiority of X over`: its position."""
    if at < 2 or row.items[at - 1].kind != THING or row.kind(at - 1) not in RIVALS:
        return None
    of = at - 2 - (row.word(at - 2) in {"the", "our"})
    if row.word(of) != "of" or not _SUPERIOR & set(row.all_words(of - 9, of)):
        return None
    return at - 1


_SUPERIOR = frozenset("superior superiority advantage advantages effectiveness improved improvement improvements gains better higher outperformance".split())


def _than(row: Row, at: int) -> Iterator[Found]:
    window = row.words(max(0, at - 10), at)
    if any(_ALIKE & {w} for w in window[-6:]):
        return  # `comparable or better results than`
    if any(one in {"better", "effective", "worse"} and two == "at" for one, two in pairwise(window)):
        return  # `better at verifying true claims than false ones`
    if row.items[at - 1].kind == THING and row.items[at - 1].text.endswith(("ratio", "ratios", "size", "sizes", "number")):
        return
    swapped = bool(set(window[-4:]) & _WORSE)
    multiple = row.items[at - 1].kind == NUMBER and row.number(at - 1).unit == "x"  # `performs 4.8x than X`
    if (not swapped and not multiple and not set(window) & _BETTER) or set(window[-4:]) & {"ratio", "number", "size", "larger", "longer"}:
        return
    if (
        window[-1:] in (["more"], ["rather"], ["other"], ["less"], ["fewer"], ["larger"], ["longer"])
        and at + 1 < len(row.items)
        and row.items[at + 1].kind != THING
    ):
        return
    if window[-1:] == ["rather"] or window[-1:] == ["other"]:
        return
    subject = sure_subject(row, at)
    yield from _each(row, at, subject, rivals_after(row, at), "outperforms", "outperforms.than", swapped)


_RAISES = frozenset("improves improve improving improved boosts boosting enhances enhancing increases increasing reduces reducing speeds accelerates".split())


def _improves_before(row: Row, at: int) -> bool:
    if row.word(at - 1) in RAISE:
        return True
    if row.items[min(at + 1, len(row.items) - 1)].kind == NUMBER:
        return False
    window = row.items[max(0, at - 5) : at]
    words = {w for i in window for w in i.text.split()}
    if any(i.number is not None and i.number.unit == "x" and 0 < float(i.number.value) < 1 for i in window):
        return False  # `only a 0.94x speedup over`
    if row.word(at) == "against":
        return bool(words & {"superior", "superiority", "wins", "advantage", "improvement", "speedup", "speedups", "gain", "gains"})
    raised = next((p for p in range(at - 1, max(at - 6, -1), -1) if row.word(p) in _RAISES), None)
    if raised is not None and not set(row.words(raised, at)) & PREPOSITIONS:
        return True
    return bool(words & (UP | DOWN | {"advantage", "advantages", "superiority", "x", "improvement", "improvements", "speedup", "gains"})) or any(
        i.number is not None and i.number.unit in {"x", "%", "points"} for i in row.items[max(0, at - 2) : at]
    )


def _over_again(row: Row, at: int) -> bool:
    """The second `over` of `improving over X by 15% and over Y by 20%`."""
    before = next((p for p in range(at - 2, max(at - 12, 0), -1) if row.word(p) == row.word(at)), None)
    return row.word(at - 1) == "and" and before is not None and _improves_before(row, before)


def _pairs(row: Row, at: int, predicate: str, rule: str, cue: int | None = None) -> Iterator[Found]:
    owner = _owner(row, at)
    subject = row.thing(owner) if owner is not None else sure_subject(row, cue if cue is not None else at)
    yield from _each(row, at if cue is None else cue, subject, rivals_after(row, at), predicate, rule)


def _compared(row: Row, at: int) -> Iterator[Found]:
    link = at + 1 if row.word(at + 1) in {"to", "with"} else at + 2 if row.word(at + 2) in {"to", "with"} else at
    comma = next((p for p in range(at, len(row.items)) if row.word(p) == "," and p > link + 1 and _clause_goes_on(row, p)), None)
    start = (at <= 3 or row.word(at - 1) in {"that", ",", "when"}) and comma is not None
    if "before" in row.words(at, at + 6):
        return
    objects = rivals_of(
        row, [c for c in chunks_after(row, link) if (not start or c.last < (comma or 0)) and row.word(c.last) not in _DATA_NOUNS], RIVALS | DATA
    )
    if not objects:
        return
    words = set(row.words(comma or 0, len(row.items)) if start else row.words(0, at)) | {
        w for i in row.items if i.kind == THING and row.reading.things[i.thing].kind == "metric" for w in i.text.split()
    }
    if not start and _is_loss(row, at):
        return
    subject = None
    if start:
        later = [p for p in row.things(comma or 0, None, RIVALS) if row.thing(p) not in objects and has_verb_after(row, p)]
        subject = row.thing(later[0]) if later else main_thing(row.reading, ACTORS)
    else:
        owner = _owner(row, at)
        subject = row.thing(owner) if owner is not None else sure_subject(row, at)
        words |= _told_after(row, link)
    better = words & _BETTER or words & (RAISE | LOWER)
    predicate, rule = (
        ("outperforms", "outperforms.compared") if better and not words & (_WORSE | {"comparable", "before"}) else ("comparedWith", "comparedWith.compared")
    )
    if predicate == "comparedWith" and (subject is None or not row.reading.things[subject].introduced):
        return
    yield from _each(row, at, subject, objects, predicate, rule)


_DATA_NOUNS = frozenset({"dataset", "data", "corpus", "set", "threshold"})
"""What is compared with under such a noun is no rival."""
_CHANGE = frozenset("increase rise overhead drop loss degradation decrease decline gap reduction".split())
_LITTLE = frozenset("only marginal negligible minimal slight minor modest small little".split())


def _is_loss(row: Row, at: int) -> bool:
    """`with only a marginal 4% increase in perplexity compared to`: is what is compared a price that is paid?"""
    told = row.all_words(max(0, at - 9), at)
    change = next((i for i in range(len(told) - 1, -1, -1) if told[i] in _CHANGE), None)
    return change is not None and bool(_LITTLE & set(told[max(0, change - 4) : change]))


def _told_after(row: Row, at: int) -> set[str]:
    """The words of a clause that gives the outcome: `compared with X, showing better accuracy`."""
    comma = next((p for p in range(at + 1, len(row.items) - 1) if row.word(p) == "," and row.word(p + 1) in _SHOWING), None)
    return set(row.words(comma, comma + 7)) if comma is not None else set()


_SHOWING = frozenset({"showing", "demonstrating", "achieving", "yielding", "exhibiting", "delivering", "with", "obtaining", "revealing"})


def _clause_goes_on(row: Row, comma: int) -> bool:
    """Does a clause with a subject of its own begin behind the comma?"""
    return any(row.items[p].kind == THING and has_verb_after(row, p) for p in range(comma + 1, min(comma + 5, len(row.items))))


def _compare(row: Row, at: int) -> Iterator[Found]:
    """`we compare X with Y`, `a comparison between X and Y`."""
    first = objects_after(row, at, RIVALS, 6, frozenset({";", "which", "when"}))
    if not first:
        return
    if row.word(at) in {"versus", "vs"} and row.kind(at - 1) in RIVALS:  # `the reliability of X versus Y`
        yield from _each(row, at, row.thing(at - 1), [row.thing(p) for p in first], "comparedWith", "comparedWith.compare")
        return
    links = [p for p in range(first[0] + 1, min(first[-1] + 4, len(row.items))) if row.word(p) in {"with", "to", "against", "versus", "and"}]
    link = next((p for p in links if row.word(p) != "and"), links[0] if links else None)
    if link is not None and row.word(at) != "comparison" and row.word(link) in {"with", "to", "against"} and row.word(at - 1) in {"we", "and", "to"}:
        ones = [p for p in first if p < link]
        for one in ones[1:]:
            yield from _each(row, at, row.thing(one), members_after(row, link, RIVALS), "comparedWith", "comparedWith.compare")
    second = [t for t in (members_after(row, link, RIVALS) if link is not None else []) if t != row.thing(first[0])]
    if second:
        yield from _each(row, at, row.thing(first[0]), second, "comparedWith", "comparedWith.compare")
    elif row.word(at) in {"versus", "vs"} or row.word(at + 1) in {"with", "to", "against"}:
        yield from _each(row, at, sure_subject(row, at), [row.thing(p) for p in first], "comparedWith", "comparedWith.compare")
