"""Extraction step 4a: what may be a mention of a thing: spans that the tagger, devices, abbreviations, the lexicon and ways of coining propose.

Coordinations become their members here; of overlapping candidates one stays. `kgraph.extract.things` makes things of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kgraph.extract.abbreviations import Abbreviation
from kgraph.extract.boundaries import LEFT, NOTHING, PREPOSITIONS, looks_proper, trim, version_members
from kgraph.extract.hardware import find_devices
from kgraph.extract.introduced import TITLE_HEAD
from kgraph.extract.reading import SEPARATOR
from kgraph.lexicon import Entry, Lexicon, load
from kgraph.model import Kind
from kgraph.names import singular
from kgraph.senses import load_senses

LEXICON_WEIGHT = 0.6
"""A lexicon entry votes on the type like this share of one certain mention: text beats lists."""


@dataclass(slots=True, eq=False)  # told apart by identity: those of a long text are looked for in lists
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


def occurrences(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Whole-word places of `name` in `text`; plain search, since a pattern for each paper would cost more to compile than to use."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not (start and text[start - 1].isalnum() and name[0].isalnum()) and not (text[end : end + 1].isalnum() and name[-1].isalnum()):
            yield start, end
        start = text.find(name, end)


def overlapping(start: int, end: int, taken: Iterable[Candidate]) -> list[Candidate]:
    """Those of `taken` that share a character with `start:end`."""
    return [c for c in taken if c.start < end and c.end > start]


_COUNT_OF = re.compile(r"\d{1,6}[\s-](?=(?:GPU|CPU|TPU|NPU|FPGA|[Nn]ode|[Cc]ore)s?\b)")
"""How many devices, which is no part of their name."""
_DESCRIBED = re.compile(r"(?:[a-z][\w-]*\s){1,3}(?=(?:[A-Z][a-z][\w-]*(?:\s|$)){2,6}$)")
"""Words in lower case before a name of two words or more in capitals ("neuro-inspired Neural Response Normalization")."""
LONGEST_NAME = 400
"""Characters. What is longer is no name, and some patterns for names take time that grows with the square of the length."""
DASHED = re.compile(r"[^-–—]+\s[-–—]{1,2}\s(?=\S*[A-Z]\S*[A-Z\d]\S*$)")
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
        dash = DASHED.match(text, start, end) if " " in text[start:end] else None
        if dash:  # "the base model - FooNet"
            start = dash.end()
        start, end = trim(text, start, end)
        unit = COUNTED.match(text, start, end) if start > 1 and text[start - 1] in " -" and text[start - 2].isdecimal() else None
        if unit:  # "7-DoF FooArm"
            start = unit.end()
        count = _COUNT_OF.match(text, start, end)
        if count:  # "an 8-GPU server"
            start = count.end()
        described = _DESCRIBED.match(text, start, end) if text[start : start + 1].islower() else None
        if described and load().lookup(text[described.end() : end]) is None:
            start = described.end()
        if end > start:
            out.append(Candidate(start, end, dict(span.kinds), span.score, span.salience))  # type: ignore[attr-defined]
    return out


def with_devices(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Devices by pattern replace what overlaps them, unless it is a longer phrase of another type ("GPU kernel", "CPU offloading")."""
    out = list(candidates)
    for start, end, name in find_devices(text):
        hits = overlapping(start, end, out)
        if any(c.start <= start and c.end >= end and (c.end - c.start) > (end - start) + 2 and best_kind(c.kinds) != "hardware" for c in hits):
            continue
        out = [c for c in out if c not in hits]
        salience = max((c.salience for c in hits), default=0.8)
        out.append(Candidate(start, end, {"hardware": 1.0}, 1.0, max(salience, 0.6), name=name))
    return out


