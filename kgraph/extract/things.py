"""Extraction step 4: from mentions to the things of the paper, as spaCy component `kgraph_things`.

Tagger, devices, abbreviations and lexicon each propose spans; here they become one set of mentions, and mentions of one thing become one
`Thing` with all its names, its type by vote over the whole paper.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, get_args

from spacy.language import Language

from kgraph.extract.abbreviations import Abbreviation
from kgraph.extract.boundaries import ADJECTIVES, LEFT, NAMES_KEPT, NOTHING, PREPOSITIONS, RIGHT_AFTER_NAME, is_noise, looks_proper, trim, version_members
from kgraph.extract.cues import cue_votes, noun_kind
from kgraph.extract.hardware import find_devices
from kgraph.extract.introduced import TITLE_HEAD, addresses, find_code, introduced_things
from kgraph.extract.phrases import STOP
from kgraph.extract.reading import SEPARATOR, Mention, Reading, Thing, reading_of
from kgraph.lexicon import Lexicon, load
from kgraph.model import Kind
from kgraph.names import fold, singular

if TYPE_CHECKING:
    from spacy.tokens import Doc

MIN_SCORE = 0.6
"""Least mean probability of being an entity at all; measured on the development half of our annotations."""
MIN_WORD_SCORE = 0.75
"""The same for a single common word ("recovery", "vision"), which is a name less often than the tagger thinks."""
MIN_SALIENCE = 0.15
LEXICON_WEIGHT = 0.6
"""A lexicon entry votes on the type like this share of one certain mention: text beats lists."""
KINDS = frozenset(get_args(Kind))
VARIANT_TAIL = re.compile(r"[-\s]?(?:v?\d|[-\s][A-Z\d])")
HYPHEN_TAIL = re.compile(
    r"-(?:based|like|driven|powered|enabled|style|guided|augmented|enhanced|aware|free|level|specific|assisted|centric|agnostic|oriented|only|as|in|of|to|to-\w+|trained|tuned|generated|inspired|compatible|equipped|native|optimized|accelerated|wide|friendly|scale|side|class)\b",
    re.I,
)


@dataclass(slots=True)
class Candidate:
    """A proposed mention. `kinds` are weights; `name` differs from the text only for members of coordinations."""

    start: int
    end: int
    kinds: dict[str, float]
    score: float
    salience: float
    name: str = ""
    lexicon: str = ""
    key: str = field(default="")


def _overlaps(start: int, end: int, taken: Iterable[Candidate]) -> list[Candidate]:
    return [c for c in taken if c.start < end and c.end > start]


LONGEST_NAME = 400
"""Characters. What is longer is no name, and some patterns for names take time that grows with the square of the length."""
BRACKETED_END = re.compile(r"\s*\([^)]*\)?$")


def tagged(text: str, spans: Iterable[tuple[int, int, object]]) -> list[Candidate]:
    """The tagger's spans, cut to the name; full form and abbreviation in one span are left to the abbreviation step."""
    out = []
    for start, end, span in spans:
        if end - start > LONGEST_NAME:
            continue
        bracket = BRACKETED_END.search(text[start:end]) if "(" in text[start:end] else None
        if bracket and bracket.start() > 1:
            end = start + bracket.start()
        start, end = trim(text, start, end)
        if end > start:
            out.append(Candidate(start, end, dict(span.kinds), span.score, span.salience))  # type: ignore[attr-defined]
    return out


