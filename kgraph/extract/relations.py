"""Extraction of facts, relations between two things of a paper, from cue words and their places.

Each reader below looks for one family of cues in a row and names subject and object by position; `polarity` says whether the statement
is made, denied, hoped for or about earlier work. What several sentences say is kept once, with the surest evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extract import polarity
from kgraph.extract.confidence import CONFIDENCE
from kgraph.extract.lists import chunks_after, members_after, rival_chunks, thing_of_chunk
from kgraph.extract.phrases import ACTORS, BEAT, COPULA, DATA, DOWN, LOWER, NUMBER, PREPOSITIONS, RAISE, THING, UP, VERBS, WORD, Row, coordinated, names_of
from kgraph.extract.pronouns import main_thing
from kgraph.extract.reading import Reading
from kgraph.extract.subjects import has_verb_after, subject_before
from kgraph.model import Claim
from kgraph.names import fold

RIVALS = ACTORS | {"hardware"}


@dataclass(frozen=True, slots=True)
class Found:
    """One relation found in a row: things by index, the cue's position, the rule's name."""

    subject: int
    predicate: str
    object: int
    cue: int
    rule: str
    polarity: str = ""


_BETTER = frozenset(
    "better higher faster superior stronger greater cheaper lower fewer less smaller more improved improvement improvements improve improves improving gain gains speedup speedups speed-up reduces reducing reduce reduction reductions "
    "boosts boost saves saving savings increase increases increasing accelerates achieves enhances enhance advantages significant advantage outperforms exceeds wins win robust larger longer efficient".split()
)
_WORSE = frozenset({"worse", "inferior", "slower", "underperforms", "underperform", "underperforming", "lags", "lag", "behind", "trails", "weaker", "degrades", "degrade", "degraded", "degrading", "suffers", "hurts", "slow", "prohibitively"})
_LEVEL = (("on", "par", "with"), ("comparable", "to"), ("comparable", "with"), ("competitive", "with"), ("competitive", "to"), ("parity", "with"), ("rivals",), ("rivaling",), ("matches",), ("matching",))
_SUCH = frozenset({"like", "including", "include", "namely", "e.g", "as"})


def objects_after(row: Row, at: int, kinds: frozenset[str], reach: int = 10, stop: frozenset[str] = frozenset({";", "while", "whereas", "which", "when", "by", "on", "where"})) -> list[int]:
    """Positions of the things that follow position `at`: the first within `reach` items and its list, and lists after `such as`."""
    out: list[int] = []
    step = at + 1
    while step < len(row.items) and step - at <= reach:
        item = row.items[step]
        if item.kind == THING:
            if row.kind(step) in kinds:
                out = coordinated(row, step, kinds, 3)
                out = _apposed(row, out)
                break
        elif item.kind == WORD and item.text in stop and step > at + 1:
            return out
        step += 1
    if out:
        last = out[-1]
        dash = next((p for p in range(last + 1, min(last + 4, len(row.items) - 1)) if row.word(p) in {"--", "—", "–", ":", "namely"} or (row.word(p) == "-" and row.word(p + 1) == "-")), None)
        named = row.things(dash, dash + 4, kinds) if dash is not None and all(w.isalpha() or not w.isalnum() for w in row.words(last + 1, dash)) else []
        if named:  # `three algorithms -- A, B and C`
            return coordinated(row, named[0], kinds, 3)
        for ahead in range(last + 1, min(last + 5, len(row.items) - 1)):
            word = row.word(ahead)
            if word in _SUCH and (word != "as" or row.word(ahead - 1) == "such"):
                if row.items[ahead + 1].kind == THING or row.items[min(ahead + 2, len(row.items) - 1)].kind == THING:
                    out += [p for p in objects_after(row, ahead, kinds, 3) if p not in out]
                break
            if row.items[ahead].kind != WORD or (word not in {"(", ",", "such", "."} and not word.isalpha()):
                break
    return out


def _apposed(row: Row, chain: list[int]) -> list[int]:
    """`the leading system, X, by` names one thing: the second."""
    if len(chain) == 2 and chain[1] - chain[0] == 2 and row.word(chain[0] + 1) == "," and row.word(chain[1] + 1) in {",", "by", "."}:
        return chain[1:]
    return chain


def _sure_subject(row: Row, at: int, kinds: frozenset[str] = RIVALS | DATA) -> int | None:
    position = subject_before(row, at, kinds)
    if position is not None:
        return row.thing(position)
    return None if row.background else main_thing(row.reading, ACTORS)


def comparisons(row: Row) -> Iterator[Found]:
    """outperforms and comparedWith."""
    for at, item in enumerate(row.items):
        if item.kind != WORD:
            continue
        word = item.text
        if word in BEAT:
            yield from _beats(row, at)
        elif word == "than" or (word == "to" and row.word(at - 1) in {"superior", "inferior", "preferable"}):
            yield from _than(row, at)
        elif word in {"over", "upon", "against"} and _improves_before(row, at):
            yield from _pairs(row, at, "outperforms", "outperforms.over")
        elif (word in {"compared", "comparing", "relative", "comparison"} and row.word(at + 1) in {"to", "with", ","}) or (word == "comparison" and row.word(at - 1) == "in"):
            yield from _compared(row, at)
        elif word in {"compare", "compares", "comparing", "comparisons", "comparison"} or (word in {"versus", "vs"} and row.items[at - 1].kind == THING and row.items[min(at + 1 + (row.word(at + 1) == "."), len(row.items) - 1)].kind == THING):
            yield from _compare(row, at)
        else:
            for cue in _LEVEL:
                if word == cue[0] and tuple(row.word(at + i) for i in range(len(cue))) == cue:
                    yield from _pairs(row, at + len(cue) - 1, "comparedWith", "comparedWith.level", at)
                    break


def _beats(row: Row, at: int) -> Iterator[Found]:
    word = row.word(at)
    lost = word in _WORSE
    if row.word(at + 1) == "by" and word.endswith("ed") and row.word(at - 1) in COPULA:
        lost = True
    objects = rivals_after(row, at + (row.word(at + 1) == "by"))
    subject = _sure_subject(row, at)
    if row.word(at - 1) == "or" and row.word(at - 2) in {"match", "matches", "matching", "rival", "rivals"}:
        yield from _each(row, at, subject, objects, "comparedWith", "comparedWith.level")
        return
    yield from _each(row, at, subject, objects, "outperforms", "outperforms.verb", lost)


def rivals_after(row: Row, at: int) -> list[int]:
    """The things compared with behind a cue, phrases included; an apposition (`the leading system, X,`) gives its name only."""
    chunks = rival_chunks(row, at, RIVALS)
    found = [thing_of_chunk(row, c, RIVALS, not row.background and not c.described) for c in chunks]
    return list(dict.fromkeys(t for t in found if t is not None))


def _each(row: Row, at: int, subject: int | None, objects: list[int], predicate: str, rule: str, swapped: bool = False) -> Iterator[Found]:
    for other in objects:
        if subject is None or other == subject:
            continue
        yield Found(other, predicate, subject, at, rule) if swapped else Found(subject, predicate, other, at, rule)


def _than(row: Row, at: int) -> Iterator[Found]:
    window = row.words(max(0, at - 10), at)
    swapped = bool(set(window[-4:]) & _WORSE)
    if (not swapped and not set(window) & _BETTER) or set(window[-4:]) & {"ratio", "number", "size", "larger", "longer"}:
        return
    if window[-1:] in (["more"], ["rather"], ["other"], ["less"], ["fewer"], ["larger"], ["longer"]) and at + 1 < len(row.items) and row.items[at + 1].kind != THING:
        return
    if window[-1:] == ["rather"] or window[-1:] == ["other"]:
        return
    subject = _sure_subject(row, at)
    yield from _each(row, at, subject, rivals_after(row, at), "outperforms", "outperforms.than", swapped)


def _improves_before(row: Row, at: int) -> bool:
    if row.word(at - 1) in RAISE:
        return True
    if row.items[min(at + 1, len(row.items) - 1)].kind == NUMBER:
        return False
    window = row.items[max(0, at - 5) : at]
    words = {w for i in window for w in i.text.split()}
    if row.word(at) == "against":
        return bool(words & {"superior", "superiority", "wins", "advantage", "improvement"})
    return bool(words & (UP | DOWN | {"advantage", "advantages", "superiority", "x", "improvement", "improvements", "speedup", "gains"})) or any(i.kind == NUMBER and i.number.unit in {"x", "%", "points"} for i in row.items[max(0, at - 2) : at])  # type: ignore[union-attr]


def _pairs(row: Row, at: int, predicate: str, rule: str, cue: int | None = None) -> Iterator[Found]:
    subject = _sure_subject(row, cue if cue is not None else at)
    yield from _each(row, at if cue is None else cue, subject, rivals_after(row, at), predicate, rule)


def _compared(row: Row, at: int) -> Iterator[Found]:
    link = at + 1 if row.word(at + 1) in {"to", "with"} else at + 2 if row.word(at + 2) in {"to", "with"} else at
    comma = next((p for p in range(at, len(row.items)) if row.word(p) == "," and p > link + 1 and _clause_goes_on(row, p)), None)
    start = (at <= 3 or row.word(at - 1) in {"that", ",", "when"}) and comma is not None
    if "before" in row.words(at, at + 6):
        return
    objects = [t for c in chunks_after(row, link) if not start or c.last < (comma or 0) for t in [thing_of_chunk(row, c, RIVALS, not row.background and not c.described)] if t is not None]
    if not objects:
        return
    words = set(row.words(comma or 0, len(row.items)) if start else row.words(0, at)) | {w for i in row.items if i.kind == THING and row.reading.things[i.thing].kind == "metric" for w in i.text.split()}
    subject = None
    if start:
        later = [p for p in row.things(comma or 0, None, RIVALS) if row.thing(p) not in objects and has_verb_after(row, p)]
        subject = row.thing(later[0]) if later else main_thing(row.reading, ACTORS)
    else:
        subject = _sure_subject(row, at)
    better = words & _BETTER or words & (RAISE | LOWER)
    predicate, rule = ("outperforms", "outperforms.compared") if better and not words & (_WORSE | {"comparable", "before"}) else ("comparedWith", "comparedWith.compared")
    if predicate == "comparedWith" and (subject is None or not row.reading.things[subject].introduced):
        return
    yield from _each(row, at, subject, objects, predicate, rule)


def _clause_goes_on(row: Row, comma: int) -> bool:
    """Does a clause with a subject of its own begin behind the comma?"""
    return any(row.items[p].kind == THING and has_verb_after(row, p) for p in range(comma + 1, min(comma + 5, len(row.items))))


def _compare(row: Row, at: int) -> Iterator[Found]:
    """`we compare X with Y`, `a comparison between X and Y`."""
    first = objects_after(row, at, RIVALS, 6, frozenset({";", "which", "when"}))
    if not first:
        return
    link = next((p for p in range(first[0] + 1, min(first[-1] + 4, len(row.items))) if row.word(p) in {"with", "to", "against", "versus", "and"}), None)
    second = [t for t in (members_after(row, link, RIVALS) if link is not None else []) if t != row.thing(first[0])]
    if second:
        yield from _each(row, at, row.thing(first[0]), second, "comparedWith", "comparedWith.compare")
    elif row.word(at) in {"versus", "vs"} or row.word(at + 1) in {"with", "to", "against"}:
        yield from _each(row, at, _sure_subject(row, at), [row.thing(p) for p in first], "comparedWith", "comparedWith.compare")


# cue words in order -> predicate, rule. `*` stands for one or two words in between.
_BASES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("built", "upon"), "built"), (("built", "on"), "built"), (("builds", "upon"), "built"), (("builds", "on"), "built"), (("building", "on"), "built"), (("building", "upon"), "built"), (("on", "top", "of"), "built"),
    (("based", "on"), "based"), (("based", "upon"), "based"), (("extends",), "extends"), (("extending",), "extends"), (("extend",), "extends"), (("extension", "of"), "extends"), (("extension", "to"), "extends"),
    (("fine-tuned", "from"), "tuned"), (("finetuned", "from"), "tuned"), (("fine-tuned", "version", "of"), "tuned"), (("fine-tuning",), "tuning"), (("initialized", "from"), "tuned"), (("initialized", "with"), "tuned"),
    (("initialised", "with"), "tuned"), (("initialised", "from"), "tuned"), (("derived", "from"), "tuned"), (("distilled", "from"), "tuned"), (("adapts",), "adapts"), (("adapt",), "adapts"), (("adapting",), "adapts"),
    (("converts",), "adapts"), (("convert",), "adapts"), (("transforms",), "adapts"), (("transform",), "adapts"), (("adapted", "from"), "tuned"),
    (("modules", "from"), "tuned"), (("weights", "from"), "tuned"), (("weights", "of"), "tuned"), (("starting", "from"), "tuned"), (("turns",), "adapts"), (("turn",), "adapts"), (("augments",), "extends"), (("inherits", "from"), "tuned"),
    (("upgrade", "of"), "extends"), (("successor", "of"), "extends"), (("successor", "to"), "extends"), (("adapted", "to"), "none"),
)  # fmt: skip
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _cue, _rule in _BASES:
    _BY_FIRST.setdefault(_cue[0], []).append((_cue, _rule))


def bases(row: Row) -> Iterator[Found]:
    """basedOn: what is built upon, extended, adapted or fine-tuned from."""
    for at, item in enumerate(row.items):
        if item.kind != WORD or item.text not in _BY_FIRST:
            continue
        for cue, rule in _BY_FIRST[item.text]:
            if tuple(row.word(at + i) for i in range(len(cue))) == cue:
                yield from _base(row, at, at + len(cue) - 1, rule)
                break


def _base(row: Row, at: int, last: int, rule: str) -> Iterator[Found]:
    objects = objects_after(row, last, ACTORS | DATA, 7 if rule != "tuned" else 8, frozenset({";", "while", "which", "when", "by", ",", "where", "to", "for"} - ({","} if rule == "adapts" else set())))
    objects = [p for p in objects if not row.items[p].pronoun]
    if rule == "extends" and objects and set(row.words(last + 1, objects[0])) & PREPOSITIONS:
        return  # it extends something of the thing
    if not objects:
        return
    if rule == "adapts":
        target = next((p for p in range(objects[-1] + 1, min(objects[-1] + 7, len(row.items))) if row.items[p].kind == THING and row.kind(p) in row_kinds(row, objects[0]) and {"to", "into"} & set(row.words(objects[-1], p))), None)
        subject = row.thing(target) if target is not None and row.reading.things[row.thing(target)].introduced else None
        subject = subject if subject is not None else _own_subject(row, at)
        if row.kind(objects[0]) in DATA and target is None:
            return
    elif rule == "tuning":
        return
    else:
        subject = _own_subject(row, at)
    if row.kind(objects[0]) in DATA and (subject is None or row.reading.things[subject].kind not in DATA):
        return
    for position in objects:
        other = row.thing(position)
        if (subject is not None and other != subject and row.reading.things[subject].kind in DATA and row.kind(position) not in DATA) or (subject is not None and other != subject and rule == "based" and row.kind(position) == "method" and row.items[position].text == row.reading.text[row.items[position].start : row.items[position].end]):
            yield Found(subject, "uses", other, at, "uses.verb")
        elif subject is not None and other != subject and not row.reading.things[other].introduced:
            yield Found(subject, "basedOn", other, at, f"basedOn.{rule}")


def row_kinds(row: Row, position: int) -> frozenset[str]:
    """The kinds a target of adaptation may have."""
    return DATA if row.kind(position) in DATA else ACTORS


def _own_subject(row: Row, at: int) -> int | None:
    """The subject of `built on`: an introduced thing of the row before or after the cue, the grammatical subject, or the main thing."""
    position = subject_before(row, at, ACTORS | DATA)
    if position is not None and (row.reading.things[row.thing(position)].introduced or row.items[position].pronoun):
        return row.thing(position)
    introduced = [p for p in row.things(0, None, ACTORS | DATA) if row.reading.things[row.thing(p)].introduced]
    before = [p for p in introduced if p < at]
    if before:
        return row.thing(before[-1])
    if introduced:
        return row.thing(introduced[0])
    if position is not None:
        return row.thing(position)
    return main_thing(row.reading, ACTORS)


_USE_VERBS = frozenset(
    "uses use using leverages leverage leveraging employs employ employing adopts adopt adopting utilizes utilize utilizing utilises applies apply applying incorporates incorporate incorporating integrates integrate integrating combines combine "
    "combining comprises comprise comprising includes include including features exploits exploit exploiting harnesses harnessing couples unifies introduces introduce introducing provides employed undergo undergoes develops "
    "develop adopted propose proposes proposed present presents exploiting executed powered equipped driven via through executes relies synergizes fuses finetuned fine-tuned trained tuned comprised composed consists consist with is".split()
)
_STRICT = frozenset({"introduces", "introduce", "introducing", "propose", "proposes", "present", "presents", "develop", "develops", "proposed"})
_NEED: dict[str, frozenset[str]] = {
    "relies": frozenset({"on"}), "powered": frozenset({"by"}), "equipped": frozenset({"with"}), "driven": frozenset({"by"}), "consists": frozenset({"of"}), "consist": frozenset({"of"}), "composed": frozenset({"of"}),
    "comprised": frozenset({"of"}), "is": frozenset({"its"}), **{w: frozenset({"with", "using", "via", "by"}) for w in ("finetuned", "fine-tuned", "trained", "tuned")},
}  # fmt: skip
_LISTS = frozenset({"consists", "consist", "comprises", "comprise", "comprising", "include", "includes", "including", "composed", "comprised", "features", "introduces", "introduce", "integrates", "incorporating", "combines"})
_TIGHT = (PREPOSITIONS - {"of", "by", "with", "using", "via", "on"}) | VERBS | {"and", ",", "("}


def uses(row: Row) -> Iterator[Found]:
    """uses: the methods and tools the paper's thing works with or consists of."""
    if row.background and not any(row.word(p + 1) == "," and row.word(p + 2) == "equipped" for p in row.things()):
        return
    main = main_thing(row.reading, ACTORS | {"metric"})
    main = main if main is not None else main_thing(row.reading, DATA)
    yield from _steps(row)
    for at, item in enumerate(row.items):
        if item.kind == THING:
            yield from _attribute(row, at)
        if item.kind != WORD:
            continue
        word = item.text
        if word in _USE_VERBS:
            if word in _NEED and row.word(at + 1) not in _NEED[word]:
                continue
            if word == "features" and row.items[at - 1].kind != THING and row.word(at - 1) not in {"that", "which", "and", "it"}:
                continue
            if word == "use" and row.word(at - 1) in {"the", "of", "for"}:
                continue
            if word == "with" and not _has_part(row, at):
                continue
            yield from _used(row, at, word, main)
        elif word in {"based", "driven", "powered"} and row.word(at - 1) == "-" and row.items[at - 2].kind == THING and main is not None:
            used = row.thing(at - 2)
            owner = next((p for p in row.things(0, at - 2, ACTORS) if row.reading.things[row.thing(p)].introduced and at - p < 9), None)
            if owner is not None and row.kind(at - 2) in ACTORS and not row.reading.things[used].introduced and row.thing(owner) != used:
                yield Found(row.thing(owner), "uses", used, at, "uses.attribute")


