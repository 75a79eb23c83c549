"""Extraction of facts, pronouns: `our method`, `the framework`, `it` stand for something that has a name.

A phrase with `our`, `the proposed`, `this` or `the` and a class noun refers to the introduced thing whose type fits the noun, else to the
last thing before it that is itself called so (`a learning algorithm ... our algorithm`). `it` and `they` refer to the last introduced
thing, when the sentence before names one or refers to one.
"""

from __future__ import annotations

import re

from kgraph.extract.reading import MADE, Mention, Reading, Thing
from kgraph.model import Kind
from kgraph.names import fold

_CLASSES: dict[str, frozenset[str]] = {
    "method": frozenset({"method", "model", "software"}), "approach": frozenset({"method", "model", "software"}), "framework": frozenset({"software", "method", "model"}),
    "model": frozenset({"model", "method"}), "system": frozenset({"software", "method", "model"}), "algorithm": frozenset({"method"}), "architecture": frozenset({"method", "model"}),
    "technique": frozenset({"method"}), "strategy": frozenset({"method"}), "pipeline": frozenset({"software", "method"}), "scheme": frozenset({"method"}), "network": frozenset({"model", "method"}),
    "engine": frozenset({"software"}), "toolkit": frozenset({"software"}), "library": frozenset({"software"}), "tool": frozenset({"software", "method"}), "solution": frozenset({"method", "software"}),
    "design": frozenset({"method", "software"}), "agent": frozenset({"model", "method", "software"}), "policy": frozenset({"model", "method"}), "accelerator": frozenset({"hardware", "method", "software"}),
    "compiler": frozenset({"software"}), "schedule": frozenset({"method"}), "optimizer": frozenset({"method"}), "estimator": frozenset({"method"}), "detector": frozenset({"model", "method"}),
    "implementation": frozenset({"software", "method"}), "runtime": frozenset({"software"}), "paradigm": frozenset({"method"}), "mechanism": frozenset({"method"}), "module": frozenset({"method"}),
    "benchmark": frozenset({"benchmark", "dataset"}), "dataset": frozenset({"dataset", "benchmark"}), "corpus": frozenset({"dataset"}), "suite": frozenset({"benchmark", "dataset", "software"}),
    "metric": frozenset({"metric"}), "platform": frozenset({"software", "hardware"}), "encoder": frozenset({"model", "method"}), "kernel": frozenset({"software", "method"}),
    "chip": frozenset({"hardware"}), "processor": frozenset({"hardware"}), "architecture search": frozenset({"method"}), "work": frozenset({"method", "model", "software"}), "family": frozenset({"model"}),
    "series": frozenset({"model"}), "attack": frozenset({"method"}), "defense": frozenset({"method"}), "loss": frozenset({"method"}), "classifier": frozenset({"model", "method"}),
}  # fmt: skip
CLASS_NOUNS = frozenset(_CLASSES)
_NOUNS = "|".join(sorted((re.escape(n) for n in _CLASSES), key=len, reverse=True))
_PHRASE = re.compile(  # begins with a set of characters, not with the border of a word before them: all others are skipped fast
    r"(?P<how>[OoTt](?<!\w.)(?:(?<=[Oo])ur|(?<=[Tt])h(?:is|ese|e (?:proposed|resulting|presented|introduced|new|full|whole|overall)|e)))\s(?:(?:proposed"
    r"|novel|new|full|best|final|overall|unified|simple|single|lightweight|trained|resulting|fine-tuned|"
    rf"(?<=[Oo]ur )[\w-]+|(?<=[Oo]ur )[\w-]+ [\w-]+)\s){{0,2}}?(?P<noun>{_NOUNS})(?:s|es)?\b(?![\w'-])",
)
_OPENINGS = ("^", "[.;,:(] ", r"\band ", r"\bthat ", r"\bwhere ", r"\bwhile ", r"\bmaking ", r"\bHowever, ")
_IT = re.compile(  # what stands before is asked last: a pattern that begins with a set of characters skips all others fast
    rf"[ITit](?:(?<=[Ii])t(?:{'|'.join(f'(?<={before}..)' for before in _OPENINGS)})|(?<=[Tt])hey(?:{'|'.join(f'(?<={before}....)' for before in _OPENINGS)}))"
    r"\b(?! is (?:shown|known|important|possible|challenging|difficult|hard|essential|clear|unclear|necessary|crucial|also possible|well))"
)
ACTOR_KINDS = frozenset({"model", "method", "software", "hardware"})