def with_abbreviations(text: str, candidates: list[Candidate], abbreviations: Iterable[Abbreviation], lexicon: Lexicon) -> list[Candidate]:
    """Long and short forms become mentions when either was proposed or is known; the definition gives the exact borders."""
    out = list(candidates)
    for a in abbreviations:
        long_hits, short_hits = overlapping(a.long_start, a.long_end, out), overlapping(a.short_start, a.short_end, out)
        hits = long_hits + short_hits
        entry = lexicon.lookup(text[a.long_start : a.long_end])
        short = text[a.short_start : a.short_end]
        uses = sum(1 for _ in occurrences(text, short))
        if not hits and entry is None and uses < 3:
            continue
        kinds: dict[str, float] = {}
        for c in hits:
            add_votes(kinds, c.kinds, c.score)
        if entry is not None:
            add_votes(kinds, {entry.kind: 0.5})
        if not kinds:
            kinds["method"] = 0.5
        total = sum(kinds.values())
        shares = {k: v / total for k, v in kinds.items()}
        start = a.long_start
        usual = entry is not None and short in entry.names  # RL is no more than that in "goal-oriented reinforcement learning (RL)"
        for c in () if usual else long_hits:  # the tagger may know a longer name: "full-parameter fine-tuning (FT)"
            if c.start < start and c.end == a.long_end and text[c.start : start].count(" ") <= 2:
                start = c.start
        score = max((c.score for c in hits), default=0.6)
        salience = max((c.salience for c in hits), default=0.6)
        out = [c for c in out if c not in hits or (c.start < start and c.end <= start)]
        out.append(Candidate(start, a.long_end, shares, score, salience))
        out.append(Candidate(a.short_start, a.short_end, shares, score, salience))
    return out


_TITLE_VERB = re.compile(
    r"[A-Z][a-z]+ing (?!(?:in|for|of|with|and|or|via|on|to|by|from|as|through|using|under|over|about|at|is|are|was|can|may|meets|versus|vs|without)\b)"
)
"""What a title says to do to something: "Boosting Tool Use" speaks of no boosting."""


ABBREVIATED = 2
"""So many papers must abbreviate a phrase for it to be a name that the tagger's pieces inside it belong to."""


@lru_cache(maxsize=1)
def abbreviated() -> Lexicon:
    """Names of several words that papers abbreviate and the lexicon does not have ("search and rescue"), ready to be found in texts."""
    known = load()
    names = {sense.long.lower() for senses in load_senses().values() for sense in senses if sense.papers >= ABBREVIATED and " " in sense.long}
    plain = sorted(name for name in names if _PLAIN_PHRASE.fullmatch(name) and known.lookup(name) is None)
    return Lexicon([Entry(id=name, name=name, kind="method") for name in plain])


_PLAIN_PHRASE = re.compile(r"[a-z][\w' -]+")