_ATTRIBUTE = re.compile(r"^(.{2,40}?)-(?:based|driven|powered|enhanced|augmented)\b")


def _steps(row: Row) -> Iterator[Found]:
    """`The system (i) builds ... with A, (ii) asks B to ...`: what the steps of the introduced thing name."""
    mark = next((p for p in range(1, len(row.items) - 2) if row.word(p) == "(" and row.word(p + 1) in {"i", "1", "a"} and row.word(p + 2) == ")"), None)
    if mark is None or row.items[mark - 1].kind != THING or not row.reading.things[row.thing(mark - 1)].introduced:
        return
    for position in row.things(mark, None, ACTORS):
        if row.thing(position) != row.thing(mark - 1) and not row.items[position].pronoun:
            yield Found(row.thing(mark - 1), "uses", row.thing(position), mark, "uses.step")


def _attribute(row: Row, at: int) -> Iterator[Found]:
    """`X, an LLM-based diagnosis system` where the tagger took the whole phrase for one name."""
    match = _ATTRIBUTE.match(row.items[at].text)
    if match is None or row.background:
        return
    owner = next((row.thing(p) for p in row.things(max(0, at - 6), at, ACTORS) if row.reading.things[row.thing(p)].introduced), None)
    key = fold(match[1])
    used = next((i for i, t in enumerate(row.reading.things) if key in names_of(t) and t.kind in ACTORS), None)
    if owner is not None and used is not None and used != owner:
        yield Found(owner, "uses", used, at, "uses.attribute")


