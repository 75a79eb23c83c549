"""Extraction of facts, usage: the methods and tools that a thing works with or consists of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kgraph.extract.lists import chunks_after, thing_of_chunk
from kgraph.extract.phrases import ACTORS, BEAT, DATA, PREPOSITIONS, THAN, THING, VERBS, WORD, Row, coordinated, names_of
from kgraph.extract.pronouns import CLASS_NOUNS, main_thing
from kgraph.extract.statements import Found, is_class, objects_after
from kgraph.extract.subjects import subject_before
from kgraph.names import fold

_USE_VERBS = frozenset(
    "uses use using leverages leverage leveraging employs employ employing adopts adopt adopting utilizes utilize utilizing utilises applies "
    "apply applying incorporates incorporate incorporating integrates integrate integrating combines combine "
    "combining comprises comprise comprising includes include including features exploits exploit exploiting harnesses harnessing couples "
    "unifies introduces introduce introducing provides employed undergo undergoes develops "
    "develop adopted propose proposes proposed present presents exploiting executed powered equipped driven via through executes relies synergizes fuses finetuned fine-tuned trained tuned comprised composed consists consist with is "
    "hybridizes hybridize hybridizing unify unifying merges merging blends blending embeds design designs devise devises supervised guided augmented combined instantiated implemented optimized".split()
)
_JOINING = frozenset(
    "combines combine combining integrates integrate integrating couples fuses hybridizes hybridize unifies unify unifying merges merging blends blending synergizes supervised "
    "equipped combined".split()
)
"""Verbs whose second object stands behind `with`: `combines A with B`."""


_STRICT = frozenset("design designs devise devises introduces introduce introducing propose proposes proposed present presents develop develops".split())
"""Verbs of presentation: their object is a part only where it is not the presented thing itself."""


_NEED: dict[str, frozenset[str]] = {
    "relies": frozenset({"on"}), "powered": frozenset({"by"}), "equipped": frozenset({"with"}), "driven": frozenset({"by"}), "consists": frozenset({"of"}), "consist": frozenset({"of"}), "composed": frozenset({"of"}),
    "comprised": frozenset({"of"}), "is": frozenset({"its"}), "supervised": frozenset({"by", "with"}), "guided": frozenset({"by"}), "augmented": frozenset({"with", "by"}), "combined": frozenset({"with"}),
    "instantiated": frozenset({"through", "with", "via", "as"}), "implemented": frozenset({"with", "using", "via"}), "optimized": frozenset({"with", "using", "via", "by"}), **{w: frozenset({"with", "using", "via", "by"}) for w in ("finetuned", "fine-tuned", "trained", "tuned")},
}  # fmt: skip


_LISTS = frozenset(
    {
        "consists",
        "consist",
        "comprises",
        "comprise",
        "comprising",
        "include",
        "includes",
        "including",
        "composed",
        "comprised",
        "features",
        "introduces",
        "introduce",
        "integrates",
        "incorporating",
        "combines",
    }
)


_INCLUDE = frozenset({"include", "includes", "including"})
_INCLUDERS = CLASS_NOUNS | {"it", "and", "that", "which", "task"}
_PARTS = frozenset(
    "components component modules module innovations innovation stages branches techniques strategies parts steps mechanisms agents losses rewards pillars ideas optimizations blocks units phases designs "
    "ingredients paths experts networks encoders methods algorithms operators objectives heads tools".split()
)
_MEASURES = frozenset(
    "strategy mechanism operators principles capabilities strengths advantages power implementations implementation combination variety range set series".split()
)
"""Nouns behind whose `of` the thing used still stands: `leverages the strengths of Y`."""
_STUDIES = (
    "analysis", "study", "survey", "review", "evaluation", "experiments", "investigation", "comparison", "benchmark", "overview",
    "bias", "norm", "interaction", "interactions", "collusion", "modular design", "proof-of-concept", "workflow", "ablation", "trade-off", "paradigm",
)  # fmt: skip
"""Last words of what is told of, not worked with."""
_TIGHT = (PREPOSITIONS - {"of", "by", "with", "using", "via", "on"}) | VERBS | {"and", ",", "("}
_TIGHT_IN_LISTS = _TIGHT - {",", "("}
_GOVERNING = PREPOSITIONS | VERBS
_GOVERNING_OR_COMMA = _GOVERNING | {","}
_COMPARING = BEAT | THAN
_PART_NOUNS = CLASS_NOUNS | {"modules", "techniques", "layers", "rewards"}


def uses(row: Row) -> Iterator[Found]:
    """uses: the methods and tools the paper's thing works with or consists of."""
    if row.background and not any(row.word(p + 1) == "," and row.word(p + 2) == "equipped" for p in row.things()):
        return
    main = main_thing(row.reading, ACTORS | {"metric"})
    main = main if main is not None else main_thing(row.reading, DATA)
    yield from _steps(row)
    yield from _colon_parts(row, main)
    yield from _treated(row)
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
            if word in _INCLUDE and not _has_parts(row, at):
                continue
            if word == "use" and row.word(at - 1) in {"the", "of", "for"}:
                continue
            if word == "with" and not _has_part(row, at):
                continue
            yield from _used(row, at, word, main)
        elif word in {"based", "driven", "powered"} and row.word(at - 1) == "-" and row.items[at - 2].kind == THING and main is not None:
            used = row.thing(at - 2)
            owner = next((p for p in row.things(0, at - 2, ACTORS) if row.reading.things[row.thing(p)].introduced and at - p < 9), None)
            described = owner is not None and not _COMPARING & set(row.words(owner, at))
            if owner is not None and described and row.kind(at - 2) in ACTORS and not row.reading.things[used].introduced and row.thing(owner) != used:
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
    owner = next((row.thing(p) for p in row.things(max(0, at - 6), at + 1, ACTORS) if row.reading.things[row.thing(p)].introduced), None)
    key = fold(match[1])
    used = next((i for i, t in enumerate(row.reading.things) if key in names_of(t) and t.kind in ACTORS), None)
    if owner is not None and used is not None and used != owner:
        yield Found(owner, "uses", used, at, "uses.attribute")


