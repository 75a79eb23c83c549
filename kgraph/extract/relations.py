"""Extraction of facts, relations between two things of a paper, from cue words and their places.

Each reader below looks for one family of cues in a row and names subject and object by position; `polarity` says whether the statement
is made, denied, hoped for or about earlier work. What several sentences say is kept once, with the surest evidence.
"""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.extract import polarity
from kgraph.extract.comparisons import comparisons
from kgraph.extract.confidence import CONFIDENCE
from kgraph.extract.evaluations import evaluations
from kgraph.extract.phrases import ACTORS, DATA, NUMBER, PREPOSITIONS, THING, WORD, Row, coordinated
from kgraph.extract.pronouns import main_thing
from kgraph.extract.statements import Found, is_class, objects_after
from kgraph.extract.subjects import subject_before
from kgraph.extract.usage import uses
from kgraph.model import Claim

# cue words in order -> predicate, rule. `*` stands for one or two words in between.
_BASES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("built", "upon"), "built"), (("built", "on"), "built"), (("builds", "upon"), "built"), (("builds", "on"), "built"), (("building", "on"), "built"), (("building", "upon"), "built"), (("on", "top", "of"), "built"),
    (("based", "on"), "based"), (("based", "upon"), "based"), (("extends",), "extends"), (("extending",), "extends"), (("extend",), "extends"), (("extension", "of"), "extends"), (("extension", "to"), "extends"),
    (("fine-tuned", "from"), "tuned"), (("finetuned", "from"), "tuned"), (("fine-tuned", "version", "of"), "tuned"), (("initialized", "from"), "tuned"), (("initialized", "with"), "tuned"),
    (("initialised", "with"), "tuned"), (("initialised", "from"), "tuned"), (("derived", "from"), "tuned"), (("distilled", "from"), "tuned"), (("adapts",), "adapts"), (("adapt",), "adapts"), (("adapting",), "adapts"),
    (("converts",), "adapts"), (("convert",), "adapts"), (("transforms",), "adapts"), (("transform",), "adapts"), (("adapted", "from"), "tuned"),
    (("modules", "from"), "tuned"), (("weights", "from"), "tuned"), (("weights", "of"), "tuned"), (("starting", "from"), "tuned"), (("turns",), "adapts"), (("turn",), "adapts"), (("augments",), "extends"), (("built", "atop"), "built"), (("builds", "atop"), "built"), (("transforming",), "adapts"), (("converting",), "adapts"), (("turning",), "adapts"),
    (("initialized", "using"), "tuned"), (("trained", "from"), "tuned"), (("pretrained", "from"), "tuned"), (("upgrades",), "extends"), (("inherits", "from"), "tuned"),
    (("modification", "of"), "extends"), (("modified", "version", "of"), "extends"), (("generalization", "of"), "extends"), (("generalisation", "of"), "extends"), (("fork", "of"), "extends"), (("inspired", "by"), "inspired"),
    (("upgrade", "of"), "extends"), (("successor", "of"), "extends"), (("successor", "to"), "extends"),
)  # fmt: skip


_OTHERS = frozenset({"methods", "approaches", "baselines", "techniques", "solutions"})
_ADAPT = frozenset({"adapts", "adapt", "adapting"})
_WHOLE = frozenset({"model", "models", "network", "networks", "system", "systems", "architecture", "architectures", "framework"})
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], str]]] = {}


for _cue, _rule in _BASES:
    _BY_FIRST.setdefault(_cue[0], []).append((_cue, _rule))


def bases(row: Row) -> Iterator[Found]:
    """basedOn: what is built upon, extended, adapted or fine-tuned from."""
    if _BY_FIRST.keys().isdisjoint(row.plain):
        return
    for at, item in enumerate(row.items):
        if item.kind != WORD or item.text not in _BY_FIRST:
            continue
        for cue, rule in _BY_FIRST[item.text]:
            if tuple(row.word(at + i) for i in range(len(cue))) == cue and not (item.text == "turn" and row.word(at - 1) == "in"):
                yield from _base(row, at, at + len(cue) - 1, rule)
                break


