"""Extraction of facts, variants: one member of a family of names (`X-MoE` of `X`), as the paper itself names both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kgraph.extract.phrases import ACTORS, DATA, STOP, THING, Row, coordinated
from kgraph.extract.pronouns import main_thing
from kgraph.extract.reading import Mention, Reading, Thing
from kgraph.extract.statements import Found

_SPLIT = re.compile(r"[\s\-_/]+")
_CODED = re.compile(r"\d|[a-z][A-Z]|[A-Z]{2}")
_ATTRIBUTE = re.compile(r"(?i)-(?:aware|based|guided|driven|enhanced|augmented|free|oriented|centric)\b")
_RELEASE = re.compile(r"[- ](?:\d+(?:\.\d+)?[BMKbm]|[Bb]ase|[Ll]arge|[Ss]mall|[Tt]iny|[Mm]ini|[Vv]\d+(?:\.\d+)?|[Ii]nstruct|[Cc]hat)$")
"""What a size or a release of a model adds to the name of its family: `Foo-7B`, `Foo-base`, `Foo-v2`."""
_GENERIC = frozenset(
    {
        "model",
        "models",
        "method",
        "framework",
        "system",
        "llm",
        "llms",
        "network",
        "learning",
        "large",
        "language",
        "agent",
        "agents",
        "plms",
        "mllms",
        "vlms",
        "pre",
        "trained",
        "pretrained",
        "deep",
        "neural",
    }
)


@lru_cache(maxsize=1 << 12)
def _parts(name: str) -> tuple[str, ...]:
    return tuple(p.lower().rstrip("s") if p.islower() else p.lower() for p in _SPLIT.split(re.sub(r"\s*\([^)]*\)", "", name)) if p)


def _is_subsequence(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    rest = iter(long)
    return all(part in rest for part in short)


def is_variant(name: str, family: str) -> bool:
    """Does `name` extend `family` by parts of its own, at the front, at the end or between (`X-2-V` of `X-V`)?

    >>> is_variant("Foo-MoE", "Foo"), is_variant("Foo-Bar-V 2", "Foo-V"), is_variant("BarFoo", "Foo"), is_variant("Mask-DPO", "DPO")
    (True, True, False, True)
    """
    long, short = _parts(name), _parts(family)
    if not short or len(short) >= len(long) or set(short) <= _GENERIC or set(long) <= set(short) | _GENERIC or _ATTRIBUTE.match(name[len(family) :]):
        return False
    if not any(_CODED.search(part) for part in family.split()) and (
        " " in family or not family[0].isupper()
    ):  # a phrase; in capitals it is part of the name only
        return " " in family.strip() and not re.search(r"[A-Z]", name) and f" {' '.join(short)}" in f" {' '.join(long)}"
    if len("".join(short)) < 3:
        return False
    return _is_subsequence(short, long) and (short[0] == long[0] or (short[-1] == long[-1] and "-" in name and " " not in name))


def glued(name: str, family: str) -> bool:
    """Does `name` end or begin with `family` without a border (`SeqABC` of `ABC`)?"""
    return (
        len(family) >= 3 and len(name) - len(family) >= 2 and name.endswith(family) and " " not in name and sum(c.isupper() or c.isdigit() for c in family) >= 3
    )


def variants_by_name(reading: Reading) -> Iterator[tuple[Found, int]]:
    """Pairs of things where one name is a form of the other, with the sentence that shows it; datasets are based on, not variants of."""
    first = {m.thing: m.sentence for m in reversed(reading.mentions)}
    told = {m.thing: m.sentence for m in reversed(reading.mentions) if m.start >= reading.abstract_start}
    places: dict[int, set[int]] = {}
    for m in reading.mentions:
        places.setdefault(m.thing, set()).add(m.sentence)
    for index, thing in enumerate(reading.things):
        if thing.kind not in ACTORS | DATA or index not in first:
            continue
        release = _RELEASE.search(thing.name) if thing.kind == "model" else None
        if not (thing.introduced or release or _is_member(reading, thing)):
            continue
        candidates = []
        for other, family in enumerate(reading.things):
            if (
                other == index
                or other not in first
                or (family.introduced and first[other] == first[index] and not thing.name.startswith(family.name))
                or (family.kind in DATA) != (thing.kind in DATA)
                or (release and not thing.introduced and thing.name[: release.start()] not in family.names)
                or family.kind not in ACTORS | DATA
            ):
                continue
            if any(is_variant(a, b) for a in _own_names(thing) for b in _own_names(family)) or (
                index in told
                and told[index] in places[other]
                and any(glued(a, b) for a in _own_names(thing) for b in _own_names(family))
                and thing.kind in ACTORS
            ):
                candidates.append(other)
        part = next((o for o, t in enumerate(reading.things) if o != index and t.introduced and t.kind in ACTORS and _ends_with_part(reading, thing, t)), None)
        if part is not None:
            yield Found(index, "uses", part, 0, "uses.attribute"), first[index]
            candidates = [other for other in candidates if other != part]
        if candidates:
            family_index = max(candidates, key=lambda o: len(_parts(reading.things[o].name)))
            predicate = "basedOn" if thing.kind in DATA else "variantOf"
            shared = sorted(places[index] & places[family_index])
            yield Found(index, predicate, family_index, 0, f"{predicate}.name"), (shared[0] if shared else first[index])


def _is_member(reading: Reading, thing: Thing) -> bool:
    """Is it called by the name of something introduced and a suffix (`Foo-7B` of Foo), so that it comes with it?"""
    return thing.kind in ACTORS and any(
        t.introduced and t.kind in ACTORS and any(thing.name.startswith(f"{name}-") and len(name) > 2 and name[0].isupper() for name in t.names)
        for t in reading.things
    )


def _ends_with_part(reading: Reading, thing: Thing, part: Thing) -> bool:
    """`Foo-BAR` of the introduced BAR, where Foo is a thing too or a release of one: Foo made with BAR."""
    for name in part.names:
        front = thing.name.removesuffix(f"-{name}")
        if (
            front != thing.name
            and len(name) > 2
            and any(front.startswith(n) for t in reading.things if t is not part for n in t.names if len(n) > 2 and n[0].isupper() and n != thing.name)
        ):
            return True
    return False


def _own_names(thing: Thing) -> list[str]:
    return list(dict.fromkeys([thing.name, *thing.names]))


_LINK = frozenset({"is", "are", ",", "a", "an", "as", "(", ")", "-", "—", "–", "--", "of"})
_FAMILY = frozenset({"family", "series", "suite", "line"})
_VARIANT = frozenset({"variant", "variants", "version", "versions", "class", "instance", "kind", "type"})
_KINDS = ACTORS | {"task"}  # `a new class of planners`: a class of methods is often taken for a task


_CUES = _FAMILY | _VARIANT


def told_variants(row: Row) -> Iterator[Found]:
    """`a variant of X`, `an X variant`, `a new class of X`, `we extend it to a Y variant (X-Y)`, `the X family, including X-1 and X-2`."""
    if _CUES.isdisjoint(row.plain):
        return
    for at, item in enumerate(row.items):
        word = item.text
        if word in _VARIANT and row.word(at + 1) == "of":
            target = next((p for p in row.things(at + 2, at + 6, _KINDS if word == "class" else ACTORS)), None)
            owner = _owner(row, at)
            if row.word(at - 1) in {"original", "the", "compressed", "this", "that"} or (
                word in {"class", "kind", "type"} and row.word(at - 1) not in {"new", "novel"}
            ):
                continue
            if target is not None and owner is not None and owner != row.thing(target):
                yield Found(owner, "variantOf", row.thing(target), at, "variantOf.told")
        elif word in {"variant", "version"} and row.word(at + 1) == "(" and at + 2 < len(row.items) and row.items[at + 2].kind == THING:
            family = main_thing(row.reading, ACTORS)
            if family is not None and row.word(at + 3) == ")" and family != row.thing(at + 2):
                yield Found(row.thing(at + 2), "variantOf", family, at, "variantOf.told")
        elif word in _FAMILY and at and row.items[at - 1].kind == THING and row.kind(at - 1) in ACTORS:
            cue = next((p for p in range(at + 1, min(at + 4, len(row.items))) if row.word(p) in {"including", "includes", "comprising", "namely", ":"}), None)
            start = next((p for p in row.things(cue + 1, cue + 3, ACTORS)), None) if cue is not None else None
            if start is not None:
                for member in coordinated(row, start, ACTORS):
                    if row.thing(member) != row.thing(at - 1):
                        yield Found(row.thing(member), "variantOf", row.thing(at - 1), at, "variantOf.told")


def _owner(row: Row, at: int) -> int | None:
    """Whose variant is told of at `at`: the introduced thing before it, else the nearest, with plain words and names between (`X, a fast Y variant of`)."""
    before = row.things(max(0, at - 14), at, ACTORS)
    near = [p for p in before if all(w in _LINK or (w[0].isalpha() and w not in STOP) for w in row.words(p + 1, at))]
    introduced = [p for p in near if row.reading.things[row.thing(p)].introduced]
    return row.thing((introduced or near)[-1]) if near else None


_MEMORY_BEHIND = re.compile(r".*?\d.*?[\s\-]\(?(\d{1,3})[\s\-]?Gi?B\b\)?")
_MEMORY_BEFORE = re.compile(r"\b(\d{1,3})[\s\-]?GB\s$")


def name_memory_variants(reading: Reading) -> None:
    """Devices written with their memory (`A100-80GB`, `80GB A100`) become things of their own beside the device, which the facts keep to.

    A class of devices with so much memory (`24G GPU`) is no product, so it has no variant.
    """
    text, made = reading.text, {thing.name: index for index, thing in enumerate(reading.things)}
    for mention in list(reading.mentions):
        device = reading.things[mention.thing]
        if device.kind != "hardware" or not any(c.isdigit() for c in device.name):
            continue
        start, end = mention.start, mention.end
        behind = _MEMORY_BEHIND.match(text, start, end + 1)
        found = behind or _MEMORY_BEFORE.search(text, max(start - 8, 0), start)
        if found is None:
            continue
        start, end = (start, found.end()) if found is behind else (found.start(), end)
        name = f"{device.name} {found[1]}GB"
        if name not in made:
            made[name] = len(reading.things)
            reading.things.append(Thing(name, "hardware", [name], {"hardware": 1.0}))
        reading.mentions.append(Mention(made[name], start, end, mention.sentence, mention.score))
    reading.mentions.sort(key=lambda m: (m.start, -m.end))
