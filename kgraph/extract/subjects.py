"""Extraction of facts, subjects: who does what a verb says, and whether a sentence tells of this paper at all."""

from __future__ import annotations

import re

from kgraph.extract.phrases import (
    ACTORS,
    BEAT,
    COPULA,
    DATA,
    DETERMINERS,
    METRIC_HEADS,
    MODAL,
    NUMBER,
    PREPOSITIONS,
    STOP,
    THAN,
    THING,
    VERBS,
    WORD,
    Row,
    words_of,
)
from kgraph.extract.pronouns import main_thing
from kgraph.extract.reading import Reading

_OWN = re.compile(
    r"\b(?:we|We|our|Our|ours|[Tt]his (?:paper|work|study|article|survey|thesis|report|research)"
    r"|the (?:article|paper) proposes|[Ee]xperiments (?:on|show|with)|[Ee]xperimental results)\b"
)
SUBJECTS = ACTORS | DATA | frozenset({"hardware"})
_ADVERB = re.compile(r".+ly$|first|also|even|further|still|often|then|now|itself|alone|only|not|both|all|each")
REPORT = words_of(
    "show shows showed demonstrate demonstrates demonstrated reveal reveals indicate indicates find finds found see confirm confirms suggest "
    "suggests report reports observe highlight finding showing demonstrating revealing indicating suggesting confirming observing"
)
ALSO_VERBS = frozenset(
    "uses used using leverages employs adopts utilizes incorporates combines integrates introduces extends adapts builds applies exploits "
    "relies features supports handles decomposes constructs "
    "comes matches rivals approaches scales works fails struggles shows finetuned fine-tuned trained pretrained pre-trained tuned runs "
    "remains excels benefits spends preserves bridges learns generates "
    "establishes does do did reliably consists comprises contains covers includes encompasses spans requires needs takes finds helps enforces treats "
    "enumerate make makes lag lags use leverage improve reduce achieve presents present provides offers".split()
)


def is_background(reading: Reading, sentence: int) -> bool:
    """Does the sentence stand before the paper speaks of itself (`we`, `this paper`, an introduced name)?"""
    start, _ = reading.sentences[sentence]
    if start < reading.abstract_start:
        return False
    first = own_start(reading)
    return sentence < first


def own_start(reading: Reading) -> int:
    """The first sentence of the abstract that speaks of this paper; 0 when none does, so that nothing is taken for background."""
    for index, (start, end) in enumerate(reading.sentences):
        if start < reading.abstract_start:
            continue
        if _OWN.search(reading.text, start, end) or any(m.sentence == index and reading.things[m.thing].introduced for m in reading.mentions):
            return index
    return 0


ATTAINED = frozenset({"provided", "achieved", "obtained", "reached", "attained", "delivered", "produced"})


_DETERMINED = DETERMINERS | {",", "that", ":", ";"}


def in_prepositional(row: Row, at: int) -> bool:
    """Does the thing at `at` hang on a preposition (`on X`, `compared with the strong X`)?"""
    for left in range(at - 1, max(at - 6, -1), -1):
        item = row.items[left]
        if item.kind == NUMBER and left > 0:
            continue  # `across three LLMs`
        if item.kind != WORD or item.text in {",", ";", ":", "(", "—", "that"} or item.text in COPULA:
            return False
        if item.text in {"and", "or"}:
            previous = next((t for t in range(left - 1, max(left - 5, -1), -1) if row.items[t].kind == THING), None)
            while (
                row.word(left - 1) == "," and previous is not None and previous >= 2 and row.word(previous - 1) == "," and row.items[previous - 2].kind == THING
            ):
                previous -= 2  # `across A, B, and C`
            return previous is not None and in_prepositional(row, previous)
        if item.text == "with" and row.word(at + 1).endswith("ing") and row.word(at + 1) in VERBS:
            return False  # `with X reaching`
        if item.text == "by" and row.word(left - 1) in ATTAINED and left > 1 and (row.kind(left - 2) == "metric" or row.word(left - 2) in METRIC_HEADS):
            return False  # `the accuracy reached by X exceeds`
        if item.text == "of" and row.items[left - 1].kind == THING and row.kind(left - 1) == "metric":
            return False  # `the latency of X falls`
        if item.text in PREPOSITIONS or item.text in THAN:
            return item.text not in {"that", "when", "while", "as"}
        if item.text in REPORT:
            return False
        if left == at - 1 and item.text.endswith("ed") and (left == 0 or row.word(left - 1) in _DETERMINED):
            continue  # `the fine-tuned X reaches`
        if item.text in VERBS or item.text in ALSO_VERBS:
            return True  # an object
    return False