def _has_parts(row: Row, at: int) -> bool:
    """Does `including` at this position name parts of a thing: `Foo includes Y`, `three modules, including Y`?"""
    before = at - 1 - (row.word(at - 1) in {",", "("})
    if row.word(before) in _PARTS:
        return not {"experiments", "evaluate", "evaluated", "evaluation", "across", "over"} & set(row.words(0, at))
    return (before >= 0 and row.items[before].kind == THING and row.reading.things[row.thing(before)].introduced) or row.word(before) in _INCLUDERS


def _colon_parts(row: Row, main: int | None) -> Iterator[Found]:
    """`built on three modules: a Y, a Z, and W`, `Foo incorporates: (1) Y: ...; (2) Z: ...`: the parts listed behind the colon."""
    colon = next((at for at in range(2, len(row.items) - 1) if row.word(at) == ":"), None)
    if colon is None or main is None or row.background or row.reading.sentences[row.index][0] < row.reading.abstract_start:
        return
    listed = _PARTS & set(row.words(colon - 2, colon)) and not {"including", "datasets", "tasks", "contributions"} & set(row.words(colon - 6, colon))
    if not listed and row.word(colon - 1) not in {"incorporates", "integrates", "combines", "comprises", "includes", "using", "introduces", "via"}:
        return
    numbered = [p + 2 for p in range(colon, len(row.items) - 3) if row.word(p) == "(" and row.word(p + 2) == ")" and _MARK.fullmatch(row.items[p + 1].text)]
    marks = [p for p in range(colon, len(row.items) - 3) if row.word(p) in {":", ";"} and p >= colon] if ";" in row.words(colon, len(row.items)) else []
    if len(numbered) > 1 and len(marks) < 2:
        marks = numbered
    if len(marks) > 1:
        chunks = [c for mark in marks for c in list(chunks_after(row, _after_mark(row, mark)))[:1] if not _is_action(row, c.first)]
    else:
        chunks = list(chunks_after(row, _after_mark(row, colon)))
    for chunk in chunks:
        named = row.reading.text[row.items[chunk.first].start].isupper()
        thing = thing_of_chunk(row, chunk, ACTORS, chunk.indefinite or named or len(marks) > 1)
        if thing is not None and thing != main:
            yield Found(main, "uses", thing, colon, "uses.part")