def _has_part(row: Row, at: int) -> bool:
    """Does `with` at this position hang on an introduced thing or its class noun (`we release X with Y`, `a pipeline with Y`)?"""
    before = row.items[at - 1] if at else None
    if before is None:
        return False
    if before.kind == THING or before.text == ")":
        near = row.things(max(0, at - 4), at, ACTORS)
        return bool(near) and row.reading.things[row.thing(near[-1])].introduced and at - near[-1] <= 4
    return before.text in {"pipeline", "framework", "system", "architecture"} and any(row.reading.things[row.thing(p)].introduced for p in row.things(max(0, at - 8), at, ACTORS))


def _used(row: Row, at: int, word: str, main: int | None) -> Iterator[Found]:
    objects = []
    gap = next((p for p in range(at + 1, min(at + 11, len(row.items))) if row.items[p].kind == THING), None)
    if gap is not None:
        between = row.words(at + 1, gap)
        loose = {",", "("} if word in _LISTS else set()
        blocked = [w for w in between[1 if word in _NEED else 0 :] if w in _TIGHT - loose or (w in {"on", "with", "by"}) or (w == "of" and word not in _NEED and not set(between) & {"implementations", "implementation", "combination", "variety", "range", "set", "series"})]
        if not blocked:
            objects = objects_after(row, at, ACTORS | {"metric"} if word == "using" else ACTORS, 10, frozenset({";", "while", "which", "when", "where", "on", "achieves", "without"}))
    if gap is None or gap - at > 4:
        yield from _phrase_used(row, at, word, main)
    if word in {"consists", "consist", "composed", "comprises", "comprise", "comprised", "comprising"} and not row.background:
        yield from _parts_of(row, at, main)
    if word in _LISTS:
        objects += [p for p in _enumerated(row, at) if p not in objects]
        if objects:
            objects += [p for p in row.things(objects[-1] + 1, None, frozenset({"method", "software"})) if p not in objects and _new_member(row, p)]
    if not objects:
        return
    if word in _STRICT and (main is None or _names_next(row, objects[-1], main)):
        return
    subject: int | None = None
    position = subject_before(row, at, ACTORS | {"metric"})
    if position is not None:
        subject = row.thing(position)
    introduced = [row.thing(p) for p in row.things(0, at) if row.reading.things[row.thing(p)].introduced]
    if subject is None or (not row.reading.things[subject].introduced and introduced):
        subject = introduced[-1] if introduced else main if position is None else subject
    if word in {"equipped", "powered", "driven"} and subject is None:
        near = row.things(max(0, at - 4), at, ACTORS)
        subject = row.thing(near[-1]) if near else None
    for target in objects:
        other = row.thing(target)
        thing = row.reading.things[other]
        if subject is None or other == subject or row.items[target].pronoun:
            continue
        if word in _STRICT and ((thing.introduced and other == main) or subject == other):
            continue
        if word in _STRICT and (thing.kind not in {"method", "software"} or any(m.thing == other and m.sentence < row.index for m in row.reading.mentions if m.start >= row.reading.abstract_start)):
            continue
        if word not in {"powered", "driven", "equipped", "leverages", "leveraging", "leverage"} and _is_class(thing.name):
            continue
        if word in {"via", "through", "using"} and thing.kind == "metric":
            continue
        yield Found(subject, "uses", other, at, "uses.introduced" if word in _STRICT else "uses.verb")


