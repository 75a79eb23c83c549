"""Extraction of facts, lists: the members of a coordination behind a cue, named things or phrases that name one.

A comparison often names what no tagger knows as a name (`outperforms freeform generation and direct distillation`). Where a cue calls
for a thing, a phrase of two to five plain words with a modifier of its own becomes one; phrases that any paper could write of anything
(`existing methods`, `strong baselines`) do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extract.boundaries import is_noise
from kgraph.extract.phrases import COPULA, METRIC_HEADS, MODAL, NUMBER, PREPOSITIONS, SUBORDINATE, VERBS, WORD, Row, thing_at
from kgraph.model import Kind

_STUDIES = frozenset(
    "evaluation evaluations experiment experiments experimentation analysis analyses study studies assessment assessments derivation derivations".split()
)
_NO_RIVALS = frozenset(
    "options option instructions components component capabilities degradation fields schemes reduction losses outputs conditions representations".split()
)
"""Heads of phrases that say what something was compared with and name nothing ("common off-the-shelf options")."""
_SUCH = frozenset({"like", "including", "include", "namely", "such"})
_ENDS = (
    (PREPOSITIONS - {"as", "than"})
    | COPULA
    | MODAL
    | SUBORDINATE
    | VERBS
    | frozenset(
        {";", ":", ".", "that", "when", "respectively", "—", "--", "we", "it", "they", "with", "not", "also", "!", "?", "even", "especially", "particularly"}
    )
)
_SKIPPED = frozenset(
    {
        "the",
        "a",
        "an",
        "both",
        "all",
        "these",
        "those",
        "its",
        "their",
        "our",
        "many",
        "several",
        "other",
        "various",
        "any",
        "most",
        "two",
        "three",
        "four",
        "five",
        "well",
        "as",
        "e.g",
        "i.e",
        '"',
        "'",
        "“",
        "”",
        "-",
        "even",
        "one",
    }
)
_DESCRIBES = frozenset({"the", "a", "an", "two", "three", "four", "five", "most", "this", "these", "those", "its", "our", "many", "several", "one"})
_HEAD = re.compile(
    r".+(?:tion|tions|sion|ing|ment|sis|net|nets|former|formers|gan|gans)$|(?:models?|methods?|approach|approaches|baselines?|frameworks?|systems?|algorithms?|techniques?|policy|policies|search|attention|schedulers?|solvers?|"
    r"agents?|llms|networks?|distillation|generation|decoders?|encoders?|classifiers?|detectors?|optimizers?|kernels?|librar(?:y|ies)|compilers?|engines?|pipelines?|strateg(?:y|ies)|schemes?|cnns?|rnns?|gnns?|transformers?|"
    r"planners?|controllers?|retrievers?|rag|sft|ppo|sgd|adam|svms?|forests?|trees?|regression|array|arrays|accelerators?|designs?|implementations?|tools|workflows?|simulators?)$"
)
GENERIC = frozenset(
    "naïve existing previous prior traditional vanilla strong competitive various other many several baseline baselines state-of-the-art state art "
    "sota recent conventional current standard naive leading alternative similar open-source closed-source "
    "proprietary larger smaller specialized popular advanced best well-known well-established established common typical general "
    "general-purpose generic robust classical original simple single multiple different diverse representative comparable "
    "corresponding related next second latest largest biggest smallest new novel proposed full default public published commercial top top-performing modern powerful "
    "prevailing mainstream counterpart counterparts method methods approach approaches model models system systems technique "
    "techniques framework frameworks work works solution solutions algorithm algorithms alternatives competitors competitor strategies "
    "strategy variants variant tools tool results result performance level levels human humans average more less much far one ones previous-best "
    "benchmark competing contemporary previously reported rival rivals earlier their its strongest latest-generation underlying respective remaining individual main key baseline-level literature peers peer settings setting case cases size sized used".split()
)
_HEAD_KIND: dict[str, Kind] = {
    **dict.fromkeys(
        ("model", "models", "llms", "network", "networks", "transformers", "agents", "policy", "policies", "vlms", "mllms", "classifiers", "encoders"), "model"
    ),
    **dict.fromkeys(("system", "systems", "engine", "engines", "library", "libraries", "toolkit", "compiler", "compilers"), "software"),
}


@dataclass(slots=True)
class Chunk:
    """Positions `first` to `last` of one member of a list."""

    first: int
    last: int
    indefinite: bool = False  # `a`, `an` stands before it
    described: bool = False  # an article or a number does: rather a description than a name
    examples: bool = False  # `such as` follows: the name comes next


def chunks_after(row: Row, at: int, reach: int = 40) -> Iterator[Chunk]:
    """The members of the list behind position `at`, up to a preposition, a verb or the end of the clause."""
    first, indefinite, described, step = -1, False, False, at + 1
    while step < len(row.items) and step - at <= reach:
        item = row.items[step]
        word = item.text if item.kind == WORD else ""
        if item.kind == NUMBER and first >= 0:
            break
        if word in {",", "and", "or", "&", "(", ")", "/"} or word in _SUCH:
            if word == ")" and first < 0:
                step += 1
                continue
            if first >= 0 and not (
                word == ","
                and step - first == 1
                and row.items[first].kind == WORD
                and row.items[first].text not in GENERIC
                and not {"such", "including", "namely"} & set(row.words(first - 2, first))  # `including text-only, visual and mixed ones`
                and _adjective_goes_on(row, step)
            ):
                yield Chunk(first, step - 1, indefinite, described, word in _SUCH)
                first, indefinite, described = -1, False, False
            if word == "(":
                close = next((p for p in range(step + 2, min(step + 8, len(row.items))) if row.word(p) == ")"), None)
                if close is not None and (close == step + 2 or any(i.kind == NUMBER for i in row.items[step:close])):
                    step = close  # an abbreviation, a mark, a size or a price
        elif word == "." and row.word(step - 1) in {"vs", "e.g", "i.e", "g", "e"}:
            pass
        elif (
            word
            and word in _ENDS
            and not (first >= 0 and row.word(step - 1) == "-" and row.items[step - 2].kind != WORD)  # `A-trained`
            and not (first < 0 and word == "even")
            and not _is_adjective(row, step, first < 0)
            and not (first >= 0 and _is_activity(row, step))
        ):
            break
        elif word in _SKIPPED:
            indefinite = indefinite or (first < 0 and word in {"a", "an"})
            described = described or (first < 0 and word in _DESCRIBES)
            if word == "as" and row.word(step - 1) != "well" and row.word(step - 1) != "such" and first >= 0:
                break
        elif item.kind == NUMBER:
            described = True
        elif first < 0:
            first = step
        step += 1
    if first >= 0:
        yield Chunk(first, step - 1, indefinite, described)


def _is_adjective(row: Row, at: int, opens: bool) -> bool:
    """Is the participle at `at`, which a member may begin with, no verb: `the proposed methods`, `widely used methods`?"""
    word, before = row.word(at), row.word(at - 1)
    return word in VERBS | {"used"} and (
        (opens and word.endswith(("ed", "ing")) and before in _DESCRIBES | {"other"}) or (word.endswith("ed") and before.endswith("ly"))
    )


_ACTIVITIES = frozenset({"training", "scaling", "pruning", "processing", "ranking", "scoring"})
_NO_OBJECT = PREPOSITIONS | COPULA | {"", ",", ".", ";", ":", "and", "or", ")", "(", "in", "by", "while", "with"}


def _is_activity(row: Row, at: int) -> bool:
    """`single-stage training`: is the verb form at `at` the noun that ends a member, no object behind it?"""
    return (
        row.word(at) in _ACTIVITIES
        and row.items[at - 1].kind == WORD
        and at + 1 < len(row.items)
        and row.items[at + 1].kind == WORD
        and row.word(at + 1) in _NO_OBJECT
    )


def _adjective_goes_on(row: Row, comma: int) -> bool:
    """`decentralized, from-scratch models`: one phrase with two adjectives."""
    following = row.items[comma + 1] if comma + 1 < len(row.items) else None
    lower = row.reading.text[row.items[comma - 1].start].islower()
    return (
        lower
        and following is not None
        and following.kind == WORD
        and row.reading.text[following.start].islower()
        and following.text.isascii()
        and following.text[0].isalpha()
        and following.text not in {"and", "or", "the", "a", "an"} | _ENDS
        and row.word(comma + 2) not in {",", "and", "."}
    )


def thing_of_chunk(row: Row, chunk: Chunk, kinds: frozenset[str], create: bool, rival: bool = False) -> int | None:
    """The thing a member names: the last proper name in it, else its last thing, else (with `create`) a new one, of a `rival` as well."""
    inside = list(row.things(chunk.first, chunk.last + 1))
    fitting = [p for p in inside if row.kind(p) in kinds]
    if fitting and row.word(fitting[-1] + 1) == "-" and fitting[-1] < chunk.last:
        return None  # `TPU-like arrays` are no TPUs
    if fitting:
        proper = [p for p in fitting if re.search(r"[A-Z]|\d", row.reading.text[row.items[p].start : row.items[p].end])]
        return row.thing((proper or fitting)[-1])
    if inside or not create or chunk.examples:
        return None
    return new_thing(row, chunk, rival=rival)


_UNTOLD = _SKIPPED | frozenset(
    "same naïve existing previous prior strong traditional conventional naive standard state-of-the-art sota advanced leading current simple recent larger smaller bigger "
    "stronger weaker top best best-performing top-performing top-tier original popular latest representative mainstream comparable similar classical classic".split()
)


_UNNAMED = frozenset("input inputs output outputs definition definitions mechanisms methods approaches techniques strategies pipelines".split())
_OTHERS = frozenset({"existing", "previous", "prior", "current", "conventional", "traditional", "recent"})
"""Behind these, or with `-based`, phrases with the heads above say what others have done and name nothing ("existing black-box methods")."""


def new_thing(row: Row, chunk: Chunk, wide: bool = False, rival: bool = False) -> int | None:
    """A thing for a phrase that no component took for a name, when it says more than `the best methods`; `wide`: any noun but one of what
    is measured may end it; `rival`: it is what the thing is compared with, which may be people or a class told by a word of its own."""
    first, last = chunk.first, chunk.last
    while last > first and row.items[last].text in {'"', "'", "-", "”"}:
        last -= 1
    while first < last and row.items[first].text in _UNTOLD and not (first == last - 1 and _is_usual(row, last)):
        first += 1
    words = [i.text for i in row.items[first : last + 1]]
    own = [w for w in words[:-1] if w not in GENERIC and w not in {","} and len(w) > 2 and (not w.endswith("ly") or "-" in w)]
    capital = row.reading.text[row.items[first].start].isupper()
    if not 1 <= len(words) <= 5 or not all(w.replace("-", "").isalpha() or w == "," for w in words):
        return None
    if len(words) == 1 and not (capital and words[0] not in GENERIC and len(words[0]) > 3):
        return None
    apart = rival and _is_told_apart(words)
    if (
        not capital
        and not chunk.indefinite
        and not apart
        and not _is_usual(row, last)
        and not _HEAD.match(words[-1])
        and not (wide and words[-1] not in METRIC_HEADS)
    ):
        return None
    if (
        (not own and len(words) > 1 and not apart and not (len(words) == 2 and _is_usual(row, last)))
        or words[-1] in {"data", "setting", "settings", "scale", "cost", "time", "same", "accuracy"}
        or words[-1] in _ENDS - _ACTIVITIES
    ):
        return None
    if words[-1] in _UNNAMED and (
        (any(w.endswith("-based") for w in words) and not (rival and words[-1] in {"methods", "approaches"}))
        or (_OTHERS & set(row.words(chunk.first - 1, first)) and not (rival and _is_compound(words)))
    ):
        return None
    if (
        words[-1] in _STUDIES
        or words[-1] in _NO_RIVALS
        or words[-1] == "up"
        or (rival and len(words) == 2 and words[0].endswith(("-sized", "-matched", "-performing")))
    ):
        return None
    if _CITED.match(row.reading.text, row.items[first].start, row.items[last].end + 60) and row.word(first - 1) in {"(", ";", ",", "and", "&"}:
        return None
    if is_noise(row.reading.text[row.items[first].start : row.items[last].end]) and not _is_usual(row, last) and not apart:
        return None
    return thing_at(row.reading, row.items[first].start, row.items[last].end, _HEAD_KIND.get(words[-1], "method"))


_CITED = re.compile(r"[A-Z][\w'’-]+(?:\set\sal\.?|(?:\s(?:and|&)\s|,\s)[A-Z][\w'’-]+)?,?\s\(?(?:19|20)\d\d[a-z]?\s?[);,]")
"""An author and a year, as papers are cited."""
_CLASSES = frozenset({"models", "approaches", "baselines", "agents", "systems"})
PEOPLE = frozenset(
    "experts participants annotators users students reviewers doctors clinicians physicians radiologists specialists players evaluators raters operators".split()
)
_KINDS = re.compile(r"(?:[a-z]+ly-)?(?:un|semi-|self-)?supervised|(?:zero|one|few|single)-shot|[a-z]+-(?:decoder|only|free|centric|shot|stage|pass|agent)")


def _is_compound(words: list[str]) -> bool:
    """`plan-and-execute methods`: two words, the first a compound that says how they work?"""
    return len(words) == 2 and "-" in words[0] and not words[0].endswith(("-box", "-art", "-source", "-weight", "-weights", "-known", "-purpose", "-used"))


def _is_told_apart(words: list[str]) -> bool:
    """`supervised models`, `zero-shot approaches`, `human experts`: rivals by a kind that many papers speak of?"""
    return len(words) > 1 and (
        (words[-1] in _CLASSES and _KINDS.fullmatch(words[-2]) is not None)
        or (words[-1] in PEOPLE and words[-2] in {"human", "domain", "expert", "board-certified"})
    )


def _is_usual(row: Row, last: int) -> bool:
    """`standard prompting`, `naive fine-tuning`: an activity done in the usual way, which is what it is called?"""
    return row.word(last - 1) in {"standard", "naive", "vanilla", "direct", "conventional", "plain"} and (
        row.word(last).endswith("ing") or row.word(last) in {"inference", "attention", "generation"}
    )


def rival_chunks(row: Row, at: int, kinds: frozenset[str]) -> list[Chunk]:
    """The members behind a cue of comparison: an apposition (`the leading system, X,`) is its name, a new clause is no member."""
    chunks = list(chunks_after(row, at))
    for index in range(1, len(chunks)):
        gap = row.words(chunks[index - 1].last + 1, chunks[index].first)
        if gap[:1] == [","] and not {"and", "or"} & set(gap) and not {"and", "or"} & set(row.words(chunks[index].last + 1, chunks[-1].last + 1)):
            after = row.word(chunks[index].last + 1)
            if after in VERBS or after in COPULA or after in MODAL:
                return chunks[:index]  # `compared to X, Y achieves`
            if index == 1 and len(chunks) == 2:
                named = thing_of_chunk(row, chunks[1], kinds, False) is not None
                return chunks[1:] if named and (after in {",", "by", ".", "in", "on", ""} or chunks[0].described) else chunks[:1]
    return chunks


def members_after(row: Row, at: int, kinds: frozenset[str], create: bool = False) -> list[int]:
    """The things (by index) of the list behind a cue."""
    out: list[int] = []
    for chunk in chunks_after(row, at):
        thing = thing_of_chunk(row, chunk, kinds, create)
        if thing is not None and thing not in out:
            out.append(thing)
    return out
