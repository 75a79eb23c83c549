"""Extraction of facts, quantities: sizes that are no results (parameters, context lengths, training data, counts of things).

What a number counts is read from the noun behind it; the property is that noun phrase, with a fixed name for the sizes everybody asks
for. Small number words in front of rhetorical nouns (`two challenges`, `three steps`) are no quantities.
"""

from __future__ import annotations

import re
from decimal import Decimal

from kgraph.extract import polarity
from kgraph.extract.confidence import CONFIDENCE
from kgraph.extract.numbers import Number
from kgraph.extract.phrases import ACTORS, DATA, NUMBER, STOP, THING, WORD, Row, words_of
from kgraph.extract.pronouns import main_thing
from kgraph.extract.statements import is_class
from kgraph.extract.subjects import SUBJECTS, has_verb_after, subject_before
from kgraph.model import Quantity
from kgraph.names import singular

_PARAMETER = frozenset({"parameter", "parameters", "params", "param", "weights", "parameterized"})
_MODEL_WORDS = words_of(
    "model models llm llms size sizes sized variant variants version versions scale scales class checkpoint checkpoints backbone backbones "
    "parameter base dense moe mllm mllms vlm vlms transformer slm slms decoder teacher student"
)
_CONTEXT = frozenset({"context", "contexts", "sequence", "sequences", "window", "windows", "length", "lengths", "long"})
_TOKEN = frozenset({"token", "tokens"})
_TRAINING = re.compile(
    r"(?:pre-?|re)?train(?:ed|ing|s)?$|fine-?tun(?:ed|ing|es?)$|pre-training$|fine-tuning$|distill(?:ed|ing|ation)$|learned$|corpus$|corpora$"
)
_SAMPLES = words_of(
    "samples sample examples example images image pairs pair instances instance videos video texts text documents sentences utterances tables "
    "tuples trajectories trajectory demonstrations episodes conversations dialogues data points clips problems questions triplets annotations "
    "records pages books articles papers molecules sequences frames scenes"
)
# Nouns whose small counts say something of the work; other nouns count only from a dozen on or in digits.
_COUNTED = frozenset(
    "benchmark dataset task language category type sample image question pair instance example model llm domain application scenario query "
    "document expert layer configuration participant user annotator problem table video scene object "
    "class subject patient metric prompt tool skill api repository environment robot game site country city dialect family architecture "
    "backbone baseline modality corpus article paper sentence dialogue conversation trajectory episode "
    "demonstration node edge graph head attack defense vulnerability bug function program protein molecule simulator framework dimension "
    "competency agent topic genre style speaker song recording paragraph persona profile rule template "
    "anomaly file engine device platform workload kernel operator library testbed cluster trial run fold seed checkpoint variant system "
    "provider vendor optimizer detector attribute label intent slot relation entity triple fact hop "
    "area discipline field subfield subset split set suite track setting case collection view camera sensor channel band frequency lab "
    "institution center hospital cohort human evaluator rater expert judge student teacher course exam "
    "encoder decoder adapter vlm mllm transformer network  lm slm plm cnn gnn dnn vla vlms".split()
)
_RHETORIC = frozenset(
    "challenge step stage module component contribution way aspect reason issue innovation part phase factor property feature perspective "
    "strategy technique approach principle idea insight finding observation branch stream term objective "
    "loss mechanism level axis direction criterion goal group kind side key main major core novel limitation advantage problem_type form "
    "pillar pass point thing role question area fold time year month week day hour minute second "
    "paradigm assumption hypothesis gap mode concept version parameter path process procedure theorem result design choice constraint signal source reward order line end word track hand case perspective view".split()
)
_HAS = frozenset(
    "has have had contain contains containing comprise comprises comprising consist consists consisting include includes including cover "
    "covers covering encompass encompasses encompassing span spans spanning feature features featuring support "
    "supports supporting total totaling totalling provide provides providing define defines with of introduce introduces evaluate evaluates collects curates curate integrates integrate offers holds involves involving".split()
)
_SPOKEN = frozenset(
    {
        "speech",
        "audio",
        "video",
        "videos",
        "recordings",
        "recording",
        "conversations",
        "footage",
        "data",
        "music",
        "conversational",
        "dialogue",
        "talk",
        "talks",
        "driving",
        "transcribed",
        "labeled",
        "labelled",
        "unlabeled",
        "real-world",
        "eeg",
    }
)