def with_lexicon(text: str, candidates: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Known names fill the gaps the tagger left (before the tagger they would cost more than they bring), and take its pieces of one in."""
    out = list(candidates)
    for start, end, entry in lexicon.find(text):
        surface = text[start:end]
        # "hope", "line", "flair": words first, names second; "inference-time" of an inference-time method is no inference time
        common = surface.islower() and " " not in surface
        if common and entry.source == "kgraph":
            common = surface.replace("-", "").isalpha() and singular(surface) not in {singular(n) for n in entry.names}
        verb = start == 0 and (done := _TITLE_VERB.match(text)) is not None and done.end() == end + 1
        if common or verb:
            continue
        pieces = overlapping(start, end, out)
        if not pieces:
            out.append(Candidate(start, end, {entry.kind: LEXICON_WEIGHT}, LEXICON_WEIGHT, 0.5, lexicon=entry.name))
        elif " " in surface and are_pieces(pieces, start, end):
            # "Tanks" and "Temples", "text detection" of AI-generated text detection
            kinds: dict[str, float] = {entry.kind: LEXICON_WEIGHT}
            if pieces[-1].end == end:
                add_votes(kinds, pieces[-1].kinds)
            out = [c for c in out if c not in pieces]
            score = max(LEXICON_WEIGHT, *(c.score for c in pieces))
            out.append(Candidate(start, end, kinds, score, max(c.salience for c in pieces), lexicon=entry.name))
    for start, end, _ in abbreviated().find(text):
        pieces = overlapping(start, end, out)
        listed = len(pieces) > 1 and all(c.lexicon or lexicon.lookup(text[c.start : c.end]) for c in pieces)  # two known names and no third
        if pieces and not listed and pieces[-1].end == end and are_pieces(pieces, start, end):
            score, salience = max(c.score for c in pieces), max(c.salience for c in pieces)
            out = [c for c in out if c not in pieces]
            out.append(Candidate(start, end, dict(pieces[-1].kinds), score, salience))
    return out


_SAID_OF_NEXT = re.compile(
    r"[A-Za-z]+-(?i:preserving|conserving|maximi[sz]ing|minimi[sz]ing|seeking|inducing|refining|invariant|equivariant|constrained|regulari[sz]ed|resistant)"
)


def with_described(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """A compound that only says how the next name works belongs to it: "privacy-preserving" "federated learning" is one name."""
    out: list[Candidate] = []
    for c in sorted(candidates, key=lambda c: c.start):
        last = out[-1] if out else None
        if last is not None and last.end + 1 == c.start and text[last.end] == " " and not c.name and _SAID_OF_NEXT.fullmatch(text, last.start, last.end):
            out[-1] = replace(c, start=last.start, lexicon="")
        else:
            out.append(c)
    return out


def are_pieces(candidates: Iterable[Candidate], start: int, end: int) -> bool:
    """Do all of them lie within `start:end`, and none of them fill it?"""
    return all(start <= c.start and c.end <= end and (c.start, c.end) != (start, end) and not c.name for c in candidates)


def with_pairs(text: str, candidates: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Two known names of one type joined by "and" are two: "Precision and Recall"."""
    out: list[Candidate] = []
    for c in candidates:
        surface = text[c.start : c.end]
        first, joined, second = surface.partition(" and ")
        entries = (lexicon.lookup(first), lexicon.lookup(second)) if joined and not c.name and lexicon.lookup(surface) is None else (None, None)
        if entries[0] is None or entries[1] is None or entries[0].kind != entries[1].kind:
            out.append(c)
            continue
        out.append(replace(c, end=c.start + len(first)))
        out.append(replace(c, start=c.end - len(second)))
    return out


COUNTED = re.compile(r"(?:K|M|B|DoF|shot|way|bit|step|layer|hop|stage)\b[\s-]+")
"""What a number before it counts; a name that begins with it is cut."""
AMOUNT = re.compile(r"\d+(?:\.\d+)?[A-Za-z%]?$")
NAMED = re.compile(  # begins with a set of characters, not with the border of a word before them: all others are skipped fast
    r"[ncdtw](?<!\w.)(?:(?<=n)ame(?:d|ly)|(?<=c)(?:all|oin)ed|(?<=d)ubbed|(?<=t)ermed|(?<=w)e\s+(?:also\s+|then\s+|further\s+)?(?:present|introduce|propose|develop|release|construct|build|create|design|train|curate|contribute|name|term|call|dub)(?:\s+(?:it|this|them|the\s+method|our\s+\w+))?)\s+(?:the\s+|as\s+)?[\"“'‘*]*"
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
        if looks_proper(match["name"]) and not AMOUNT.match(match["name"]) and not overlapping(start, end, out) and text[end : end + 1] != "-":
            out.append(Candidate(start, end, {"method": 0.3}, 0.8, 0.9))
    return out


_PRESENTS = r"\s+(?:\w+\s+){0,2}?(?:present|introduce|propose|develop|release|construct|build|create|design|curate|contribute|describe)(?:s|d|ed)?\s+"
PRESENTS = rf"\b(?:[Ww]e|[Pp]aper|[Ww]ork|[Ss]tudy|authors|and){_PRESENTS}"
PRESENTED = re.compile(rf"[WwPpSsa](?<!\w.)(?=(?:(?<=[Ww])(?:e|ork)|(?<=[Pp])aper|(?<=[Ss])tudy|(?<=a)(?:uthors|nd)){_PRESENTS})")
"""A place where `PRESENTS` matches, of which two may overlap."""
CAPITALISED = r"[A-Z][\w-]*\w(?:\s[A-Z][\w-]*\w){%s}"
COMMON = r"[a-z][\w-]*\w(?:\s[a-z][\w-]*\w){1,3}"
COINED = tuple(  # with words of which the text must have one, since most have none; without for those that begin with `PRESENTS`
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
            (),
        ),
        # "we present Oracle, a ..."
        (rf"{PRESENTS}[\"“'‘*]*(?P<name>[A-Z][a-z]+)(?=[\"”’*]*(?:\s\([^)]{{2,60}}\))?,\s(?:an?|the\sfirst|our)\b)", ()),
        # "we introduce loop rescue, which ...": without an article it is no description
        (rf"{PRESENTS}(?P<name>{COMMON})(?=,\s(?:which|where|an?)\b)", ()),
        (
            rf"\b(?:(?:which|what) we (?:call|term|dub|denote|refer to as)|[Ww]e (?:term|dub) this(?:\s[a-z]+)?|[Ww]e introduce the (?:concept|notion) of)\s(?:the\s)?[\"“'‘*]*(?P<name>{COMMON})(?=[\"”’*]*(?:[,.;:(—–]|\s(?:that|which)\b))",
            ("which we", "what we", "e term this", "e dub this", "e introduce the"),
        ),
    )
)