def with_devices(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Devices by pattern replace what overlaps them, unless it is a longer phrase of another type ("GPU kernel", "CPU offloading")."""
    out = list(candidates)
    for start, end, name in find_devices(text):
        hits = _overlaps(start, end, out)
        if any(c.start <= start and c.end >= end and (c.end - c.start) > (end - start) + 2 and _best(c.kinds) != "hardware" for c in hits):
            continue
        out = [c for c in out if c not in hits]
        salience = max((c.salience for c in hits), default=0.8)
        out.append(Candidate(start, end, {"hardware": 1.0}, 1.0, max(salience, 0.6), name=name))
    return out


def with_abbreviations(text: str, candidates: list[Candidate], abbreviations: Iterable[Abbreviation], lexicon: Lexicon) -> list[Candidate]:
    """Long and short forms become mentions when either was proposed or is known; the definition gives the exact borders."""
    out = list(candidates)
    for a in abbreviations:
        long_hits, short_hits = _overlaps(a.long_start, a.long_end, out), _overlaps(a.short_start, a.short_end, out)
        hits = long_hits + short_hits
        entry = lexicon.lookup(text[a.long_start : a.long_end])
        short = text[a.short_start : a.short_end]
        uses = sum(1 for _ in occurrences(text, short))
        if not hits and entry is None and uses < 3:
            continue
        kinds: dict[str, float] = {}
        for c in hits:
            _add(kinds, c.kinds, c.score)
        if entry is not None:
            _add(kinds, {entry.kind: 0.5})
        if not kinds:
            kinds["method"] = 0.5
        total = sum(kinds.values())
        shares = {k: v / total for k, v in kinds.items()}
        start = a.long_start
        for c in long_hits:  # the tagger may know a longer name: "full-parameter fine-tuning (FT)"
            if c.start < start and c.end == a.long_end and text[c.start : start].count(" ") <= 2:
                start = c.start
        score = max((c.score for c in hits), default=0.6)
        salience = max((c.salience for c in hits), default=0.6)
        out = [c for c in out if c not in hits or (c.start < start and c.end <= start)]
        out.append(Candidate(start, a.long_end, shares, score, salience))
        out.append(Candidate(a.short_start, a.short_end, shares, score, salience))
    return out


def with_lexicon(text: str, candidates: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Known names fill the gaps the tagger left; before the tagger they would cost more than they bring."""
    out = list(candidates)
    for start, end, entry in lexicon.find(text):
        surface = text[start:end]
        common = surface.islower() and " " not in surface and entry.source != "kgraph"  # "hope", "line": words first, names second
        if not common and not _overlaps(start, end, out):
            out.append(Candidate(start, end, {entry.kind: LEXICON_WEIGHT}, LEXICON_WEIGHT, 0.5, lexicon=entry.name))
    return out


NAMED = re.compile(
    r"\b(?:named|called|dubbed|termed|coined|namely|we\s+(?:also\s+|then\s+|further\s+)?(?:present|introduce|propose|develop|release|construct|build|create|design|train|curate|contribute|name|term|call|dub)(?:\s+(?:it|this|them|the\s+method|our\s+\w+))?)\s+(?:the\s+|as\s+)?[\"“'‘*]*"
    r"(?P<name>[A-Za-z0-9][\w+.-]*[A-Za-z0-9+](?:\s(?:[A-Z0-9][\w.-]*[A-Za-z0-9]|[A-Z]))*)"
)


CLASS_NAMED = re.compile(
    r"\b(?:framework|method|model|approach|algorithm|benchmark|dataset|system|library|toolkit|architecture|agent|pipeline)\s+(?P<name>[A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}[a-z]\w*|[a-z]+[A-Z]\w+)(?![\w-])"
)


def with_named(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """A name that the paper says it gives ("dubbed X", "we present X") is one, also where the tagger knows nothing of it."""
    out = list(candidates)
    for match in (*NAMED.finditer(text), *CLASS_NAMED.finditer(text)):
        start, end = match.span("name")
        if (
            looks_proper(match["name"])
            and not re.match(r"\d+(?:\.\d+)?[A-Za-z%]?$", match["name"])
            and not _overlaps(start, end, out)
            and text[end : end + 1] != "-"
        ):
            out.append(Candidate(start, end, {"method": 0.3}, 0.8, 0.9))
    return out


PRESENTS = r"\b(?:[Ww]e|[Pp]aper|[Ww]ork|[Ss]tudy|authors|and)\s+(?:\w+\s+){0,2}?(?:present|introduce|propose|develop|release|construct|build|create|design|curate|contribute|describe)(?:s|d|ed)?\s+"
PRESENTING = ("present", "introduce", "propose", "develop", "release", "construct", "build", "create", "design", "curate", "contribute", "describe")
CAPITALISED = r"[A-Z][\w-]*\w(?:\s[A-Z][\w-]*\w){%s}"
COMMON = r"[a-z][\w-]*\w(?:\s[a-z][\w-]*\w){1,3}"
COINED = tuple(  # with words of which the text must have one, since most have none
    (re.compile(pattern), words)
    for pattern, words in (
        # "which we call X", "a task dubbed X": a capital is enough of a name here
        (
            rf"\b(?:dubbed|called|named|termed|coined|(?:which|what) we (?:call|term|dub|name|denote|refer to as))\s(?:the\s|as\s)?[\"“'‘*]*(?P<name>{CAPITALISED % '0,4'})",
            ("called", "dubbed", "named", "termed", "coined", "which we", "what we"),
        ),
        # "we present the Fast Object Oracle extension"
        (
            rf"{PRESENTS}(?:(?:an?|the|our)\s)?(?:(?:novel|new|first|simple|efficient|unified|general|[a-z]+-[a-z-]+)\s){{0,2}}[\"“'‘*]*(?P<name>{CAPITALISED % '1,6'})",
            PRESENTING,
        ),
        # "we present Oracle, a ..."
        (rf"{PRESENTS}[\"“'‘*]*(?P<name>[A-Z][a-z]+)(?=[\"”’*]*(?:\s\([^)]{{2,60}}\))?,\s(?:an?|the\sfirst|our)\b)", PRESENTING),
        # "we introduce loop rescue, which ...": without an article it is no description
        (rf"{PRESENTS}(?P<name>{COMMON})(?=,\s(?:which|where|an?)\b)", PRESENTING),
        (
            rf"\b(?:(?:which|what) we (?:call|term|dub|denote|refer to as)|[Ww]e (?:term|dub) this(?:\s[a-z]+)?|[Ww]e introduce the (?:concept|notion) of)\s(?:the\s)?[\"“'‘*]*(?P<name>{COMMON})(?=[\"”’*]*(?:[,.;:(—–]|\s(?:that|which)\b))",
            ("which we", "what we", "e term this", "e dub this", "e introduce the"),
        ),
    )
)


def proposed(text: str, candidates: list[Candidate], start: int, end: int) -> list[Candidate]:
    """The candidates with a sure one at `text[start:end]`, in the place of fragments of it; unchanged where one stands across its borders or names it."""
    hits = _overlaps(start, end, candidates)
    if any(c.start < start or c.end > end or (c.start == start and c.end < end and looks_proper(text[start : c.end])) for c in hits):
        return candidates
    kinds: dict[str, float] = {}
    for c in hits:
        _add(kinds, c.kinds, c.score)
    total = sum(kinds.values())
    score = max([0.8, *(c.score for c in hits if (c.start, c.end) == (start, end))])
    named = Candidate(start, end, {k: v / total for k, v in kinds.items()} if total else {"method": 0.3}, score, 0.9)
    return [*(c for c in candidates if c not in hits), named]


def with_coined(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Names without the form of one where the paper says that it coins them: "which we call broken symmetry", "we present Oracle, a ..."."""
    out = candidates
    for pattern, needed in COINED:
        for match in pattern.finditer(text) if any(word in text for word in needed) else ():
            words = match["name"].split()
            if words[0].islower() and (any(w in LEFT or w in PREPOSITIONS for w in words) or words[-1] in NOTHING or singular(words[-1]) != words[-1]):
                continue
            start, end = trim(text, *match.span("name"))
            if end > start and text[end : end + 1] != "-":
                out = proposed(text, out, start, end)
    return out


def with_title_head(text: str, abstract_start: int, candidates: list[Candidate]) -> list[Candidate]:
    """The name before the colon of a title, where its form or the abstract shows that it is one, at all its places."""
    head = TITLE_HEAD.match(text[: max(0, abstract_start - len(SEPARATOR))])
    if not head or len(head["name"].split()) > 4:
        return candidates
    name = head["name"]
    places = [(start, end) for start, end in occurrences(text, name) if start >= abstract_start]
    if not looks_proper(name) or " " in name:
        inside = [start for start, _ in places if name[0].islower() or re.search(r"[\w,(]\s?[\"“'(]*\Z", text[max(0, start - 4) : start])]
        if not inside or not (" " not in name or all(w[0].isupper() or w[0].isdigit() or w in PREPOSITIONS for w in name.split())):
            return candidates
    out = candidates
    for start, end in [head.span("name"), *places]:
        if text[end : end + 1] != "-":
            out = proposed(text, out, start, end)
    return out


VERSION_END = re.compile(r"\d[A-Za-z]?$")
MORE_VERSIONS = re.compile(
    r"(?:\s?/\s?|,? and |,? & )v?\d+(?:\.\d+)*[A-Za-z]?(?![\w%-]|\.\d)(?!\s?(?:%|percent|points?|x\b|[a-z]*(?:model|dataset|benchmark|layer|task|other)))"
)
PLAIN_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)?")


def with_members(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Coordinations become their members: "Llama-2/3", and "tensor, pipeline, and data parallelism" (one-word members before a name)."""
    out: list[Candidate] = []
    ordered = sorted(candidates, key=lambda c: (c.start, c.end))
    for i, c in enumerate(ordered):
        surface = text[c.start : c.end]
        more = MORE_VERSIONS.match(text, c.end) if VERSION_END.search(surface[-3:]) and looks_proper(surface) else None
        members = version_members(surface + more.group() if more else surface) if not c.name else []
        if members:
            out.extend(Candidate(c.start + a, c.start + b, c.kinds, c.score, c.salience, name=name) for name, a, b in members)
            continue
        if PLAIN_WORD.fullmatch(surface) and not looks_proper(surface) and i + 1 < len(ordered):
            head = _shared_head(text, ordered, i)
            if head:
                out.append(Candidate(c.start, c.end, c.kinds, c.score, c.salience, name=f"{surface} {head}"))
                continue
        out.append(c)
    return out


MODIFIER = re.compile(r".*(?:al|ian|ic|ive|ous|ed|ar|ary|able|ible|less|ent|ant)|.+-(?!\w*(?:ing|ness|ity)$).+")
ATTRIBUTE = re.compile(
    r"[a-z]+(?:al|ian|ic|ive|ous|able|ible|less)|[a-z]+(?:-[a-z]+)+|(?i:cross|multi|non|inter|intra|open|out|weak|strong|low|high|full|zero|few|one|dual|single)-[A-Za-z][a-z]+"
)
ACTIVITY = re.compile(r"(?:ing|tion|sion|sis|ment)$")
FOLLOWING = re.compile(r" ([A-Za-z][\w-]+)")
ABSTRACT = re.compile(r".*(?:ing|ness|ity|ety|ency|ancy|ence|ance|acy)")


def stands_alone(word: str, kind: str, beside: str) -> bool:
    """Whether the first word of a coordination is a name by itself, by its form and that of the modifier at the end.

    >>> stands_alone("latency", "metric", "energy"), stands_alone("coverage", "method", "strategic"), stands_alone("planning", "task", "tool")
    (True, True, True)
    >>> stands_alone("spatial", "method", "temporal"), stands_alone("tensor", "method", "data")
    (False, False)
    """
    if MODIFIER.fullmatch(word) or word in NOTHING:
        return False
    return bool(kind == "metric" or singular(word) != word or MODIFIER.fullmatch(beside) or ABSTRACT.fullmatch(word))


def _shared_head(text: str, ordered: list[Candidate], i: int) -> str:
    """The last word of the name that ends the list which candidate `i` stands in, or nothing."""
    c = ordered[i]
    at = c
    for following in ordered[i + 1 : i + 5]:
        gap = text[at.end : following.start]
        if not re.fullmatch(r"\s*(?:,|,?\s*(?:and|or)|/|&)\s*", gap):
            return ""
        words = text[following.start : following.end].split()
        if (
            len(words) == 2
            and words[1].islower()
            and _best(following.kinds) == _best(c.kinds)
            and words[1] not in {"models", "methods"}
            and not looks_proper(words[0])
            and not stands_alone(text[c.start : c.end], _best(c.kinds), words[0])
        ):
            return words[1] if re.search(r"(?:and|or|/|&)\s*$", gap) else ""
        if len(words) > 1:
            return ""
        at = following
    return ""


def _add(votes: dict[str, float], more: dict[str, float] | dict[Kind, float], weight: float = 1.0) -> None:
    for kind, value in more.items():
        votes[kind] = votes.get(kind, 0.0) + value * weight


def _best(kinds: dict[str, float]) -> str:
    return max(sorted(kinds), key=lambda k: kinds[k])


def without_overlaps(candidates: list[Candidate]) -> list[Candidate]:
    """Of overlapping candidates the surest stays, then the longest, then the first."""
    out: list[Candidate] = []
    for c in sorted(candidates, key=lambda c: (-round(c.score, 2), c.start - c.end, c.start)):
        if not _overlaps(c.start, c.end, out):
            out.append(c)
    return sorted(out, key=lambda c: c.start)


# One hyphenated word that describes and names nothing ("history-augmented", "ill-conditioned"); self-supervised and the like stand for what they do.
DESCRIBED = re.compile(r"(?!(?i:self-|semi-|un))[A-Za-z]+(?:-[a-z]+)*-(?:[a-z]{2,}(?<!e)ed|[a-z]+(?:ous|able|ible|ensive|ional))")
# The last word of a name cut off before its noun ("duality based", "2042 shared"); speed, seed and need are nouns.
PARTICIPLE = re.compile(r"(?!(?:[a-z]*eed|(?:test)?bed|(?:water)?shed|(?:infra)?red|embed|hundred)$)[a-z-]{3,}ed")
STRAY = frozenset("Based and in of across for with to from by on at into between based driven aware".split())
DESCRIBES = (
    LEFT
    | ADJECTIVES
    | frozenset(
        "normal abnormal synchronous asynchronous cooperative surgical mechanical graphical convolutional abstractive autoregressive variational probabilistic".split()
    )
)
NOUNS_TOO = frozenset(
    "original real key standard prior base set set-up novel best human manual local static dynamic mobile flat universal visual parallel distributed".split()
)


@lru_cache(maxsize=NAMES_KEPT)
def is_fragment(name: str) -> bool:
    """Is it a piece of a phrase: it begins with a preposition or half a compound, ends with an adjective, or cites an author?

    >>> [is_fragment(n) for n in ("based programming", "safe and efficient", "ill-conditioned", "Smith et al", "knowledge base", "self-supervised", "in-context learning")]
    [True, True, True, True, False, False, False]
    >>> [is_fragment(n) for n in ("classification of normal", "variational generative", "speech of a human")]
    [True, True, False]
    """
    words = name.split()
    if not words or re.search(r"\bet al\b", name):
        return True
    if len(words) == 1:
        return bool(DESCRIBED.fullmatch(name))
    return words[0] in STRAY or PARTICIPLE.fullmatch(words[-1]) is not None or (name.islower() and words[-1] in DESCRIBES and words[-1] not in NOUNS_TOO)


def hyphen_cut(text: str, c: Candidate) -> bool:
    """Whether the candidate is a fragment of a hyphenated word ("KV" of "KV-cache-aware") rather than a name with a modifier behind it."""
    if c.name:
        return False
    if c.start > 1 and text[c.start - 1] == "-" and text[c.start - 2].isalnum() and not looks_proper(text[c.start : c.end]):
        return True
    if c.end + 1 < len(text) and text[c.end] == "-" and text[c.end + 1].isalnum():
        return not (looks_proper(text[c.start : c.end]) or HYPHEN_TAIL.match(text, c.end))
    return False


GENERIC_HEADS = NOTHING | {"scheduler", "loss", "optimizer", "mechanism", "methods"}


def group(text: str, candidates: list[Candidate], abbreviations: Iterable[tuple[str, str]]) -> dict[str, list[Candidate]]:
    """Candidates of one thing, by key: equal after folding, or joined by an abbreviation of the paper, also inside longer names."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    def join(a: str, b: str) -> None:
        a, b = root(a), root(b)
        if a != b:
            parent[max(a, b)] = min(a, b)

    pairs = [(s, l) for s, l in abbreviations]
    expansions = {fold(s): l for s, l in pairs}
    for s, l in pairs:
        join(fold(s), fold(l))
    for c in candidates:
        name = c.name or text[c.start : c.end]
        c.key = fold(name)
        root(c.key)
        words = name.split()
        if len(words) > 1 and expansions and any(fold(w) in expansions for w in words):
            expanded = " ".join(expansions.get(fold(w), w) for w in words)
            join(c.key, fold(expanded))
    for s, l in pairs:  # "FOO learning rate scheduler" is FOO: the short or long form with its own generic head
        for c in candidates:
            words = (c.name or text[c.start : c.end]).split()
            if len(words) > 1 and root(c.key) != root(fold(s)) and words[-1].lower() in GENERIC_HEADS and fold(" ".join(words[:-1])) in {fold(s), fold(l)}:
                join(c.key, fold(s))
    out: dict[str, list[Candidate]] = {}
    for c in candidates:
        out.setdefault(root(c.key), []).append(c)
    return out


def least_score(text: str, members: list[Candidate], lexicon: Lexicon) -> float:
    """The score that some mention of a thing must reach."""
    names = {c.name or text[c.start : c.end] for c in members}
    common = all(n.isalpha() and n[1:].islower() for n in names)
    return MIN_WORD_SCORE if common and not any(lexicon.lookup(n) for n in names) else MIN_SCORE


def only_modifies(text: str, members: list[Candidate], lexicon: Lexicon) -> bool:
    """Is it one word, an adjective or a compound by its form, that stands before a noun at all its places ("a fair-split objective")?

    Before "method" or "baselines" it names one: "a table-lookup method" is table-lookup.
    """
    for c in members:
        name = c.name or text[c.start : c.end]
        following = FOLLOWING.match(text, c.end)
        if following is None or following[1].lower() in STOP or not ATTRIBUTE.fullmatch(name) or lexicon.lookup(name) is not None:
            return False
        if (
            "-" in name
            and ACTIVITY.search(name)
            and (name.startswith(("pre-", "post-", "self-", "re-", "co-", "full-")) or following[1].partition("-")[0] in RIGHT_AFTER_NAME)
        ):
            return False
    return True


def make_thing(text: str, members: list[Candidate], abbreviations: list[tuple[str, str]], lexicon: Lexicon) -> Thing:
    """One thing from its mentions: type by vote, label the fullest frequent name."""
    votes: dict[str, float] = {}
    names: dict[str, int] = {}
    for c in members:
        for k, v in c.kinds.items():
            if k in KINDS:
                votes[k] = votes.get(k, 0.0) + v * c.score
        name = c.name or text[c.start : c.end]
        names[name] = names.get(name, 0) + 1
    folds = {n: fold(n) for n in names}
    own = [(s, l) for s, l in abbreviations if fold(s) in folds.values() or fold(l) in folds.values()]
    entry = None
    for name in sorted(names, key=lambda n: (-len(n), n)):
        entry = entry or lexicon.lookup(name)
    if entry is not None:
        _add(votes, {entry.kind: LEXICON_WEIGHT})
    strength = max(1.0, len(members) / 2)
    for c in members:
        if not c.name and (looks_proper(text[c.start : c.end]) or text[c.start].isupper()):
            _add(votes, cue_votes(text, c.start, c.end), strength)
    longs = [l for _, l in own]
    for long in longs:
        kind = noun_kind(long.split()[-1])
        if kind and long[:1].isupper():
            _add(votes, {kind: strength})
    shorts = {fold(s) for s, _ in own}
    ranked = sorted(names, key=lambda n: (folds[n] in shorts and bool(longs), -names[n], _is_plural(n), len(n), n)) if len(names) > 1 else list(names)
    every = list(dict.fromkeys([*ranked, *longs, *(s for s, _ in own)]))
    total = sum(votes.values()) or 1.0
    ordered = sorted(votes, key=lambda k: (-votes[k], k))
    label = every[0]
    return Thing(
        name=_singular_label(label),
        kind=ordered[0],  # type: ignore[arg-type]
        names=list(dict.fromkeys([_singular_label(label), *every])),
        votes={k: round(votes[k] / total, 4) for k in ordered if votes[k] / total > 0.01},  # type: ignore[misc]
        abbreviations=own,
        score=round(max(c.score for c in members), 4),
        lexicon=entry.name if entry is not None else "",
    )


def share_types(things: list[Thing]) -> list[Thing]:
    """Members of one family in one paper are of one type: "X-DPO" and "X-13B" vote with "X"."""
    for stem in things:
        if not looks_proper(stem.name) or len(stem.name) < 3:
            continue
        members = [
            t
            for t in things
            if t is not stem and t.votes.get("hardware", 0.0) < 0.95 and t.name.startswith(stem.name) and VARIANT_TAIL.match(t.name, len(stem.name))
        ]
        if not members or stem.kind in {"hardware", "metric", "task"}:
            continue
        for t in members:
            if t.kind in {"method", "software", "hardware", "metric", "task"} or t.votes.get(t.kind, 0.0) < 0.6:
                t.kind = stem.kind
    return things


@lru_cache(maxsize=NAMES_KEPT)
def _is_plural(name: str) -> bool:
    return singular(name.split()[-1]) != name.split()[-1]


@lru_cache(maxsize=NAMES_KEPT)
def _singular_label(name: str) -> str:
    """Common nouns and acronyms in the singular; a proper name that ends in s keeps it (`Ouranos`)."""
    words = name.split()
    if words and (words[-1].islower() or re.fullmatch(r"[A-Z0-9-]{2,}s", words[-1])):
        words[-1] = singular(words[-1])
    return " ".join(words)


def occurrences(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Whole-word places of `name` in `text`; plain search, since a pattern for each paper would cost more to compile than to use."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not (start and text[start - 1].isalnum() and name[0].isalnum()) and not (text[end : end + 1].isalnum() and name[-1].isalnum()):
            yield start, end
        start = text.find(name, end)


def repeat_mentions(text: str, groups: dict[str, list[Candidate]]) -> None:
    """Further occurrences of a name that was found once are mentions too."""
    names: dict[str, tuple[str, Candidate]] = {}
    for key, members in groups.items():
        for c in members:
            surface = text[c.start : c.end]
            if not c.name and len(surface) > 1 and (looks_proper(surface) or len(surface) > 5):
                names.setdefault(surface, (key, c))
    if not names:
        return
    everyone = [c for members in groups.values() for c in members]
    taken = bytearray(len(text))
    for c in everyone:
        taken[c.start : c.end] = b"\1" * (c.end - c.start)
    for name in sorted(names, key=lambda n: (-len(n), n)):
        for start, end in occurrences(text, name):
            joined = text[start - 1 : start] == "-" or (text[end : end + 1] == "-" and text[end + 1 : end + 2].isalnum() and not HYPHEN_TAIL.match(text, end))
            if not joined and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                key, c = names[name]
                groups[key].append(Candidate(start, end, c.kinds, c.score * 0.9, c.salience, key=c.key))


def read_things(reading: Reading, spans: Iterable[tuple[int, int, object]], abbreviations: list[Abbreviation], lexicon: Lexicon) -> None:
    """Fill `reading.things`, `mentions` and `code`, and mark what the paper introduces."""
    text = reading.text
    reading.code = find_code(text[reading.abstract_start :])
    candidates = with_devices(text, tagged(text, spans))
    candidates = with_abbreviations(text, candidates, abbreviations, lexicon)
    candidates = with_title_head(text, reading.abstract_start, with_coined(text, with_named(text, candidates)))
    candidates = with_lexicon(text, candidates, lexicon)
    candidates = with_members(text, without_overlaps(candidates))
    places = [m.span() for m in addresses(text)]
    candidates = [
        c
        for c in candidates
        if not is_noise(name := c.name or text[c.start : c.end])
        and not is_fragment(name)
        and not hyphen_cut(text, c)
        and not any(a < c.end and b > c.start and b - a > 4 for a, b in places)
    ]
    groups = group(text, candidates, reading.abbreviations)
    groups = {k: g for k, g in groups.items() if max(c.score for c in g) >= least_score(text, g, lexicon) and max(c.salience for c in g) >= MIN_SALIENCE}
    repeat_mentions(text, groups)
    groups = {k: g for k, g in groups.items() if not only_modifies(text, g, lexicon)}
    ordered = sorted(groups.values(), key=lambda g: min(c.start for c in g))
    reading.things = share_types([make_thing(text, g, reading.abbreviations, lexicon) for g in ordered])
    mentions = []
    begins = [start for start, _ in reading.sentences]
    for index, members in enumerate(ordered):
        for c in members:
            sentence = bisect_right(begins, c.start) - 1
            if sentence >= 0 and c.end <= reading.sentences[sentence][1]:
                mentions.append(Mention(index, c.start, c.end, sentence, round(c.score, 4)))
    reading.mentions = sorted(mentions, key=lambda m: (m.start, m.end))
    placed = {m.thing for m in reading.mentions}
    if len(placed) < len(reading.things):  # a name cut by a sentence border proves nothing
        renumber = {old: new for new, old in enumerate(sorted(placed))}
        reading.things = [t for i, t in enumerate(reading.things) if i in placed]
        for m in reading.mentions:
            m.thing = renumber[m.thing]
    for index in introduced_things(reading):
        reading.things[index].introduced = True


@Language.factory("kgraph_things")
class Things:
    """Needs `kgraph_sentences`, `kgraph_ner` and `kgraph_abbreviations` before it."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.lexicon = load()

    def __call__(self, doc: Doc) -> Doc:
        """Find the things of one document."""
        reading = reading_of(doc)
        read_things(reading, doc.user_data.get("kgraph_spans", ()), doc.user_data.get("kgraph_abbreviations", []), self.lexicon)
        return doc


make_things = Things
