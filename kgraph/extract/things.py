"""Extraction step 4: from mentions to the things of the paper, as spaCy component `kgraph_things`.

Candidates (`kgraph.extract.candidates`) become one set of mentions, and mentions of one thing become one `Thing` with all its names, its
type by vote over the whole paper.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from spacy.language import Language

from kgraph.extract.abbreviations import Abbreviation
from kgraph.extract.addresses import addresses, find_code
from kgraph.extract.boundaries import ADJECTIVES, DIMENSIONS, LEFT, NAMES_KEPT, RIGHT_AFTER_NAME, is_noise, looks_proper
from kgraph.extract.candidates import (
    ACTIVITY,
    ATTRIBUTE,
    FOLLOWING,
    LEXICON_WEIGHT,
    Candidate,
    add_votes,
    best_kind,
    occurrences,
    tagged,
    with_abbreviations,
    with_activities,
    with_coined,
    with_described,
    with_devices,
    with_lexicon,
    with_members,
    with_named,
    with_pairs,
    with_title_case,
    with_title_head,
    without_overlaps,
)
from kgraph.extract.cues import cue_votes, form_votes, noun_kind
from kgraph.extract.introduced import introduced_things
from kgraph.extract.ordinary import is_ordinary
from kgraph.extract.phrases import STOP
from kgraph.extract.reading import Mention, Reading, Thing, reading_of
from kgraph.lexicon import Lexicon, load
from kgraph.names import FIELDS, fold, singular

if TYPE_CHECKING:
    from spacy.tokens import Doc

MIN_SCORE = 0.6
"""Least mean probability of being an entity at all; measured on the development half of our annotations."""
MIN_WORD_SCORE = 0.75
"""The same for a single common word ("recovery", "vision"), which is a name less often than the tagger thinks."""
MIN_ONCE_SCORE = 0.7
"""The same for a name in lower case that stands once, not in the title nor behind "we propose", and in no list: half of those below are cut
or describe."""
MIN_PROMINENT_SCORE = 0.6
"""The same for a name of two words or more, or with capitals inside, that the tagger deems one a reader would miss (`PROMINENT`)."""
PROMINENT = 0.3
"""Salience from which on a name is more often than not one that our annotations ask for."""
CUT_WEIGHT = 0.3
"""How much the probability that the next word is still of the name takes from the score of one that stands once. Half of what that takes out is
no thing; precision on the annotations rises by up to a point, recall stays."""
PRESENTED = re.compile(r"\b(?:propos|introduc|present|develop|design|devis)\w*\s[^.;:]*$")
MIN_SALIENCE = 0.15
"""Least probability that a reader would miss it."""
MIN_KNOWN_SALIENCE = 0.1
"""The same for a name that the lexicon knows and the tagger finds with at least `MIN_KNOWN_SCORE`."""
MIN_KNOWN_SCORE = 0.65
STUDIED = ("intelligence", "study", "studies")
"""Ends of known names that papers drop in passing, of a field or a kind of experiment."""
VARIANT_TAIL = re.compile(r"[-\s]?(?:v?\d|[-\s][A-Z\d])")
HYPHEN_TAIL = re.compile(
    r"-(?:based|like|driven|powered|enabled|style|guided|augmented|enhanced|aware|free|level|specific|assisted|centric|agnostic|oriented|only|as|in|of|to|to-\w+|trained|tuned|generated|inspired|compatible|equipped|native|optimized|accelerated|wide|friendly|scale|side|class|the|which|that|this|our|its|we)\b",
    re.I,
)


# One hyphenated word that describes and names nothing ("history-augmented", "ill-conditioned"); self-supervised and the like stand for what they do.
DESCRIBED = re.compile(
    r"(?!(?i:self-|semi-|un))[A-Za-z]+(?:-[a-z]+)*-(?:[A-Z]?[a-z]{2,}(?<!e)(?<!mb)ed|[a-z]+(?:ous|able|ible|ensive|ional))|(?i:self)-[A-Z][a-z]+ing"
)
# The last word of a name cut off before its noun ("duality based", "2042 shared"); speed, seed and need are nouns.
PARTICIPLE = re.compile(r"(?!(?:[a-z]*eed|(?:test)?bed|(?:water)?shed|(?:infra)?red|embed|hundred)$)[a-z-]{3,}ed")
ENDING = frozenset("only alone together itself themselves".split())
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
    >>> [is_fragment(n) for n in ("classification of normal", "variational generative", "speech of a human", "fully parallel", "massively parallel computing")]
    [True, True, False, True, False]
    """
    words = name.split()
    if not words or re.search(r"\bet al\b|\s--\s", name):
        return True
    if len(words) == 1:
        return bool(DESCRIBED.fullmatch(name))
    return (
        words[0] in STRAY
        or words[-1] in ENDING
        or PARTICIPLE.fullmatch(words[-1]) is not None
        or (len(words) == 2 and words[0].endswith("ly") and words[-1] in ADJECTIVES and name.islower())
        or (name.islower() and words[-1] in DESCRIBES and words[-1] not in NOUNS_TOO)
    )


