"""Which of the names a paper introduces itself.

Rules over the text with the mentions marked: a verb of presentation with the paper as subject reaches the first name that can be its
object, "X, a ..." and "named X" reach further, a title `X: ...` speaks for itself. A name that is merely mentioned is reached by none,
and what the abstract speaks of before it comes to itself ("Large language models (LLMs) are ..."), or what is known to all, is no news.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from kgraph.extract.boundaries import looks_proper
from kgraph.extract.reading import SEPARATOR, Mention, Reading, Thing
from kgraph.names import fold

Add = Callable[[Mention, float], None]
SURE = 1.0
"""Weight of a presentation that holds also of what seems to be known."""
COINED_FROM = 0.5
"""From this weight on a name is coined; a phrase below it is introduced only by a paper that coins none."""

VERBS = r"(?:present|introduce|propose|develop|design|release|build|construct|create|describe|devise|unveil|open-source|implement|offer|establish|formulate|curate|collect|contribute|pioneer|report|provide|define|derive|launch|publish|train|pre-?train|compile|assemble|put forward|put forth|advance|demonstrate|identify|discover|pretrain|share|craft|deploy|suggest|formali[sz]e|engineer)"
STRONG = re.compile(
    r"\b(?:present|introduc|propos|develop|design|unveil|devise|releas|put forward|pioneer|open-source|construct|curate|create|contribute|craft|define|formulat|establish|build|offer|launch|derive|suggest|formali[sz]|engineer|coin)",
    re.I,
)
OPENER = re.compile(
    rf"\b(?:(?:we|authors?)(?:\s+have)?(?:\s+(?:also|first|then|further|thus|therefore|hence|here|additionally|finally|now|next|instead|,|newly|jointly|formally|successfully|subsequently|in this (?:paper|work)))*(?:\s+\w+ly)?|(?:this|the|our|present)\s+(?:\w+\s)?(?:paper|work|study|article|report|thesis|survey|letter|research|tutorial|contribution)(?:\s+\w+ly)?(?:\s+(?:also|first|then|further))*)\s+(?P<verb>{VERBS})(?:s|es|ed|d)?\b"
    r"|\b(?P<to>to\s+(?:address|tackle|solve|overcome|mitigate|bridge|fill|alleviate|remedy|close|resolve|meet|this end)[^.;]{0,120}?,\s*(?:we\s+)?(?P<verb2>"
    + VERBS
    + r"))\b"
    r"|\bby\s+(?P<verb3>introducing|proposing|presenting|developing|designing|constructing|releasing)\b",
    re.I,
)
COORDINATED = re.compile(
    r"(?:,|;|\band\b)\s+(?:then\s+|also\s+|further\s+|finally\s+)?(?P<verb>(?:present|introduce|propose|develop|design|release|unveil|devise|open-source|construct|curate|build)(?:s|ed)?)\b",
    re.I,
)
NAMING = re.compile(
    r"(?:\b(?:named|called|dubbed|termed|coined|christened|titled|nicknamed|denoted(?:\s+as)?|abbreviated(?:\s+as)?|referred\s+to\s+as|known\s+as|namely|which\s+we\s+(?:call|name|term|dub|refer\s+to\s+as)|we\s+(?:call|name|term|dub)(?:\s+(?:it|this|them|our\s+\w+(?:\s+\w+)?|the\s+\w+(?:\s+\w+)?))?)|[:—–(])\s*(?:the\s+)?[\"“'‘*]*$",
    re.I,
)
NAMED_OUTRIGHT = re.compile(
    r"\b(?:named|called|dubbed|termed|coined|namely|under\s+the\s+name(?:\s+of)?|instantiate\s+(?:it|this|them)\s+as|which\s+we\s+(?:call|name|term|dub|denote|refer\s+to\s+as))"
    r"(?:\s+as)?\s*[-–—:]?\s+(?:the\s+)?[\"“'‘*]*$",
    re.I,
)
PRESENTED = re.compile(
    r"^[\"”'’*)]*,?\s+(?:\([^)]{1,60}\)\s*)?(?:is|are)\s+(?:also\s+|then\s+|further\s+|thus\s+|first\s+|hereby\s+|here\s+)?(?:proposed|introduced|presented|developed|designed|built|released|constructed|created|open-sourced|defined)\b",
    re.I,
)
PRESENTED_NAMED = re.compile(r"\b(?:a|an|new|novel)\b[^.;:]{0,90}\b(?:called|named|dubbed|termed)\s+[\"“']?$", re.I)
PASSIVE = re.compile(r"\b(?:is|are|was|has been|have been)\s+(?:proposed|introduced|presented|developed|designed|built|released|constructed)\b", re.I)
APPOSITION = re.compile(
    r"^[\"”'’*)]*(?:\s*\([^)]{1,80}\))?\s*(?:,|—|–|:|-)\s*(?:which is\s+|that is\s+|i\.e\.,?\s+)?(?:a|an|the\s+first|the\s+largest|our|one\s+of\s+the\s+first|new|novel|two|three|several)\b",
    re.I,
)
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
NEW = re.compile(r"\b(?:novel|new|first|newly)\b[\w\s,-]{0,60}$", re.I)
STOP_BETWEEN = re.compile(
    r"\b(?:how|why|whether|that|which|who|where|when|while|whose|using|by|based\s+on|built\s+on|built\s+upon|for|to|with|from|in|on|of|as|against|over|via|through|between|into|inspired|leveraging|combining|without|under|across|upon|at)\b|[;:]",
    re.I,
)
CLASS_NOUN = re.compile(
    r"\b(?:framework|model|models|method|methods|approach|algorithm|algorithms|benchmark|benchmarks|dataset|datasets|corpus|corpora|library|toolkit|system|systems|architecture|strategy|technique|techniques|pipeline|engine|network|suite|family|series|scheme|mechanism|paradigm|module|agent|agents|platform|metric|tool|solution|optimizer|scheduler|schedule|variant|variants|protocol|loss|objective|encoder|decoder|law|concept|policy|simulator|compiler|accelerator|kernel|language|transformer|procedure|representation|formulation|environment|attack|defense|collection|compiler|runtime|cache|attention|decoding|training|learning|inference|tuning|optimization|quantization)\b[\w\s,'’-]{0,40}?$",
    re.I,
)
CAPITALISED = re.compile(r"(?:[A-Z][\w-]*[\s-]+){2,}\($")
MAKING = re.compile(
    r"\b(?:design|implementation|architecture|development|deployment|building|deploying|construction|release|creation|experience)\b[^.;]{0,60}\b(?:of|deploying|building|on)\s+$",
    re.I,
)
CLAUSE = re.compile(
    r"\b(?:that|which|who|where|when|while|whose|using|by|based\s+on|built\s+on|to|via|through|leveraging|combining|inspired|under|across|over|between|against|from|on|in)\b",
    re.I,
)
GENERIC_LIST = re.compile(r"\b(?:such\s+as|like|including|e\.g\.)\b", re.I)
ENUMERATION = re.compile(r"(?::|,? and|;)\s+(?:\(?(?:\d|[ivx]+)\)\s*)?(?:a\s+|an\s+)?[\"“'*]*(?=[A-Z])")
ENUMERATED = re.compile(r"\s*(?:\([^)]+\))?\s*(?:,\s+(?:which|that|a|an|where)\b|\.|;|to\b|for\b|that\b|which\b)")
COUNTED = re.compile(
    r"\b(?:two|three|four|several|complementary|novel|new)\b[^:()]*\b(?:method|metric|technique|model|benchmark|dataset|strateg|module|component|loss|reward|algorithm|variant|framework|mechanism|task)\w*\b[^:()]*:\s*(?:\(?(?:1|i)\)\s*)?$",
    re.I,
)
CLASS_RIGHT_BEFORE = re.compile(
    r"\b(?:framework|model|method|approach|algorithm|benchmark|dataset|corpus|library|toolkit|system|architecture|strategy|technique|pipeline|engine|network|suite|scheme|mechanism|paradigm|module|agent|platform|metric|tool)\s+[\"“'*]*$",
    re.I,
)
INDEFINITE = re.compile(r"^\s*(?:a|an|several|two|three|multiple)\s", re.I)
CLASS_AFTER = re.compile(
    r"^\s+(?:dataset|corpus|benchmark|model|framework|method|approach|algorithm|system|pipeline|architecture|agent|strategy|module|network|library|toolkit|technique|metric)s?\b",
    re.I,
)
FAMILY = re.compile(
    r"^\s*(?:\([^)]{1,40}\)\s*)?(?:family|series|suite|models?|variants?|collection)?\s*,?\s*(?:including|consisting of|comprising|comprised of|namely|such as|with (?:two|three|four|several) variants)\s*:?\s*",
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
OF_NEW_KIND = re.compile(
    r"\b(?:(?:novel|new)\s+(?:[\w-]+\s+){0,3}?(?:tasks?|problems?|paradigms?|settings?|metrics?)|(?:concepts?|notions?))(?:\s*:|\s+of|,|\s+called|\s+termed|\s+named)\s+(?:(?:namely|the)\s+)?[\"“'‘`*]*$",
    re.I,
)
A_LAW = re.compile(r"\b(?:law|phenomenon|effect|principle|property|hypothesis)\s*\(\s*(?:i\.e\.,?\s+)?(?:the\s+)?[\"“'‘`*]*$", re.I)
OWN_VERB = re.compile(r"^[\"”'’*)]*(?:\s*\([^)]{1,40}\))?\s+(?:\w+ly\s+)?(?:introduces|proposes|presents|defines)\b", re.I)
LATEST = re.compile(r"\b(?:the|our)\s+(?:latest|resulting|final|largest|best|flagship|new|smallest|strongest|proposed)\s+[\"“'*]*$", re.I)

OWN = re.compile(
    r"\b(?:we|our|ours|us|here|herein|proposed)\b|\b(?:this|present)\s+(?:\w+\s+)?(?:paper|work|article|study|report|survey|thesis|letter)\b", re.I
)
AUTHORS = re.compile(r"\bwe\b|\bthis (?:paper|work|article|study)\b", re.I)
OTHERS = re.compile(r"\b(?:recent(?:ly)?|prior|previous(?:ly)?|existing|et al|have been)\b", re.I)
NEW_AFTER = re.compile(r"^[\"”'’*)]*(?:\s*\([^)]{1,80}\))?\s*(?:,|—|–)\s*(?:an?|our)\s+(?:\w+ly\s+)?(?:novel|new)\b", re.I)
CORE = re.compile(
    r"\b(?:(?:at\s+(?:its|the|our)\s+(?:very\s+)?(?:core|heart|center|centre)\b|central\s+to\b|underpinning\b|key\s+to\b)[^,.;:]{0,60}?|core\s+of\b[^,.;:]{0,40}?)\s(?:is|are|lies|sits|stands)\s+"
    r"(?:(?:the|an?|our)\s+)?(?:novel\s+|new\s+)?[\"“'‘*]*$",
    re.I,
)
CORE_ENDS = (" is", " are", " lies", " sits", " stands", " the", " a", " an", " our", " novel", " new")
CONTRIBUTIONS = re.compile(r"\b(?:our|main|key|following|primary|core)\s+(?:\w+\s+){0,2}contributions?\b[^:.]{0,40}:\s*", re.I)
NEW_THEN = re.compile(r"^\s+(?:an?|the|our)\s+(?:\w+ly\s+)?(?:novel|new)\s[^,.;:()]{3,80},\s+[\"“'*]*$", re.I)
OWN_SENTENCE = re.compile(r"\b(?:we|our|this (?:paper|work|article|study)|proposed)\b", re.I)
EXAMPLES = re.compile(r"\b(?:such as|like|including|e\.g\.)\s[^.]*$", re.I)
OUR_WORK = re.compile(r"\bour\s+(?:\w+\s+)*(?:use|evaluation|analysis|experiments?|study|comparison|implementation)\b", re.I)
CLASSES = (
    r"(?:framework|model|method|approach|algorithm|benchmark|dataset|corpus|library|toolkit|system|architecture|strategy|technique|pipeline|engine|network|suite|scheme|mechanism|paradigm|module|agent"
    r"|platform|metric|tool|protocol|loss|objective|optimizer|simulator|task|environment|decoder|encoder|attack|defense|score|block|layer|solution|methodology|procedure|schedule|design|recipe|variant|version|extension|family|series|collection|test|index"
    r"|measure|kernel|compiler|accelerator|processor|chip|workflow|interface|formulation|criterion|regularizer|regularization|curriculum|reward|taxonomy|language|representation)"
)
CLASS_LAST = re.compile(rf"\b{CLASSES}$", re.I)
PRIOR = re.compile(
    r"\b(?:existing|previous|prior|current|conventional|standard|traditional|vanilla|recent|typical|mainstream|state-of-the-art|popular)\s+$", re.I
)
SURVEY = re.compile(r"\b(?:survey|review|overview|tutorial|primer|perspectives?|introduction to)\b", re.I)
PASSIVE_AFTER = re.compile(
    rf"^[\"”'’*)]*(?:\s*\([^)]{{1,60}}\))?(?:\s+{CLASSES})?(?:,\s+(?:which|that)\s[^.;]{{3,110}}?,)?\s+(?:is|are)\s+(?:(?:also|then|further|thus|first|hereby|here|finally|therefore)\s+)?"
    r"(?:proposed|introduced|presented|developed|designed|built|released|constructed|created|open-sourced|devised)\b",
    re.I,
)
PASSIVE_BEFORE = re.compile(r"(?:^|[,:;]|\band)\s*(?:(?:a|an|the)\s+)?(?:[\w-]+\s+){0,3}?(?:called\s+|named\s+|termed\s+|dubbed\s+)?[\"“'*]*$", re.I)
APPOSED = re.compile(rf"\b{CLASSES}s?(?:,|\s?[—–]|\s-)\s*(?:namely,?\s+)?[\"“'*]*$", re.I)
CLASS_THEN = re.compile(rf"^\s+(?:an?|the|our)\s[^,.;:()]*\b{CLASSES}\b[^,.;:()]*,\s+[\"“'*]*$", re.I)
APPOSED_END = re.compile(r"^[\"”'’*]*(?:\s*\([^)]*\))?(?:\.|,\s+(?:that|which|an?|to|with|where|whose|featuring|comprising)\b)", re.I)
GENERAL_HEAD = re.compile(
    r"\b(?:method|approach|framework|metric|measure|objective|system|benchmark|dataset|corpus|technique|design|architecture|assistant|function|analysis|evaluation)s?$",
    re.I,
)
INDEFINITE_PHRASE = re.compile(r"\s+(?:an?\s+)?(?:[\w-]+\s+){0,2}?[\"“'`*]*", re.I)
PHRASES = frozenset({"model", "method", "software", "dataset", "metric"})
CONTAINER = re.compile(
    r"\s(?:framework|pipeline|system|approach|algorithm|model|network|dataset|corpus|benchmark|layer|platform|tool|toolkit|library)(?:e?s)?\b", re.I
)
"""What stands behind a phrase that says what kind of thing is new, and is no name: "a novel data generation pipeline"."""
RELATIVE = re.compile(r"(?:[-\s]?[A-Z\d][\w.+]*)+")
VERSION = re.compile(r"[-\s]?[vV]?\d+(?:\.\d+)*")
NUMBERED = re.compile(
    r"\b(?:two|three|four|five|several)\s+(?:[\w-]+\s+){0,4}?(?!(?:less|class|bias|loss)\b)[a-z-]+s\b(?:[^:.;()]|\([^)]*\)){0,60}?(?P<mark>:|,|\s[—–-])\s+(?:namely,?\s+)?",
    re.I,
)
ITEM = re.compile(r"(?:^|[,;]\s+(?:and\s+)?|\band\s+)(?:\(?(?:\d|[ivx]+|[a-d])[.)]\s*)?(?:(?:a|an|the)\s+)?(?:novel\s+|new\s+)?[\"“'*]*$")
ITEM_MARK = re.compile(r"\(?(?:\d|[ivx]+|[a-d])[.)]\s*")
OWN_LISTING = re.compile(
    r"^[\"”'’*)]*(?:\s*\([^)]{1,40}\))?\s+(?:\w+ly\s+)?(?:evaluates|comprises|combines|includes|consists\s+of|features|integrates|employs|contains|defines|introduces|proposes)\b",
    re.I,
)
DEFINED = re.compile(r"^[\"”'’*)]*(?:\s*\([^)]{1,80}\))?[,:]\s+(?:an?|the|our|one|which|that)\b", re.I)
COLLECTION = re.compile(r"\b(?:family|series|suite|set|class|collection|concept|notion|group|line)\s+of\b", re.I)
SPELLED_OUT = re.compile(r"^\s\([^)]{2,}\)(?!-)")
AS_NEW = re.compile(r"^[\"”'’*)]*(?:\s*\([^)]{1,60}\))?\s+as\s+an?\s+(?:novel|new)\b", re.I)


def is_name(reading: Reading, mention: Mention) -> bool:
    """Whether a mention has the form of a proper name: capitals or digits inside, or a capital that no sentence begin explains."""
    text = reading.text
    surface = text[mention.start : mention.end]
    if looks_proper(surface):
        return True
    if not surface[:1].isupper() or mention.start == reading.sentences[mention.sentence][0]:
        return False
    return reading.things[mention.thing].kind != "task" and not _stands_alone(surface.lower(), text)


def _stands_alone(word: str, text: str) -> bool:
    """Whether the text has a word as such, not as a part of another word, a compound or an address."""
    at = text.find(word)
    while at >= 0:
        before, after = text[max(0, at - 1) : at], text[at + len(word) : at + len(word) + 2]
        part = before.isalnum() or before in {"_", ".", "/", "@", "-"} or after[:1].isalnum() or after[:1] in {"_", "/", "-"}
        if not part and not (after[:1] == "." and after[1:].isalnum()):
            return True
        at = text.find(word, at + 1)
    return False


def known_things(reading: Reading) -> set[int]:
    """Indices of the things that the text treats as known: named before the abstract first speaks of the paper itself, called `existing` or the like, or in the lexicon.

    An abbreviation that the text spells out as something else than the lexicon does is a new name in an old form.
    """
    text = reading.text
    own = OWN.search(text, reading.abstract_start)
    background = max((a for a, _ in reading.sentences if own and a <= own.start()), default=0)
    known = {m.thing for m in reading.mentions if reading.abstract_start <= m.start < background or PRIOR.search(text, max(0, m.start - 30), m.start)}
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
    for index, (start, end) in enumerate(reading.sentences):
        if start < reading.abstract_start:
            continue
        mentions = reading.in_sentence(index)
        if not mentions:
            continue
        sentence = text[start:end]
        openers = [(m.start(), m.end(), m["verb"] or m["verb2"] or m["verb3"] or "") for m in OPENER.finditer(sentence)]
        subject = AUTHORS.search(sentence)
        if subject:
            openers += [(m.start(), m.end(), m["verb"]) for m in COORDINATED.finditer(sentence, subject.end())]
        for _, at, verb in sorted(openers):
            _object_of(reading, mentions, start + at, end, verb, add)
            if STRONG.match(verb):
                _numbered(reading, mentions, start + at, end, add)
        own, ours = OWN_SENTENCE.search(sentence) is not None, any(found.get(m.thing, 0.0) >= COINED_FROM for m in mentions)
        for mention in mentions:
            if _may_be_new(reading, mention):
                _described(reading, mention, index, own, ours, add)
        contributions = CONTRIBUTIONS.search(sentence) if "contribution" in sentence else None
        if contributions:
            _items(reading, mentions, start + contributions.end(), end, add)
    for mention in reading.mentions:  # "X introduces two rewards: A, which ..., and B, which ..."
        if found.get(mention.thing, 0.0) < COINED_FROM or mention.start < reading.abstract_start:
            continue
        end = reading.sentences[mention.sentence][1]
        mentions = reading.in_sentence(mention.sentence)
        after = text[mention.end : mention.end + 70]
        own_verb, listing = OWN_VERB.match(after), OWN_LISTING.match(after)
        if own_verb:
            _object_of(reading, mentions, mention.end + own_verb.end(), end, "introduces", add)
            _enumerated(reading, mentions, mention.end, end, add)
        if listing:
            _numbered(reading, [m for m in mentions if _formed(reading, m)], mention.end + listing.end(), end, add)
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
    if not named:  # the phrase that is presented is what the paper is known by
        return set(list(found)[:1])
    found = named
    _relatives(reading, named, add)
    return set(found)


def _may_be_new(reading: Reading, mention: Mention) -> bool:
    """Whether a mention can be of something new: a device is only where it is not one that is known."""
    thing = reading.things[mention.thing]
    return thing.kind != "hardware" or not thing.lexicon


def _title_head(reading: Reading, known: set[int], add: Add) -> None:
    """The name before the colon of a title, unless it is a known topic that the paper treats of."""
    title = reading.text[: max(0, reading.abstract_start - len(SEPARATOR))]
    head = TITLE_HEAD.match(title)
    if not head or SURVEY.search(title, head.end("name")):
        return
    for mention in reading.mentions:
        covers = mention.start <= head.start("name") + 1 and mention.end >= head.end("name") - 1
        if covers and _may_be_new(reading, mention) and (mention.thing not in known or looks_proper(head["name"])):
            add(mention, SURE)


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
        and not (after.startswith(":") and CLASS_LAST.search(text, mention.start, mention.end))  # "our fine-tuned 3B model: FooNet"
    )
    passive = (proper or spelled_out) and PASSIVE_AFTER.match(after) is not None and PASSIVE_BEFORE.search(before) is not None
    named = lead.endswith(("called", "named", "dubbed", "termed")) and PRESENTED_NAMED.search(before) is not None
    coined = proper and (
        (lead.endswith(("called", "named", "dubbed", "termed")) and NAMED_NEW.search(before) is not None and not OTHERS.search(sentence))
        or (own and lead.endswith(("dubbed", "termed", "coined", "christened", "nicknamed", " as")) and COINED.search(before) is not None)
        or (own and "we " in after and WE_MADE.match(after) is not None)
        or ("instantiate" in before and INSTANTIATED.search(before) is not None)
        or (own and lead.endswith("ing") and MAKING_BEFORE.search(before) is not None and APPOSITION.match(after) is not None)
    )
    apposed = proper and own and index < 8 and APPOSITION_NEW.match(after) is not None
    new_part = proper and ours and NEW_AFTER.match(after) is not None
    core = proper and lead.endswith(CORE_ENDS) and CORE.search(before) is not None
    called = "we" in lead and WE_CALL.search(before) is not None and not OTHERS.search(text, start, mention.start)
    law = own and lead.endswith(("(", "(the")) and A_LAW.search(before) is not None
    if (proper and PRESENTED.match(after)) or (named and (PASSIVE.search(after) or own)):
        add(mention, 0.9)
    elif passive or possessed or coined or law or (proper and lead.endswith(",") and NEW_CLASS.search(before)) or called:
        add(mention, 0.8)
    elif (apposed or ((new_part or core) and not OTHERS.search(before))) and not EXAMPLES.search(before):
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
    if len(head) > 2 and looks_proper(head) and not _stands_alone(head, text):
        yield head


def _same_stem(a: str, b: str) -> bool:
    """Whether two names begin with the same proper stem of at least four letters."""
    left, right = re.split(r"[-\s]", a)[0], re.split(r"[-\s]", b)[0]
    return left == right and len(left) >= 4 and looks_proper(a)


def _object_of(reading: Reading, mentions: Sequence[Mention], at: int, end: int, verb: str, add: Add) -> None:
    """Mark the object(s) of a verb of presentation that ends at `at`."""
    text, strong = reading.text, bool(STRONG.match(verb))
    if _outright(reading, mentions, at, end, add):
        return
    for position, mention in enumerate(mentions):
        if mention.start < at:
            continue
        if mention.start - at > 260 or (OPENER.search(text, at, mention.start) is not None):
            return
        between = text[at : mention.start]
        thing = reading.things[mention.thing]
        surface = text[mention.start : mention.end]
        proper = _may_be_new(reading, mention) and is_name(reading, mention)
        after = text[mention.end : min(end, mention.end + 140)]
        naming = bool(NAMING.search(between)) and not re.search(r"\b(?:such as|like|including|e\.g\.)[^.]*$", between, re.I)
        direct = not STOP_BETWEEN.search(between)
        plain_head = re.fullmatch(r"\s*(?:(?:a|an|the|our|two|three|both)\s+)?(?:[\w-]+\s+){0,3}[\"“'*]*", between) is not None and len(between) <= 31
        titled = len(surface.split()) > 1 and all(w[0].isupper() for w in surface.split() if len(w) > 3)  # "a Fast Object Oracle module" is a name
        class_head = CLASS_RIGHT_BEFORE.search(between) is not None and len(between) < 110
        modifier = INDEFINITE.match(between) is not None and CLASS_AFTER.match(after) is not None and not class_head and not titled  # "a new CSI dataset"
        spelled_out = bool(thing.abbreviations) and SPELLED_OUT.match(after) is not None
        if (
            proper
            and naming
            and not re.search(r"\([^)]*$", between[:-1])
            and not _short_for_another(reading, surface, between)
            and (
                between.rstrip().endswith(("(", ":", "—", "–")) is False
                or COUNTED.search(between)
                or (
                    not CLAUSE.search(between)
                    and not GENERIC_LIST.search(between)
                    and (CLASS_NOUN.search(between.rstrip(" (:—–\"“'*")) or CAPITALISED.search(between) or _defined_as_new(reading, mention, between))
                )
            )
        ):
            add(mention, 0.95)
            _family(reading, mentions, position, end, add)
            _enumerated(reading, mentions, mention.end, end, add)
            return
        plain = (
            (plain_head or class_head) and not modifier and re.match(r"^[\w\s,\"“'‘`*-]*$", between) and not between.endswith("-") and not after.startswith("-")
        )
        if proper and direct and plain and (strong or APPOSITION.match(after)):
            bare = not between.strip(" \"“'*") and (not thing.lexicon or (DEFINED.match(after) and " " not in surface))
            add(mention, SURE if bare else 0.95)
            _family(reading, mentions, position, end, add)
            _enumerated(reading, mentions, mention.end, end, add)
            return
        if strong and spelled_out and direct and re.fullmatch(r"\s*(?:(?:a|an|the|our)\s+)?(?:[\w-]+\s+){0,5}[\"“'*]*", between):
            add(mention, 0.9)
            _enumerated(reading, mentions, mention.end, end, add)
            return
        weight = _weaker_object(reading, mentions, position, at, after, verb)
        if weight:
            add(mention, weight)
            return


def _outright(reading: Reading, mentions: Sequence[Mention], at: int, end: int, add: Add) -> bool:
    """Mark what is named outright behind `at`: "a ... method (ABC) ... named X" is X, not ABC; whether there is such a name."""
    text = reading.text
    for position, mention in enumerate(mentions):
        if (
            mention.start >= at
            and mention.start - at < 260
            and NAMED_OUTRIGHT.search(text[at : mention.start])
            and is_name(reading, mention)
            and OPENER.search(text, at, mention.start) is None
        ):
            add(mention, 0.95 if reading.things[mention.thing].lexicon else SURE)
            _family(reading, mentions, position, end, add)
            return True
    return False


def _weaker_object(reading: Reading, mentions: Sequence[Mention], position: int, at: int, after: str, verb: str) -> float:
    """The weight of a mention as the object of `verb` by an apposition, or as a phrase that is presented as new; 0 where nothing says so."""
    mention, text, strong = mentions[position], reading.text, bool(STRONG.match(verb))
    between, surface, thing = text[at : mention.start], text[mention.start : mention.end], reading.things[mention.thing]
    proper = _may_be_new(reading, mention) and is_name(reading, mention)
    if proper and strong and APPOSED.search(between) and re.match(r"^[\"”'’*]*(?:\s*\([^)]*\))?(?:[,.;]|\s(?:that|which|to|for)\b)", after):
        return 0.8
    if proper and strong and (CLASS_THEN.search(between) or NEW_THEN.search(between)) and APPOSED_END.match(after) and not GENERIC_LIST.search(between):
        return 0.7
    if strong and OF_NEW_KIND.search(between) and not after.startswith("-"):
        return 0.7
    if strong and AS_NEW.match(after) and not between.strip(" \"“'*"):
        return 0.7
    if proper and APPOSITION.match(after) and MAKING.search(between):
        return 0.8
    if proper or not strong:
        return 0.0
    several = len(surface.split()) >= 2
    whole = not after.startswith("-") and not CONTAINER.match(after)
    article = r"(?:\s+the|\s+a)?" if re.match(r"defin|coin|formali", verb, re.I) else ""
    if several and thing.kind in {"method", "metric"} and whole and re.fullmatch(article + r"\s+[\"“'`*]*", between):
        return 0.6
    new = NEW.search(between) or "concept" in between
    if new and several and thing.kind in {"method", "metric", "task"} and not STOP_BETWEEN.search(between) and whole:
        following = next((m for m in mentions[position + 1 :] if is_name(reading, m) and m.start - mention.end < 100), None)
        gap = text[at : following.start] if following else ""
        spelled_out = bool(thing.abbreviations) and SPELLED_OUT.match(after) is not None
        if not (NAMING.search(gap) or APPOSED.search(gap)) and (spelled_out or not GENERAL_HEAD.search(surface)):
            return 0.6
    presented = several and thing.kind in PHRASES and INDEFINITE_PHRASE.fullmatch(between) and not re.match(r"(?:\s\([^)]*\))?-", after)
    return 0.4 if presented else 0.0


def _enumerated(reading: Reading, mentions: Sequence[Mention], at: int, end: int, add: Add) -> None:
    """Names that an enumeration goes on with, each with a clause of its own: "two rewards: A, which ..., and B, which ..."."""
    text = reading.text
    for part in ENUMERATION.finditer(text[at:end]):
        for other in mentions:
            if other.start == at + part.end() and is_name(reading, other) and ENUMERATED.match(text[other.end : end + 1]):
                add(other, 0.7)


def _formed(reading: Reading, mention: Mention) -> bool:
    """Whether a mention looks like a coined name wherever it stands: capitals inside, or an abbreviation of its own."""
    return any(map(looks_proper, reading.text[mention.start : mention.end].split())) or bool(reading.things[mention.thing].abbreviations)


def _numbered(reading: Reading, mentions: Sequence[Mention], at: int, end: int, add: Add) -> None:
    """The members of a counted list: "two rewards: A, which ..., and B, which ...", "two kernels, A and B"."""
    text = reading.text
    match = NUMBERED.search(text[at : min(end, at + 220)])
    if not match or STOP_BETWEEN.search(text[at : at + match.start()]):
        return
    last = at + match.end()
    if match["mark"] == ":":
        _items(reading, mentions, last, end, add)
        return
    for mention in mentions:
        if mention.start < last:
            continue
        after = text[mention.end : end + 1]
        gap = text[last : mention.start]
        if is_name(reading, mention) and re.fullmatch(r"(?:\s*\([^)]*\))?,?\s*(?:and\s+)?(?:the\s+)?", gap) and not after.startswith("-"):
            add(mention, 0.7)
            last = mention.end
        else:
            return


def _items(reading: Reading, mentions: Sequence[Mention], first: int, end: int, add: Add) -> None:
    """The names that the items of a list begin with, `first` being where the list begins: "(1) A, which ...; and (2) B: a ..."."""
    text = reading.text
    marked = ITEM_MARK.match(text, first) is not None
    for mention in mentions:
        gap, after = text[first : mention.start], text[mention.end : end + 1]
        if mention.start < first or re.search(r"\.\s", gap):
            continue
        named = (is_name(reading, mention) and re.search(r"[A-Z\d]\S*$", text[mention.start : mention.end])) or re.match(
            r"\s\([A-Z]|,\s+(?:which|where|that)\b|\s(?:which|that)\b", after
        )
        item = ITEM.search(gap)
        if named and item and (not marked or ITEM_MARK.search(item.group())) and not after.startswith("-"):
            add(mention, 0.7)


def _short_for_another(reading: Reading, surface: str, between: str) -> bool:
    """An abbreviation in brackets whose full form is not the object itself: "a detector for fleets of Object Oracles (OO)"."""
    for short, long in reading.abbreviations:
        lead = between.rstrip(" (\"“'*").removesuffix(long)
        if short == surface and len(lead) < len(between.rstrip(" (\"“'*")):
            return STOP_BETWEEN.search(COLLECTION.sub("", lead)) is not None
    return False


def _defined_as_new(reading: Reading, mention: Mention, between: str) -> bool:
    """An abbreviation in brackets whose full form stands right before it and is presented as something new ("a novel X Y (XY)")."""
    surface = reading.text[mention.start : mention.end]
    longs = [long for short, long in reading.abbreviations if short == surface]
    for long in longs:
        lead = between.rstrip(" (").removesuffix(long)
        if lead != between.rstrip(" (") and NEW.search(lead) and not STOP_BETWEEN.search(lead):
            return True
    return False


def _family(reading: Reading, mentions: Sequence[Mention], position: int, end: int, add: Add) -> None:
    """ "X family, including X-A, X-B and X-C": the members that bear the family's name are introduced with it."""
    text = reading.text
    first = mentions[position]
    match = FAMILY.match(text[first.end : end])
    coordinated = re.match(r"^\s*(?:\([^)]{1,60}\)\s*)?(?:,|and)\s", text[first.end : end])
    if not match and not coordinated:
        return
    stem = re.split(r"[-\s\d]", text[first.start : first.end])[0].lower()
    last = first.end
    for mention in mentions[position + 1 :]:
        gap = text[last : mention.start]
        if len(gap) > (60 if last == first.end else 12) or re.search(r"[.;]|\b(?:that|which|outperform|surpass|over|than|with)\b", gap):
            return
        surface = text[mention.start : mention.end]
        if match and looks_proper(surface) and surface.lower().startswith(stem):
            add(mention, 0.85)
        elif not match:
            joined = re.fullmatch(r"\s*(?:\([^)]{1,60}\)\s*)?,?\s*(?:and\s+)?", gap)
            if not joined or not looks_proper(surface):
                return
            add(mention, 0.7)
        last = mention.end
