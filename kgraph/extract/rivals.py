"""Extraction of facts, comparisons: the rivals that a cue of comparison names, from the list behind it to the things it speaks of."""

from __future__ import annotations

import re
from itertools import pairwise

from kgraph.extract.lists import GENERIC, PEOPLE, Chunk, chunks_after, new_thing, rival_chunks, thing_of_chunk
from kgraph.extract.phrases import ACTORS, BEAT, DATA, DETERMINERS, METRIC_HEADS, NUMBER, PREPOSITIONS, STOP, THING, VERBS, WORD, Row
from kgraph.extract.pronouns import phrase_thing
from kgraph.extract.statements import RIVALS, is_class
from kgraph.extract.subjects import has_verb_after


def rivals_after(row: Row, at: int, kinds: frozenset[str] = RIVALS, wide: bool = False) -> list[int]:
    """The things compared with behind a cue, phrases included; an apposition (`the leading system, X,`) gives its name only. `wide`: any plural
    with a word of its own is one."""
    at = _link(row, at)
    chunks = rival_chunks(row, at, kinds)
    if chunks and _tells(row, chunks[0]):  # no apposition
        chunks = list(chunks_after(row, at))[:1]
    for _ in range(4):
        again = _goes_on(row, chunks[-1].last + 1) if chunks else None
        if again is None:
            break
        chunks += rival_chunks(row, again, kinds)
    found = rivals_of(row, members_of(row, chunks), kinds, wide)
    for chunk in chunks:
        found += [t for t in _measured(row, chunk, kinds) if t not in found]
    return found or _in_brackets(row, chunks[-1], kinds) if chunks else found


def _measured(row: Row, chunk: Chunk, kinds: frozenset[str]) -> list[int]:
    """A and B of `single-modal baselines (A: 89%; B: 79%)`: the members of a class, each with its value."""
    opened = chunk.last + 1
    if row.word(opened) != "(" or row.word(chunk.last) not in CLASS_NOUNS:
        return []
    close = next((p for p in range(opened + 2, min(opened + 24, len(row.items))) if row.word(p) == ")"), opened)
    return [row.thing(p) for p in row.things(opened, close - 1, kinds) if row.word(p + 1) in {":", "at", "with"} and row.items[p + 2].kind == NUMBER]


def _in_brackets(row: Row, chunk: Chunk, kinds: frozenset[str]) -> list[int]:
    """X of `existing frameworks (55.5% for X)`, `methods built on large models (e.g., X)`: the example of a class that names nothing itself."""
    last = chunk.last - (row.word(chunk.last) == "built" or row.word(chunk.last).endswith("ed"))
    if row.word(last) not in CLASS_NOUNS:
        return []
    opened = next((p for p in range(chunk.last + 1, min(chunk.last + 8, len(row.items) - 2)) if row.word(p) in {"(", ",", ".", ";", "by", "that"}), None)
    if opened is None or row.word(opened) != "(":
        return []
    close = next((p for p in range(opened + 2, min(opened + 12, len(row.items))) if row.word(p) == ")"), None)
    named = row.things(opened, close, kinds) if close is not None else []
    told = set(row.words(opened, close)) if close is not None else set()
    exemplary = told & {"e", "e.g", "including", "like", "such"} or (row.items[opened + 1].kind == NUMBER and told & {"for", "by", "with", "of"})
    return list(dict.fromkeys(row.thing(p) for p in named)) if exemplary else []


_TELLING = frozenset(
    "underscoring highlighting confirming validating suggesting indicating establishing setting paving proving illustrating underlining showcasing marking opening making leaving rendering".split()
)
"""Participles that tell what follows from the sentence."""


def _tells(row: Row, chunk: Chunk) -> bool:
    """`underscoring X`, `surviving a control`: a participle with an object, no member of a list?"""
    first = row.word(chunk.first)
    return first in _TELLING or (first.endswith("ing") and (row.word(chunk.first + 1) in DETERMINERS or row.word(chunk.first + 1) == "it"))