# Two words that make one modifier, or one name, without a hyphen; a name does not begin between them.
HALF = re.compile(r"(?:time|term|scale|grained|Union)\b")
COMPOUND = re.compile(
    r"\b(?:[Rr]eal time|(?:[Ll]ong|[Ss]hort|[Nn]ear) term|(?:[Ll]arge|[Ss]mall|[Ff]ull) scale|(?:[Ff]ine|[Cc]oarse) grained|[Ii]ntersection over Union)$"
)


def hyphen_cut(text: str, c: Candidate) -> bool:
    """Whether the candidate is a fragment of a hyphenated word ("KV" of "KV-cache-aware") rather than a name with a modifier behind it."""
    if c.name:
        return False
    if c.start > 1 and text[c.start - 1] == "-" and text[c.start - 2].isalnum() and not looks_proper(text[c.start : c.end]):
        return True
    if c.start and text[c.start - 1] == ")" and text[c.start] != "(":  # "xR2" of SO(2)xR2
        return True
    half = HALF.match(text, c.start) if c.start > 4 and text[c.start - 1] == " " else None
    if half is not None and COMPOUND.search(text, max(c.start - 20, 0), half.end()):
        return True
    if c.end + 1 < len(text) and text[c.end] == "-" and text[c.end + 1].isalnum():
        return not (looks_proper(text[c.start : c.end]) or HYPHEN_TAIL.match(text, c.end))
    return False


KEEPING_HEADS = frozenset(
    """model models method methods approach approaches framework frameworks system systems technique techniques algorithm algorithms architecture architectures
    network networks pipeline pipelines mechanism mechanisms strategy strategies solution solutions platform platforms library libraries benchmark benchmarks task tasks
    module modules environment environments process scheduler optimizer""".split()
)
"""Heads that name no other thing than what stands before them; "FOO loss", "FOO data" and "FOO gain" are things of their own."""
SHORT_HEADS = frozenset({"scheduler", "optimizer", "mechanism", "framework", "strategy"})
"""Those that also count where the paper has an abbreviation for what they head."""
WIDE = frozenset(map(fold, FIELDS | {"VLM", "MLLM", "PLM"}))
"""Short forms of fields and of what most papers are about: a system, a benchmark or a model of theirs is a thing of its own."""
DOERS = frozenset("model models architecture architectures network networks system systems agent agents".split())
"""Heads that name who does what stands before them, where that is an activity."""
ENDS_ACTIVITY = re.compile(r"(?:ing|tion|sion|ment)$")


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
    folded = [(fold(s), fold(l)) for s, l in pairs]
    expansions = {short: l for (short, _), (_, l) in zip(folded, pairs, strict=True)}
    headed: list[tuple[str, str, str]] = []  # keys of names with a head that names no other thing, what stands before it, the head
    for short, long in folded:
        join(short, long)
    for c in candidates:
        name = c.name or text[c.start : c.end]
        c.key = fold(name)
        root(c.key)
        words = name.split()
        if len(words) > 1 and expansions and any(fold(w) in expansions for w in words):
            expanded = " ".join(expansions.get(fold(w), w) for w in words)
            join(c.key, fold(expanded))
        if len(words) > 1 and pairs and words[-1].lower() in KEEPING_HEADS:
            headed.append((c.key, fold(" ".join(words[:-1])), words[-1].lower()))
        elif len(words) == 2 and (meant := expansions.get(fold(words[1]))) and is_program(words[0]) and meant.split(" ")[-1].lower() not in DOERS:
            join(c.key, fold(words[1]))  # "Megatron 1F1B": whose implementation
        elif len(words) == 2 and fold(words[0]) in expansions:  # "FOO LRS"
            head = (expansions.get(fold(words[1])) or spelled_behind(text, *words)).split(" ")[-1].lower()
            if head in SHORT_HEADS:
                headed.append((c.key, fold(words[0]), head))
    for s, l in folded:  # "FOO learning rate scheduler" is FOO: the short or long form with its own generic head
        for key, stem, head in headed:
            if stem in {s, l} and not (head in DOERS and ENDS_ACTIVITY.search(l)) and not WIDE & {s, l}:
                join(key, s)
    out: dict[str, list[Candidate]] = {}
    for c in candidates:
        out.setdefault(root(c.key), []).append(c)
    return out