def read_quantities(row: Row) -> list[Quantity]:
    """The sizes of one sentence; call after `hardware_use` and before or after `results`, each marks the numbers it took."""
    out: list[Quantity] = []
    found: dict[int, tuple[str, str, str]] = {}
    positions = [at for at in row.numbered if at not in row.used or "budget" in row.words(max(0, at - 3), at)]
    for at in reversed(positions):  # from the right, so that a list takes its noun from its last member
        named = _named(row, at)
        if named is None:
            following = next((p for p in positions if p > at), None)
            if following is not None and following in found and _listed(row, at, following):
                named = found[following]
        if named is not None:
            found[at] = named
    previous: int | None = None
    for at in sorted(found):
        label, unit, rule = found[at]
        number = row.number(at)
        state = polarity.of_value(row, at)
        if row.background and (rule == "count" or not (_owner(row, at) or rule == "parameters.named")):
            continue
        subject = _subject(row, at, label, previous)
        previous = subject if subject is not None else previous
        row.used.add(at)
        start, end = row.reading.field_span(row.items[at].start, row.items[at].end)
        out.append(
            Quantity(
                property=label,
                value=number.value,
                value_text=row.reading.text[row.items[at].start : row.items[at].end],
                start=start,
                end=end,
                sentence=row.index,
                confidence=CONFIDENCE[f"quantity.{rule}"],
                polarity="hypothetical" if state == "hypothetical" else "asserted",
                unit=unit,
                of=subject,
            )
        )
    return out


def _listed(row: Row, one: int, two: int) -> bool:
    """`1.2B and 2.4B non-embedding parameter variants`, `7B-13B`: only connectors between two numbers of one scale."""
    a, b = row.items[one].number, row.items[two].number
    assert a is not None and b is not None
    gap = row.items[one + 1 : two]
    return (
        len(gap) <= 3
        and all(i.kind == WORD and i.text in {",", "and", "or", "to", "-", "–", "—", "/", "&", "~"} for i in gap)
        and (a.scaled == b.scaled or bool(a.scaled) == bool(b.scaled))
        and not a.unit
    )


def _noun(row: Row, at: int) -> tuple[str, int]:
    """The noun counted by the number at `at`, in lower case, and its position; `""` when none follows."""
    step, words = at + 1, 0
    while step < len(row.items) and words <= 5:
        item = row.items[step]
        if item.kind == NUMBER:
            return "", step
        if item.kind == THING:
            last = item.text.split()[-1]
            following = row.word(step + 1)
            if singular(last) != last or item.pronoun:
                if following and singular(following) != following and following.isalpha() and following not in STOP:
                    return following, step + 1  # `LLM agents` where only LLM is a thing
                return last, step
            words += 1
            step += 1
            continue
        word = item.text
        if word == "+" or word == "-":
            step += 1
            continue
        if word == "," and words and step + 1 < len(row.items) and row.items[step + 1].kind == WORD and row.word(step + 1) not in STOP:
            step += 1
            words += 1
            continue
        if word == "and" and words and step + 1 < len(row.items):
            step += 1
            continue
        if not word[0].isalpha() or (word in STOP and word not in {"more", "most", "large", "different", "end-to-end", "show", "shown", "training", "test"}):
            return "", step
        if singular(word) != word and word not in {
            "various",
            "diverse",
            "previous",
            "numerous",
            "continuous",
            "simultaneous",
            "famous",
            "unknown",
            "less",
            "cross",
            "its",
            "across",
            "this",
        }:
            following = row.word(step + 1)
            if (
                following
                and following.isalpha()
                and following not in STOP
                and singular(following) != following
                and row.items[step].end + 1 == row.items[step + 1].start
            ):
                step += 1
                continue
            return word, step
        step += 1
        words += 1
    return "", step


def _named(row: Row, at: int) -> tuple[str, str, str] | None:
    """Property, unit and rule of the number at `at`, when it is a size."""
    number = row.number(at)
    ahead = row.words(at + 1, at + 5)
    near = set(row.all_words(max(0, at - 6), at + 6))
    value = Decimal(number.value)
    if number.unit == "pixels" or number.unit == "megapixels":
        return ("image resolution", "pixels", "size") if value > 100 or number.unit == "megapixels" else None
    if number.unit in {"hours", "minutes"}:
        if row.word(at + 1) == "of" and set(row.words(at + 2, at + 6)) & _SPOKEN:
            return ("training data" if _trains(row, at) else "data", number.unit, "data")
        if "budget" in near:
            return "time budget", number.unit, "size"
        return None
    if number.unit in {"GB", "TB", "MB"}:
        data = set(row.words(at + 1, at + 6)) | set(" ".join(i.text for i in row.items[at + 1 : at + 5] if i.kind == THING).split())
        if data & {"data", "corpus", "text", "texts", "corpora", "dataset", "training"}:
            return "training data", number.unit, "data"
        return None
    if number.unit:
        return None
    return _scaled_or_counted(row, at, number, ahead, near, value)


