"""What a verb of presentation reaches: the objects of "we present", "this paper proposes" and their like, and the lists they go on with.

A verb reaches the first name that can be its object; "named X" and "X, a ..." reach further, and a list each of its members.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kgraph.extract.boundaries import looks_proper
from kgraph.extract.reading import Mention, Reading

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
NAMING = re.compile(
    r"(?:\b(?:named|called|dubbed|termed|coined|christened|titled|nicknamed|denoted(?:\s+as)?|abbreviated(?:\s+as)?|referred\s+to\s+as|known\s+as|namely|which\s+we\s+(?:call|name|term|dub|refer\s+to\s+as)|we\s+(?:call|name|term|dub)(?:\s+(?:it|this|them|our\s+\w+(?:\s+\w+)?|the\s+\w+(?:\s+\w+)?))?)|[:—–(])\s*(?:the\s+)?[\"“'‘*]*$",
    re.I,
)
NAMED_OUTRIGHT = re.compile(
    r"\b(?:named|called|dubbed|termed|coined|namely|under\s+the\s+name(?:\s+of)?|instantiate\s+(?:it|this|them)\s+as|which\s+we\s+(?:call|name|term|dub|denote|refer\s+to\s+as))"
    r"(?:\s+as)?\s*[-–—:]?\s+(?:the\s+)?[\"“'‘*]*$",
    re.I,
)
APPOSITION = re.compile(
    r"^[\"”'’*)]*(?:\s*\([^)]{1,80}\))?\s*(?:,|—|–|:|-)\s*(?:which is\s+|that is\s+|i\.e\.,?\s+)?(?:a|an|the\s+first|the\s+largest|our|one\s+of\s+the\s+first|new|novel|two|three|several)\b",
    re.I,
)
NEW = re.compile(r"\b(?:novel|new|first|newly)\b[\w\s,-]{0,60}$", re.I)
STOP_BETWEEN = re.compile(
    r"(?<!-)\b(?:how|why|whether|that|which|who|where|when|while|whose|using|by|based\s+on|built\s+on|built\s+upon|for|to|with|from|in|on|of|as|against|over|via|through|between|into|inspired|leveraging|combining|incorporating|integrating|employing|utilizing|without|under|across|upon|at)\b(?!-)|[;:]",
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
    r"(?<!-)\b(?:that|which|who|where|when|while|whose|using|by|based\s+on|built\s+on|to|via|through|leveraging|combining|inspired|under|across|over|between|against|from|on|in)\b(?!-)",
    re.I,
)
GENERIC_LIST = re.compile(r"\b(?:such\s+as|like|including|e\.g\.)\b", re.I)
ENUMERATION = re.compile(r"(?::|,? and|;)\s+(?:\(?(?:\d|[ivx]+)\)\s*)?(?:a\s+|an\s+)?[\"“'*]*(?=[A-Z])")
WITHIN = re.compile(r"\b(?:using|combining|integrating|incorporating|between)\b[^,;:]*$", re.I)
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
OF_NEW_KIND = re.compile(
    r"\b(?:(?:novel|new)\s+(?:[\w-]+\s+){0,3}?(?:tasks?|problems?|paradigms?|settings?|metrics?)|(?:concepts?|notions?))(?:\s*:|\s+of|,|\s+called|\s+termed|\s+named)\s+(?:(?:namely|the)\s+)?[\"“'‘`*]*$",
    re.I,
)
NEW_THEN = re.compile(r"^\s+(?:an?|the|our)\s+(?:\w+ly\s+)?(?:novel|new)\s[^,.;:()]{3,80},\s+[\"“'*]*$", re.I)
CLASSES = (
    r"(?:framework|model|method|approach|algorithm|benchmark|dataset|corpus|library|toolkit|system|architecture|strategy|technique|pipeline|engine|network|suite|scheme|mechanism|paradigm|module|agent"
    r"|platform|metric|tool|protocol|loss|objective|optimizer|simulator|task|environment|decoder|encoder|attack|defense|score|block|layer|solution|methodology|procedure|schedule|design|recipe|variant|version|extension|family|series|collection|test|index"
    r"|measure|kernel|compiler|accelerator|processor|chip|workflow|interface|formulation|criterion|regularizer|regularization|curriculum|reward|taxonomy|language|representation)"
)
APPOSED = re.compile(rf"\b{CLASSES}s?(?:,|\s?[—–]|\s-)\s*(?:namely,?\s+)?[\"“'*]*$", re.I)
MADE_OF = re.compile(r"\b(?:incorporating|integrating|combining|using|employing|utilizing|featuring|with)\b", re.I)
OF_CLASS = re.compile(rf"\s+{CLASSES}(?:e?s)?\b", re.I)
CLASS_THEN = re.compile(rf"^\s+(?:an?|the|our)\s[^,.;:()]*\b{CLASSES}\b[^,.;:()]*,\s+[\"“'*]*$", re.I)
APPOSED_END = re.compile(r"^[\"”'’*]*(?:\s*\([^)]*\))?(?:\.|,\s+(?:that|which|an?|to|with|where|whose|featuring|comprising)\b)", re.I)
GENERAL_HEAD = re.compile(
    r"\b(?:method|approach|framework|metric|measure|objective|system|benchmark|dataset|corpus|technique|design|architecture|assistant|function|analysis|evaluation|taxonomy|taxonomie|representation)s?$",
    re.I,
)
INDEFINITE_PHRASE = re.compile(r"\s+(?:an?\s+)?(?:[\w-]+\s+){0,2}?[\"“'`*]*", re.I)
PHRASES = frozenset({"model", "method", "software", "dataset", "metric"})
CONTAINER = re.compile(
    r"\s(?:framework|pipeline|system|approach|algorithm|model|network|dataset|corpus|benchmark|layer|platform|tool|toolkit|library)(?:e?s)?\b", re.I
)
"""What stands behind a phrase that says what kind of thing is new, and is no name: "a novel data generation pipeline"."""
NUMBERED = re.compile(
    r"\b(?:two|three|four|five|several)\s+(?:[\w-]+\s+){0,4}?(?!(?:less|class|bias|loss)\b)[a-z-]+s\b(?:[^:.;()]|\([^)]*\)){0,60}?(?P<mark>:|,|\s[—–-])\s+(?:namely,?\s+)?",
    re.I,
)
PARTS = re.compile(
    r"\b(?:(?:two|three|four|five|several)\s+(?:[\w-]+\s+){0,4}?"
    r"(?:module|component|mechanism|stage|technique|innovation|loss|reward|phase|part|branch|objective|constraint|step|block|layer|optimization|design|contribution|ingredient|agent"
    r"|operator|kernel|metric|element|unit|strateg|novelt)(?:s|es|ies)\b(?:[^:.;()]|\([^)]*\)){0,60}?(?P<mark>:|,|\s[—–-])\s+(?:namely,?\s+)?"
    r"|(?:combin|compris|integrat|includ|featur|introduc)(?:es?|ing)\s*:?\s+(?=\(?(?:1|i|a)\)))",
    re.I,
)
OF_OTHERS = re.compile(r"\b(?:compar\w+|evaluat(?:e[sd]?|ing)|existing|prior|previous|common|popular|widely|recent|baselines?|benchmarks?|datasets?)\b", re.I)
NEW_WORD = re.compile(r"\b(?:new|novel)\b", re.I)
MEMBER_GAP = re.compile(r"(?:\s*\([^)]*\))?,?\s*(?:and\s+)?(?:(?:an?|the)\s+)?")
ITEM = re.compile(r"(?:^|[,;]\s+(?:and\s+)?|\band\s+)(?:\(?(?:\d|[ivx]+|[a-d])[.)]\s*)?(?:(?:a|an|the)\s+)?(?:novel\s+|new\s+)?[\"“'*]*$")
ITEM_MARK = re.compile(r"\(?(?:\d|[ivx]+|[a-d])[.)]\s*")
DEFINED = re.compile(r"^[\"”'’*)]*(?:\s*\([^)]{1,80}\))?[,:]\s+(?:an?|the|our|one|which|that)\b", re.I)
COLLECTION = re.compile(r"\b(?:family|series|suite|set|class|collection|concept|notion|group|line)\s+of\b", re.I)
SPELLED_OUT = re.compile(r"^\s\([^)]{2,}\)(?!-)")
COMPOUND = re.compile(r"[a-z]+(?:[-_@.\d]+[a-z\d]+)+")
AND_A = re.compile(
    r"(?:\s*\([^)]*\))?(?:\s+[\w-]+){0,2}?,?\s+(?:and|as\s+well\s+as|together\s+with|along\s+with|alongside)\s+(?:(?:an?|the|our)\s+(?:[\w-]+\s+){0,3})?[\"“'*]*",
    re.I,
)
TOGETHER = re.compile(r"\b(?:together\s+with|along\s+with|alongside|as\s+well\s+as)\s+(?:an?|our)\s+(?:[\w-]+\s+){0,2}?[\"“'*]*$", re.I)
AS_NEW = re.compile(r"^[\"”'’*)]*(?:\s*\([^)]{1,60}\))?\s+as\s+an?\s+(?:novel|new)\b", re.I)


def is_name(reading: Reading, mention: Mention) -> bool:
    """Whether a mention has the form of a proper name: capitals or digits inside, or a capital that no sentence begin explains."""
    text = reading.text
    surface = text[mention.start : mention.end]
    if looks_proper(surface):
        return True
    if not surface[:1].isupper() or mention.start == reading.sentences[mention.sentence][0]:
        return False
    return reading.things[mention.thing].kind != "task" and not stands_alone(surface.lower(), text)


def stands_alone(word: str, text: str) -> bool:
    """Whether the text has a word as such, not as a part of another word, a compound or an address."""
    at = text.find(word)
    while at >= 0:
        before, after = text[max(0, at - 1) : at], text[at + len(word) : at + len(word) + 2]
        part = before.isalnum() or before in {"_", ".", "/", "@", "-"} or after[:1].isalnum() or after[:1] in {"_", "/", "-"}
        if not part and not (after[:1] == "." and after[1:].isalnum()):
            return True
        at = text.find(word, at + 1)
    return False


def may_be_new(reading: Reading, mention: Mention) -> bool:
    """Whether a mention can be of something new: a device is only where it is not one that is known."""
    thing = reading.things[mention.thing]
    return thing.kind != "hardware" or not thing.lexicon


def objects_of(reading: Reading, mentions: Sequence[Mention], at: int, end: int, verb: str, add: Add) -> None:
    """Mark the object(s) of a verb of presentation that ends at `at`."""
    if not (_outright(reading, mentions, at, end, add) or _first_object(reading, mentions, at, end, verb, add)) and STRONG.match(verb):
        _in_brackets(reading, mentions, at, add)


def _first_object(reading: Reading, mentions: Sequence[Mention], at: int, end: int, verb: str, add: Add) -> bool:
    """Mark the first name behind `at` that the verb can have as its object, and what is coordinated with it; whether there is one."""
    text, strong = reading.text, bool(STRONG.match(verb))
    for position, mention in enumerate(mentions):
        if mention.start < at:
            continue
        if mention.start - at > 260 or (OPENER.search(text, at, mention.start) is not None):
            return False
        between = text[at : mention.start]
        thing = reading.things[mention.thing]
        surface = text[mention.start : mention.end]
        proper = may_be_new(reading, mention) and is_name(reading, mention)
        after = text[mention.end : min(end, mention.end + 140)]
        naming = bool(NAMING.search(between)) and not re.search(r"\b(?:such as|like|including|e\.g\.)[^.]*$", between, re.I)
        direct = not STOP_BETWEEN.search(between)
        plain_head = re.fullmatch(r"\s*(?:(?:a|an|the|our|two|three|both)\s+)?(?:[\w-]+\s+){0,3}[\"“'*]*", between) is not None and len(between) <= 31
        title_case = len(surface.split()) > 1 and all(w[0].isupper() for w in surface.split() if len(w) > 3)  # "a Fast Object Oracle module" is a name
        class_head = CLASS_RIGHT_BEFORE.search(between) is not None and len(between) < 110
        modifier = INDEFINITE.match(between) is not None and CLASS_AFTER.match(after) is not None and not class_head and not title_case  # "a new CSI dataset"
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
            _goes_on(reading, mentions, position, end, add)
            return True
        plain = (
            (plain_head or class_head) and not modifier and re.match(r"^[\w\s,\"“'‘`*-]*$", between) and not between.endswith("-") and not after.startswith("-")
        )
        plain = plain and (class_head or " and " not in between)  # "we derive latency and foo traffic models"
        if proper and direct and plain and (strong or APPOSITION.match(after)):
            titled = text[: reading.abstract_start].strip() == surface  # no title says more of what is known
            bare = not between.strip(" \"“'*") and (not thing.lexicon or (" " not in surface and (titled or DEFINED.match(after))))
            add(mention, SURE if bare else 0.95)
            _goes_on(reading, mentions, position, end, add)
            return True
        if strong and spelled_out and direct and re.fullmatch(r"\s*(?:(?:a|an|the|our)\s+)?(?:[\w-]+\s+){0,5}[\"“'*]*", between):
            add(mention, 0.9)
            _goes_on(reading, mentions, position, end, add)
            return True
        weight = _weaker_object(reading, mentions, position, at, after, verb)
        if weight:
            add(mention, weight)
        if weight >= COINED_FROM or (weight and after.startswith(" (")):  # any other phrase may only say of what kind the name behind it is
            _second(reading, mentions, position, end, add)
            return True
    return False


def _goes_on(reading: Reading, mentions: Sequence[Mention], position: int, end: int, add: Add) -> None:
    """Mark what is introduced along with an object: the members of its family, the items of its list, and a second object."""
    _family(reading, mentions, position, end, add)
    enumerated(reading, mentions, mentions[position].end, end, add)
    _second(reading, mentions, position, end, add)


def _second(reading: Reading, mentions: Sequence[Mention], position: int, end: int, add: Add) -> None:
    """Mark a second object: "X and a foo system (BAR)", "X, which ..., together with a foo loss (BAR)"."""
    text, first = reading.text, mentions[position]
    for mention in mentions[position + 1 :]:
        gap, after = text[first.end : mention.start], text[mention.end : min(end, mention.end + 60)]
        if len(gap) > 220:
            return
        spelled_out = bool(reading.things[mention.thing].abbreviations) and SPELLED_OUT.match(after) is not None
        named = is_name(reading, mention) and may_be_new(reading, mention) and not after.startswith("-")
        if (spelled_out or named) and AND_A.fullmatch(gap) and not STOP_BETWEEN.search(gap):
            add(mention, 0.7)
            return
        if spelled_out and TOGETHER.search(gap):
            add(mention, 0.7)
            return


def _in_brackets(reading: Reading, mentions: Sequence[Mention], at: int, add: Add) -> None:
    """Mark a name in brackets behind a long description of what is new, where the text goes on with that name: "a model that does A and B (FooNet)"."""
    text = reading.text
    for mention in mentions:
        if mention.start < at:
            continue
        if mention.start - at > 260 or OPENER.search(text, at, mention.start):
            return
        alone = text[mention.start - 2 : mention.start] == " (" and text[mention.end : mention.end + 1] == ")"
        named = alone and is_name(reading, mention) and may_be_new(reading, mention) and not _is_short_form(reading, mention)
        if named and sum(other.thing == mention.thing and other.start > mention.end for other in reading.mentions) >= 2:
            add(mention, 0.7)
            return


def _is_short_form(reading: Reading, mention: Mention) -> bool:
    """Whether a name in brackets is short for the words before it, as one in capitals is that the title does not bear."""
    surface, thing = reading.text[mention.start : mention.end], reading.things[mention.thing]
    if surface.isupper() and surface not in reading.text[: reading.abstract_start]:
        return True
    words = re.findall(r"[A-Za-z]+", reading.text[max(0, mention.start - 120) : mention.start])[-len(surface) :]
    return bool(thing.lexicon) or any(short == surface for short, _ in thing.abbreviations) or "".join(w[0] for w in words).lower() == surface.lower()


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
            _second(reading, mentions, position, end, add)
            return True
    return False


def _weaker_object(reading: Reading, mentions: Sequence[Mention], position: int, at: int, after: str, verb: str) -> float:
    """The weight of a mention as the object of `verb` by an apposition, or as a phrase that is presented as new; 0 where nothing says so."""
    mention, text, strong = mentions[position], reading.text, bool(STRONG.match(verb))
    between, surface, thing = text[at : mention.start], text[mention.start : mention.end], reading.things[mention.thing]
    proper = may_be_new(reading, mention) and is_name(reading, mention)
    if proper and strong and APPOSED.search(between) and re.match(r"^[\"”'’*]*(?:\s*\([^)]*\))?(?:[,.;]|\s(?:that|which|to|for)\b)", after):
        return 0.8
    if (
        proper
        and strong
        and (CLASS_THEN.search(between) or NEW_THEN.search(between))
        and not MADE_OF.search(between)
        and APPOSED_END.match(after)
        and not GENERIC_LIST.search(between)
    ):
        return 0.7
    if strong and OF_NEW_KIND.search(between) and not after.startswith("-"):
        return 0.7
    if strong and AS_NEW.match(after) and not between.strip(" \"“'*"):
        return 0.7
    if proper and APPOSITION.match(after) and MAKING.search(between):
        return 0.8
    if proper or not strong:
        return 0.0
    if not between.strip(" \"“'‘`*") and COMPOUND.fullmatch(surface) and not thing.lexicon and DEFINED.match(after):  # "we present foo-rl, an open library"
        return 0.9
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
    titled = surface.lower() in text[: reading.abstract_start].lower()  # "a foo tracing framework" names no foo tracing unless the title does
    presented = presented and (titled or not OF_CLASS.match(after)) and not GENERAL_HEAD.search(surface)
    return 0.4 if presented else 0.0


def enumerated(reading: Reading, mentions: Sequence[Mention], at: int, end: int, add: Add) -> None:
    """Names that an enumeration goes on with, each with a clause of its own: "two rewards: A, which ..., and B, which ..."."""
    text = reading.text
    for part in ENUMERATION.finditer(text[at:end]):
        if not part.group().startswith(",") and WITHIN.search(text[at : at + part.start()]):  # "built with A and B that ..."
            continue
        for other in mentions:
            if other.start == at + part.end() and is_name(reading, other) and ENUMERATED.match(text[other.end : end + 1]):
                add(other, 0.7)


def numbered(reading: Reading, mentions: Sequence[Mention], at: int, end: int, add: Add) -> None:
    """The members of a counted list: "two rewards: A, which ..., and B, which ...", "two kernels, A and B"."""
    text = reading.text
    match = NUMBERED.search(text[at : min(end, at + 220)])
    if not match or STOP_BETWEEN.search(text[at : at + match.start()]):
        return
    _listed(reading, mentions, at + match.end(), match["mark"], end, add)


def parts(reading: Reading, mentions: Sequence[Mention], start: int, end: int, known: set[int], add: Add) -> None:
    """The named parts that a sentence on the paper's own work lists: "it has two components, foo gating (FG) and bar (B)", "combines (i) ..."."""
    text = reading.text
    match = PARTS.search(text, start, end)
    if not match or OF_OTHERS.search(text, start, match.end()) or ("metric" in match[0] and not NEW_WORD.search(match[0])):
        return
    coined = [m for m in mentions if m.start >= match.end() and m.thing not in known and _spelled_out_or_coined(reading, m)]
    _listed(reading, coined, match.end(), match["mark"] or ":", end, add)