def _base(row: Row, at: int, last: int, rule: str) -> Iterator[Found]:
    stops = {";", "while", "which", "when", "by", ",", "where", "to", "for", "into"} - ({","} if rule == "adapts" else set())
    objects = [p for p in objects_after(row, last, ACTORS | DATA, 7 if rule != "tuned" else 8, frozenset(stops)) if not row.items[p].pronoun]
    if not objects or (rule == "extends" and set(row.words(last + 1, objects[0])) & PREPOSITIONS):
        return  # it extends something of the thing
    if rule == "adapts":
        yield from _adapted(row, at, objects)
        return
    if rule == "inspired":
        yield from _inspired(row, at, objects[0])
        return
    if rule == "tuned" and row.kind(at - 1 - (row.word(at - 1) == ",")) == "metric":
        return  # `a metric, derived from X`
    if row.word(at - 1) in _OTHERS and not {"our", "these", "proposed"} & set(row.words(at - 4, at)):
        return  # `outperforms methods built on X`
    near = at - 2 if row.items[at - 1].kind == NUMBER and at > 1 else at - 1
    if rule == "based" and near >= 0 and row.items[near].kind == THING and row.kind(near) in ACTORS | DATA:
        subject: int | None = row.thing(near)  # `we start from X based on Y`: of X alone
    else:
        subject = _own_subject(row, at)
    if subject is None or (row.kind(objects[0]) in DATA and row.reading.things[subject].kind not in DATA):
        return
    thing = row.reading.things[subject]
    for position in objects:
        other = row.thing(position)
        if other == subject:
            continue
        printed = row.reading.text[row.items[position].start : row.items[position].end]
        means = rule == "based" and row.kind(position) == "method" and row.items[position].text == printed  # a technique in plain words
        if (thing.kind in DATA and row.kind(position) not in DATA) or means:
            if thing.introduced:
                yield Found(subject, "uses", other, at, "uses.verb")
        elif not row.reading.things[other].introduced:
            yield Found(subject, "basedOn", other, at, f"basedOn.{rule}")


def _inspired(row: Row, at: int, position: int) -> Iterator[Found]:
    """`Inspired by X, we propose Foo`: Foo is based on X where X has a name of its own, in capitals."""
    main = main_thing(row.reading, ACTORS)
    printed = row.reading.text[row.items[position].start : row.items[position].end]
    other = row.thing(position)
    if main not in {None, other} and "we" in row.words(at, len(row.items)) and printed[0].isupper() and position - at <= 4:
        assert main is not None
        if not row.reading.things[other].introduced:
            yield Found(main, "basedOn", other, at, "basedOn.extends")


def _adapted(row: Row, at: int, objects: list[int]) -> Iterator[Found]:
    """`we adapt X to Y`, `Foo converts a Y model into a faster one`, `we turn A and B into A2 and B2`: what is new is based on what was there."""
    told = row.items[at].text
    if row.word(at - 1) == "to" and not row.things(max(0, at - 4), at, ACTORS | DATA) and "we" not in row.words(at - 4, at):
        return  # `a platform for users to adapt X`
    target = next(
        (
            p
            for p in range(objects[-1] + 1, min(objects[-1] + 9, len(row.items)))
            if row.items[p].kind == THING and row.kind(p) in _row_kinds(row, objects[0]) and {"to", "into"} & set(row.words(objects[-1], p))
        ),
        None,
    )
    if target is not None:
        targets = [row.thing(p) for p in coordinated(row, target, _row_kinds(row, objects[0]))]
        own = [row.reading.things[t].introduced for t in targets]
        if len(targets) == len(objects) and (any(own) or "we" in row.words(at - 5, at)):
            for new, position in zip(targets, objects, strict=True):
                if new != row.thing(position):
                    yield Found(new, "basedOn", row.thing(position), at, "basedOn.adapts")
            return
    if row.kind(objects[0]) in DATA:
        return
    subject = row.thing(target) if target is not None and row.reading.things[row.thing(target)].introduced else _own_subject(row, at)
    for position in objects:
        other = row.thing(position)
        whole = row.kind(position) in {"model", "software"} or row.word(position + 1) in _WHOLE
        if subject not in {None, other} and not row.reading.things[other].introduced and (told in _ADAPT or whole):
            assert subject is not None
            yield Found(subject, "basedOn", other, at, "basedOn.adapts")