def _scaled_or_counted(row: Row, at: int, number: Number, ahead: list[str], near: set[str], value: Decimal) -> tuple[str, str, str] | None:
    until = next(
        (i for i in range(at + 1, min(at + 6, len(row.items))) if row.items[i].kind == NUMBER or row.word(i) in {",", ".", ";", ")", "with", "on"}), at + 6
    )
    close = set(row.all_words(at + 1, until))
    noun, where = _noun(row, at)
    if close & _PARAMETER and not close & _TOKEN:
        return "parameters", "", "parameters"
    letter = number.scaled in {"B", "T"} or (number.scaled == "M" and row.items[at].text[-1:] == "m")
    if close & _TOKEN or noun in _TOKEN:
        around = set(row.all_words(max(0, at - 7), where + 6))
        if around & _CONTEXT and value <= 20_000_000:
            return "context length", "tokens", "context"
        if _trains(row, at) or value >= 100_000_000:
            return "training data", "tokens", "data"
        return ("tokens", "tokens", "count") if value >= 100 and not number.word else None
    if "resolution" in close and value >= 16:
        return "image resolution", "pixels", "size"
    if value >= 256 and (close & {"context", "sequence", "window"} or (number.scaled == "K" and set(row.all_words(max(0, at - 6), at)) & _CONTEXT)):
        return "context length", "", "context"
    if letter:
        thing = next((p for p in range(at + 1, min(at + 3, len(row.items))) if row.items[p].kind == THING), None)
        if noun in _SAMPLES and not (close & _MODEL_WORDS):
            return _samples(row, at, noun)
        if close & _MODEL_WORDS or (thing is not None and row.kind(thing) in ACTORS):
            return "parameters", "", "parameters.named"
        if number.scaled in {"B", "T"} and not (noun and noun not in _MODEL_WORDS and noun not in STOP) and re.search(r"[bt]$", row.items[at].text):
            return "parameters", "", "parameters"
        if near & {"parameter", "parameters", "params"}:
            return "parameters", "", "parameters"
    if (number.scaled and value >= 1000 and row.word(at + 1) == "data") or (number.scaled and row.word(at + 2) == "data" and row.word(at + 1) not in STOP):
        return "training data" if _trains(row, at) else "data", "", "data"
    if {"parameter", "parameters"} & set(row.all_words(max(0, at - 4), at)) and number.scaled:
        return "parameters", "", "parameters"
    if row.word(at - 1) in {"=", ":"} and row.word(at - 2) == "n":
        return "participants", "", "count"
    if not noun:
        return None
    return _counted(row, at, number, noun, where, value)


def _samples(row: Row, at: int, noun: str) -> tuple[str, str, str]:
    return ("training data", noun, "data") if _trains(row, at) else (noun, "", "count")


def _counted(row: Row, at: int, number: Number, noun: str, where: int, value: Decimal) -> tuple[str, str, str] | None:
    head = singular(noun)
    if value != value.to_integral_value() or (noun.endswith("ings") and value < 12) or noun in STOP:
        return None
    if row.word(at - 1) in {"top", "level", "type"} or (row.word(at + 1) in {"-", "–"} and row.word(at + 2) in {"fold", "shot"}):
        return None
    phrase = row.reading.text[row.items[at + 1].start : row.items[where].end].strip()
    if noun in {"types", "categories", "kinds"} and row.word(where + 1) == "of":
        kind = row.words(where + 2, where + 4)
        if noun == "kinds":
            return None
        phrase = f"{singular(kind[-1] if kind else '')} {noun}".strip() if kind and len(kind) == 1 else phrase
    if noun in _SAMPLES and value >= 1000 and _trains(row, at):
        return "training data", phrase, "data"
    small = value < 12
    thing = row.items[where].kind == THING
    if head in _RHETORIC and head not in _COUNTED:
        return None
    if (
        set(row.words(at + 1, where))
        & {
            "key",
            "main",
            "major",
            "core",
            "novel",
            "new",
            "fundamental",
            "primary",
            "critical",
            "complementary",
            "important",
            "distinct",
            "well-established",
            "simple",
            "types",
        }
        and small
        and head not in {"category", "benchmark", "dataset", "language", "task", "domain", "model"}
    ):
        return None
    if small and head not in _COUNTED and not (thing and head in _COUNTED):
        return None
    if (set(row.words(at + 1, where)) & {"novel", "new"} or (row.word(where + 1) == ":" and head == "model")) and small:
        return None
    if row.word(at - 1) in {"the", "these", "both", "other", "following", "those", "its", "every", "each"} and small and number.word:
        return None
    return phrase, "", "count"