_PRESENTS = re.compile(
    r"(?:\b(?:[Ww]e|[Tt]h(?:is|e) (?:present )?(?:paper|work|study|article|thesis|research)|[Tt]he authors)\s(?:(?:\w+ly|then|also|further|therefore|thus|here|first)\s)?"
    r"(?:propos|present|introduc|develop|design|devis|describ|contribut|put forward|formulat)(?:es?|s|ed)?\s(?:the (?:design|development) of\s)?)"
    r"(?:an?\s|the\s|our\s)?(?P<told>[A-Za-z][^.;:()]{3,90})"
    r"|\b[Ii]n this (?:paper|work|study|article),? (?:an?|the) (?P<done>[A-Za-z][^.;:]{3,90}?) (?:is|are) (?:proposed|presented|introduced|developed|designed)"
)
_PHRASE_END = re.compile(
    r"(?:,?\s(?:that|which|who|whose|where|for|to|in|on|of|from|as|based|using|with|without|through|via|by|and|capable|able|designed|trained|tailored|combining|aimed|called|named|under"
    r"|integrating|leveraging|consisting|built|inspired|is|are|termed|dubbed|specifically)\b|, (?![\w-]+(?:, | and )?[\w-]+ ).*|\s[-–—]+\s).*",
    re.DOTALL,
)
_PRAISE = re.compile(
    r"(?:(?:novel|new|simple|efficient|effective|general|unified|lightweight|scalable|robust|fast|first|innovative|competitive|practical|flexible|comprehensive|powerful|principled|general-purpose|"
    r"fully|highly|and|yet|but|more|improved|advanced|generic|an?|the|our)\b,?\s+)+"
)
_HEADS: dict[str, Kind] = {
    **dict.fromkeys(("model", "network", "classifier", "agent", "policy", "transformer", "encoder", "decoder", "llm"), "model"),
    **dict.fromkeys(("method", "approach", "algorithm", "framework", "architecture", "pipeline", "strategy", "mechanism", "scheme", "technique", "solver", "objective", "estimator", "implementation", "design", "methodology", "workflow", "paradigm", "procedure", "ensemble"), "method"),
    **dict.fromkeys(("system", "engine", "compiler", "toolkit", "library"), "software"),
}  # fmt: skip
"""Nouns that a contribution without a name of its own is called by, and its type."""


_DOER = re.compile(
    r"(?!(?:pap|numb|ord|paramet|lay|comput|pow|transf|ordin|answ|fact|err|vect|monit|behavi|pri|tens|op|oth|furth|larg|high|low|furth|small|bett|fast|clust|charact)(?:er|or)$).{3,}(?:er|or)$"
)


def _head_kind(noun: str) -> Kind | None:
    """The type of what a noun calls (`framework`, `sampler`), if it calls a contribution."""
    return _HEADS.get(noun) or ("method" if _DOER.match(noun) else None)


def contribution(reading: Reading) -> int | None:
    """What the paper presents where it gives no name to it (`we propose an encoder-based ranking model that`): a thing by that phrase.

    The phrase must say more than `a novel framework`; a thing that the phrase ends with and names in full is that thing. Its mention may
    hold the names of other things.
    """
    for match in _PRESENTS.finditer(reading.text, reading.abstract_start):
        group = "told" if match["told"] else "done"
        start, phrase = match.start(group), match[group]
        praise = _PRAISE.match(phrase)
        if praise:
            start, phrase = start + praise.end(), phrase[praise.end() :]
        phrase = _PHRASE_END.sub("", phrase).rstrip()
        opening, comma, rest = phrase.rpartition(", ")
        if comma and rest.startswith(("or ", "and ")):  # `an agentic framework, or a system where`
            phrase = opening
        elif comma and " " in rest:  # `a commented, step-by-step framework`
            start, phrase = start + len(opening) + 2, rest
        words = phrase.split()
        ahead = next((i for i in range(1, len(words) - 1) if _head_kind(words[i].lower()) and words[i + 1].endswith("ing")), None)
        if ahead is not None and _head_kind(words[-1].lower()) is None:  # `a stepping algorithm adjusting the time`
            words = words[: ahead + 1]
            phrase = " ".join(words)
        end = start + len(phrase)
        last = len(words[-1]) + 1 if words else 0
        kind = _head_kind(words[-1].lower()) if words else None
        named = next((m.thing for m in reading.mentions if m.start == start and end - last * (kind is not None) <= m.end <= end), None)
        if named is not None and reading.things[named].kind in ACTOR_KINDS and len(words) > 1:
            return named
        if kind is None or not 2 <= len(words) <= 6:
            continue
        return phrase_thing(reading, start, end, next((i for i, (a, b) in enumerate(reading.sentences) if a <= start < b), 0), kind)
    return None


def phrase_thing(reading: Reading, start: int, end: int, sentence: int, kind: Kind, head: str = "") -> int:
    """The thing called `text[start:end]` and `head`: a known one, or a new one of type `kind`, whose mention may hold the names of other things."""
    name = re.sub(r"\s+", " ", reading.text[start:end])
    key = fold(name + head)
    for index, thing in enumerate(reading.things):
        if any(fold(n) == key for n in (thing.name, *thing.names)):
            return index
    reading.things.append(Thing(name + head, kind, [name + head], {kind: 1.0}, score=MADE))
    reading.mentions = sorted([*reading.mentions, Mention(len(reading.things) - 1, start, end, sentence, MADE)], key=lambda m: (m.start, -m.end))
    return len(reading.things) - 1