def members_of(row: Row, chunks: list[Chunk]) -> list[Chunk]:
    """The members of a list up to where a clause begins: `and effectively bridges X`, `, underscoring its use`, `and an ablation shows`."""
    out: list[Chunk] = []
    for index, chunk in enumerate(chunks):
        first, second = row.word(chunk.first), row.word(chunk.first + 1)
        verb = first.endswith("s") and row.word(chunk.first - 1) == "and" and second in {"the", "these", "a", "an", "its", "their"}  # `and learns these`
        verb = verb or (first.endswith("ly") and second.endswith("s") and not second.endswith("ss") and chunk.last > chunk.first + 1)
        last = index == len(chunks) - 1 and "and" in row.words(chunk.first - 3, chunk.first)
        last = last and has_verb_after(row, chunk.last) and not row.word(chunk.last + 1).endswith(("ed", "ing"))
        between = row.words(chunks[index - 1].last + 1, chunk.first) if index else []
        apposed = between[:2] == [",", "the"] and not {"and", "or"} & set(row.words(chunks[index - 1].last + 1, chunks[-1].last))
        if index and (_tells(row, chunk) or verb or last or apposed):  # `X, the fastest engine so far,`
            break
        if not index or row.word(chunk.first - 1) != ")" or row.word(chunk.first - 2) == ")":  # `retrieval (RAG) systems`: one name that a bracket parts
            out.append(chunk)
    return out


def _link(row: Row, at: int) -> int:
    """The last word before the rivals behind the cue at `at`: `exceeds the accuracy of X`, `on par with or exceeding that of X`, `surpasses leading models`."""
    while (row.word(at + 1) in {"or", "and", "even"} and (row.word(at + 2) in BEAT or row.word(at + 2) == "even")) or (
        row.word(at + 1) in BEAT and row.word(at) in {"or", "and", "even"}
    ):
        at += 1
    of = next((p for p in range(at + 2, min(at + 6, len(row.items))) if row.word(p) == "of"), None)
    if of is not None and not row.things(at + 1, of, ACTORS):  # `surpasses X's score of 79`
        told = row.all_words(at + 1, of)
        if told and (told[-1] in {"that", "those", "level", "levels"} or told[-1] in METRIC_HEADS):
            at = of
    step = at + 1 + (row.word(at + 1).endswith("ly"))
    if at != of and row.word(step).endswith("ing") and row.word(step) not in GENERIC:
        step += 1 + (row.word(step + 1) in {"with", "on", "using"})
        if step < len(row.items) and row.items[step].kind == THING and row.kind(step) in ACTORS and row.word(step - 1) not in BEAT:
            return step - 1  # `compared to directly prompting X`
    while row.word(at + 1) in GENERIC and row.word(at + 1) in VERBS:
        at += 1
    return at


_GOVERNING = VERBS | PREPOSITIONS


def _goes_on(row: Row, at: int) -> int | None:
    """Where the list of rivals goes on behind `by 3.1% and`, `on all tasks, including`, `(4B to 8B),` or `etc.) and`: the position of the word before."""
    if row.word(at) == "," and row.word(at + 1) == "including":
        return at + 1
    if row.word(at) == "(" and at + 1 < len(row.items) and row.items[at + 1].kind == NUMBER:
        close = next((p for p in range(at + 2, min(at + 9, len(row.items) - 1)) if row.word(p) == ")"), None)
        return close + 1 if close is not None and row.word(close + 1) in {",", "and"} else None
    if row.word(at) in {"on", "in", "across", "by", "with"}:
        mark = next((p for p in range(at + 2, min(at + 12, len(row.items) - 1)) if row.word(p) in {"including", "namely"} and row.word(p - 1) == ","), None)
        if mark is not None and row.word(at - 1) in CLASS_NOUNS and not row.things(at, mark, RIVALS) and not VERBS & set(row.words(at, mark)):
            return mark
    if row.word(at) == "etc" or row.word(at - 1) == "etc":
        joint = next((p for p in range(at, min(at + 5, len(row.items))) if row.word(p) == "and"), None)
        return joint if joint is not None and all(w in {"etc", ".", ")", ",", "and"} for w in row.words(at, joint)) else None
    if row.word(at) != "by" or at + 2 >= len(row.items) or row.items[at + 1].kind != NUMBER:
        return None
    joint = next((p for p in range(at + 2, min(at + 7, len(row.items))) if row.word(p) == "and"), None)
    if joint is None or joint + 1 >= len(row.items) or row.items[joint + 1].kind == NUMBER or row.word(joint + 1) in _GOVERNING:
        return None
    return joint if any(row.word(p) == "by" for p in range(joint + 2, min(joint + 7, len(row.items)))) else None


