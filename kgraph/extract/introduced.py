"""Which of the names a paper introduces itself.

Rules over the text with the mentions marked: a verb of presentation with the paper as subject reaches the first name that can be its
object (`presented`), "our X" and "X is proposed" speak for themselves, and so does a title `X: ...`. A name that is merely mentioned is
reached by none, and what the abstract speaks of before it comes to itself ("Large language models (LLMs) are ..."), or what is known to
all, is no news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from kgraph.extract.boundaries import looks_proper
from kgraph.extract.presented import (
    APPOSITION,
    CLASSES,
    COINED_FROM,
    OPENER,
    PHRASES,
    STRONG,
    SURE,
    Add,
    enumerated,
    is_name,
    items,
    may_be_new,
    numbered,
    objects_of,
    parts,
    stands_alone,
)
from kgraph.extract.reading import SEPARATOR, Mention, Reading, Thing
from kgraph.names import fold

COORDINATED = re.compile(
    r"(?:,|;|\band\b)\s+(?:then\s+|also\s+|further\s+|finally\s+)?(?P<verb>(?:(?:present|introduce|propose|develop|design|release|unveil|devise|open-source|construct|curate|build)(?:s|ed)?|introducing|proposing))\b",
    re.I,
)
PRESENTED = re.compile(
    r"^[\"”'’*)]*,?\s+(?:\([^)]{1,60}\)\s*)?(?:is|are)\s+(?:also\s+|then\s+|further\s+|thus\s+|first\s+|hereby\s+|here\s+)?(?:proposed|introduced|presented|developed|designed|built|released|constructed|created|open-sourced|defined)\b",
    re.I,
)
PRESENTED_NAMED = re.compile(r"\b(?:a|an|new|novel)\b[^.;:]{0,90}\b(?:called|named|dubbed|termed)\s+[\"“']?$", re.I)
PASSIVE = re.compile(r"\b(?:is|are|was|has been|have been)\s+(?:proposed|introduced|presented|developed|designed|built|released|constructed)\b", re.I)
APPOSITION_NEW = re.compile(
    r"^[\"”'’*)]*(?:\s*\([^)]{1,80}\))?\s*(?:,|—|–)\s*(?:a|an|our|the)\s+(?:\w+ly\s+)?(?:novel|new|first|simple|unified|general|efficient|lightweight|scalable|open-source|comprehensive|end-to-end|training-free|plug-and-play|\w+-based)\b",
    re.I,
)
POSSESSIVE = re.compile(
    r"(?<!recently )(?<!previously )(?<!newly )(?<!already )\b(?:our|(?:the\s+)?proposed)\s+(?:(?:newly|proposed|new|novel|latest|best|final|fine-tuned|trained|resulting|full|entire|introduced|constructed|built|developed|curated|collected|created|designed|released)\s+)*"
    r"(?:(?!(?:on|of|in|for|with|to|and|that|which|than|as|by|from|using|over|is|are|can|show|between|via|against)\b)(?!\w+(?:(?<!s)s|ed)\s)[\w-]+\s+){0,2}?"
    r"(?:(?:method|model|approach|framework|benchmark|dataset|system|algorithm|tool|model|agent|metric|architecture|technique)s?,?:?\s+)?[\"“']?$",
    re.I,
)
OUR_NEW = re.compile(
    r"\b(?:our\s+(?:novel|new|own|open-source)|(?:an?|the)\s+(?:newly\s+(?:proposed|introduced|developed|designed|built|constructed|created|curated|collected)|novel|new))\s+"
    r"(?:(?!(?:on|of|in|for|with|to|and|that|which|than|as|by|from|using|over|is|are|via)\b)(?!\w+(?:(?<!s)s|ed)\s)[\w-]+\s+){0,5}?[\"“']?$",
    re.I,
)
TITLE_HEAD = re.compile(r"^[\"“']?(?P<name>[^:]{2,60}?)[\"”']?\s*(?::|--|—)\s+\S")
NEW_CLASS = re.compile(
    r"\b(?:novel|new)\s+(?:[\w-]+\s+){0,4}?(?:framework|method|approach|algorithm|model|benchmark|dataset|system|architecture|library|toolkit|technique|strategy|metric|pipeline|paradigm|network|corpus|module|loss|scheme|mechanism),\s*[\"“'*]*$",
    re.I,
)
WE_CALL = re.compile(
    r"\bwe\s+(?:(?:call|term|name|dub|coin|denote|christen)(?:\s+(?:it|this|these|them|our\s+\w+|the\s+\w+|this\s+\w+))?(?:\s+as)?|refer\s+to(?:\s+\w+){0,3}\s+as"
    r")\s+(?:the\s+)?[\"“'‘*]*$",
    re.I,
)
INSTANTIATED = re.compile(
    r"\bwe\s+instantiate\s+(?:it|these|them|(?:this|our|the)(?:\s+\w+)?)\s+(?:as|with|in|through|via)\s+(?:(?:an?|the)\s+)?(?:[\w-]+\s+){0,2}?[\"“'‘*]*$", re.I
)
EXTENDED = re.compile(r"\bwe\s+(?:\w+\s+)?(?:extend|evolve|develop|upgrade|turn|scale)\s+[^,.;:()]{2,60}?\s+(?:in)?to\s+[\"“'‘*]*$", re.I)
COINED = re.compile(
    r"(?<!commonly )(?<!often )(?<!widely )(?<!usually )(?<!so )\b(?:dubbed|termed|coined|christened|nicknamed)(?:\s+as)?\s+(?:the\s+)?[\"“'‘*]*$", re.I
)
NAMED_NEW = re.compile(r"\b(?:novel|new)\b[^.;:]{0,90}\b(?:called|named|dubbed|termed)\s+[\"“'‘*]*$", re.I)
WE_MADE = re.compile(
    r"^[\"”'’*)]*(?:\s*\([^)]{1,60}\))?,\s+(?:an?|the|our)\s[^.;:()]{3,110}?\b(?:that\s+)?we\s+(?:\w+ly\s+)?(?:also\s+|have\s+)?(?:release|introduce|propose|present|develop|design|build|built|construct|create|curate|contribute)(?:e?d)?\b",
    re.I,
)
MAKING_BEFORE = re.compile(
    r"\b(?:constructing|building|developing|creating|curating|collecting|introducing|proposing|presenting|designing|releasing)\s+[\"“'‘*]*$", re.I
)
A_LAW = re.compile(r"\b(?:law|phenomenon|effect|principle|property|hypothesis)\s*\(\s*(?:i\.e\.,?\s+)?(?:the\s+)?[\"“'‘`*]*$", re.I)
EXPLORED = re.compile(r"\bwe\s+(?:\w+ly\s+)?explore\s+(?:the\s+)?[\"“'‘*]*$", re.I)
AS_A_WAY = re.compile(
    r"^(?:\s+\([^)]*\)|,\s+or\s+[^,]{2,30})?,?\s+as\s+an?\s+(?:\w+\s+(?:yet|but|and)\s+)?(?:\w+ly\s+)?(?:simple|novel|new|effective|efficient|lightweight|practical)\b",
    re.I,
)
VENUE = re.compile(r"\s(?:19|20)\d\d$")
OWN_VERB = re.compile(r"^[\"”'’*)]*(?:\s*\([^)]{1,40}\))?\s+(?:\w+ly\s+)?(?:introduces|proposes|presents|defines)\b", re.I)
LATEST = re.compile(r"\b(?:the|our)\s+(?:latest|resulting|final|largest|best|flagship|new|smallest|strongest|proposed)\s+[\"“'*]*$", re.I)
OWN = re.compile(
    r"\b(?:we|our|ours|us|here|herein|proposed)\b|\b(?:this|present)\s+(?:\w+\s+)?(?:paper|work|article|study|report|survey|thesis|letter)\b", re.I
)
AUTHORS = re.compile(r"\bwe\b|\bthis (?:paper|work|article|study)\b", re.I)
OTHERS = re.compile(r"\b(?:recent(?:ly)?|prior|previous(?:ly)?|existing|et al|have been)\b", re.I)
NEW_AFTER = re.compile(r"^[\"”'’*)]*(?:\s*\([^)]{1,80}\))?\s*(?:,|—|–)\s*(?:an?|our)\s+(?:\w+ly\s+)?(?:novel|new)\b", re.I)
CORE = re.compile(
    r"\b(?:(?:at\s+(?:its|the|our)\s+(?:very\s+)?(?:core|heart|center|centre)\b|central\s+to\b|underpinning\b|key\s+to\b)[^,.;:]{0,60}?|\b(?:its|whose)\s+(?:core|heart|key\s+\w+)|core\s+of\b[^,.;:]{0,40}?)\s(?:is|are|lies|sits|stands)\s+"
    r"(?:(?:the|an?|our)\s+)?(?:novel\s+|new\s+)?[\"“'‘*]*$",
    re.I,
)
CORE_ENDS = (" is", " are", " lies", " sits", " stands", " the", " a", " an", " our", " novel", " new")
CONTRIBUTIONS = re.compile(r"\b(?:our|main|key|following|primary|core)\s+(?:\w+\s+){0,2}contributions?\b[^:.]{0,40}:\s*", re.I)
COUNT = re.compile(r"\b(?:two|three|four|five|several)\s|\s\(?(?:1|i|a)\)", re.I)
OWN_SENTENCE = re.compile(r"\b(?:we|our|this (?:paper|work|article|study)|proposed)\b", re.I)
EXAMPLES = re.compile(r"\b(?:such as|like|including|e\.g\.)\s[^.]*$", re.I)
TITLE_GOES_ON = re.compile(r"\s*(?:\([^)]*\))?\s+(?:for|via|with|through|using|by|towards?|as|to)\b", re.I)
COINED_FORM = re.compile(r"[a-z][A-Z]|[A-Z]{2}|\d")
STUDY = re.compile(
    r"\b(?:survey|review|overview|study|analysis|evaluation|evaluating|comparison|investigat\w+|empirical|lessons|challenges|perspectives?)\b|\?", re.I
)
OUR_WORK = re.compile(r"\bour\s+(?:\w+\s+)*(?:use|evaluation|analysis|experiments?|study|comparison|implementation)\b", re.I)
CLASS_THEN_ON = re.compile(rf"^\s+(?:\([^)]*\)\s+)?{CLASSES}s?\b", re.I)
CLASS_LAST = re.compile(rf"\b{CLASSES}$", re.I)
PRIOR_WORDS = tuple("existing previous prior current conventional standard traditional vanilla recent typical mainstream state-of-the-art popular".split())
PRIOR = re.compile(rf"\b(?:{'|'.join(PRIOR_WORDS)})\s+$", re.I)
SURVEY = re.compile(r"\b(?:survey|review|overview|tutorial|primer|perspectives?|introduction to)\b", re.I)
PASSIVE_AFTER = re.compile(
    rf"^[\"”'’*)]*(?:\s*\([^)]{{1,60}}\))?(?:\s+{CLASSES})?(?:,\s+(?:which|that)\s[^.;]{{3,110}}?,)?\s+(?:is|are)\s+(?:(?:also|then|further|thus|first|hereby|here|finally|therefore)\s+)?"
    r"(?:proposed|introduced|presented|developed|designed|built|released|constructed|created|open-sourced|devised)\b",
    re.I,
)
PASSIVE_BEFORE = re.compile(r"(?:^|[,:;]|\band)\s*(?:(?:a|an|the)\s+)?(?:[\w-]+\s+){0,3}?(?:called\s+|named\s+|termed\s+|dubbed\s+)?[\"“'*]*$", re.I)
RELATIVE = re.compile(r"(?:[-\s]?[A-Z\d][\w.+]*)+")
VERSION = re.compile(r"[-\s]?[vV]?\d+(?:\.\d+)*")
OWN_USE = re.compile(
    r"^[\"”'’*)]*(?:\s*\([^)]{1,40}\))?\s+(?:\w+ly\s+)?(?:uses|employs|integrates|incorporates|leverages|adopts|utilizes|combines|features|relies\s+on)\s+(?:(?:an?|the|our)\s+)?(?:[\w-]+\s+){0,2}?",
    re.I,
)
SPELLED_OUT_DEFINED = re.compile(r"\s\([^)]{2,}\)(?:,\s+(?:an?|our|which|where)\b|\s+(?:module|strategy|mechanism|framework|scheme|algorithm)s?\b)")
OWN_LISTING = re.compile(
    r"^[\"”'’*)]*(?:\s*\([^)]{1,40}\))?\s+(?:\w+ly\s+)?(?:evaluates|comprises|combines|includes|consists\s+of|features|integrates|employs|contains|defines|introduces|proposes)\b",
    re.I,
)


def _is_prior(text: str, start: int) -> bool:
    """Does `existing` or the like stand right before `start`?"""
    before = text[max(0, start - 30) : start]
    words = before.split()
    if not words or not words[-1].lower().endswith(PRIOR_WORDS):  # so for nearly all; the pattern is slow
        return False
    return PRIOR.search(before) is not None


def known_things(reading: Reading) -> set[int]:
    """Indices of the things that the text treats as known: named before the abstract first speaks of the paper itself, called `existing` or the like, or in the lexicon.

    An abbreviation that the text spells out as something else than the lexicon does is a new name in an old form.
    """
    text = reading.text
    own = OWN.search(text, reading.abstract_start)
    background = max((a for a, _ in reading.sentences if own and a <= own.start()), default=0)
    known = {m.thing for m in reading.mentions if reading.abstract_start <= m.start < background or _is_prior(text, m.start)}
    for index, thing in enumerate(reading.things):
        if thing.lexicon and not (thing.abbreviations and all(fold(long) != fold(thing.lexicon) for _, long in thing.abbreviations)):
            known.add(index)
    return known


def introduced_things(reading: Reading) -> set[int]:
    """Indices of the things the paper introduces."""
    found: dict[int, float] = {}
    text, known = reading.text, known_things(reading)

    def add(mention: Mention, weight: float) -> None:
        if weight == SURE or mention.thing not in known:
            found[mention.thing] = max(found.get(mention.thing, 0.0), weight)

    _title_head(reading, known, add)
    title = next(iter(found), -1)
    by_sentence: dict[int, list[Mention]] = {}
    for mention in reading.mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    for index, mentions in by_sentence.items():
        start, end = reading.sentences[index]
        if start < reading.abstract_start:
            continue
        sentence = text[start:end]
        openers = [(m.start(), m.end(), m["verb"] or m["verb2"] or m["verb3"] or "") for m in OPENER.finditer(sentence)]
        subject = AUTHORS.search(sentence)
        if subject:
            openers += [(m.start(), m.end(), m["verb"]) for m in COORDINATED.finditer(sentence, subject.end())]
        for _, at, verb in sorted(openers):
            objects_of(reading, mentions, start + at, end, verb, add)
            if STRONG.match(verb):
                numbered(reading, mentions, start + at, end, add)
        own, ours = OWN_SENTENCE.search(sentence) is not None, any(found.get(m.thing, 0.0) >= COINED_FROM for m in mentions)
        for mention in mentions:
            if may_be_new(reading, mention):
                _described(reading, mention, index, own, ours, add)
        if COUNT.search(sentence) and (own or ours or any(weight >= COINED_FROM for weight in found.values())):
            parts(reading, mentions, start, end, known, add)
        contributions = CONTRIBUTIONS.search(sentence) if "contribution" in sentence else None
        if contributions:
            items(reading, mentions, start + contributions.end(), end, add)
    for mention in reading.mentions:  # "X introduces two rewards: A, which ..., and B, which ..."
        if found.get(mention.thing, 0.0) < COINED_FROM or mention.start < reading.abstract_start:
            continue
        end = reading.sentences[mention.sentence][1]
        mentions = by_sentence[mention.sentence]
        after = text[mention.end : mention.end + 70]
        own_verb, listing = OWN_VERB.match(after), OWN_LISTING.match(after)
        if own_verb:
            objects_of(reading, mentions, mention.end + own_verb.end(), end, "introduces", add)
            enumerated(reading, mentions, mention.end, end, add)
        use = OWN_USE.match(after)
        if use:
            _defined_part(reading, [m for m in mentions if m.start >= mention.end + use.end()], known, add)
        if listing:
            numbered(reading, [m for m in mentions if _formed(reading, m)], mention.end + listing.end(), end, add)
    for index, thing in enumerate(reading.things):  # "the latest X-2" of an introduced X
        if (
            index not in found
            and looks_proper(thing.name)
            and any(_same_stem(thing.name, reading.things[i].name) for i, weight in found.items() if weight >= COINED_FROM)
        ):
            for mention in reading.mentions:
                if mention.thing == index and LATEST.search(text[max(0, mention.start - 40) : mention.start]):
                    add(mention, 0.7)
    named = {thing: weight for thing, weight in found.items() if weight >= COINED_FROM}
    if not named:  # the phrase that the title begins with, or else the one that is presented, is what the paper is known by
        return _title_lead(reading, known) or set(list(found)[:1])
    if len(named) > 1 and title in named and _is_motto(reading, title):
        del named[title]
    found = named
    _relatives(reading, named, add)
    return set(found)


def _defined_part(reading: Reading, mentions: Sequence[Mention], known: set[int], add: Add) -> None:
    """Mark what an introduced thing uses where it is spelled out and defined: "FooNet uses Bar Baz Scoring (BBS), a ..."."""
    mention = next(iter(mentions), None)
    if mention is None or mention.thing in known or not SPELLED_OUT_DEFINED.match(reading.text, mention.end):
        return
    thing = reading.things[mention.thing]
    if thing.abbreviations and thing.kind in {"method", "metric"}:
        add(mention, 0.7)


def _title_head(reading: Reading, known: set[int], add: Add) -> None:
    """The name before the colon of a title, unless it is a known topic that the paper treats of."""
    title = reading.text[: max(0, reading.abstract_start - len(SEPARATOR))]
    head = TITLE_HEAD.match(title)
    if not head or SURVEY.search(title, head.end("name")):
        return
    start = head.start("name") + 4 * (head["name"].startswith("The ") and COINED_FORM.search(head["name"]) is not None)
    for mention in reading.mentions:
        covers = mention.start <= start + 1 and mention.end >= head.end("name") - 1
        if covers and may_be_new(reading, mention) and (mention.thing not in known or looks_proper(head["name"])):
            add(mention, SURE)


def _is_motto(reading: Reading, thing: int) -> bool:
    """Whether what stands before the colon of a title is no name: words without inner capitals that the abstract does not take up."""
    head = reading.things[thing].name
    taken_up = any(m.thing == thing and m.start >= reading.abstract_start for m in reading.mentions)
    return not taken_up and " " in head and not COINED_FORM.search(head) and head.lower() not in reading.text[reading.abstract_start :].lower()


def _title_lead(reading: Reading, known: set[int]) -> set[int]:
    """The phrase that a title begins with, if the abstract presents it: "Foo Bar Sampling for X", and "we do so through foo bar sampling, a simple ..."."""
    text, title_end = reading.text, reading.abstract_start - len(SEPARATOR)
    lead = next((m for m in reading.mentions if m.start <= 1 and m.end < title_end), None)
    if lead is None or lead.thing in known or reading.things[lead.thing].kind not in PHRASES or " " not in text[lead.start : lead.end]:
        return set()
    if not TITLE_GOES_ON.match(text, lead.end, title_end) or STUDY.search(text, lead.end, title_end):
        return set()
    phrase = text[lead.start : lead.end].lower()  # its mentions in the abstract may be read with other borders
    for start, end in reading.sentences:
        at = text[start:end].lower().find(phrase) if start >= reading.abstract_start else -1
        if at >= 0:
            opener = OPENER.search(text, start, start + at)
            presented = opener is not None and STRONG.match(opener["verb"] or opener["verb2"] or opener["verb3"] or "") is not None
            if presented or APPOSITION.match(text[start + at + len(phrase) : end]):
                return {lead.thing}
    return set()


def _described(reading: Reading, mention: Mention, index: int, own: bool, ours: bool, add: Add) -> None:
    """Mark a name that its sentence calls the paper's own: "X is proposed", "our X", "we call it X", "X, a novel ...".

    `own` says whether the sentence speaks of the paper, `ours` whether it names something that is introduced.
    """
    text, thing = reading.text, reading.things[mention.thing]
    start, end = reading.sentences[index]
    sentence = text[start:end]
    before, after = text[max(start, mention.start - 140) : mention.start], text[mention.end : min(end, mention.end + 160)]
    proper = is_name(reading, mention)
    lead = before.rstrip().rstrip("\"“'*").rstrip().lower()  # its end is a cheap test of what the searches below ask of it
    spelled_out = bool(thing.abbreviations) and after.startswith(" (")
    possessed = (
        proper
        and ("our" in lead or "proposed" in lead)
        and not after.startswith("-")
        and thing.kind in {"model", "method", "software", "dataset", "metric"}
        and POSSESSIVE.search(before) is not None
        and not OUR_WORK.search(before)
        and not VENUE.search(text, mention.start, mention.end)
        and not (after.startswith(":") and CLASS_LAST.search(text, mention.start, mention.end))  # "our fine-tuned 3B model: FooNet"
    )
    passive = (proper or spelled_out) and PASSIVE_AFTER.match(after) is not None and PASSIVE_BEFORE.search(before) is not None
    named = lead.endswith(("called", "named", "dubbed", "termed")) and PRESENTED_NAMED.search(before) is not None
    coined = proper and (
        (lead.endswith(("called", "named", "dubbed", "termed")) and NAMED_NEW.search(before) is not None and not OTHERS.search(sentence))
        or (own and lead.endswith(("dubbed", "termed", "coined", "christened", "nicknamed", " as")) and COINED.search(before) is not None)
        or (own and "we " in after and WE_MADE.match(after) is not None)
        or (own and lead.endswith("to") and EXTENDED.search(before) is not None and looks_proper(text[mention.start : mention.end]) and not thing.lexicon)
        or ("instantiate" in before and INSTANTIATED.search(before) is not None)
        or (own and lead.endswith("ing") and MAKING_BEFORE.search(before) is not None and APPOSITION.match(after) is not None)
    )
    apposed = proper and own and index < 8 and APPOSITION_NEW.match(after) is not None
    new_part = proper and ours and NEW_AFTER.match(after) is not None
    surface = text[mention.start : mention.end]
    part = (
        (own or ours)
        and looks_proper(surface)
        and (surface[0].isupper() or " " not in surface)
        and not thing.lexicon
        and ("new" in lead or "novel" in lead)
        and OUR_NEW.search(before) is not None
        and (CLASS_THEN_ON.match(after) is not None or CLASS_LAST.search(before.rstrip()) is not None)
    )
    core = proper and lead.endswith(CORE_ENDS) and CORE.search(before) is not None
    called = "we" in lead and WE_CALL.search(before) is not None and not OTHERS.search(text, start, mention.start)
    explored = proper and "explore" in before and EXPLORED.search(before) is not None and AS_A_WAY.match(after) is not None
    law = own and lead.endswith(("(", "(the")) and A_LAW.search(before) is not None
    if (proper and PRESENTED.match(after)) or (named and (PASSIVE.search(after) or own)):
        add(mention, 0.9)
    elif passive or possessed or coined or law or explored or (proper and lead.endswith(",") and NEW_CLASS.search(before)) or called:
        add(mention, 0.8)
    elif (apposed or ((new_part or core or part) and not OTHERS.search(before))) and not EXAMPLES.search(before):
        add(mention, 0.7)


def _relatives(reading: Reading, found: Mapping[int, float], add: Add) -> None:
    """Mark what bears the name of an introduced thing: "FooBar-Large", "FooBar 8B" and "FooBarBench" of an introduced FooBar or FooBar-X."""
    things, text = reading.things, reading.text
    others = [i for i, t in enumerate(things) if i not in found and not t.lexicon and t.kind not in {"task", "hardware"} and looks_proper(t.name)]
    if not others:
        return
    own = [name for i in found if not things[i].lexicon for name in _forms(things[i])]
    stems = {stem for name in own for stem in _stems(name, text)}
    stems -= {name for i, t in enumerate(things) if i not in found for name in (t.lexicon, *_forms(t))}
    for index in others:
        name = things[index].name
        rests = [] if any(longer.startswith(name) for longer in own) else [name[len(stem) :] for stem in stems if name.startswith(stem)]
        if any(RELATIVE.fullmatch(rest) and not VERSION.fullmatch(rest) for rest in rests):
            add(next(m for m in reversed(reading.mentions) if m.thing == index), 0.7)


def _forms(thing: Thing) -> set[str]:
    return {thing.name, *thing.names, *(short for short, _ in thing.abbreviations)}


def _stems(name: str, text: str) -> Iterable[str]:
    """What the relatives of a name begin with: the name, and its first part where that is no word or abbreviation of its own in the text."""
    if looks_proper(name) and len(name) > 2 and " " not in name:
        yield name
    head = re.split(r"[-\s\d_]", name)[0]
    if len(head) > 2 and looks_proper(head) and not stands_alone(head, text):
        yield head


def _same_stem(a: str, b: str) -> bool:
    """Whether two names begin with the same proper stem of at least four letters."""
    left, right = re.split(r"[-\s]", a)[0], re.split(r"[-\s]", b)[0]
    return left == right and len(left) >= 4 and looks_proper(a)


def _formed(reading: Reading, mention: Mention) -> bool:
    """Whether a mention looks like a coined name wherever it stands: capitals inside, or an abbreviation of its own."""
    return any(map(looks_proper, reading.text[mention.start : mention.end].split())) or bool(reading.things[mention.thing].abbreviations)