def _is_action(row: Row, at: int) -> bool:
    """`(2) further applying X` tells what is done, not what it is made of."""
    at += row.word(at) in {"further", "then", "first", "finally"} or row.word(at).endswith("ly")
    return row.word(at).endswith("ing")


_MARK = re.compile(r"[ivx]+|\d|[a-e]")
"""The number of a member of a list: `(ii)`, `(2)`, `(b)`."""


def _after_mark(row: Row, at: int) -> int:
    """The position before the first word of a member that begins behind `at`, its number `(ii)` or `and` skipped."""
    at += row.word(at + 1) == "and"
    return at + 3 if row.word(at + 1) == "(" and row.word(at + 3) == ")" else at


_TREATING = frozenset(
    "fine-tune fine-tuning finetune finetuning fine-tuned train training equip equipping augment augmenting quantize quantizing compress steer".split()
)


def _treated(row: Row) -> Iterator[Found]:
    """`we fine-tune A and B with Y`: A and B use Y."""
    for at, item in enumerate(row.items):
        if item.kind != WORD or item.text not in _TREATING or row.word(at - 1) in {"the", "of", "-"}:
            continue
        first = next((p for p in row.things(at + 1, at + 4) if not set(row.words(at + 1, p)) & PREPOSITIONS), None)
        if first is None or row.kind(first) != "model":
            continue
        treated = [p for p in coordinated(row, first, frozenset({"model"})) if not is_class(row.reading.things[row.thing(p)].name)]
        link = next(
            (
                p
                for p in range((treated or [first])[-1] + 1, min((treated or [first])[-1] + 14, len(row.items)))
                if row.word(p) in {"with", "using", "via", "by"}
            ),
            None,
        )
        means = next((p for p in row.things(link + 1, link + 5, frozenset({"method", "software"}))), None) if link is not None else None
        if means is not None and not set(row.words((link or 0) + 1, means)) & _GOVERNING:
            for position in treated:
                if row.thing(position) != row.thing(means):
                    yield Found(row.thing(position), "uses", row.thing(means), at, "uses.treated")


def _has_part(row: Row, at: int) -> bool:
    """Does `with` at this position hang on an introduced thing or its class noun (`we release X with Y`, `a pipeline with Y`)?"""
    before = row.items[at - 1] if at else None
    if before is None or {"compare", "compared", "comparing", "compares", "comparison"} & set(row.words(max(0, at - 6), at)):
        return False
    if before.kind == THING or before.text == ")":
        near = row.things(max(0, at - 4), at, ACTORS)
        return bool(near) and row.reading.things[row.thing(near[-1])].introduced and at - near[-1] <= 4
    return before.text in {"pipeline", "framework", "system", "architecture"} and any(
        row.reading.things[row.thing(p)].introduced for p in row.things(max(0, at - 8), at, ACTORS)
    )