def rivals_of(row: Row, chunks: list[Chunk], kinds: frozenset[str], wide: bool = False) -> list[int]:
    """The things that the members of a list of rivals name, each once."""
    if len(chunks) > 1 and _names_follow(row, chunks):
        chunks = chunks[1:]
    chunks = [_possessed(row, c) for c in chunks]
    for one, two in pairwise(chunks):
        one.examples = one.examples or bool({"including", "namely"} & set(row.words(one.last + 1, two.first)))
    found = [
        _without(row, c)
        if row.word(c.first) == "no" and c.last == c.first + 1 and not row.background
        else _rival(
            row, c, kinds, not row.background and (not c.described or c.indefinite or _is_counted(row, c) or _is_baseline(row, c) or _is_specific(row, c))
        )
        for c in chunks
    ]
    shared = _shared_head(row, chunks) if None in found and not row.background else ""
    if shared:
        found = [_headed(row, c, shared) if t is None and c is not chunks[-1] else t for c, t in zip(chunks, found, strict=True)]
    if not row.background and any(row.word(c.last) == "-" for c in chunks[:-1]):
        if found[-1] is None and row.word(chunks[-1].last) in CLASS_NOUNS:
            found[-1] = new_thing(row, chunks[-1], wide=True, rival=True)
        found = [_suspended(row, c, chunks[-1]) if t is None else t for c, t in zip(chunks, found, strict=True)]
    if not row.background and any(t is None for t in found) and any(t is not None for t in found):
        heads = {row.items[c.last].text.rpartition(" ")[2] for c, t in zip(chunks, found, strict=True) if t is not None and row.items[c.last].kind == THING}
        alike = [row.word(c.last) in heads - CLASS_NOUNS and c.first < c.last <= c.first + 2 for c in chunks]
        found = [new_thing(row, c, wide=True, rival=True) if t is None and same else t for c, t, same in zip(chunks, found, alike, strict=True)]
    if wide and not row.background:
        found = [_plural(row, c) if t is None else t for c, t in zip(chunks, found, strict=True)]
    things = row.reading.things
    if any(t is not None for t in found[1:]):  # `frontier LLMs such as A and B`: the class that the names are examples of
        found = [None if t is not None and c.examples and is_class(things[t].name) else t for c, t in zip(chunks, found, strict=True)]
    return list(dict.fromkeys(t for t in found if t is not None and things[t].name.lower().removesuffix("s") not in GENERIC))


def _without(row: Row, chunk: Chunk) -> int | None:
    """`no memory` of `improves over no memory`: the setting that does without it."""
    word = row.word(chunk.last)
    return _phrase(row, chunk.first, chunk.last) if word.isalpha() and len(word) > 3 and word not in GENERIC else None


def _possessed(row: Row, chunk: Chunk) -> Chunk:
    """`verbalized confidences` of `outperforms the models' verbalized confidences`; what is measured is not told apart from whose it is."""
    mark = next((p for p in range(chunk.last - 1, chunk.first, -1) if row.word(p) in {"'", "’"} and row.items[p - 1].kind == THING), None)
    if mark is None or row.word(chunk.last) in METRIC_HEADS or row.items[chunk.last].kind == THING:
        return chunk
    if row.word(chunk.last) in _MADE_BY:
        return Chunk(chunk.first, mark - 1)  # `WARP's CPU engine`
    first = mark + 1 + (row.word(mark + 1) == "s")
    return Chunk(first, chunk.last) if first <= chunk.last else chunk


_MADE_BY = frozenset({"engine", "implementation", "version", "backend", "runtime"})


def _plural(row: Row, chunk: Chunk) -> int | None:
    """`system prompts` of `outperforming system prompts`."""
    last = row.word(chunk.last)
    if (
        (chunk.described and not _is_counted(row, chunk))
        or chunk.examples
        or chunk.last == chunk.first
        or not (last.endswith("s") or "-" in row.word(chunk.last - 1))
        or last in METRIC_HEADS
        or (last in GENERIC and not (last in _OTHERS and "-" in row.word(chunk.last - 1)))
        or row.word(chunk.last - 1).endswith(("-sized", "-matched", "-scale", "-scaled", "-size"))
    ):
        return None
    return None if row.things(chunk.first, chunk.last + 1) else new_thing(row, chunk, wide=True, rival=True)


