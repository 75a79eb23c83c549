"""Extraction of facts, comparisons: who wins, the subject of a cue of comparison, named or told by a phrase."""

from __future__ import annotations

from kgraph.extract.lists import GENERIC, Chunk, new_thing
from kgraph.extract.phrases import ACTORS, COPULA, DATA, METRIC_HEADS, MODAL, PREPOSITIONS, STOP, THING, VERBS, WORD, Row
from kgraph.extract.pronouns import main_thing
from kgraph.extract.rivals import CLASS_NOUNS
from kgraph.extract.statements import RIVALS, is_class
from kgraph.extract.subjects import ALSO_VERBS, ATTAINED, REPORT, in_prepositional, subject_before

_PLURAL = frozenset({"outperform", "surpass", "exceed", "beat", "outpace"})


def together(row: Row, at: int) -> list[int]:
    """A and B of `A, B, and C outperform`, where the verb at `at` is a plural."""
    last = at - 1
    while last > 0 and (row.word(last).endswith("ly") or row.word(last) in {"alone", "both", "all", "each"}):
        last -= 1
    if row.word(at) not in _PLURAL or row.items[last].kind != THING or not {"and", ",", "&"} & {row.word(last - 1)}:
        return []
    first = last
    while first >= 2 and row.items[first].kind == THING:
        left = first - 1 - (row.word(first - 1) == "and" and row.word(first - 2) == ",")
        if row.word(left) not in {",", "and", "&"} or row.items[left - 1].kind != THING or row.kind(left - 1) not in RIVALS:
            break
        first = left - 1
    return [row.thing(p) for p in row.things(first, last, RIVALS)] if {"and", "&"} & set(row.words(first, last)) else []


_AUXILIARY = MODAL | COPULA | frozenset({"able", "to", "also", "even", "further", "still", "often", "then", "all", "both", "not", "only", "do", "does", "did"})
_OWN_NOUNS = frozenset(
    "method methods approach approaches model models framework frameworks system systems algorithm algorithms technique techniques strategy strategies pipeline architecture network design solution "
    "agent policy scheme results experiments evaluations which that it they we and or but".split()
)


_GENERIC_NOUNS = _OWN_NOUNS | GENERIC


def doer(row: Row, at: int) -> int | None:
    """Who does what the finite verb at `at` says: a thing, the paper's own, or a phrase before the verb that nothing took for a name."""
    first = at - 1
    enabled = _enabled(row, at)
    if enabled is None:
        enabled = _example(row, at)
    if enabled is None:
        enabled = _derived(row, at)
    if enabled is not None:
        return row.thing(enabled)
    while first >= 0 and (row.word(first) in _AUXILIARY or row.word(first).endswith("ly")):
        first -= 1
    last = before_bracket(row, first)
    first = _head_of(row, last)
    made = _made_with(row, first, last)
    if made is not None:
        return row.thing(made)
    head = row.word(first)
    named = first - 1 - (row.word(first - 1) == ",")
    if head == "which" and named >= 0 and row.kind(named) in RIVALS:
        return row.thing(named)  # `X, which outperforms`
    if first >= 0 and row.kind(first) == "task" and not in_prepositional(row, first):
        return row.thing(first)  # `code execution outperforms`, whatever type the vote gave it
    wished = row.word(at - 1) == "to" and row.word(at - 2) != "able"  # `we plan to beat X`
    owner = next(
        (p - 1 for p in range(max(1, first - 4), first) if row.word(p) in {"'", "’"} and row.word(p + 1) == "s" and row.items[p - 1].kind == THING), None
    )
    if owner is not None and row.reading.things[row.thing(owner)].introduced and not PREPOSITIONS & set(row.words(owner, first)):
        return row.thing(owner)  # `Foo's adaptive approach outperforms`
    if row.items[first].kind == THING and first < at - 1 and row.kind(first) in RIVALS and not in_prepositional(row, first):
        return row.thing(first)
    maker = _maker(row, first)
    if maker is not None:
        return row.thing(maker)
    if head in _OWN_NOUNS and _is_own(row, first):
        return None if row.background else main_thing(row.reading, ACTORS)
    plain = not wished and head.isalpha() and len(head) > 3 and head not in STOP and not row.word(at).endswith("ing")
    if not plain or (head in _GENERIC_NOUNS and not _is_told_apart(row, first)):
        return subject_of_clause(row, at)
    begin = _begin(row, first)
    if begin > 0 and (row.items[begin - 1].kind == THING or row.word(begin - 1) in {"our", "proposed"}):
        told = subject_of_clause(row, at)
        if told is not None or row.word(begin - 1) != "our":
            return told
    return None if row.background else new_thing(row, Chunk(begin, first), wide=True)