def is_program(name: str) -> bool:
    """Is it the name of a known program?"""
    entry = load().lookup(name)
    return entry is not None and entry.kind == "software"


def spelled_behind(text: str, short: str, initials: str) -> str:
    """The words behind "(FOO)" that `initials` abbreviates, or `""`.

    >>> spelled_behind("the Fast Owl Orbit (FOO) learning rate scheduler helps", "FOO", "LRS"), spelled_behind("the Fast Owl Orbit (FOO) helps", "FOO", "LRS")
    ('learning rate scheduler', '')
    """
    if not (initials.isalpha() and initials.isupper()):
        return ""
    found = re.search(rf"\({re.escape(short)}\) ({' '.join(rf'{letter}[a-z]+' for letter in initials.lower())})\b", text)
    return found[1] if found else ""


def least_score(text: str, members: list[Candidate], lexicon: Lexicon, abstract_start: int) -> float:
    """The score that some mention of a thing must reach."""
    names = {c.name or text[c.start : c.end] for c in members}
    common = all(n.isalpha() and n[1:].islower() for n in names)
    first = members[0].start
    once = len(members) == 1 and first >= abstract_start and next(iter(names)).islower() and not PRESENTED.search(text, max(first - 70, 0), first)
    if common and not any(lexicon.lookup(n) for n in names):
        return MIN_WORD_SCORE
    if any(c.score >= MIN_PROMINENT_SCORE and c.salience >= PROMINENT and stands_whole(text, c) for c in members):
        return MIN_PROMINENT_SCORE
    return MIN_ONCE_SCORE if once and not any(lexicon.lookup(n) for n in names) else MIN_SCORE


def salient(text: str, members: list[Candidate], lexicon: Lexicon) -> bool:
    """Would a reader miss the thing of these mentions?"""
    most = max(c.salience for c in members)
    if most >= MIN_SALIENCE or most < MIN_KNOWN_SALIENCE:
        return most >= MIN_SALIENCE
    return any(
        c.score >= MIN_KNOWN_SCORE and not (name := c.name or text[c.start : c.end]).endswith(STUDIED) and lexicon.lookup(name) is not None for c in members
    )


def looks_cut(reading: Reading, c: Candidate, lexicon: Lexicon) -> bool:
    """Is it hardly a name, or probably a piece of one: its score, less a part of the probability that the next word belongs to it, is below `MIN_SCORE`?

    Not where the text has it again, the paper presents it, or a list has it.
    """
    if reading.named is None or c.score >= MIN_SCORE + CUT_WEIGHT:
        return False
    surface = reading.text[c.start : c.end]
    if reading.text.count(surface) > 1 or lexicon.lookup(c.name or surface) is not None:
        return False
    after = bisect_left(reading.places, (c.end,))
    inside = float(reading.named[1, after]) if after < reading.named.shape[1] else 0.0
    return c.score - CUT_WEIGHT * inside < MIN_SCORE and not PRESENTED.search(reading.text, max(c.start - 70, 0), c.start)


def stands_whole(text: str, c: Candidate) -> bool:
    """Is it of two words or with capitals inside, and does its phrase end with it ("we use foo tracing for"), as far as the word behind it tells?"""
    words = text[c.start : c.end].split()
    if not looks_proper(words[0]) and (len(words) < 2 or (len(words) == 2 and words[0].lower() in ADJECTIVES)):
        return False
    following = FOLLOWING.match(text, c.end)
    return text[c.end : c.end + 1] != "-" and (following is None or following[1].lower() in STOP or following[1].lower() in RIGHT_AFTER_NAME)