def _spelled_out_or_coined(reading: Reading, mention: Mention) -> bool:
    """Whether a mention is spelled out right there ("foo bar (FB)"), or is in the form of a coined name."""
    surface, after = reading.text[mention.start : mention.end], reading.text[mention.end : mention.end + 60]
    thing = reading.things[mention.thing]
    return bool(thing.abbreviations and SPELLED_OUT.match(after)) or (not thing.lexicon and thing.kind in PHRASES and any(map(looks_proper, surface.split())))


def _listed(reading: Reading, mentions: Sequence[Mention], last: int, mark: str, end: int, add: Add) -> None:
    """The members of a list that begins at `last` behind `mark`."""
    text = reading.text
    if mark == ":":
        items(reading, mentions, last, end, add)
        return
    for mention in mentions:
        gap = text[last : mention.start]
        if mention.start < last or gap == " (":  # the short form of the member before
            continue
        spelled_out = bool(reading.things[mention.thing].abbreviations) and SPELLED_OUT.match(text[mention.end : end + 1])
        if not (is_name(reading, mention) or spelled_out) or not MEMBER_GAP.fullmatch(gap) or text[mention.end : mention.end + 1] == "-":
            return
        add(mention, 0.7)
        last = mention.end


def items(reading: Reading, mentions: Sequence[Mention], first: int, end: int, add: Add) -> None:
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