def _phrase_used(row: Row, at: int, word: str, main: int | None) -> Iterator[Found]:
    """`equipped with a code interpreter`, `through massive sampling`: what is used, though no component took it for a name."""
    if word not in {"equipped", "via", "through", "powered"} or (row.background and word != "equipped"):
        return
    if row.reading.sentences[row.index][0] < row.reading.abstract_start:
        return
    chunk = next(chunks_after(row, at + (word in _NEED), 6), None)
    if chunk is None or chunk.last - chunk.first > 2 or row.word(chunk.last + 1) in {"-", "of"}:
        return
    near = row.things(max(0, at - 6), at, ACTORS)
    owner = row.thing(near[-1]) if near else main
    thing = thing_of_chunk(row, chunk, ACTORS, True)
    if owner is not None and thing is not None and thing != owner:
        yield Found(owner, "uses", thing, at, "uses.phrase")


def _parts_of(row: Row, at: int, main: int | None) -> Iterator[Found]:
    """`composed of an A, B and C`: parts with names or articles of their own, tagged or not."""
    position = subject_before(row, at, ACTORS)
    near = [row.thing(p) for p in row.things(max(0, at - 3), at, ACTORS)]
    owner = row.thing(position) if position is not None else near[-1] if near else main
    if owner is None:
        return
    whole = owner if row.reading.things[owner].introduced or main is None else main
    chunks = list(chunks_after(row, at + (row.word(at + 1) == "of")))
    for comma in range(chunks[-1].last + 1 if chunks else at, len(row.items) - 2):  # `, a Y to do this, and a Z to do that`
        mark = comma + 1 if row.word(comma) == "," and row.word(comma + 1) == "and" else comma
        if row.word(comma) in {",", "and"} and row.word(mark + 1) in {"a", "an"}:
            chunks += [c for c in list(chunks_after(row, mark, 8))[:1] if all(c.first != d.first for d in chunks)]
    if len(chunks) < 2 and not any(c.indefinite for c in chunks):
        return
    for chunk in chunks:
        named = row.reading.text[row.items[chunk.first].start].isupper()
        thing = thing_of_chunk(row, chunk, ACTORS, chunk.indefinite or named)
        if thing is not None and thing != whole:
            yield Found(whole, "uses", thing, at, "uses.part")