def _trains(row: Row, at: int) -> bool:
    """Does the sentence speak of training on what is counted?"""
    window = row.items[max(0, at - 10) : at + 7]
    return any(_TRAINING.match(w) for i in window for w in i.text.split())


def _owner(row: Row, at: int) -> bool:
    """Is there a name in front that the size can belong to (`GPT-3, with 175 billion parameters`), not a class (`LLMs`)?"""
    for position in row.things(max(0, at - 8), at, ACTORS):
        printed = row.reading.text[row.items[position].start : row.items[position].end]
        if re.search(r"\d|[A-Z].*[A-Z]|^[A-Z][a-z]+", printed) and not is_class(printed):
            return True
    return False


def _subject(row: Row, at: int, label: str, previous: int | None) -> int | None:
    """Whose size it is, when the text names it."""
    reading = row.reading
    wanted = ACTORS if label in {"parameters", "context length", "training data", "image resolution"} else SUBJECTS
    after = [p for p in range(at + 1, min(at + 6, len(row.items))) if row.items[p].kind == THING]
    if label == "parameters":
        for position in after:
            gap = row.words(at + 1, position)
            name = reading.text[row.items[position].start : row.items[position].end]
            proper = re.search(r"[A-Z]\w*[A-Z\d]|\d|^[A-Z][a-z]", name) is not None
            if (
                row.kind(position) in ACTORS
                and all(w in _MODEL_WORDS | _PARAMETER | {":", "(", "-", ",", "billion", "million", "dense", "is", "active"} for w in gap)
                and (proper or reading.things[row.thing(position)].introduced)
            ):
                return row.thing(position)
    if row.word(at - 1) in {"'", "’"} or row.word(at - 1) == "s":
        near = row.things(max(0, at - 4), at, wanted)
        if near:
            return row.thing(near[-1])
    if row.items[at - 1].kind == THING and row.kind(at - 1) in wanted:
        return row.thing(at - 1)
    apposed = next((s for s in range(at - 1, max(at - 9, 0), -1) if row.word(s) in {"a", "an"} and row.word(s - 1) == ","), None)
    if apposed is not None and row.items[apposed - 2].kind == THING and row.kind(apposed - 2) in wanted:  # X, a suite of N
        return row.thing(apposed - 2)
    depth = 0
    for step in range(at - 1, max(at - 7, -1), -1):  # X with N, X (N, X: N, X of N
        item = row.items[step]
        depth += (item.text == ")") - (item.text == "(") if item.kind == WORD else 0
        if item.kind == THING and row.kind(step) in wanted and depth <= 0:
            link = row.words(step + 1, at)
            if "its" in row.words(max(0, step - 4), step) and previous is not None and "with" in link:
                return previous
            if set(link) & (_HAS | {"(", ":", "on"}) or not link:
                if set(link) & {"on", "across"} and not set(link) & _HAS:
                    break
                return row.thing(step)
        if item.kind == WORD and item.text in {"on", "across", "over", "by"}:
            break
    linked = row.words(max(0, at - 9), at)
    if label == "parameters" and "with" in linked:
        bracket = next((p for p in after if row.word(p - 1) == "(" and row.kind(p) in ACTORS), None)
        if bracket is not None:
            return row.thing(bracket)
    if set(linked) & (_HAS - {"of"}) or label in {"parameters", "training data", "image resolution", "context length"}:
        doer = subject_before(row, at, wanted)
        if doer is None:
            near = [p for p in row.things(0, at, wanted) if reading.things[row.thing(p)].introduced]
            doer = near[-1] if near else None
        if doer is not None:
            return row.thing(doer)
        if "its" in linked and previous is not None:
            return previous
    if previous is not None and (label == "parameters" or "its" in linked):
        return previous
    if set(linked) & {"curate", "collect", "construct", "build", "release", "covering", "contains", "including", "comprising"}:
        return main_thing(reading, DATA)
    if label == "training data":
        return main_thing(reading, ACTORS)
    doer = subject_before(row, at, wanted)
    if doer is not None and reading.things[row.thing(doer)].introduced:
        return row.thing(doer)
    if at <= 4:  # `Over 23 metrics, X achieves`
        later = next((p for p in row.things(at + 1, at + 9, wanted) if reading.things[row.thing(p)].introduced and has_verb_after(row, p)), None)
        return row.thing(later) if later is not None else None
    return None