def _used(row: Row, at: int, word: str, main: int | None) -> Iterator[Found]:
    objects = []
    gap = next((p for p in range(at + 1, min(at + 11, len(row.items))) if row.items[p].kind == THING), None)
    if gap is not None:
        between = row.words(at + 1, gap)
        tight = _TIGHT_IN_LISTS if word in _LISTS else _TIGHT
        blocked = [
            w
            for w in between[1 if word in _NEED else 0 :]
            if w in tight or (w in {"on", "with", "by"}) or (w == "of" and word not in _NEED and not _MEASURES & set(between))
        ]
        if not blocked:
            objects = objects_after(
                row,
                at,
                ACTORS | {"metric"} if word == "using" else ACTORS,
                10,
                frozenset({";", "while", "which", "when", "where", "on", "achieves", "without"}),
            )
    if gap is None or gap - at > 4:
        yield from _phrase_used(row, at, word, main)
    if word in {"consists", "consist", "composed", "comprises", "comprise", "comprised", "comprising"} and not row.background:
        yield from _parts_of(row, at, main)
    if word in _JOINING and objects:
        objects += [p for p in _joined(row, objects[-1]) if p not in objects]
    if word in _STRICT and any(row.thing(p) == main or (row.word(p + 1) == "(" and row.things(p + 2, p + 3) and row.thing(p + 2) == main) for p in objects):
        return  # `introduces X, a Y framework`, `introduces Y (X)`
    if word in _LISTS:
        objects += [p for p in _enumerated(row, at) if p not in objects]
        if objects and (word not in _STRICT or ":" in row.words(at, objects[0])):
            objects += [p for p in row.things(objects[-1] + 1, None, frozenset({"method", "software"})) if p not in objects and _new_member(row, p)]
    if objects and word not in _STRICT:
        objects += [p for p in _parallel(row, objects[-1]) if p not in objects]
    if not objects:
        return
    if word in _STRICT and (main is None or _names_next(row, objects[-1], main)):
        return
    subject: int | None = None
    owner = _relative_owner(row, at)
    if owner == _UNNAMED:
        return
    position = owner if owner is not None else None if _we(row, at) else subject_before(row, at, ACTORS | {"metric"})
    if position is not None:
        subject = row.thing(position)
    introduced = [] if _we(row, at) and main is not None else [row.thing(p) for p in row.things(0, at) if row.reading.things[row.thing(p)].introduced]
    if subject is None or (owner is None and not row.reading.things[subject].introduced and introduced):
        subject = introduced[-1] if introduced else main if position is None else subject
    if word in {"equipped", "powered", "driven"} and subject is None:
        near = row.things(max(0, at - 4), at, ACTORS)
        subject = row.thing(near[-1]) if near else None
    for target in objects:
        other = row.thing(target)
        thing = row.reading.things[other]
        if subject is None or other == subject or row.items[target].pronoun or thing.name.endswith(_STUDIES):
            continue
        if row.word(target + 1) == "-" and word in {"through", "via"}:
            continue  # `through Y-based search`
        if word in _STRICT and ((thing.introduced and other == main) or subject == other):
            continue
        if word in _STRICT and (
            thing.kind not in {"method", "software"}
            or any(m.thing == other and m.sentence < row.index for m in row.reading.mentions if m.start >= row.reading.abstract_start)
        ):
            continue
        if word not in {"powered", "driven", "equipped", "leverages", "leveraging", "leverage"} and re.search(
            r"(?:models|LMs|Ms)$|\b(?:model|LLM|PLM|MLLM|VLM|PTM)$", thing.name
        ):
            continue
        if word in {"via", "through", "using"} and thing.kind == "metric":
            continue
        yield Found(subject, "uses", other, at, "uses.introduced" if word in _STRICT else "uses.verb")


_UNNAMED = -1