_OTHERS = frozenset({"alternatives", "counterparts", "competitors", "rivals"})


def _suspended(row: Row, chunk: Chunk, last: Chunk) -> int | None:
    """A of `A-, B-, and C-based rivals`, whose member ends with a hyphen: it shares what follows the hyphen of the last one."""
    if row.word(chunk.last) != "-" or chunk.last != chunk.first + 1 or "-" not in (tail := row.word(last.last - 1)):
        return None
    item, head = row.items[chunk.first], f"-{tail.rpartition('-')[2]} {row.word(last.last)}"
    return phrase_thing(row.reading, item.start, item.end, row.index, "model" if row.word(last.last) in _MODELS else "method", head)


def _names_follow(row: Row, chunks: list[Chunk]) -> bool:
    """`the latest RL systems, A and B`: is the first member what the names behind it are called by?"""
    first, gap = chunks[0], row.words(chunks[0].last + 1, chunks[1].first)
    told = row.words(first.first - 2, first.last + 1)
    return (
        gap == [","]
        and row.word(first.last) in CLASS_NOUNS
        and (row.word(first.last).endswith("s") or len(chunks) == 2)
        and bool({"state-of-the-art", "art", "sota", "leading", "latest", "recent", "two", "three", "four", "popular", "best"} & set(told))
        and all(c.first == c.last and re.search(r"[A-Z]", row.text(c.first, c.last)) for c in chunks[1:])
    )


def _is_counted(row: Row, chunk: Chunk) -> bool:
    """`three recent agent-memory systems`: is the member described by a number alone?"""
    before = chunk.first - 1
    return row.word(chunk.last) in CLASS_NOUNS | PEOPLE and before >= 0 and (row.items[before].text in _COUNTS or row.items[before].text.isdigit())


_COUNTS = frozenset({"two", "three", "four", "five", "six", "seven", "eight", "several", "many"})


def _is_baseline(row: Row, chunk: Chunk) -> bool:
    """`the single-agent baseline`: a baseline that a word of its own tells from others?"""
    before = row.word(chunk.last - 1)
    told = before not in GENERIC and before.replace("-", "").isalpha() and not before.endswith(("-sized", "-matched"))
    return chunk.last > chunk.first and row.word(chunk.last) in {"baseline", "baselines"} and told


_BY_RANK = (
    "best-",
    "top-",
    "next-",
    "second-",
    "state-",
    "same-",
    "well-",
    "so-",
    "previous-",
    "high-",
    "low-",
    "large-",
    "small-",
    "above-",
    "fine-",
    "pre-",
    "post-",
)


def _is_specific(row: Row, chunk: Chunk) -> bool:
    """`the full-inference pipeline`, `the vendor-provided library`: does a compound tell which of its class the member is?"""
    told = row.words(chunk.first, chunk.last)
    if row.word(chunk.last) not in _CLASSES:
        return row.word(chunk.last) not in METRIC_HEADS and any(_GUIDED.fullmatch(w) for w in told)
    return any("-" in w and w.replace("-", "").isalpha() and not w.startswith(_BY_RANK) for w in told)


_GUIDED = re.compile(r"[a-z]+-(?:based|guided|directed|driven|aware|agnostic|free|only)")


CLASS_NOUNS = frozenset(
    "workflow workflows paradigm paradigms harness harnesses solution solutions method methods approach approaches model models system systems algorithm algorithms technique techniques baseline baselines strategy strategies framework frameworks pipeline pipelines "
    "agent agents tool tools network networks solver solvers policy policies heuristic heuristics scheme schemes scheduler schedulers implementation implementations kernel kernels planner "
    "planners retriever retrievers architecture architectures design designs llms mllms vlms plms parser parsers decoder decoders encoder encoders variant variants engine engines "
    "recommenders transformers detectors classifiers accelerators controllers attacks defenses libraries criteria".split()
)
"""Nouns that say what kind of thing a rival is."""
_CLASSES = CLASS_NOUNS | {"library", "code"}
_SAME_KIND = frozenset(
    "method methods approach approaches algorithm algorithms technique techniques strategy strategies scheme schemes baseline baselines variant variants".split()
)
"""Those that add nothing to the name of a method."""