_HEADS = frozenset({"backbone", "base"})


def backbones(row: Row) -> Iterator[Found]:
    """`with a Y backbone`, `using Y as the base model`: the paper's thing is based on Y."""
    if row.background or _HEADS.isdisjoint(row.plain):
        return
    main = main_thing(row.reading, ACTORS)
    if main is None:
        return
    for position in row.things(1, None, ACTORS):
        after = row.words(position + 1, position + 5)
        before = set(row.words(position - 4, position))
        head = next((w for w in after[1:] if w not in {"the", "a", "an", "its", "our", "main"}), "") if after[:1] == ["as"] else after[0] if after else ""
        if head in _HEADS and before & {"with", "using", "adopts", "employs", "use", "uses", "adopting"} and not before & {"across", "on", "experiments"}:
            other = row.thing(position)
            if other != main and not row.reading.things[other].introduced and not row.items[position].pronoun:
                yield Found(main, "basedOn", other, position, "basedOn.backbone")


def _row_kinds(row: Row, position: int) -> frozenset[str]:
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
    """`X: doing this with Y-enhanced Z`: X is based on the model Z and uses the method Y, where the abstract names them too."""
    own = next((row.thing(p) for p in row.things(0, 3, ACTORS) if row.reading.things[row.thing(p)].introduced), None)
    if own is None:
        return
    for position in row.things(1, None, ACTORS):
        other = row.thing(position)
        words = row.words(max(0, position - 6), position)
        if (
            other == own
            or row.reading.things[other].introduced
            or not {"with", "via", "using", "by"} & set(words)
            or (row.word(position + 1) != "-" and all(m.start < row.reading.abstract_start for m in row.reading.mentions if m.thing == other))
            or {"of", "for", "in"} & set(words[-3:])
        ):
            continue
        if row.word(position - 1) == "on":
            continue  # `doing this on Z` tells where, not with what
        if row.kind(position) == "model" and not is_class(row.reading.things[other].name):
            yield Found(own, "basedOn", other, position, "basedOn.title")
        elif row.kind(position) in {"method", "software"}:
            yield Found(own, "uses", other, position, "uses.title")


def read_relations(row: Row) -> list[Claim]:
    """The relations told in one sentence."""
    found: list[Found] = []
    title = row.reading.sentences[row.index][0] < row.reading.abstract_start
    for reader in (comparisons, bases, backbones, uses, evaluations, addressed):
        found.extend(reader(row))
    if title:
        found.extend(_of_title(row))
    out = []
    for f in found:
        if title and f.predicate in {"uses", "evaluatedOn"} and f.rule != "uses.title":
            continue
        state = f.polarity or polarity.of_clause(row, f.cue)
        out.append(Claim(f.subject, f.predicate, f.object, row.index, CONFIDENCE[f.rule], state))
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
    stronger = {"comparedWith": ("outperforms",), "uses": ("basedOn", "variantOf"), "basedOn": ("variantOf",)}
    out = []
    for (s, p, o), claim in best.items():
        if any((s, q, o) in best or (p == "comparedWith" and (o, q, s) in best) for q in stronger.get(p, ())):
            continue
        if p == "uses" and (o, "variantOf", s) in best:
            continue
        if p == "outperforms" and (o, p, s) in best and best[o, p, s].confidence > claim.confidence and best[o, p, s].polarity == "asserted":
            continue
        out.append(claim)
    return sorted(out, key=lambda c: (c.sentence, c.predicate, c.subject, c.object))