def only_modifies(text: str, members: list[Candidate], lexicon: Lexicon) -> bool:
    """Is it one word, an adjective or a compound by its form, that stands before a noun at all its places ("a fair-split objective")?

    Before "method" or "baselines" it names one: "a table-lookup method" is table-lookup. A common word that only ever stands in compounds
    ("Class-Aware", "3D-aware") names nothing by itself.
    """
    if all(text[c.end : c.end + 1] == "-" and not c.name for c in members) and (len(text[members[0].start : members[0].end].split()) == 1):
        word = text[members[0].start : members[0].end]
        if lexicon.lookup(word) is None and (DIMENSIONS.fullmatch(word) or (word.isalpha() and word[1:].islower())):
            return True
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
        add_votes(votes, c.kinds, c.score)
        name = c.name or text[c.start : c.end]
        names[name] = names.get(name, 0) + 1
    folds = {n: fold(n) for n in names}
    known = set(folds.values())
    own = [(s, l) for s, l in abbreviations if fold(s) in known or fold(l) in known]
    entry = None
    for name in sorted(names, key=lambda n: (-len(n), n)) if len(names) > 1 else names:
        entry = entry or lexicon.lookup(name)
    if entry is not None:
        add_votes(votes, {entry.kind: LEXICON_WEIGHT})
    strength = max(1.0, len(members) / 2)
    for c in members:
        if not c.name and (looks_proper(surface := text[c.start : c.end]) or surface[0].isupper()):
            cues = cue_votes(text, c.start, c.end)
            if cues and surface.rpartition(" ")[2].islower() and not looks_proper(surface):  # a sentence begins: "Foo models are the toolkit of"
                cues = {k: v for k, v in cues.items() if k == "task"}
            add_votes(votes, cues, strength)
    for name, times in names.items():
        if looks_proper(name) or name[0].isupper():
            add_votes(votes, form_votes(name, times), strength)
    longs = [l for _, l in own]
    for long in longs:
        kind = noun_kind(long.split()[-1])
        if kind and long[:1].isupper():
            add_votes(votes, {kind: strength})
    ranked = list(names)
    if len(names) > 1:
        shorts = {fold(s) for s, _ in own}
        ranked.sort(key=lambda n: (folds[n] in shorts and bool(longs), -names[n], _is_plural(n), len(n), n))
    every = list(dict.fromkeys([*ranked, *longs, *(s for s, _ in own)])) if own else ranked
    total = sum(votes.values()) or 1.0
    ordered = sorted([(-weight, kind) for kind, weight in votes.items()])
    label = _singular_label(every[0])
    return Thing(
        name=label,
        kind=ordered[0][1],  # type: ignore[arg-type]
        names=every if label == every[0] else list(dict.fromkeys([label, *every])),
        votes={kind: round(-weight / total, 4) for weight, kind in ordered if -weight / total > 0.01},  # type: ignore[misc]
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
    return share_numbered(things)


NUMBER_END = re.compile(r"(?<=[A-Za-z]{2})-?v?\d+(?:\.\d+)*$")


def share_numbered(things: list[Thing]) -> list[Thing]:
    """Names that differ in the number at their end only are of the type that they have together: "FooBench5" and "FooBench6"."""
    families: dict[str, list[Thing]] = {}
    for t in things:
        end = NUMBER_END.search(t.name)
        if end and looks_proper(t.name):
            families.setdefault(t.name[: end.start()], []).append(t)
    for members in families.values():
        if len({t.kind for t in members}) > 1:
            votes: dict[str, float] = {}
            for t in members:
                add_votes(votes, t.votes)
            kind = best_kind(votes)
            for t in members:
                t.kind = kind  # type: ignore[assignment]
    return things


@lru_cache(maxsize=NAMES_KEPT)
def _is_plural(name: str) -> bool:
    return singular(name.split()[-1]) != name.split()[-1]


@lru_cache(maxsize=NAMES_KEPT)
def _singular_label(name: str) -> str:
    """Common nouns and acronyms in the singular; a proper name that ends in s keeps it (`Ouranos`)."""
    words = name.split()
    if words and "-of-" not in words[-1] and (words[-1].islower() or re.fullmatch(r"[A-Z0-9-]{2,}s", words[-1])):
        words[-1] = singular(words[-1])
    return " ".join(words)


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
    candidates = with_devices(text, with_pairs(text, tagged(text, spans), lexicon))
    candidates = with_abbreviations(text, candidates, abbreviations, lexicon)
    candidates = with_title_head(text, reading.abstract_start, with_coined(text, with_named(text, candidates)))
    candidates = with_described(text, with_lexicon(text, candidates, lexicon))
    candidates = with_members(text, with_activities(text, with_title_case(text, reading.abstract_start, without_overlaps(candidates))))
    places = [m.span() for m in addresses(text)]
    candidates = [
        c
        for c in candidates
        if not is_noise(name := c.name or text[c.start : c.end])
        and not is_fragment(name)
        and not hyphen_cut(text, c)
        and not is_ordinary(text, c.start, c.end)
        and not any(a < c.end and b > c.start and b - a > 4 for a, b in places)
    ]
    groups = group(text, candidates, reading.abbreviations)
    groups = {
        k: g
        for k, g in groups.items()
        if ((score := max(c.score for c in g)) >= MIN_WORD_SCORE or score >= least_score(text, g, lexicon, reading.abstract_start))
        and salient(text, g, lexicon)
        and not (len(g) == 1 and looks_cut(reading, g[0], lexicon))
    }
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