def before_bracket(row: Row, at: int) -> int:
    """The last item before the bracket that closes at `at`, or `at`: `brief reasoning (32 tokens) improves`."""
    opened = next((p for p in range(at - 1, max(at - 8, 0), -1) if row.word(p) == "("), at) if row.word(at) == ")" else at
    return opened - (opened < at)


def _made_with(row: Row, head: int, last: int) -> int | None:
    """Foo of `a language model fine-tuned with the Foo framework`, `plans generated by Foo`: its position, where the head names no one thing."""
    if head == last:
        made = row.items[last].kind == THING and row.reading.things[row.thing(last)].introduced and row.kind(last) in RIVALS
        return last if made and row.word(last - 1) == "by" and row.word(last - 2).endswith("ed") else None
    if row.items[head].kind == THING and not is_class(row.reading.things[row.thing(head)].name):
        return None
    own = [p for p in row.things(head + 1, last + 1, RIVALS) if row.reading.things[row.thing(p)].introduced and not row.items[p].pronoun]
    if len(own) != 1 or own[0] < last - 1 or not {"with", "using", "by", "via"} & set(row.words(own[0] - 3, own[0])):
        return None
    return own[0]


_MODIFIES = frozenset(
    "trained fine-tuned finetuned tuned pretrained pre-trained built based equipped augmented initialized prompted optimized using with adapted distilled".split()
)


_PREDICATES = VERBS | COPULA


_BEHIND_MODIFIERS = PREPOSITIONS | {"to"}


def _head_of(row: Row, last: int) -> int:
    """The noun or name that the phrase ending at `last` tells of: X of `X trained on long documents`, `X with a memory of its own`."""
    for at in range(last - 1, max(last - 8, 0), -1):
        if row.word(at) in {",", "that", ";", ":", "and", "while"} or (row.word(at) in _PREDICATES and row.word(at) not in _MODIFIES):
            return last
        if (
            row.word(at).endswith("ed")
            and row.word(at + 1) == "by"
            and row.word(at) not in ATTAINED | _PREDICATES
            and row.word(at - 1) not in COPULA | METRIC_HEADS
        ):
            return at - 1 if row.word(at - 1).isalpha() and row.word(at - 1) not in STOP else last
        if row.word(at) in _MODIFIES and (row.word(at) in {"using", "with"} or row.word(at + 1) in _BEHIND_MODIFIERS):
            if row.word(at - 1) in _MODIFIES:
                continue  # `augmented with X`
            at = before_bracket(row, at - 1) + 1
            return at - 1 if row.items[at - 1].kind == THING or (row.word(at - 1).isalpha() and row.word(at - 1) not in STOP) else last
    return last


def _begin(row: Row, last: int) -> int:
    """Where the plain words of the noun phrase that ends at `last` begin, at most three before it."""
    begin = last
    while begin > 0 and last - begin < 3 and row.word(begin - 1).replace("-", "").isalpha():
        word = row.word(begin - 1)
        told = word.endswith("ed") and row.word(begin - 2) in {"the", "a", "an", ",", "that", ""}  # `the trained aggregator`
        if word in {"where", "how", "why", "if", "because", "yet", "then"} or (word in STOP and not told):
            break
        begin -= 1
    return begin