def _is_class(name: str) -> bool:
    """`large language models`, `LLMs`: a class of models rather than one method or tool."""
    return re.search(r"(?:models|LMs|Ms|networks|NNs|Ts)$|\b(?:model|LLM|PLM|MLLM|VLM|PTM)$", name) is not None


def _new_member(row: Row, at: int) -> bool:
    """Does a member of a list begin here: `, a Y to do this`, `as well as a Y`, `, and Y, which`?"""
    words = row.words(max(0, at - 5), at)
    for index in range(len(words) - 1, -1, -1):
        if words[index] in {",", "and", ":"}:
            return any(w in {"a", "an"} for w in words[index:]) or row.items[at].text[:1] != row.items[at].text[:1].lower() or words[index] == ":" or row.reading.things[row.thing(at)].introduced
        if words[index] == "well":
            return True
        if words[index] in PREPOSITIONS | VERBS:
            return False
    return False


def _names_next(row: Row, at: int, main: int) -> bool:
    """`we propose a Y framework named X`: what follows or precedes is the name of the introduced thing itself, or it comes later only."""
    near = [row.thing(p) for p in row.things(at + 1, at + 9)]
    if any(row.reading.things[t].introduced for t in near):
        return True
    start = row.reading.abstract_start
    return not any(m.thing == main and start <= m.start < row.items[at].start for m in row.reading.mentions)


