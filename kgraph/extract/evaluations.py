"""Extraction of facts, evaluations: what was evaluated or trained on which data, from cue words, and what a result says of the things in its slots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import compress, count

from kgraph.extract.lists import GENERIC, chunks_after
from kgraph.extract.phrases import ACTORS, BEAT, DATA, PREPOSITIONS, WORD, Row, coordinated, is_list_gap
from kgraph.extract.pronouns import main_thing, phrase_thing
from kgraph.extract.reading import Reading, Thing
from kgraph.extract.statements import Found
from kgraph.extract.subjects import has_verb_after, in_prepositional, subject_before
from kgraph.model import Polarity, Result

_EVALUATE = re.compile(
    r"(?:evaluat|experiment|test(?:s|ed|ing)?$|benchmark(?:ed|ing)|validat|verif|assess|perform(?:s|ance|ed)?$|achiev|result|outperform|surpass|demonstrat|score|improv|attain|reach|stud|show|gain|state-of-the-art|sota|beat|exceed|superior|compar|effective|excel|match|maintain|preserv|accurac|simulat)"
)


_STRONG = re.compile(r"(?:evaluat|experiment|test(?:s|ed|ing)?$|benchmark(?:ed|ing)|validat|verif|assess)")


@lru_cache(maxsize=1 << 14)
def _evaluates(word: str) -> bool:
    """Does a word begin like one of a test and its outcome?"""
    return _EVALUATE.match(word) is not None


@lru_cache(maxsize=1 << 14)
def _tests(word: str) -> bool:
    """Does a word begin like one of a test?"""
    return _STRONG.match(word) is not None


_PLACES = frozenset(
    "platform platforms simulator simulators simulation simulations environment environments benchmark benchmarks suite dataset datasets testbed gym".split()
)
_LISTED = frozenset({"including", "include", "includes", ":", "(", "as", "e.g", "namely", "i.e"})


def evaluations(row: Row) -> Iterator[Found]:
    """evaluatedOn and trainedOn."""
    cue = next(compress(count(), map(_evaluates, row.plain)), None)
    strong = next(compress(count(cue), map(_tests, row.plain[cue:])), None) if cue is not None else None
    main = main_thing(row.reading, ACTORS)
    data = _places(row, strong)
    tested = _tested(row, strong)
    for position in data:
        trained = _trained_on(row, position)
        if trained is not None:
            if row.kind(position) in DATA:
                subject = subject_before(row, trained, ACTORS)
                owner = row.thing(subject) if subject is not None else main
                if owner is not None:
                    yield Found(owner, "trainedOn", row.thing(position), trained, "trainedOn.verb")
            continue
        if cue is None or row.background or not _on(row, position):
            continue
        owners = [row.thing(p) for p in tested if p < position and p not in data]
        if not owners:
            subject = subject_before(row, position, ACTORS)
            if subject is not None and subject not in data and row.word(subject - 1) not in {"with", "by", "across", "over"}:
                owners = [row.thing(subject)]
            elif main is not None:
                owners = [main]
            else:
                owners = [row.thing(p) for p in row.things(cue, position, ACTORS) if p not in data and not in_prepositional(row, p) and row.word(p + 1) != "-"]
            helped = _put_on(row.reading, row.index) if len(owners) == 1 and row.reading.things[owners[0]].introduced else None
            owners = owners if helped is None else [helped]
        for owner in owners:
            if owner != row.thing(position):
                yield Found(owner, "evaluatedOn", row.thing(position), cue, "evaluatedOn.cue")
    if cue is not None and not row.background and main is not None:
        for place in [*_examples(row), *_as_benchmark(row)]:
            if place != main:
                yield Found(main, "evaluatedOn", place, cue, "evaluatedOn.cue")
    if main is None and strong is not None and not data and not row.background:
        yield from _models_tested(row, strong)
    own = main_thing(row.reading, DATA)
    if own is not None and strong is not None and not row.background and all(row.items[p].pronoun or row.thing(p) == own for p in data):
        for position in row.things(0, None, ACTORS):
            thing = row.thing(position)
            named = row.reading.things[thing]
            agent = named.kind == "model" or re.search(r"(?i)(?:agents?|models?|systems?|LLMs?|methods|baselines)\b", named.name) is not None
            if not named.introduced and agent and row.word(position - 1) not in {"by", "via"}:
                yield Found(thing, "evaluatedOn", own, strong, "evaluatedOn.own")


_CLASSES = frozenset("models architectures llms backbones networks encoders classifiers".split())


def _models_tested(row: Row, strong: int) -> Iterator[Found]:
    """`performance was evaluated across three models: A, B, and C` in a paper that names nothing of its own: on the datasets of the sentences around."""
    for at, word in enumerate(row.plain):
        if word not in _CLASSES or row.word(at + 1) not in {":", "(", "including", ","}:
            continue
        first = next(iter(row.things(at + 2, at + 4, frozenset({"model"}))), None)
        models = coordinated(row, first, frozenset({"model"})) if first is not None else []
        near = [m for m in row.reading.mentions if m.start >= row.reading.abstract_start and -3 <= m.sentence - row.index <= 1]
        places = dict.fromkeys(m.thing for m in near if row.reading.things[m.thing].kind in DATA and _has_data_name(row.reading.things[m.thing]))
        for position in models if len(models) > 1 else []:
            for place in places:
                if any(row.reading.things[place].name.startswith(f"{row.reading.things[other].name} ") for other in places):
                    continue  # `X chest images` beside X
                yield Found(row.thing(position), "evaluatedOn", place, strong, "evaluatedOn.own")


def _places(row: Row, strong: int | None) -> list[int]:
    """Where something can be evaluated: datasets, what stands in a list with them or behind `benchmarks such as`, simulators and platforms."""
    out: list[int] = []
    for position in row.things():
        if row.items[position].pronoun and row.kind(position) not in DATA:
            continue
        listed = (
            out
            and position - out[-1] <= 3
            and row.kind(position) != "metric"
            and is_list_gap(row, out[-1], position)
            and "on" not in row.words(out[-1], position)
            and not (row.reading.things[row.thing(position)].introduced and has_verb_after(row, position))
        )
        if (row.kind(position) in DATA and _is_named(row, position)) or listed or (row.kind(position) in ACTORS and _is_place(row, position, strong)):
            out.append(position)
    return out


def _is_named(row: Row, at: int) -> bool:
    """Is the data at `at` called by a name or noun of its own (not the field of `four video streaming datasets`), and no model of `benchmarks on X`?"""
    return (row.items[at].pronoun or _has_data_name(row.reading.things[row.thing(at)])) and not (row.word(at - 1) == "on" and row.word(at - 2) in _COLLECTIONS)


def _has_data_name(thing: Thing) -> bool:
    return thing.introduced or any(_NAMED_DATA.search(name) for name in thing.names)


_COLLECTIONS = frozenset("datasets benchmarks corpora testbeds suites".split())


def _examples(row: Row) -> Iterator[int]:
    """The names listed behind `three datasets (A, B, C)`, `on public benchmarks: A, B and C`, whatever type the vote gave them, if any."""
    for at in range(len(row.items) - 2):
        if row.word(at) not in _COLLECTIONS or row.word(at + 1) not in {"(", ":", "such", "including", "namely", "like"}:
            continue
        first = at + 1 + (row.word(at + 1) == "such")
        around = set(row.words(at - 8, at))
        if not around & {"on", "across", "over", "with", "using"} or around & {"train", "trained", "training", "pre-trained"}:
            continue
        for chunk in chunks_after(row, first, 24):
            inside = row.things(chunk.first, chunk.last + 1)
            if inside and row.kind(inside[0]) not in {"task", "metric", "hardware"} and len(inside) == 1:
                yield row.thing(inside[0])
            elif not inside and chunk.last - chunk.first <= 3 and row.text(chunk.first, chunk.last)[0].isupper():
                yield phrase_thing(row.reading, row.items[chunk.first].start, row.items[chunk.last].end, row.index, "dataset")
            if row.word(at + 1) == "(" and row.word(chunk.last + 1) == ")":
                break


def _as_benchmark(row: Row) -> Iterator[int]:
    """`using X as the benchmark`: X."""
    for position in row.things(1, None, ACTORS | DATA):
        if (
            row.word(position - 1) == "using"
            and row.word(position + 1) == "as"
            and {"benchmark", "testbed", "dataset"} & set(row.words(position + 2, position + 6))
        ):
            yield row.thing(position)


_NAMED_DATA = re.compile(r"[A-Z0-9]|(?:data|datasets?|corpus|corpora|benchmarks?|sets?|suites?|bench|logs|traces)$")


def _is_place(row: Row, at: int, strong: int | None) -> bool:
    """Do the words around a thing of another type say that it is tested there: `in the X and Y simulators`, `benchmarks such as X`?"""
    last = coordinated(row, at, ACTORS)[-1]
    if _PLACES & {row.word(last + 1), row.word(last + 2)} and {"on", "in"} & set(row.words(at - 3, at)):
        return True
    if row.word(at - 1) in _LISTED and {"datasets", "benchmarks", "environments", "simulators"} & set(row.words(at - 4, at)):
        return True
    return row.kind(at) == "software" and strong is not None and row.word(at - 1) == "on" and _STRONG.match(row.word(at - 2)) is not None


def _tested(row: Row, strong: int | None) -> list[int]:
    """The objects of `we evaluate A, B and C on`: positions of what is put to the test."""
    if strong is None or row.word(strong - 1) not in {"we", "and", "further", "also", "then", "comprehensively", "extensively", "by", "to", "systematically"}:
        return []
    first = next((p for p in row.things(strong + 1, strong + 7) if not set(row.words(strong + 1, p)) & PREPOSITIONS), None)
    if first is None or row.kind(first) not in ACTORS or row.word(first + 1) == "-":
        return []
    return coordinated(row, first, ACTORS)


def _on(row: Row, position: int) -> bool:
    for step in range(position - 1, max(position - 12, -1), -1):
        item = row.items[step]
        if item.kind == WORD and item.text in {"on", "across", "over", "in", "using", "from", "for", "benchmarks", "datasets", "including"}:
            return item.text != "for" and not (item.text in {"in", "from"} and position - step > 3)
        if item.kind == WORD and item.text == "of" and row.word(step - 1) == "performance":
            return True
        if item.kind == WORD and (item.text in BEAT or item.text in {";", "than", "propose", "introduce", "present"}):
            return False
    return False


def _trained_on(row: Row, position: int) -> int | None:
    for step in range(position - 1, max(position - 9, -1), -1):
        if row.word(step) in {
            "trained",
            "pre-trained",
            "pretrained",
            "fine-tuned",
            "finetuned",
            "trains",
            "train",
            "training",
            "tuned",
            "fine-tuning",
            "finetuning",
            "pre-training",
        }:
            return step if {"on", "using", "with", "over"} & set(row.words(step, position)) else None
        if row.word(step) in {"evaluated", "tested", "evaluate", ";"}:
            return None
    return None


_COST = re.compile(r"(?i)\b(?:perplexity|latency|errors?|loss|costs?|memory|runtime|overheads?|energy|power|delay|regret)\b")
_GOOD = re.compile(r"(?i)\b(?:accuracy|throughput|f1|recall|precision|quality|performance|success|bleu|rouge|auc|utilization)\b")


def _is_worse(reading: Reading, r: Result) -> bool:
    """Does a result say that the subject did worse: more of a cost, less of a quality, a speedup below one?"""
    if r.unit == "x" and float(r.value) < 1:
        return True
    metric = reading.things[r.metric].name if r.metric is not None else ""
    return bool((_COST if r.direction in {"increase", "higher"} else _GOOD).search(metric)) and bool(r.direction)


def from_results(reading: Reading) -> Iterator[tuple[Found, int, Polarity]]:
    """What a result says of its slots: `(relation, sentence, polarity)`."""
    for r in reading.results:
        if r.of is None:
            continue
        if (
            r.baseline is not None
            and r.baseline != r.of
            and reading.things[r.baseline].name.lower().removesuffix("s") not in GENERIC
            and (r.direction in {"increase", "higher", "reduction", "lower"} or r.unit == "x")
            and not _is_worse(reading, r)
        ):
            yield Found(r.of, "outperforms", r.baseline, 0, "outperforms.result"), r.sentence, r.polarity
        if r.benchmark is not None and r.benchmark != r.of and reading.things[r.of].kind in ACTORS and _has_data_name(reading.things[r.benchmark]):
            helped = _put_on(reading, r.sentence) if reading.things[r.of].introduced else None
            of = r.of if helped is None else helped
            for place in _with_next(reading, r.benchmark, r.sentence):
                yield Found(of, "evaluatedOn", place, 0, "evaluatedOn.result"), r.sentence, r.polarity
        if r.metric is not None and r.metric != r.of:
            yield Found(r.of, "evaluatedBy", r.metric, 0, "evaluatedBy.result"), r.sentence, r.polarity
        if r.task is not None and r.task != r.of and reading.things[r.of].introduced:
            yield Found(r.of, "addresses", r.task, 0, "addresses.result"), r.sentence, r.polarity
    for u in reading.uses:
        if u.of is not None and u.role and u.of != u.hardware:
            yield Found(u.of, "trainedOnHardware" if u.role == "training" else "runsOnHardware", u.hardware, 0, "hardware.use"), u.sentence, u.polarity


_HELPED = re.compile(r"(?:(?<![^.!?] )\b(?:For|Applied to|When applied to|On) (?:the )?|\b(?:enables?|enabling|allows?|helps?)(?: [a-z-]+){0,2} )$")
_NEXT = re.compile(r"\s*(?:,|,? and|/|,? or)\s*")


def _put_on(reading: Reading, sentence: int) -> int | None:
    """The model X of `For X, our method improves` and `Foo enables X to reach`: what was evaluated is X."""
    start = reading.sentences[sentence][0]
    for m in reading.in_sentence(sentence):
        if (
            reading.things[m.thing].kind == "model"
            and not reading.things[m.thing].introduced
            and reading.text.startswith((",", " to "), m.end)
            and _HELPED.search(reading.text, start, m.start)
        ):
            return m.thing
    return None


def _with_next(reading: Reading, place: int, sentence: int) -> list[int]:
    """A dataset and those listed behind it in the sentence: `on A, B, and C`."""
    out: list[int] = [place]
    end = -1
    for m in reading.in_sentence(sentence):
        if m.thing == place and end < 0:
            end = m.end
        elif end >= 0:
            if reading.things[m.thing].kind not in DATA or not _NEXT.fullmatch(reading.text[end : m.start]) or not _has_data_name(reading.things[m.thing]):
                break
            out.append(m.thing)
            end = m.end
    return out
