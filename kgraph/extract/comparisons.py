"""Extraction of facts, comparisons: who outperforms whom, and who is compared without a winner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kgraph.extract.lists import chunks_after, members_after, new_thing
from kgraph.extract.phrases import (
    ACTORS,
    BEAT,
    COPULA,
    DATA,
    DOWN,
    LOWER,
    METRIC_HEADS,
    NUMBER,
    PREPOSITIONS,
    RAISE,
    THING,
    UP,
    VERBS,
    WORD,
    Row,
)  # fmt: skip
from kgraph.extract.pronouns import main_thing, phrase_thing
from kgraph.extract.rivals import members_of, rivals_after, rivals_of
from kgraph.extract.statements import RIVALS, Found, is_class, objects_after
from kgraph.extract.subjects import has_verb_after
from kgraph.extract.winners import FINITE, doer, scorer, subject_of_clause, together, told_before, winner

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
    "approaches", "approaching", "contrast", "ahead", "above", "beyond", "among", "amongst", "short", "lag", "lags", "lagged", "lagging", "while", "whereas", "but", "of", "than", "to", "over", "upon", "against", "below", "behind", "compared", "comparing", "relative", "comparison", "compare", "compares", "comparisons", "versus", "vs",
}  # fmt: skip


def comparisons(row: Row) -> Iterator[Found]:
    """outperforms and comparedWith; a question compares nobody."""
    if row.word(len(row.items) - 1) == "?":
        return
    told: list[Found] = []
    for at, item in enumerate(row.items):
        if item.text not in _CUES or item.kind != WORD or _is_asked(row, at):
            continue
        known = len(row.reading.things)
        found = list(_comparisons_at(row, at))
        if not found and item.text in BEAT and row.word(at + 1) in {"them", "their"}:
            found = list(_beats_them(row, at, told))
        _forget_unused(row, known, found)
        told = found or told
        yield from found


def _forget_unused(row: Row, known: int, found: list[Found]) -> None:
    """Take back the phrases that became things for a comparison that then was none."""
    things, used = row.reading.things, {t for f in found for t in (f.subject, f.object)}
    while len(things) > known and len(things) - 1 not in used:
        things.pop()
        row.reading.mentions = [m for m in row.reading.mentions if m.thing < len(things)]


def _is_asked(row: Row, at: int) -> bool:
    """`we ask whether X beats Y`: is the cue at `at` part of a question?"""
    for left in range(at - 1, max(at - 16, -1), -1):
        if row.word(left) in {",", ";", "that"}:
            return False
        if row.word(left) == "whether":
            return True
    return False


def _beats_them(row: Row, at: int, told: list[Found]) -> Iterator[Found]:
    """`cheaper than X and Y while outperforming them`, `cuts the cost of X while exceeding their accuracy`: who was compared with before."""
    subject = doer(row, at)
    others = [f.object for f in told if f.predicate in {"outperforms", "comparedWith"}]
    if not others:
        others = [row.thing(p) for p in row.things(0, at, RIVALS)[-1:]]
    yield from _each(row, at, subject, others, "outperforms", "outperforms.verb", _is_lost(row, at))


def _comparisons_at(row: Row, at: int) -> Iterator[Found]:
    """The comparisons that the cue word at `at` makes."""
    word = row.word(at)
    if word in BEAT or (word in _LAG and row.word(at + 1) not in {"behind", "far", "well"}):
        yield from _beats(row, at)
    elif word == "short":
        if row.word(at + 1) == "of" and row.word(at - 1) in _STAYS:
            yield from _each(row, at, subject_of_clause(row, at), rivals_after(row, at + 1, _BEATEN), "outperforms", "outperforms.than", swapped=True)
    elif word == "than" or (word == "to" and row.word(at - 1) in {"superior", "superiority", "inferior", "preferable"}):
        yield from _than(row, at)
    elif word in {"over", "upon", "against"} and (_improves_before(row, at) or _over_again(row, at)):
        yield from _pairs(row, at, "outperforms", "outperforms.over")
    elif (word == "ahead" and row.word(at + 1) == "of") or (word in {"above", "beyond"} and (row.items[at - 1].kind == NUMBER or row.word(at - 1) in _WELL)):
        yield from _pairs(row, at + (word == "ahead"), "outperforms", "outperforms.over", at)
    elif word in {"among", "amongst"}:
        if _BEST & set(row.words(at - 6, at)):
            known = len(row.reading.things)
            named = [t for t in rivals_after(row, at) if t < known]  # `the best among small models` names none
            yield from _each(row, at, subject_of_clause(row, at) if named else None, named, "outperforms", "outperforms.over")
    elif word in {"while", "whereas", "but"} or (word == "contrast" and at == 1):
        yield from _fallen(row, at)
    elif word == "of" and _multiple(row, at):
        yield from _pairs(row, at, "outperforms", "outperforms.over")
    elif word in {"below", "behind"} and row.word(at - 1) in _STAYS:
        yield from _each(row, at, subject_of_clause(row, at), rivals_after(row, at, _BEATEN), "outperforms", "outperforms.than", swapped=True)
    elif word in _ALIKE and (link := _alike(row, at)) is not None:
        yield from _pairs(row, link, "comparedWith", "comparedWith.level", at)
    elif word in {"compared", "versus", "vs", "against"} and (rival := _valued(row, at)):
        yield from _each(row, at, scorer(row, at), rival, "outperforms", "outperforms.compared")
    elif (word in {"compared", "comparing", "relative", "comparison"} and row.word(at + 1) in {"to", "with", ","}) or (
        (word == "comparison" and row.word(at - 1) == "in")
        or (word == "versus" and row.items[at - 1].kind == NUMBER and bool(_CHANGES & set(row.words(0, at))))
    ):
        yield from _compared(row, at)
    elif word in {"compare", "compares", "comparing", "comparisons", "comparison"} or (
        word in {"versus", "vs"} and row.items[at - 1].kind == THING and row.items[min(at + 1 + (row.word(at + 1) == "."), len(row.items) - 1)].kind == THING
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
    """`X reaches 97 %, while Y drops to 9 %`, `whereas Y and Z only reach 9 %`, `whereas Y needs more`, `In contrast, Y only`: X outperforms Y."""
    start = at + (row.word(at + 1) == ",")
    chunks = list(chunks_after(row, start, 14))
    if not chunks or chunks[0].first > start + 4:
        return
    if row.word(chunks[-1].last) in _ONLY and chunks[-1].last > chunks[-1].first:
        chunks[-1].last -= 1
    verb = chunks[-1].last + 1
    told = row.words(verb, verb + 2)
    falls = told[:1] and (
        (told[0] in _FALLS and not _is_effect(row, verb)) or (told[0] in _ONLY and told[-1] in VERBS) or (told[0] in _NEEDS and told[-1] in _TOO_MUCH)
    )
    if not falls:
        return
    objects = rivals_of(row, chunks, RIVALS)
    if row.word(at) == "contrast":
        objects = [t for t in objects if not row.reading.things[t].introduced]
        if not row.background:
            yield from _each(row, at, main_thing(row.reading, ACTORS), objects, "outperforms", "outperforms.compared")
    elif objects and any(i.kind == NUMBER for i in row.items[verb : verb + 7]) and next(iter(row.numbered), at) < at:
        yield from _each(row, at, subject_of_clause(row, at), objects, "outperforms", "outperforms.compared")


def _is_effect(row: Row, verb: int) -> bool:
    """`while X degrades performance`: an effect that X has, not its own fall?"""
    return verb + 1 < len(row.items) and (row.kind(verb + 1) == "metric" or row.word(verb + 1) in METRIC_HEADS)


_ONLY = frozenset({"only", "merely", "just"})
_NEEDS = frozenset({"require", "requires", "required", "need", "needs", "needed", "take", "takes", "took"})
_TOO_MUCH = frozenset({"more", "longer", "over", "at"})


_PHRASE_ENDS = PREPOSITIONS | VERBS | {","}


def _multiple(row: Row, at: int) -> bool:
    """`3.5x the throughput of X`, `twice the speed of X`: does the `of` at `at` stand behind a multiple of something measured?"""
    end = next((p for p in range(at - 2, max(at - 10, 0), -1) if row.word(p) == "("), at) if row.word(at - 1) == ")" else at
    number = next((p for p in range(end - 1, max(end - 6, -1), -1) if row.items[p].kind == NUMBER), None)
    if number is None or row.number(number).unit != "x" or at + 1 >= len(row.items):
        return False
    between = row.all_words(number + 1, end)
    return (
        bool(between)
        and between[-1] in METRIC_HEADS
        and all(w not in _PHRASE_ENDS or (w.endswith("ing") and i) for i, w in enumerate(between[:-1]))
        and (between[-1] not in {"size", "length", "parameters", "cost"} or row.items[number].text.startswith("half"))
    )


_WELL = frozenset({"well", "far", "significantly", "substantially", "considerably", "consistently"})
_LAG = frozenset({"lag", "lags", "lagged", "lagging"})
_STAYS = frozenset({"fall", "falls", "fell", "falling", "remain", "remains", "remained", "stay", "stays", "lag", "lags", "lagging", "still"})


def _alike(row: Row, at: int) -> int | None:
    """The link of `comparable or superior accuracy to`, `the same quality as`: its position, when what is alike stands between."""
    links = {"as"} if row.word(at) == "same" else {"to", "with", "than", "as", "against"}
    if row.word(at + 1) in {"way", "manner", "time", "fashion", "to"}:
        return None
    for step in range(at + 2, min(at + 7, len(row.items))):
        word = row.word(step)
        if word in links:
            return step
        if word in {",", ";", ".", "on", "in", "for", "across", "and", "while"}:
            return None
    return None


def _is_lost(row: Row, at: int) -> bool:
    """Does the subject of the verb at `at` lose: `trails`, `underperformed`, `is surpassed by`?"""
    word = row.word(at)
    return word.startswith(("trail", "underperform", "lag")) or (row.word(at + 1) == "by" and word.endswith("ed") and row.word(at - 1) in COPULA)


_EXCEED = frozenset({"exceed", "exceeds", "exceeding", "exceeded"})
"""What is exceeded is often a number or a bound."""


def _beats(row: Row, at: int) -> Iterator[Found]:
    lost = _is_lost(row, at)
    objects = rivals_after(row, at + (row.word(at + 1) == "by"), _BEATEN, wide=row.word(at) not in _EXCEED)
    subject = doer(row, at)
    if not objects and not row.background and (pair := _by_access(row, at)):
        subject, objects = pair[0], pair[1:]
    if not objects and subject is not None:
        objects = _of_its_kind(row, at, row.reading.things[subject].name)
    if row.word(at - 1) == "or" and _AS_WELL & set(row.words(at - 5, at)):
        yield from _each(row, at, subject, objects, "comparedWith", "comparedWith.level")
        return
    for one in [subject, *together(row, at)]:
        yield from _each(row, at, one, objects, "outperforms", "outperforms.verb", lost)


_ACCESS = frozenset("proprietary closed closed-source closed-weight commercial open open-source open-weight public".split())


def _by_access(row: Row, at: int) -> list[int]:
    """Both sides of `proprietary models outperform open-source models`, told apart by who may use them."""
    last = at - 1 - row.word(at - 1).endswith("ly")
    chunk = next(iter(chunks_after(row, at)), None)
    if chunk is None or chunk.last != chunk.first + 1 or not {row.word(last - 1), row.word(chunk.first)} <= _ACCESS:
        return []
    if row.word(last) not in _MODELS or row.word(chunk.last) not in _MODELS or row.word(last - 1) == row.word(chunk.first):
        return []
    ends = ((last - 1, last), (chunk.first, chunk.last))
    return [phrase_thing(row.reading, row.items[a].start, row.items[b].end, row.index, "model") for a, b in ends]


_MODELS = frozenset({"models", "systems", "agents"})


def _of_its_kind(row: Row, at: int, subject: str) -> list[int]:
    """The rival of `visual inputs outperform textual inputs`, which is called by the noun that the subject is called by."""
    chunk = next(iter(chunks_after(row, at)), None)
    if row.background or chunk is None or chunk.described or chunk.last == chunk.first or row.word(chunk.last) != subject.lower().rpartition(" ")[2]:
        return []
    rival = new_thing(row, chunk, wide=True)
    return [] if rival is None else [rival]


def _each(row: Row, at: int, subject: int | None, objects: list[int], predicate: str, rule: str, swapped: bool = False) -> Iterator[Found]:
    for other in objects:
        if subject is None or other == subject:
            continue
        yield Found(other, predicate, subject, at, rule) if swapped else Found(subject, predicate, other, at, rule)


_COST = re.compile(
    r"collision|reduc|lower|lowest|fewest|error|latenc|(?<!-)\btimes?\b|cost|memory|perplexity|loss|overhead|energy|power|delay|regret|leak|hallucinat|violat|false|\bwer\b|\bfid\b|\bmae\b|rmse|harm|sycophan|toxic|forgetting|unsafe|refusal|bias"
)
"""Names of what is better when it is less."""


_SCORED = METRIC_HEADS | {"%", "achieved", "obtained", "reached", "reported", "-", "the"}


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
        if step + 1 < len(row.items) and row.items[step + 1].kind == THING and row.word(step + 2) in {")", ",", ""}:
            link = step  # `vs. 45.2% X)`
        if link is None or any(w not in _SCORED for w in row.words(step + 1, link)):
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


def _than(row: Row, at: int) -> Iterator[Found]:
    window = row.words(max(0, at - 10), at)
    if any(_ALIKE & {w} for w in window[-6:]):
        return  # `comparable or better results than`
    if any(one in {"better", "effective", "worse"} and two == "at" for one, two in pairwise(window)):
        return  # `better at verifying true claims than false ones`
    if row.items[at - 1].kind == THING and row.items[at - 1].text.endswith(("ratio", "ratios", "size", "sizes", "number")):
        return
    swapped = bool(set(window[-4:]) & _WORSE) or _is_worse(row, at)
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
    subject = subject_of_clause(row, at)
    objects = rivals_after(row, at)
    if "on" in window or "for" in window:  # `better on true statements than on statements that are false`
        before = {row.thing(p) for p in row.things(max(0, at - 8), at)}
        objects = [t for t in objects if t not in before]
    yield from _each(row, at, subject, objects, "outperforms", "outperforms.than", swapped)


_LESS = frozenset({"lower", "less", "fewer", "reduced", "smaller", "poorer", "weaker"})
_MORE = frozenset({"higher", "greater", "more", "increased", "larger", "longer"})
_GOOD = re.compile(r"accurac|precision|recall|\bf1\b|score|quality|performance|throughput|success|percentile|reward|robust|fidelity|utili[sz]ation|reliab")


_CHANGING = _LESS | _MORE


def _is_worse(row: Row, at: int) -> bool:
    """`lower accuracy than`, `higher latency than`: less of what should be much, or more of what should be little?"""
    told = row.all_words(max(0, at - 7), at)
    change = next((i for i in range(len(told) - 1, -1, -1) if told[i] in _CHANGING), None)
    if change is None:
        return False
    said = " ".join(told[change + 1 :]) or " ".join(told[max(0, change - 3) : change])
    said = said.partition(" per ")[0]
    less, cost = told[change] in _LESS, _COST.search(said) is not None
    return (less and not cost and _GOOD.search(said) is not None) or (not less and cost and _GOOD.search(said) is None)


_RAISES = (RAISE | frozenset({"reduces", "reducing", "reduce", "cuts", "lowers"})) - {"scale", "lift", "double", "triple", "gain", "grow"}


_ADVANTAGES = UP | DOWN | {"advantage", "advantages", "superiority", "x", "improvement", "improvements", "speedup", "gains"}


def _improves_before(row: Row, at: int) -> bool:
    if row.word(at - 1) in RAISE:
        return True
    if row.items[min(at + 1, len(row.items) - 1)].kind == NUMBER:
        return False
    if row.word(at - 1) == ")":  # `by 0.9 points (on a scale of 5) over`
        opened = next((p for p in range(at - 2, max(at - 9, 0), -1) if row.word(p) == "("), at)
        gained = any(i.number is not None and i.number.unit in {"x", "%", "points"} for i in row.items[opened:at])
        return opened < at and (gained or row.word(opened - 1) in {"points", "point"} or _improves_before(row, opened))
    window = row.items[max(0, at - 5) : at]
    words = {w for i in window for w in i.text.split()}
    if any(i.number is not None and i.number.unit == "x" and 0 < float(i.number.value) < 1 for i in window):
        return False  # `only a 0.94x speedup over`
    if row.word(at) == "against":
        return bool(words & {"superior", "superiority", "wins", "advantage", "improvement", "speedup", "speedups", "gain", "gains"})
    raised = next((p for p in range(at - 1, max(at - 12, -1), -1) if row.word(p) in _RAISES), None)
    if raised is not None and not set(row.words(raised, at)) & PREPOSITIONS:
        return True
    return bool(words & _ADVANTAGES) or any(i.number is not None and i.number.unit in {"x", "%", "points"} for i in row.items[max(0, at - 2) : at])


def _over_again(row: Row, at: int) -> bool:
    """The second `over` of `improving over X by 15% and over Y by 20%`."""
    before = next((p for p in range(at - 2, max(at - 12, 0), -1) if row.word(p) == row.word(at)), None)
    return row.word(at - 1) == "and" and before is not None and _improves_before(row, before)


def _pairs(row: Row, at: int, predicate: str, rule: str, cue: int | None = None) -> Iterator[Found]:
    subject = winner(row, at, at if cue is None else cue)
    yield from _each(row, at if cue is None else cue, subject, rivals_after(row, at), predicate, rule)


_CHANGES = RAISE | LOWER


def _compared(row: Row, at: int) -> Iterator[Found]:
    link = at + 1 if row.word(at + 1) in {"to", "with"} else at + 2 if row.word(at + 2) in {"to", "with"} else at
    comma = next((p for p in range(at, len(row.items)) if row.word(p) == "," and p > link + 1 and not _is_bracketed(row, p) and _clause_goes_on(row, p)), None)
    start = (at <= 3 or row.word(at - 1) in {"that", ",", "when"}) and comma is not None
    if "before" in row.words(at, at + 6):
        return
    objects = rivals_of(
        row,
        [c for c in members_of(row, list(chunks_after(row, link))) if (not start or c.last < (comma or 0)) and row.word(c.last) not in _DATA_NOUNS],
        RIVALS | DATA,
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
        kinds = RIVALS | DATA if any(row.reading.things[t].kind in DATA for t in objects) else RIVALS
        later = [p for p in row.things(comma or 0, None, kinds) if row.thing(p) not in objects and has_verb_after(row, p)]
        verb = next((p for p in range(comma or at, min((comma or at) + 9, len(row.items))) if row.word(p) in FINITE), None)
        told = told_before(row, verb + 1, comma or at) if verb is not None and not row.background and not (later and later[0] < verb) else None
        subject = told if told is not None else row.thing(later[0]) if later else main_thing(row.reading, ACTORS)
    else:
        subject = winner(row, at, at)
        words |= _told_after(row, link)
    better = words & _BETTER or words & _CHANGES or (start and words & _BEST)
    predicate, rule = (
        ("outperforms", "outperforms.compared")
        if better and not words & (_WORSE | {"comparable", "before"}) and not _is_level(row, at)
        else ("comparedWith", "comparedWith.compared")
    )
    if start and comma is not None and BEAT & set(row.words(comma, comma + 8)):  # `compared to large models, X outperforms Y`: Y is whom it is compared to
        objects = [t for t in objects if not is_class(row.reading.things[t].name)]
    if predicate == "comparedWith" and (subject is None or not row.reading.things[subject].introduced):
        return
    yield from _each(row, at, subject, objects, predicate, rule)


def _is_level(row: Row, at: int) -> bool:
    """`competitive or superior recall compared to`: is it told that the subject may be no better?"""
    told = row.words(max(0, at - 7), at)
    return any(one in _ALIKE and two == "or" for one, two in pairwise(told))


def _is_bracketed(row: Row, at: int) -> bool:
    """Does the item at `at` stand in brackets?"""
    mark = next((row.word(p) for p in range(at - 1, max(at - 12, -1), -1) if row.word(p) in {"(", ")"}), "")
    return mark == "("


_DATA_NOUNS = frozenset({"dataset", "data", "corpus", "set", "threshold"})
"""What is compared with under such a noun is no rival."""
_CHANGE = frozenset("increase rise overhead drop loss degradation decrease decline gap reduction".split())
_PAYS = frozenset({"incurs", "incur", "incurring", "incurred", "suffers", "suffer", "suffering", "suffered"})
_LITTLE = frozenset("only marginal negligible minimal slight minor modest small little trivial".split())


def _is_loss(row: Row, at: int) -> bool:
    """`with only a marginal 4% increase in perplexity compared to`, `incurs a drop relative to`: is what is compared a price that is paid?"""
    told = row.all_words(max(0, at - 9), at)
    if _PAYS & set(row.words(max(0, at - 12), at)) or row.word(at - 1) in _LITTLE:
        return True
    change = next((i for i in range(len(told) - 1, -1, -1) if told[i] in _CHANGE), None)
    return change is not None and bool(_LITTLE & set(told[max(0, change - 4) : change]))


def _told_after(row: Row, at: int) -> set[str]:
    """The words of a clause that gives the outcome: `compared with X, showing better accuracy`."""
    comma = next((p for p in range(at + 1, len(row.items) - 1) if row.word(p) == "," and row.word(p + 1) in _SHOWING), None)
    return set(row.words(comma, comma + 7)) if comma is not None else set()


_SHOWING = frozenset({"showing", "demonstrating", "achieving", "yielding", "exhibiting", "delivering", "with", "obtaining", "revealing"})


_BEFORE_VERB = FINITE | {",", "and"}


def _clause_goes_on(row: Row, comma: int) -> bool:
    """Does a clause with a subject of its own begin behind the comma?"""
    if row.word(comma + 1) in {"it", "they", "we"}:
        return True
    if any(row.items[p].kind == THING and has_verb_after(row, p) and row.word(p - 1) != "," for p in range(comma + 1, min(comma + 5, len(row.items)))) or (
        comma + 1 < len(row.items) and row.items[comma + 1].kind == THING and has_verb_after(row, comma + 1)
    ):
        return True
    verb = next((p for p in range(comma + 1, min(comma + 7, len(row.items))) if row.word(p) in _BEFORE_VERB or row.items[p].kind != WORD), comma)
    return verb > comma + 2 and row.word(verb) in FINITE


def _compare(row: Row, at: int) -> Iterator[Found]:
    """`we compare X with Y`, `a comparison between X and Y`, `comparisons with baselines, including X and Y`."""
    first = objects_after(row, at, RIVALS, 6, frozenset({";", "which", "when"}))
    if not first:
        return
    if row.word(at + 1) in {"with", "to", "against"} and row.word(at).startswith("comparison"):
        yield from _each(row, at, main_thing(row.reading, ACTORS), [row.thing(p) for p in first], "comparedWith", "comparedWith.compare")
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
        yield from _each(row, at, subject_of_clause(row, at), [row.thing(p) for p in first], "comparedWith", "comparedWith.compare")