def main_thing(reading: Reading, kinds: frozenset[str] = ACTOR_KINDS) -> int | None:
    """The thing the paper is about: introduced, of one of `kinds`, named most, the one in the title first."""
    state = len(reading.things), len(reading.mentions), sum([thing.introduced for thing in reading.things])
    known, found = reading.mains.get(kinds, (None, None))
    if known != state:  # every sentence asks several times
        found = _main_thing(reading, kinds)
        reading.mains[kinds] = state, found
    return found


def _main_thing(reading: Reading, kinds: frozenset[str]) -> int | None:
    own, in_title = {i for i, t in enumerate(reading.things) if t.introduced and t.kind in kinds}, 3.0
    named = [m for m in reading.mentions if m.thing in own] if own else []
    if not named and "model" in kinds:  # whatever type the vote gave it, it is what the paper is about
        own, in_title = {i for i, t in enumerate(reading.things) if t.introduced and t.kind in {"task", "metric"}}, 1.0
        named = [m for m in reading.mentions if m.thing in own] if own else []
    if not named:
        return None
    counts: dict[int, float] = {}
    first: dict[int, int] = {}
    for m in named:
        first.setdefault(m.thing, -m.start)
        counts[m.thing] = counts.get(m.thing, 0.0) + (in_title if m.start < reading.abstract_start else 1.0)
    return max(counts, key=lambda thing: (counts[thing], first[thing]))


def referents(reading: Reading) -> list[Mention]:
    """Places where a pronoun or a class noun stands for a thing, as mentions with score 0.8 (phrases) or 0.6 (`it`, `they`)."""
    main = main_thing(reading)
    data = main_thing(reading, frozenset({"dataset", "benchmark"}))
    out: list[Mention] = []
    for index, (start, end) in enumerate(reading.sentences):
        sentence = reading.text[start:end]
        own = [m for m in reading.mentions if m.sentence == index]
        for match in _PHRASE.finditer(sentence):
            a, b = start + match.start(), start + match.end()
            if any(m.start < b and a < m.end and m.end > b for m in own):
                continue
            inside = [m for m in own if m.start >= a and m.end <= b]
            named = next((m for m in own if m.start == b + 2 and reading.text[b : b + 2] == " (" and reading.text[m.end : m.end + 1] == ")"), None)
            if named is not None and match["how"].lower() == "our":
                out.append(Mention(named.thing, a, b, index, 0.8))  # `our best model (X)`
                continue
            thing = _referred(reading, match["noun"], match["how"].lower(), a, main, data, own=bool(inside))
            if thing is not None:
                out.append(Mention(thing, a, b, index, 0.8))
        if main is None and data is None:
            continue
        for match in _IT.finditer(sentence):
            thing = _last_introduced(reading, index, start + match.start())
            if thing is not None:
                out.append(Mention(thing, start + match.start(), start + match.end(), index, 0.6))
    return sorted(out, key=lambda m: m.start)


def _referred(reading: Reading, noun: str, how: str, position: int, main: int | None, data: int | None, own: bool) -> int | None:
    """What `our framework` stands for at `position`."""
    kinds = _CLASSES[noun]
    if own and how in {"the", "this", "these"}:
        return None  # `the MNIST dataset` names its thing itself
    wanted = main_thing(reading, kinds)
    if wanted is None and kinds <= ACTOR_KINDS:
        wanted = main
    if wanted is None and noun in {"benchmark", "dataset", "corpus", "suite"}:
        wanted = data
    named = next((m.thing for m in reversed(reading.mentions) if m.start < position and _last_word(reading.text[m.start : m.end]) in {noun, noun + "s"}), None)
    if how == "the":  # plain `the model` is often another one: only right after the introduced thing, or when it alone is called so
        return wanted if wanted is not None and _recent(reading, wanted, position) else None
    if how in {"this", "these"}:
        return wanted if wanted is not None and _recent(reading, wanted, position) else named
    if (
        named is not None
        and noun not in {"model", "method", "approach", "framework", "system", "work", "agent", "pipeline", "tool", "engine", "platform"}
        and not reading.things[named].introduced
    ):
        return named  # `a learning algorithm ... our algorithm`
    return wanted if wanted is not None else named


def _last_word(name: str) -> str:
    """The word a name ends with; `co-design` is one word."""
    return name.lower().rpartition(" ")[2]


def _recent(reading: Reading, thing: int, position: int) -> bool:
    """Was the thing named within the last two sentences, and introduced before?"""
    return any(m.thing == thing and 0 < position - m.start < 450 and m.start >= reading.abstract_start for m in reading.mentions)


def _last_introduced(reading: Reading, index: int, position: int) -> int | None:
    """The introduced thing named first in the nearest of this sentence and the two before: most likely its subject."""
    for sentence in range(index, max(index - 3, -1), -1):
        for m in reading.mentions:
            if m.sentence == sentence and m.start < position and m.start >= reading.abstract_start and reading.things[m.thing].introduced:
                return m.thing
    return None