_NO_NAME = STOP | GENERIC


def _rival(row: Row, chunk: Chunk, kinds: frozenset[str], create: bool) -> int | None:
    """The thing a member names. `X-based methods` and `machine translation systems` are neither X nor the task: the phrase is a thing of its own."""
    if row.word(chunk.last) in _NO_RIVALS:
        return None
    proper = not row.background and not row.things(chunk.first, chunk.last + 1) and _is_proper(row, chunk.last)
    create = (create or proper) and not chunk.examples and not DETERMINERS & set(row.words(chunk.first + 1, chunk.last + 1))
    named = row.things(chunk.first, chunk.last + 1)
    last = row.items[chunk.last].text.rpartition(" ")[2]
    if create and not named and _is_proper(row, chunk.last):
        return _phrase(row, chunk.last, chunk.last)  # `fused PyTorch`
    title = _title(row, chunk, named)
    if title is not None:
        return _phrase(row, title, chunk.last + (row.word(chunk.last) == "-" and chunk.last + 1 < len(row.items) and row.items[chunk.last + 1].kind == NUMBER))
    if not named or last not in (CLASS_NOUNS | _OTHERS if row.word(named[-1] + 1) == "-" else CLASS_NOUNS):
        return thing_of_chunk(row, chunk, kinds, create and not (chunk.described and chunk.last == chunk.first), True)
    told, between = row.kind(named[-1]), row.words(named[-1] + 1, chunk.last)
    if create and last in {"baseline", "baselines"} and named == [chunk.last - 1] and told == "method" and _is_told_by(row, chunk, named[0]):
        return _apart(row, chunk)
    if named[-1] == chunk.last and named[-2:-1] == [chunk.last - 1] and told in kinds and is_class(row.reading.things[row.thing(chunk.last)].name):
        return _phrase(row, named[-2], chunk.last) if create else row.thing(chunk.last)  # `AMP generative models`
    if named[-1] == chunk.last:
        wide = told not in kinds  # `QE models`, taken for a dataset
    elif between:
        wide = between[0] == "-" or (
            not {"style", "family", "series", "class", "type"} & set(between) and all(w.isalpha() and w not in _NO_NAME for w in between)
        )
    else:
        plain = row.items[named[-1]].text == row.text(named[-1], named[-1])
        wide = (
            any(row.word(p + 1) == "-" and row.word(p + 2) == "based" for p in named[:-1])
            or told in DATA | {"task", "metric"}
            or (is_class(row.reading.things[row.thing(named[-1])].name) and last in {"system", "systems"})
            or (told == "method" and plain and last not in _SAME_KIND | {"model", "models"})
        )
    if not wide:
        return thing_of_chunk(row, chunk, kinds, create and not (chunk.described and chunk.last == chunk.first), True)
    if not create:
        return None
    first = chunk.first
    while first < named[0] and (row.word(first) in GENERIC | _QUALITY or row.word(first).endswith("ly") or not row.word(first)[:1].isalpha()):
        first += 1
    return _phrase(row, first, chunk.last) if chunk.last - first <= 6 else None


def _is_told_by(row: Row, chunk: Chunk, at: int) -> bool:
    """`static depth pruning`: does a word of its own stand before a method in plain words?"""
    before, item = row.word(at - 1), row.items[at]
    plain = item.text == row.reading.text[item.start : item.end] and before.isalpha() and len(before) > 3
    return plain and chunk.first == at - 1 and before not in GENERIC | _QUALITY | STOP and not before.endswith("ly")


def _apart(row: Row, chunk: Chunk) -> int:
    """The thing of `static depth pruning baselines`, which is called `static depth pruning` too."""
    thing = _phrase(row, chunk.first, chunk.last)
    short = row.text(chunk.first, chunk.last - 1)
    if short not in row.reading.things[thing].names:
        row.reading.things[thing].names.append(short)
    return thing


def _title(row: Row, chunk: Chunk, named: list[int]) -> int | None:
    """BioWriter2 of `the biomedical LLM BioWriter2`: the position of a name that no component took, behind the class it belongs to."""
    name = chunk.last - (1 if row.word(chunk.last) == "-" else 2 * (row.word(chunk.last - 1) == "-"))  # `BioWriter2-13B`
    if row.background or not named or named[-1] != name - 1 or row.items[name].kind != WORD:
        return None
    titled = is_class(row.reading.things[row.thing(named[-1])].name) and _is_proper(row, name) and len(row.word(name)) > 3
    return name if titled else None