FINITE = frozenset(word for word in (VERBS | ALSO_VERBS | COPULA) if not word.endswith("ing")) - {"be", "been", "use", "need", "cost", "costs", "record"}
_BORDERS = frozenset({"", ",", ";", ":", "that", "and", "while", "whereas", "but", "where"})
_NO_SUBJECTS = METRIC_HEADS | frozenset(
    "results result experiments experiment evaluations evaluation analysis analyses findings studies study work paper ablations ablation tests comparisons simulations improvements "
    "improvement designs benchmarks authors researchers observations annotations datasets tasks settings cases users participants".split()
)


def subject_of_clause(row: Row, at: int) -> int | None:
    """Who the clause of the cue at `at` tells of: a thing, a phrase before its verb that nothing took for a name, or the paper's own thing."""
    position = subject_before(row, at, RIVALS | DATA)
    phrase = None if row.background else told_before(row, at, -1 if position is None else position)
    if phrase is not None:
        return phrase
    if position is not None:
        return row.thing(position)
    people = any(row.word(p) in _PEOPLE and row.word(p + 1) in FINITE for p in range(max(0, at - 14), at))
    return None if people or row.background else main_thing(row.reading, ACTORS)


_PEOPLE = frozenset("humans people participants users experts annotators students clinicians physicians reviewers developers doctors".split())


def told_before(row: Row, at: int, after: int) -> int | None:
    """The thing of the noun phrase before the nearest finite verb between `after` and `at`: `brief hints improve`, `a ranking strategy using X gains`."""
    for verb in range(at - 1, max(after, at - 30), -1):
        if row.word(verb) in {"that", ";", ":"}:
            return None
        if row.word(verb) not in FINITE:
            continue
        last = verb - 1
        while last > after and (row.word(last) in _AUXILIARY or row.word(last).endswith("ly")):
            last -= 1
        last = before_bracket(row, last)
        if last > 1 and row.items[last].kind == THING and row.word(last - 1) in {"using", "with", "via"}:
            last -= 2
        if last <= after or not row.word(last).replace("-", "").isalpha() or row.word(last) in REPORT:
            continue
        named = last - 1 if last > 0 and row.kind(last - 1) in RIVALS and row.word(last) in CLASS_NOUNS else None
        begin = _begin(row, last if named is None else named)
        article = row.word(begin - 1) in {"a", "an", "the"}
        if row.word(begin - 1 - article) not in _BORDERS or row.word(last) in STOP or (begin - article > 0 and row.items[begin - 1 - article].kind != WORD):
            continue
        if named is not None:
            return row.thing(named)
        if row.word(last) in _NO_SUBJECTS or (row.word(last) in _GENERIC_NOUNS and not _is_told_apart(row, last)):
            return None
        if begin == last or (row.word(begin - 1) == "the" and main_thing(row.reading, ACTORS) is not None):
            return None
        return new_thing(row, Chunk(begin, last, row.word(begin - 1) in {"a", "an"}), wide=True)
    return None


_NO_NAME = STOP | GENERIC


def _is_own(row: Row, head: int) -> bool:
    """`our framework`, `the proposed 2-stage method`: does the noun at `head` stand for what the paper presents?"""
    begin = next((p for p in range(head - 1, max(head - 5, -1), -1) if row.word(p) in {"our", "proposed"}), None)
    return begin is not None and all(row.items[p].kind == WORD and row.word(p) not in PREPOSITIONS | VERBS | {",", "and"} for p in range(begin, head))


def _is_told_apart(row: Row, head: int) -> bool:
    """`agentic methods`, `ensemble-based approaches`: does a word that says which stand before the plural at `head`, and nothing that points back?"""
    before = row.word(head - 1)
    described = before.replace("-", "").isalpha() and len(before) > 3 and before not in _NO_NAME and not before.endswith(("ly", "tuned", "trained", "ized"))
    return (
        row.word(head).endswith("s")
        and row.word(head) in CLASS_NOUNS
        and described
        and not {"our", "these", "those", "proposed"} & set(row.words(head - 4, head))
    )