def _enumerated(row: Row, at: int) -> list[int]:
    """The first thing of each member of `(i) ..., (ii) ...` after position `at`."""
    marks = [p for p in range(at, len(row.items) - 2) if row.word(p) == "(" and row.word(p + 2) == ")" and re.fullmatch(r"[ivx]+|\d|[a-e]", row.items[p + 1].text)]
    out = []
    for index, mark in enumerate(marks):
        end = marks[index + 1] if index + 1 < len(marks) else len(row.items)
        out += row.things(mark, end, ACTORS | {"task"})[: 2 if {"using", "with", "via"} & set(row.words(mark, end)) else 1]
    return out


_EVALUATE = re.compile(r"(?:evaluat|experiment|test(?:s|ed|ing)?$|benchmark(?:ed|ing)|validat|verif|assess|perform(?:s|ance|ed)?$|achiev|result|outperform|surpass|demonstrat|score|improv|attain|reach|stud|show|gain|state-of-the-art|sota|beat|exceed|superior|compar|effective|excel)")
_STRONG = re.compile(r"(?:evaluat|experiment|test(?:s|ed|ing)?$|benchmark(?:ed|ing)|validat|verif|assess)")


def evaluations(row: Row) -> Iterator[Found]:
    """evaluatedOn and trainedOn."""
    cue = next((at for at, i in enumerate(row.items) if i.kind == WORD and _EVALUATE.match(i.text)), None)
    strong = next((at for at, i in enumerate(row.items) if i.kind == WORD and _STRONG.match(i.text)), None)
    main = main_thing(row.reading, ACTORS)
    data = [p for p in row.things() if row.kind(p) in DATA or (row.kind(p) == "software" and strong is not None and row.word(p - 1) == "on" and _STRONG.match(row.word(p - 2) or "-"))]
    for position in data:
        trained = _trained_on(row, position)
        if trained is not None:
            subject = subject_before(row, trained, ACTORS)
            owner = row.thing(subject) if subject is not None else main
            if owner is not None:
                yield Found(owner, "trainedOn", row.thing(position), trained, "trainedOn.verb")
            continue
        if cue is None or row.background or not _on(row, position):
            continue
        owners: list[int] = []
        if strong is not None and strong < position:
            owners = [row.thing(p) for p in row.things(strong, position, ACTORS) if not row.items[p].pronoun or p > strong]
        if not owners:
            subject = subject_before(row, position, ACTORS)
            owners = [row.thing(subject)] if subject is not None else [main] if main is not None else [row.thing(p) for p in row.things(cue, position, ACTORS)]
        for owner in owners:
            if owner != row.thing(position):
                yield Found(owner, "evaluatedOn", row.thing(position), cue, "evaluatedOn.cue")
    own = main_thing(row.reading, DATA)
    if own is not None and strong is not None and not row.background and (not data or all(row.items[p].pronoun for p in data)):
        for position in row.things(0, None, ACTORS):
            thing = row.thing(position)
            named = row.reading.things[thing]
            agent = named.kind == "model" or re.search(r"(?i)(?:agents?|models?|systems?|LLMs?|methods|baselines)\b", named.name) is not None
            if not named.introduced and agent and row.word(position - 1) not in {"by", "via"}:
                yield Found(thing, "evaluatedOn", own, strong, "evaluatedOn.own")