_NO_RIVALS = frozenset({"people", "threshold", "thresholds", "chance"})
_QUALITY = frozenset("expensive costly heavy complex naive tuned heavily weaker stronger slower dedicated available every each any frozen".split())
_PROPER = re.compile(r"(?:[A-Z][a-z]+)*(?:[A-Z]{2,}|[a-z]+[A-Z]|[A-Z][a-z]+[A-Z]|[A-Z][a-z]*-?\d)\w*(?:-\w*\d\w*)?|[A-Z][a-z]*-[A-Z]+\w*|[a-z]\d")


def _is_proper(row: Row, at: int) -> bool:
    """Is the word at `at` printed like a name (`PyTorch`, `WARP`, `Llama2`, `o3`)?"""
    return _PROPER.fullmatch(row.text(at, at)) is not None and row.word(at) not in {"url", "http", "https"}


def _phrase(row: Row, first: int, last: int) -> int:
    """The thing that the items from `first` to `last` name together; its mention may hold the names of others."""
    return phrase_thing(row.reading, row.items[first].start, row.items[last].end, row.index, "model" if row.word(last) in _MODELS else "method")


_MODELS = frozenset(
    "model models network networks agent agents policy policies llms mllms vlms plms transformers recommenders classifiers detectors encoder encoders decoder decoders".split()
)


def _shared_head(row: Row, chunks: list[Chunk]) -> str:
    """The class noun at the end of a list, which the members before it may share: `greedy and static baselines`."""
    last = chunks[-1]
    if len(chunks) > 1 and row.kind(last.last) == "method" and last.first == last.last and " " in row.items[last.last].text:
        return row.items[last.last].text.rpartition(" ")[2]  # `dense and hybrid retrieval`
    if len(chunks) < 2 or last.last == last.first:
        return ""
    head = row.word(last.last)
    alike = all(c.first == c.last and _COMPOUND.fullmatch(row.word(c.last)) for c in chunks[:-1]) and _COMPOUND.fullmatch(row.word(last.first)) is not None
    shared = head in CLASS_NOUNS or (alike and head.endswith("s") and head not in METRIC_HEADS)
    shared = shared or (head.endswith("s") and head.isalpha() and head not in METRIC_HEADS and all(_ADJECTIVE.fullmatch(row.word(c.last)) for c in chunks[:-1]))
    return head if shared else ""


_COMPOUND = re.compile(r"[a-z]+-[a-z]+")
_ADJECTIVE = re.compile(r"[a-z]+-(?:only|based|free|aware|level|agnostic|driven|wise)|(?:un|de)?[a-z]{3,}(?:ized|ised|ided|ated)")


def _headed(row: Row, chunk: Chunk, head: str) -> int | None:
    """The thing of an adjective that shares the head of a later member; words that say nothing of it (`existing`, `open-source`) make none."""
    words = row.words(chunk.first, chunk.last + 1)
    if row.items[chunk.first].kind == THING and chunk.last == chunk.first + 2 and words[0] == "-" and words[1].endswith("ed"):
        return phrase_thing(
            row.reading, row.items[chunk.first].start, row.items[chunk.last].end, row.index, "model" if head in _MODELS else "method", f" {head}"
        )
    own = [w for w in words if w not in GENERIC and (not w.endswith("ly") or "-" in w)]
    if (
        not own
        or words[-1].endswith(("ing", "ks", "ts", "es"))
        or len(words) > 2
        or words[-1] in CLASS_NOUNS | GENERIC
        or row.things(chunk.first, chunk.last + 1)
        or not words[-1].replace("-", "").isalpha()
    ):
        return None
    start, end = row.items[chunk.last].start, row.items[chunk.last].end
    thing = phrase_thing(row.reading, start, end, row.index, "model" if head in _MODELS else "method", f" {head}")
    printed = row.reading.text[start:end]
    if "-" in printed and printed not in row.reading.things[thing].names:
        row.reading.things[thing].names.append(printed)  # `summary-based` is how the text names the summary-based baselines
    return thing