def _maker(row: Row, last: int) -> int | None:
    """Foo of `Foo-tuned agents`, which ends at `last`: its position, when the paper introduces it or introduces nothing of the like."""
    for dash in range(last - 1, max(last - 4, 0), -1):
        if row.word(dash) == "-" and row.word(dash + 1).endswith("ed") and row.items[dash - 1].kind == THING:
            made = row.reading.things[row.thing(dash - 1)].introduced or row.word(dash + 1) in _MADE
            return dash - 1 if made else None
    return None


_MADE = frozenset({"trained", "tuned", "finetuned", "optimized", "aligned", "augmented", "enhanced", "pruned", "quantized", "compressed"})


def _example(row: Row, at: int) -> int | None:
    """X of `smaller models (e.g., X) can surpass`: its position."""
    last = at - 1
    while last > 0 and (row.word(last) in _AUXILIARY or row.word(last).endswith("ly")):
        last -= 1
    first = next((p for p in range(last - 1, max(last - 9, -1), -1) if row.word(p) == "("), None) if row.word(last) == ")" else None
    named = row.things(first, last, RIVALS) if first is not None and {"e", "e.g", "like", "such"} & set(row.words(first, last)) else []
    return named[0] if len(named) == 1 else None


_MAKES = frozenset("derive obtain build train develop present propose introduce construct release".split())


def _derived(row: Row, at: int) -> int | None:
    """X of `we derive X, outperforming`: its position."""
    if not row.word(at).endswith("ing") or row.word(at - 1) != "," or row.items[at - 2].kind != THING or not row.reading.things[row.thing(at - 2)].introduced:
        return None
    return at - 2 if row.kind(at - 2) in RIVALS and "we" in row.words(at - 9, at) and _MAKES & set(row.words(at - 9, at)) else None


_ENABLES = frozenset(
    "enables enable enabled enabling allows allow allowed allowing helps help helped helping lets let letting leads lead led pushes makes causes equips empowers".split()
)


def _enabled(row: Row, at: int) -> int | None:
    """Y of `X enables the 14B Y to outperform Z`: its position."""
    step = at - 1
    while step > 0 and (row.word(step) in {"to", "even"} or row.word(step).endswith("ly")):
        step -= 1
    bare = step > 0 and row.word(step) in {"or", "match"} and "match" in row.words(step - 1, at)
    step -= 2 * bare  # `let X match or surpass`
    if "to" not in row.words(step + 1, at) and not bare:
        return None
    step -= row.word(step) in CLASS_NOUNS
    if step <= 0 or row.items[step].kind != THING or row.kind(step) not in RIVALS:
        return None
    return step if _ENABLES & set(row.words(step - 5, step)) and not PREPOSITIONS & set(row.words(step - 3, step)) else None


def scorer(row: Row, at: int) -> int | None:
    """Who reaches the value before the cue at `at`, the brackets open there left out."""
    opened = next((p for p in range(at - 1, max(at - 6, -1), -1) if row.word(p) == "("), at)
    return subject_of_clause(row, opened)


def winner(row: Row, link: int, cue: int) -> int | None:
    """Who is better than what follows the link at `link`, by the cue word at `cue`."""
    position = _owner(row, link)
    return row.thing(position) if position is not None else subject_of_clause(row, cue)


def _owner(row: Row, at: int) -> int | None:
    """X of `the superior performance and robustness of X compared to`, `the superiority of X over`: its position."""
    if at < 2 or row.items[at - 1].kind != THING or row.kind(at - 1) not in RIVALS:
        return None
    of = at - 2 - (row.word(at - 2) in {"the", "our"})
    if row.word(of) != "of" or not _SUPERIOR & set(row.all_words(of - 9, of)):
        return None
    return at - 1


_SUPERIOR = frozenset("superior superiority advantage advantages effectiveness improved improvement improvements gains better higher outperformance".split())