def has_verb_after(row: Row, at: int) -> bool:
    """Is the thing at `at` followed by a verb, adverbs and a bracket apart?"""
    step = at + 1
    if row.word(step) == "(":
        while step < len(row.items) and row.word(step) != ")":
            step += 1
        step += 1
    if row.word(step) in {"'", "’"}:
        return False
    for _ in range(3):
        word = row.word(step)
        if word in VERBS or word in COPULA or word in MODAL or word in ALSO_VERBS:
            return True
        if not word or not _ADVERB.fullmatch(word):
            return False
        step += 1
    return False


_CLASS_NOUNS = frozenset("model models agent agents method methods algorithm algorithms approach framework variant version system configuration".split())


def _is_apposed(row: Row, at: int) -> bool:
    """`our reward model, X, surpasses`, `the X agent achieves`: the name before the verb, a comma or a class noun between."""
    after = row.word(at + 1)
    apposed = after == "," and row.word(at - 1) == "," and at > 1 and (row.items[at - 2].kind == THING or row.word(at - 2) in _CLASS_NOUNS)
    apposed = apposed or (after in _DASHES and row.word(at - 1) == after)
    return (apposed or after in _CLASS_NOUNS) and has_verb_after(row, at + 1)


_DASHES = frozenset({"–", "—", "--"})


def _is_beaten(row: Row, at: int) -> bool:
    """Is the thing at `at` a later member of what a verb of winning governs: B and C of `surpassing A, B, and C`?"""
    left = at - 1
    while left > 0 and (row.items[left].kind == THING or row.word(left) in {",", "and", "or", "both"}):
        left -= 1
    return left >= 0 and row.word(left) in BEAT and left < at - 1 and row.items[left + 1].kind == THING and row.word(at - 1) in {",", "and", "or"}


def _is_listed(row: Row, at: int) -> bool:
    """B of `benchmarks, including A, B, and C`?"""
    while at >= 2 and row.word(at - 1) == "," and row.items[at - 2].kind == THING:
        at -= 2
    return "including" in row.words(at - 3, at) or "as" in row.words(at - 2, at)


_NOT_REPORTING = VERBS - REPORT


def subject_before(row: Row, at: int, kinds: frozenset[str] = SUBJECTS) -> int | None:
    """The position of the subject of what stands at `at`: the nearest thing to the left that a verb follows and no preposition governs."""
    things = row.reading.things
    candidates = [
        p for p in row.things(0, at) if (row.kind(p) in kinds or things[row.thing(p)].introduced) and row.word(p + 1) != "-" and not _is_beaten(row, p)
    ]
    for position in reversed(candidates):
        if (has_verb_after(row, position) or _is_apposed(row, position)) and not in_prepositional(row, position):
            return position
    for position in reversed(candidates):  # an own clause before the comma: `With X, accuracy rises`, or a subject with a phrase behind it
        if position > 0 and row.word(position - 1) in {"with", "using", "for", "by", "through", "via"} and row.word(position + 1) == "," and position <= 4:
            if row.word(position - 1) == "for" and not things[row.thing(position)].introduced and row.word(position + 2) in DETERMINERS:
                continue  # `for X, the other setting improves`
            return position
        if row.kind(position) in {"hardware", "dataset", "benchmark"} and row.word(position - 1) == "," and _is_listed(row, position):
            continue
        if row.kind(position) in {"hardware"} and not things[row.thing(position)].introduced:
            continue
        plain = all(
            w in STOP or _ADVERB.fullmatch(w) or w in {",", "that", "further", "results", "experimental"} for w in row.words(max(0, position - 3), position)
        )
        if plain and not in_prepositional(row, position) and any(w in VERBS or w in COPULA for w in row.words(position, at)):
            return position
    for position in reversed(candidates):  # `performance drops for X, with declines of`
        if row.word(position - 1) == "for" and row.word(at) != "than" and not set(row.words(position, at)) & _NOT_REPORTING:
            return position
    return None


def subject_or_main(row: Row, at: int, kinds: frozenset[str] = SUBJECTS) -> int | None:
    """The thing that does what is said at `at`, or the paper's own thing."""
    position = subject_before(row, at, kinds)
    return row.thing(position) if position is not None else main_thing(row.reading)