def proposed(text: str, candidates: list[Candidate], start: int, end: int) -> list[Candidate]:
    """The candidates with a sure one at `text[start:end]`, in the place of fragments of it; unchanged where one stands across its borders or names it."""
    hits = overlapping(start, end, candidates)
    if any(c.start < start or c.end > end or (c.start == start and c.end < end and looks_proper(text[start : c.end])) for c in hits):
        return candidates
    kinds: dict[str, float] = {}
    for c in hits:
        add_votes(kinds, c.kinds, c.score)
    total = sum(kinds.values())
    score = max([0.8, *(c.score for c in hits if (c.start, c.end) == (start, end))])
    named = Candidate(start, end, {k: v / total for k, v in kinds.items()} if total else {"method": 0.3}, score, 0.9)
    return [*(c for c in candidates if c not in hits), named]


def _matches_at(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """What `pattern.finditer(text)` gives, of a pattern that can match nowhere else than at `starts`."""
    done = 0
    for start in starts:
        match = pattern.match(text, start) if start >= done else None
        if match:
            yield match
            done = match.end()


def with_coined(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Names without the form of one where the paper says that it coins them: "which we call broken symmetry", "we present Oracle, a ..."."""
    out = candidates
    starts: list[int] | None = None  # where the three patterns with `PRESENTS` in front may match
    for pattern, needed in COINED:
        if not needed:
            starts = [m.start() for m in PRESENTED.finditer(text)] if starts is None else starts
            matches = _matches_at(pattern, text, starts)
        else:
            matches = pattern.finditer(text) if any(word in text for word in needed) else iter(())
        for match in matches:
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
    r"(?:\s?/\s?|,? and |,? & )[vV]?\d+(?:\.\d+)*[A-Za-z]?(?![\w%-]|\.\d)(?!\s?(?:%|percent|points?|x\b|[a-z]*(?:model|dataset|benchmark|layer|task|other)))"
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
            head, between = _shared_head(text, ordered, i)
            if head:
                for start, end in ((c.start, c.end), *between):
                    out.append(Candidate(start, end, c.kinds, c.score, c.salience, name=f"{text[start:end]} {head}"))
                continue
        out.append(c)
    return out


def with_title_case(text: str, abstract_start: int, candidates: list[Candidate]) -> list[Candidate]:
    """Names of the abstract where the title has them in other letters, in the place of fragments: "Foo Bar Sampling" of "foo bar sampling"."""
    title = text[:abstract_start].lower()
    out = candidates
    for c in candidates:
        surface = text[c.start : c.end].lower() if c.start >= abstract_start and not c.name else ""
        start = title.find(surface) if " " in surface else -1
        end = start + len(surface)
        if start < 0 or text[start - 1 : start].isalnum() or text[end].isalnum() or text[end] == "-":
            continue
        hits = overlapping(start, end, out)
        if all(h.start >= start and h.end <= end and h.end - h.start < end - start for h in hits):
            out = [*(o for o in out if o not in hits), Candidate(start, end, c.kinds, c.score, c.salience)]
    return out if out is candidates else sorted(out, key=lambda c: c.start)


ACTIVITY_BEHIND = re.compile(
    r" (?:training|inference|serving|decoding|deployment|fine-tuning|pre-?training|quantization|acceleration|compression)(?=[.,;:!?)\n]|$|\s+(?:[^\sA-Za-z]|(?:and|or|on|in|for|with|by|at|of|to|"
    r"via|using|under|across|through|from|is|are|has|have|can|that|which|while|as|where|when|without|within|over|into|requires?|remains|often|typically)\b))",
    re.I,
)
"""What is done with a model, as the end of a phrase ("FooNet training on")."""
ACRONYM = re.compile(r"(?:[\w-]+ )?[A-Z][\w-]*[A-Z]\w*")


def with_activities(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """ "FOO training", a task, in the place of FOO, where FOO stands alone elsewhere."""
    out = candidates
    for c in candidates:
        behind = ACTIVITY_BEHIND.match(text, c.end) if text[c.end : c.end + 1] == " " else None
        if behind is None or c.name or best_kind(c.kinds) not in {"model", "method"} or not ACRONYM.fullmatch(surface := text[c.start : c.end]):
            continue
        if any(o is not c and fold_plural(text[o.start : o.end]) == fold_plural(surface) and not ACTIVITY_BEHIND.match(text, o.end) for o in candidates):
            extended = Candidate(c.start, behind.end(), {"task": 0.7, "method": 0.3}, c.score, c.salience)
            out = [*(o for o in out if o is not c and not (o.start < extended.end and o.end > c.end)), extended]
    return out if out is candidates else sorted(out, key=lambda c: c.start)


def fold_plural(name: str) -> str:
    """The name without a plural s behind a capital ("LLMs")."""
    return name[:-1] if name.endswith("s") and name[-2:-1].isupper() else name


MODIFIER = re.compile(r".*(?:al|ian|ic|ive|ous|ed|ar|ary|able|ible|less|ent|ant)|.+-(?!\w*(?:ing|ness|ity|tion|ment)$).+")
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
    >>> stands_alone("hallucination", "task", "evidence"), stands_alone("rotation", "method", "translation")
    (True, False)
    """
    if MODIFIER.fullmatch(word) or word in NOTHING:
        return False
    action = word.endswith(("tion", "sion")) and not beside.endswith(("tion", "sion"))
    return bool(kind == "metric" or singular(word) != word or MODIFIER.fullmatch(beside) or ABSTRACT.fullmatch(word) or action)


_LIST_GAP = re.compile(r"\s*(?:,|,?\s*(?:and|or)|/|&)\s*")
_MEMBERS_GAP = re.compile(r", (?:[a-z]{3,}, ){1,3}(?:and|or) ")
"""Members of a list that nobody proposed stand between two that somebody did: "tensor, pipeline, and data parallelism"."""


def _shared_head(text: str, ordered: list[Candidate], i: int) -> tuple[str, list[tuple[int, int]]]:
    """The last word of the name that ends the list which candidate `i` stands in, or nothing; and where the members are that are no candidates."""
    c = ordered[i]
    at = c
    between: list[tuple[int, int]] = []
    for following in ordered[i + 1 : i + 5]:
        gap = text[at.end : following.start]
        if _MEMBERS_GAP.fullmatch(gap):
            between += [(at.end + m.start(), at.end + m.end()) for m in re.finditer(r"[a-z]+(?=,)", gap)]
        elif not _LIST_GAP.fullmatch(gap):
            return "", []
        words = text[following.start : following.end].split()
        if (
            len(words) == 2
            and words[1].islower()
            and best_kind(following.kinds) == best_kind(c.kinds)
            and words[1] not in {"models", "methods"}
            and not looks_proper(words[0])
            and not stands_alone(text[c.start : c.end], best_kind(c.kinds), words[0])
        ):
            return (words[1], between) if re.search(r"(?:and|or|/|&)\s*$", gap) else ("", [])
        if len(words) > 1:
            return "", []
        at = following
    return "", []


def add_votes(votes: dict[str, float], more: dict[str, float] | dict[Kind, float], weight: float = 1.0) -> None:
    """Add votes on a type to others, each counted `weight` times."""
    for kind, value in more.items():
        votes[kind] = votes.get(kind, 0.0) + value * weight


def best_kind(kinds: dict[str, float]) -> str:
    """The type with the most votes; ties go to the first by name."""
    return max(sorted(kinds), key=lambda k: kinds[k])


def without_overlaps(candidates: list[Candidate]) -> list[Candidate]:
    """Of overlapping candidates the surest stays, then the longest, then the first."""
    out: list[Candidate] = []
    for c in sorted(candidates, key=lambda c: (-round(c.score, 2), c.start - c.end, c.start)):
        if not overlapping(c.start, c.end, out):
            out.append(c)
    return sorted(out, key=lambda c: c.start)