def _on(row: Row, position: int) -> bool:
    for step in range(position - 1, max(position - 12, -1), -1):
        item = row.items[step]
        if item.kind == WORD and item.text in {"on", "across", "over", "in", "using", "from", "for", "benchmarks", "datasets", "including"}:
            return not (item.text in {"for", "in", "from"} and position - step > 3)
        if item.kind == WORD and item.text in {";", "than", "propose", "introduce", "present"}:
            return False
    return False


def _trained_on(row: Row, position: int) -> int | None:
    for step in range(position - 1, max(position - 9, -1), -1):
        if row.word(step) in {"trained", "pre-trained", "pretrained", "fine-tuned", "finetuned", "trains", "train", "training", "tuned", "fine-tuning", "finetuning", "pre-training"}:
            return step if {"on", "using", "with", "over"} & set(row.words(step, position)) else None
        if row.word(step) in {"evaluated", "tested", "evaluate", ";"}:
            return None
    return None


def from_results(reading: Reading) -> Iterator[tuple[Found, int, str]]:
    """What a result says of its slots: `(relation, sentence, polarity)`."""
    for r in reading.results:
        if r.of is None:
            continue
        if r.baseline is not None and r.baseline != r.of and (r.direction in {"increase", "higher", "reduction", "lower"} or r.unit == "x"):
            yield Found(r.of, "outperforms", r.baseline, 0, "outperforms.result"), r.sentence, r.polarity
        if r.benchmark is not None and r.benchmark != r.of and reading.things[r.of].kind in ACTORS:
            yield Found(r.of, "evaluatedOn", r.benchmark, 0, "evaluatedOn.result"), r.sentence, r.polarity
        if r.metric is not None and r.metric != r.of:
            yield Found(r.of, "evaluatedBy", r.metric, 0, "evaluatedBy.result"), r.sentence, r.polarity
        if r.task is not None and r.task != r.of and reading.things[r.of].introduced:
            yield Found(r.of, "addresses", r.task, 0, "addresses.result"), r.sentence, r.polarity
    for u in reading.uses:
        if u.of is not None and u.role and u.of != u.hardware:
            yield Found(u.of, "trainedOnHardware" if u.role == "training" else "runsOnHardware", u.hardware, 0, "hardware.use"), u.sentence, u.polarity