def _relative_owner(row: Row, at: int) -> int | None:
    """Whose part the clause `that uses Y` at `at` tells of: a position, `_UNNAMED` for a part without a name, None for anything else."""
    if row.word(at - 1) not in {"that", "which"} or at < 2:
        return None
    before = at - 2 - (at > 2 and row.word(at - 2) == ",")
    if row.word(before) == ")" and row.word(before - 2) == "(" and before > 3:
        before -= 1  # `Foo Bar (FB) that uses`
    if row.items[before].kind == THING:
        apposed = {",", "—", "–", "--", ":"} & set(row.words(max(0, before - 7), before)) and not row.reading.things[row.thing(before)].introduced
        named = [p for p in row.things(max(0, before - 9), before) if row.reading.things[row.thing(p)].introduced] if apposed else []
        return named[-1] if named else before if row.kind(before) in ACTORS else None
    noun = row.word(before)
    return _UNNAMED if noun.isalpha() and not noun.endswith("s") and noun not in CLASS_NOUNS and before > 0 and row.items[before - 1].kind == WORD else None


def _we(row: Row, at: int) -> bool:
    """Is the subject of the verb at `at` the authors: `we further propose`?"""
    while row.word(at - 1).endswith("ly") or row.word(at - 1) in {"further", "also", "then", "first", "next"}:
        at -= 1
    return row.word(at - 1) == "we"


def _parallel(row: Row, first: int) -> list[int]:
    """The later members of `leverages A for this and B for that`, `combines A to do this, and B to do that`, behind the first at position `first`."""
    after = first + 1 + (row.word(first + 1) in _PART_NOUNS)
    purpose = row.word(after)
    if purpose not in {"for", "to"}:
        return []
    out: list[int] = []
    for position in row.things(after + 1, after + 30, ACTORS):
        gap = row.words(max(after + 1, position - 4), position)
        joint = max((i for i, w in enumerate(gap) if w == "and"), default=-1)
        plain = joint >= 0 and all(w not in _GOVERNING_OR_COMMA for w in gap[joint + 1 :])
        behind = position + 1 + (row.word(position + 1) in _PART_NOUNS)
        if plain and row.word(behind) == purpose:
            out.append(position)
    return out


def _joined(row: Row, at: int) -> list[int]:
    """The second objects of `combines A with B`, where the first ends at position `at`."""
    link = next((p for p in range(at + 1, min(at + 4, len(row.items))) if row.word(p) == "with"), None)
    if link is None or not all(w.isalpha() and w not in _GOVERNING for w in row.words(at + 1, link)):
        return []
    return objects_after(row, link, ACTORS, 7)


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


def _new_member(row: Row, at: int) -> bool:
    """Does a member of a list begin here: `, a Y to do this`, `as well as a Y`, `, and Y, which`?"""
    words = row.words(max(0, at - 5), at)
    for index in range(len(words) - 1, -1, -1):
        if words[index] in {",", "and", ":"}:
            return (
                any(w in {"a", "an"} for w in words[index:])
                or row.items[at].text[:1] != row.items[at].text[:1].lower()
                or words[index] == ":"
                or row.reading.things[row.thing(at)].introduced
            )
        if words[index] == "well":
            return True
        if words[index] in _GOVERNING:
            return False
    return False


def _names_next(row: Row, at: int, main: int) -> bool:
    """`we propose a Y framework named X`: what follows or precedes is the name of the introduced thing itself, or it comes later only."""
    near = [row.thing(p) for p in row.things(at + 1, at + 9) if row.thing(p) != row.thing(at)]
    if any(row.reading.things[t].introduced for t in near):
        return True
    start = row.reading.abstract_start
    return not any(m.thing == main and start <= m.start < row.items[at].start for m in row.reading.mentions)


def _enumerated(row: Row, at: int) -> list[int]:
    """The first thing of each member of `(i) ..., (ii) ...` after position `at`."""
    marks = [p for p in range(at, len(row.items) - 2) if row.word(p) == "(" and row.word(p + 2) == ")" and _MARK.fullmatch(row.items[p + 1].text)]
    out = []
    for index, mark in enumerate(marks):
        end = marks[index + 1] if index + 1 < len(marks) else len(row.items)
        out += row.things(mark, end, ACTORS | {"task"})[: 2 if {"using", "with", "via"} & set(row.words(mark, end)) else 1]
    return out
