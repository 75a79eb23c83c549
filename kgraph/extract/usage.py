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
    "hybridizes hybridize hybridizing unify unifying merges merging blends blending embeds design designs devise devises supervised guided augmented combined instantiated implemented optimized involving involves deploys enhanced assisted coupled operationalizes operationalises detail".split()
)
_JOINING = frozenset(
    "combines combine combining integrates integrate integrating couples fuses hybridizes hybridize unifies unify unifying merges merging blends blending synergizes supervised "
    "equipped combined".split()
)
"""Verbs whose second object stands behind `with`: `combines A with B`."""


_STRICT = frozenset("detail design designs devise devises introduces introduce introducing propose proposes proposed present presents develop develops".split())
"""Verbs of presentation: their object is a part only where it is not the presented thing itself."""


_NEED: dict[str, frozenset[str]] = {
    "relies": frozenset({"on"}), "powered": frozenset({"by"}), "equipped": frozenset({"with"}), "driven": frozenset({"by"}), "consists": frozenset({"of"}), "consist": frozenset({"of"}), "composed": frozenset({"of"}),
    "comprised": frozenset({"of"}), "is": frozenset({"its"}), "supervised": frozenset({"by", "with"}), "guided": frozenset({"by"}), "augmented": frozenset({"with", "by"}), "combined": frozenset({"with"}), "enhanced": frozenset({"by", "with"}), "assisted": frozenset({"by"}), "coupled": frozenset({"with"}),
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
_TIGHT = (PREPOSITIONS - {"of", "by", "with", "using", "via", "on"}) | VERBS | {"and", ",", "(", "towards", "toward"}
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
    main = main if main is not None else main_thing(row.reading, frozenset({"hardware"}))
    data = main_thing(row.reading, DATA)
    if main is None or (data is not None and _in_title(row, data) and not _in_title(row, main)):
        main = data
    if "(" in row.plain:
        yield from _steps(row)
    if ":" in row.plain:
        yield from _colon_parts(row, main)
    if not _TREATING.isdisjoint(row.plain):
        yield from _treated(row)
    if main is not None and not row.background and not _PRESENTED.isdisjoint(row.plain):
        yield from _presented(row, main)
    for at, item in enumerate(row.items):
        if item.kind == THING:
            yield from _attribute(row, at)
        if item.kind != WORD:
            continue
        word = item.text
        if word == "used" and row.word(at + 1) in {"in", "by"}:
            yield from _used_in(row, at)
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
            if row.word(at - 1) == "when" and word == "coupled":
                continue  # `when coupled with Y`
            yield from _used(row, at, word, main)
        elif word in {"based", "driven", "powered"} and row.word(at - 1) == "-" and row.items[at - 2].kind == THING and main is not None:
            used = row.thing(at - 2)
            owner = next((p for p in row.things(0, at - 2, ACTORS) if row.reading.things[row.thing(p)].introduced and at - p < 9), None)
            described = owner is not None and not _COMPARING & set(row.words(owner, at))
            if owner is not None and described and row.kind(at - 2) in ACTORS and not row.reading.things[used].introduced and row.thing(owner) != used:
                yield Found(row.thing(owner), "uses", used, at, "uses.attribute")


def _in_title(row: Row, thing: int) -> bool:
    return any(m.thing == thing and m.start < row.reading.abstract_start for m in row.reading.mentions)


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


_NO_PARTS = frozenset("experiments evaluate evaluated evaluation across over compatible supports support existing".split())
"""Words before `including`: what follows is where a thing was tried, or what it goes with, not what it consists of."""


def _has_parts(row: Row, at: int) -> bool:
    """Does `including` at this position name parts of a thing: `Foo includes Y`, `three modules, including Y`?"""
    before = at - 1 - (row.word(at - 1) in {",", "("})
    if row.word(before) in _PARTS:
        return not _NO_PARTS & set(row.words(0, at))
    return (before >= 0 and row.items[before].kind == THING and row.reading.things[row.thing(before)].introduced) or row.word(before) in _INCLUDERS


_STAGED = frozenset("framework pipeline recipe approach paradigm procedure strategy scheme process method".split())
_STAGES = re.compile(r"(?:two|three|four|multi|dual)-?(?:stage|step|phase|part|level)")


def _colon_parts(row: Row, main: int | None) -> Iterator[Found]:
    """`built on three modules: a Y, a Z, and W`, `Foo incorporates: (1) Y: ...; (2) Z: ...`: the parts listed behind the colon."""
    colon = next((at for at in range(2, len(row.items) - 1) if row.word(at) == ":"), None)
    if colon is None or main is None or row.background or row.reading.sentences[row.index][0] < row.reading.abstract_start:
        return
    listed = _PARTS & set(row.words(colon - 2, colon)) and not {"including", "datasets", "tasks", "contributions"} & set(row.words(colon - 6, colon))
    opened = row.word(colon - 1) in {"incorporates", "integrates", "combines", "comprises", "includes", "using", "introduces", "via"}
    staged = row.word(colon - 1) in _STAGED and any(_STAGES.search(w) for w in row.words(colon - 6, colon))
    if not listed and not opened and not staged and not (row.word(colon + 1) == "(" and row.word(colon + 3) == ")" and row.word(colon + 4) in {"a", "an"}):
        return  # nor `: (1) an X does this, and (2) a Y does that`
    numbered = [p + 2 for p in range(colon, len(row.items) - 3) if row.word(p) == "(" and row.word(p + 2) == ")" and _MARK.fullmatch(row.items[p + 1].text)]
    marks = [p for p in range(colon, len(row.items) - 3) if row.word(p) in {":", ";"} and p >= colon] if ";" in row.words(colon, len(row.items)) else []
    if len(numbered) > 1 and len(marks) < 2:
        marks = numbered
    if len(marks) > 1:
        chunks = [c for mark in marks for c in list(chunks_after(row, _after_mark(row, mark)))[:1] if not _is_action(row, c.first)]
    else:
        chunks = list(chunks_after(row, _after_mark(row, colon)))
    if staged and len(marks) < 2 and chunks:
        for position in row.things(chunks[-1].last + 1, None, frozenset({"method", "software"})):
            after = row.words(position - 2, position) == [",", "and"] and row.reading.text[row.items[position].start].isupper()
            if (after or _new_member(row, position)) and row.thing(position) != main:
                yield Found(main, "uses", row.thing(position), colon, "uses.part")
    for chunk in chunks:
        named = row.reading.text[row.items[chunk.first].start].isupper()
        thing = thing_of_chunk(row, chunk, ACTORS, (chunk.indefinite or named or len(marks) > 1) and bool(listed or opened))
        if thing is not None and thing != main:
            yield Found(main, "uses", thing, colon, "uses.part")


_PRESENTED = frozenset("presented introduced developed proposed designed devised employed adopted incorporated integrated constructed".split())


def _presented(row: Row, main: int) -> Iterator[Found]:
    """`Moreover, an X is presented for Z`, once the introduced thing has been named: X is a part of it."""
    start = row.reading.abstract_start
    for at, word in enumerate(row.plain):
        if word not in _PRESENTED or not {"is", "are"} & set(row.words(at - 2, at)):
            continue
        position = next((p for p in reversed(row.things(0, at)) if row.items[p].end <= row.items[at].start), None)
        if (
            position is None
            or row.kind(position) not in {"method", "software"}
            or row.items[position].pronoun
            or row.thing(position) == main
            or row.word(at + 1) in {"by", "in", "as"}
            or set(row.words(position + 1, at)) & _OWNED_ENDS
            or _before_noun(row, position) & _GOVERNING
            or not any(m.thing == main and start <= m.start and m.sentence < row.index for m in row.reading.mentions)
        ):
            continue
        first = next((m.sentence for m in row.reading.mentions if m.thing == row.thing(position) and m.start >= start), row.index)
        if first == row.index:
            yield Found(main, "uses", row.thing(position), at, "uses.introduced")


def _new_part(row: Row, at: int, main: int) -> Iterator[Found]:
    """`We further design a two-step planner`, once the introduced thing has been named: a part of it, though no component took it for a name."""
    start = row.reading.abstract_start
    if row.background or not _we(row, at) or not any(m.thing == main and start <= m.start and m.sentence < row.index for m in row.reading.mentions):
        return
    chunk = next(chunks_after(row, at, 8), None)
    if chunk is None or not chunk.indefinite or chunk.examples or row.word(chunk.last + 1) in {"(", "-", "called", "named", "termed", "dubbed", "of"}:
        return
    noun = row.word(chunk.last)
    if chunk.last == chunk.first or _COMPONENT.fullmatch(noun) is None:
        return
    thing = thing_of_chunk(row, chunk, ACTORS, True)
    if thing is not None and thing != main:
        yield Found(main, "uses", thing, at, "uses.introduced")


_COMPONENT = re.compile(
    r"(?:pars|search|retriev|schedul|generat|select|rout|controll|plann|encod|decod|filter|rank|sampl|simulat|verifi|extract|aggregat|index|adapt|manag|optimiz|estimat)(?:er|or)"
    r"|filter|module|mechanism|pipeline|network|agent|kernel|loss|classifier|detector|policy|engine|compiler|runtime|library|task|objective"
)
"""Nouns of what can be a part and act; a `strategy` or an `approach` rather says how."""
_OWNED_ENDS = _GOVERNING - {"is", "are"} | {",", "that", "which"}


def _before_noun(row: Row, position: int) -> set[str]:
    """The words of the three before the thing at `position`."""
    return set(row.words(position - 3, position))


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


def _used_in(row: Row, at: int) -> Iterator[Found]:
    """`X, the attention used in A and B`: A and B, which have names of their own, use X."""
    used = next((p for p in reversed(row.things(max(0, at - 7), at, ACTORS)) if row.word(p + 1) in {",", "(", ")", "used", "is", "are"}), None)
    first = next((p for p in row.things(at + 2, at + 4, frozenset({"model", "software"}))), None)
    if used is None or first is None or _GOVERNING & set(row.words(used + 1, at)):
        return
    for position in coordinated(row, first, frozenset({"model", "software"})):
        if row.thing(position) != row.thing(used) and not is_class(row.reading.things[row.thing(position)].name):
            yield Found(row.thing(position), "uses", row.thing(used), at, "uses.verb", "asserted")


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
        if (row.word(gap - 1) == "," and "i" in between[-5:] and "e" in between[-4:]) or {"namely", ":"} & set(between[-1:]):
            between = between[:1]  # `trained with a strategy of two stages, i.e., X`
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
        objects += [p for p in _then(row, objects[-1]) if p not in objects]
        objects += [p for p in _repeated(row, at, word, objects[-1]) if p not in objects]
    if not objects:
        if word in _STRICT and main is not None:
            yield from _new_part(row, at, main)
        return
    if word in _STRICT and (main is None or _names_next(row, objects[-1], main) or {"tasks", "modes", "subsets", "settings"} & set(row.words(at, objects[0]))):
        return
    subject: int | None = None
    owner = _relative_owner(row, at)
    if owner == _UNNAMED:
        return
    position = owner if owner is not None else None if _we(row, at) else subject_before(row, at, ACTORS | {"metric"})
    if position is not None:
        subject = row.thing(position)
    if (
        word in _ADJUNCTS
        and position is not None
        and owner is None
        and not row.reading.things[row.thing(position)].introduced
        and _object_of_we(row, at, position)
    ):
        subject = main
        position = None
    introduced = [] if _we(row, at) and main is not None else [row.thing(p) for p in row.things(0, at) if row.reading.things[row.thing(p)].introduced]
    if subject is None or (owner is None and not row.reading.things[subject].introduced and introduced):
        subject = introduced[-1] if introduced else main if position is None else subject
    if word in {"equipped", "powered", "driven"} and (subject is None or position is None):
        near = row.things(max(0, at - 4), at, ACTORS)
        subject = row.thing(near[-1]) if near else subject
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
        if thing.kind == "model" and word in {"using", "utilizing"} and {"evaluation", "evaluations", "experiments"} & set(row.words(max(0, at - 12), at)):
            continue  # `evaluation on X, using models like Y`
        yield Found(subject, "uses", other, at, "uses.introduced" if word in _STRICT else "uses.verb")


_ADJUNCTS = frozenset({"via", "through", "using", "with"})
_CLAUSE = frozenset({"that", "which", "where", "while", ";", "whose", "so", "because", "whether", "if", "how"})


def _object_of_we(row: Row, at: int, position: int) -> bool:
    """`we achieve Z for X through Y`: X at `position` is what we do something to, so Y at `at` is a means of ours; not of `we train X with Y`."""
    we = max((p for p in range(position) if row.word(p) == "we"), default=-1)
    return we >= 0 and not (_CLAUSE | _TREATING | {"align", "apply", "optimize"}) & set(row.words(we, at))


_UNNAMED = -1


def _relative_owner(row: Row, at: int) -> int | None:
    """Whose part the clause `that uses Y` at `at` tells of: a position, `_UNNAMED` for a part without a name, None for anything else."""
    if row.word(at - 1) not in {"that", "which"} or at < 2:
        return None
    before = at - 2 - (at > 2 and row.word(at - 2) == ",")
    if row.word(before) == ")" and row.word(before - 2) == "(" and before > 3:
        before -= 1  # `Foo Bar (FB) that uses`
    if row.items[before].kind == THING:
        apposed = {",", "—", "–", "--", ":", "is"} & set(row.words(max(0, before - 7), before)) and not row.reading.things[row.thing(before)].introduced
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


def _then(row: Row, last: int) -> Iterator[int]:
    """B of `uses A to do this, followed by B`, which stands behind the last object, at position `last`."""
    for step in range(last + 1, min(last + 12, len(row.items) - 1)):
        if row.word(step) in {"followed", "along", "together"} and row.word(step + 1) in {"by", "with"}:
            yield from objects_after(row, step + 1, ACTORS, 5)


_MEANS = frozenset({"by", "via", "through", "using", "with"})


def _repeated(row: Row, at: int, word: str, last: int) -> Iterator[int]:
    """The objects of `guided by A to do this, and by B`, behind the first, which ends at position `last`."""
    link = word if word in _MEANS else row.word(at + 1)
    for step in range(last + 1, min(last + 30, len(row.items) - 1) if link in _MEANS else 0):
        if row.word(step) == link and row.word(step - 1) in {"and", "then", "or"} and row.word(at - 1) != "by":
            yield from objects_after(row, step, ACTORS, 5)


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
            return any(w in {"a", "an"} for w in words[index:]) or words[index] == ":" or row.reading.things[row.thing(at)].introduced
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