def addressed(row: Row) -> Iterator[Found]:
    """addresses: the task in the sentence that introduces a thing (`X, a framework for T`), and in the title."""
    if row.background:
        return
    introduced = [p for p in row.things(0, None, ACTORS | DATA) if row.reading.things[row.thing(p)].introduced and not row.items[p].pronoun]
    if not introduced:
        return
    for position in row.things(introduced[0], None, frozenset({"task"})):
        words = row.words(max(0, position - 4), position)
        if {"for", "tackle", "tackles", "address", "addresses", "solve", "towards", "toward"} & set(words) and not {"than"} & set(words):
            owner = [p for p in introduced if p < position][-1]
            yield Found(row.thing(owner), "addresses", row.thing(position), position, "addresses.for")


def _of_title(row: Row) -> Iterator[Found]:
    """`X: doing this with Y-enhanced Z`: X is based on the model Z and uses the method Y."""
    own = next((row.thing(p) for p in row.things(0, 3, ACTORS) if row.reading.things[row.thing(p)].introduced), None)
    if own is None:
        return
    for position in row.things(1, None, ACTORS):
        other = row.thing(position)
        words = row.words(max(0, position - 6), position)
        if other == own or row.reading.things[other].introduced or not {"with", "via", "using", "by", "from"} & set(words) or {"of", "for", "in"} & set(words[-3:]):
            continue
        if row.kind(position) == "model" and not _is_class(row.reading.things[other].name):
            yield Found(own, "basedOn", other, position, "basedOn.title")
        elif row.kind(position) in {"method", "software"}:
            yield Found(own, "uses", other, position, "uses.title")


def read_relations(row: Row) -> list[Claim]:
    """The relations told in one sentence."""
    found: list[Found] = []
    title = row.reading.sentences[row.index][0] < row.reading.abstract_start
    for reader in (comparisons, bases, uses, evaluations, addressed):
        found.extend(reader(row))
    if title:
        found.extend(_of_title(row))
    out = []
    for f in found:
        if title and f.predicate in {"uses", "evaluatedOn"} and f.rule != "uses.title":
            continue
        state = f.polarity or polarity.of_clause(row, f.cue)
        out.append(Claim(f.subject, f.predicate, f.object, row.index, CONFIDENCE[f.rule], state))  # type: ignore[arg-type]
    return out


def consistent(claims: list[Claim]) -> list[Claim]:
    """Each relation once (the surest statement of it, asserted before others), without what a stronger relation says already."""
    best: dict[tuple[int, str, int], Claim] = {}
    for claim in claims:
        if claim.subject == claim.object:
            continue
        key = (claim.subject, claim.predicate, claim.object)
        old = best.get(key)
        if old is None or (claim.polarity == "asserted", claim.confidence) > (old.polarity == "asserted", old.confidence):
            best[key] = claim
    stronger = {"comparedWith": ("outperforms",), "uses": ("basedOn", "variantOf", "outperforms"), "basedOn": ("variantOf",)}
    out = []
    for (s, p, o), claim in best.items():
        if any((s, q, o) in best or (p == "comparedWith" and (o, q, s) in best) for q in stronger.get(p, ())):
            continue
        if p == "uses" and (o, "variantOf", s) in best:
            continue
        if p == "outperforms" and (o, p, s) in best and best[o, p, s].confidence > claim.confidence:
            continue
        out.append(claim)
    return sorted(out, key=lambda c: (c.sentence, c.predicate, c.subject, c.object))
