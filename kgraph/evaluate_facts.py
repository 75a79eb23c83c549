"""`kgraph eval --labels facts`: precision and recall of the facts read from papers, by kind, and how often facts of a given confidence are right.

The gold names what a careful reader would take from title and abstract. A JSON file has `{"papers": [...]}`, each paper with `key`, `lead` (how
its abstract begins), `entities` (`{"type", "names"}`: all names of one thing), and for each kind a list: `introduces` and `code` (names, URLs),
`results` and `quantities` (`value`, `unit`, `subject`, `metric`, `baseline`, `dataset`, `task`), `hardware` (`device`, `count`, `memory_gb`,
`hours`, `role`), and pairs of names for each of `PAIRS`. A JSONL file labels one thing only: a line with `id` and `introduces`
(`[type, name, other name, ...]`, and `optional` names that may be introduced or not), with `id` and pairs, the names of a thing joined by `|`, or with
`id`, `results`, `quantities` and `hardware`, the names of a device joined by `|`.

What is right: a result or a size when its value is the gold's, a hardware use when its device is, a pair when both ends and their direction are
(a comparison without winner has none), each only once where the gold has it once; names agree after folding case, accents, spaces, hyphens and a
plural s, and every name of a thing will do. What else a result or use says (unit, metric, count, ...) is counted apart, as slots. The papers are
read and resolved as `kgraph build` does, and what is denied, hoped for or said of earlier work is no fact and not scored.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kgraph.evaluate import Score, calibration_table, figures
from kgraph.graph import KnowledgeGraph, build_graph
from kgraph.model import Paper, Problem

PAIRS = {
    "outperforms": "outperforms", "comparedWith": "compared_with", "basedOn": "based_on",
    "variantOf": "variant_of", "uses": "uses", "evaluatedOn": "evaluated_on",
}  # fmt: skip
"""Relation of the graph -> its name in the gold."""
STATEMENTS = {"Result": "results", "Quantity": "quantities", "HardwareUse": "hardware"}
KINDS = ("introduces", "results", "quantities", "hardware", *PAIRS.values(), "code")
ONE_TO_ONE = frozenset(STATEMENTS.values())
"""Kinds of which the gold lists every single one; a relation may be said of several names of a thing."""
_UNITS = {"percent": "%", "times": "x", "×": "x", "point": "points", "percentage points": "points", "pp": "points"}
_SLOTS = {"subject": "of", "metric": "metric", "baseline": "baseline", "dataset": "benchmark", "task": "task"}
_NUMBERS = ("value", "count", "memory_gb", "hours")
# a class noun that a writer may leave out: `the X strategy`
_CLASS_NOUN = re.compile(r"[ -](?:method|algorithm|strateg(?:y|ies)|mechanism|module|technique|approach|scheme|heuristic|task)s?$")

Slot = frozenset[str] | float
"""What a slot holds: the folded names of a thing or the one spelling of a word, or a number."""
Slots = dict[str, Slot]


class Wanted(NamedTuple):
    """A fact of the gold: what must agree for it to be found, and the other slots it names. `says` is for people."""

    kind: str
    says: str
    must: Slots
    more: Slots


class GoldPaper(NamedTuple):
    """The facts of one paper, of the `kinds` that the file labels; `line` is where it stands, `ignored` are names that may be introduced or not."""

    key: str
    lead: str
    line: int
    kinds: frozenset[str]
    facts: list[Wanted]
    ignored: frozenset[str]


class Fact(NamedTuple):
    """An asserted fact of the graph; `introduces` and `code` have no confidence and no sentence of their own."""

    kind: str
    says: str
    slots: Slots
    confidence: float | None = None
    sentence: str = ""


class FactScore(Score, frozen=True):
    """Counts of one kind: `right` of the `predicted` facts are right, `recalled` of the `gold` ones were found; of the `slots` that the gold
    names in these, `filled` are right."""

    recalled: int = 0
    slots: int = 0
    filled: int = 0

    @property
    def recall(self) -> float:
        """Share of the gold facts that were found."""
        return self.recalled / self.gold if self.gold else 0.0


class FactEvaluation(NamedTuple):
    """Scores by kind and `all`; `judged` are paper, confidence and verdict of each fact that has a confidence, `calibration` the table made of them.

    `missing` are the gold papers that the texts do not have; their facts count as missed.
    """

    records: int
    missing: list[GoldPaper]
    scores: dict[str, FactScore]
    judged: list[tuple[str, float, bool]]
    calibration: list[tuple[float, float, int, float, float]]
    errors: list[str]


def fold(name: object) -> str:
    """One spelling for all ways to write a name.

    >>> fold("Nyström-Methods (NM)"), fold("GPT-4s")
    ('nystrommethod', 'gpt4s')
    """
    text = "".join(c for c in unicodedata.normalize("NFKD", str(name)) if not unicodedata.combining(c)).lower()
    text = re.sub(r"[\s\-‐-―_]+", "", re.sub(r"\s*\([^)]*\)\s*$", "", text))
    return re.sub(r"(?<=[a-z]{3})s$", "", text)


def fold_url(url: str) -> str:
    """An address without scheme, `www.` and what may stand at its end.

    >>> fold_url("https://www.github.com/A/b.git/")
    'github.com/a/b'
    """
    return re.sub(r"(\.git)?[/.]*$", "", re.sub(r"^https?://(www\.)?", "", url.strip().lower()))


def _unit(unit: str) -> frozenset[str]:
    return frozenset({_UNITS.get(unit.lower(), unit.lower())})


def read_gold(path: Path) -> list[GoldPaper]:
    """The labelled papers of a file. Raises ValueError with `file:line` where something is no such label."""
    out = []
    for line, record in _records(path):
        try:
            told = json.loads(record) if isinstance(record, str) else record
            out.append(_gold_paper(*_labelled(told), line) if "id" in told else _gold_paper(told, frozenset(KINDS), line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}:{line}: not a labelled paper ({error!r}); wanted: key or id, and lists of facts by kind") from error
    return out


def _records(path: Path) -> Iterator[tuple[int, Any]]:
    """Line and record of each paper: the text of a line of JSONL, or the object in a JSON document."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise ValueError(f"{path}:{line}: not UTF-8 ({error.reason})") from error
    if path.suffix == ".jsonl":
        yield from ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())
        return
    try:
        papers = json.loads(text)
        papers = papers["papers"] if isinstance(papers, dict) else [*papers]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path}:{getattr(error, 'lineno', 1)}: no list of papers ({error!r})") from error
    for record in papers:
        key = record.get("key") if isinstance(record, dict) else None
        yield text.count("\n", 0, max(text.find(json.dumps(key, ensure_ascii=False)), 0)) + 1, record


def _labelled(record: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """A line that labels one thing in the form of a whole paper, and the kinds that it labels."""
    kinds = frozenset({"introduces"} if "introduces" in record else ONE_TO_ONE if ONE_TO_ONE & set(record) else PAIRS.values())
    if unknown := set(record) - kinds - {"id", "part", "optional"}:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    things: list[list[str]] = []
    paper: dict[str, Any] = {"key": record["id"], "ignored": record.get("optional", ())}
    for kind in (kind for kind in record if kind in kinds):  # as written: the first that has a name says what else is called so
        if kind in ONE_TO_ONE:
            paper[kind] = [told | {"device": told["device"].split("|")[0]} if "device" in told else told for told in record[kind]]
            things += [told["device"].split("|") for told in record[kind] if "device" in told]
        elif kind == "introduces":
            told = [names for _, *names in record[kind]]
            things += told
            paper[kind] = [names[0] for names in told]
        else:
            pairs = [[_spellings(end) for end in pair] for pair in record[kind]]
            things += [names for pair in pairs for names in pair]
            paper[kind] = [[names[0] for names in pair] for pair in pairs]
    return paper | {"entities": [{"names": names} for names in things]}, kinds


def _spellings(written: str) -> list[str]:
    """The names of one thing, also without the class noun at the end.

    >>> _spellings("SVQ|vector quantization method")
    ['SVQ', 'vector quantization method', 'vector quantization']
    """
    names = written.split("|")
    return list(dict.fromkeys([*names, *(_CLASS_NOUN.sub("", name) for name in names)]))


def _gold_paper(record: Mapping[str, Any], kinds: frozenset[str], line: int) -> GoldPaper:
    if not all(isinstance(text, str) for text in (record["key"], record.get("lead", ""))):
        raise TypeError("key and lead are texts")
    things = [frozenset(map(fold, thing["names"])) for thing in record["entities"]]

    def called(name: str) -> frozenset[str]:
        return next((names for names in things if fold(name) in names), frozenset({fold(name)}))

    def facts() -> Iterator[Wanted]:
        for name in record.get("introduces", ()):
            yield Wanted("introduces", name, {"object": called(name)}, {})
        for url in record.get("code", ()):
            yield Wanted("code", url, {"url": frozenset({fold_url(url)})}, {})
        for kind in PAIRS.values():
            for left, right in record.get(kind, ()):
                yield Wanted(kind, f"{left} -> {right}", {"subject": called(left), "object": called(right)}, {})
        for kind in ("results", "quantities"):
            for told in record.get(kind, ()):
                named: Slots = {slot: called(told[name]) for name, slot in _SLOTS.items() if told.get(name) and (kind == "results" or slot == "of")}
                unit: Slots = {"unit": _unit(told["unit"])} if kind == "results" and "unit" in told else {}
                for value in told["value"] if isinstance(told["value"], list) else [told["value"]]:
                    yield Wanted(kind, _saying({**told, "value": value}), {"value": _number(value)}, named | unit)
        for told in record.get("hardware", ()):
            counts: Slots = {slot: _number(told[slot]) for slot in _NUMBERS if slot in told}
            role: Slots = {"role": frozenset({told["role"]})} if "role" in told else {}
            yield Wanted("hardware", _saying(told), {"hardware": called(told["device"])}, counts | role)

    return GoldPaper(record["key"], record.get("lead", ""), line, kinds, list(facts()), frozenset(map(fold, record.get("ignored", ()))))


def _number(value: object) -> float:
    return float(str(value).replace(",", ""))


def _saying(slots: Mapping[str, object]) -> str:
    return ", ".join(f"{slot} {value}" for slot, value in slots.items())


def find_papers(gold: Sequence[GoldPaper], texts: Sequence[str | Path], on_problem: Callable[[Problem], None]) -> dict[str, Paper]:
    """The paper of each key that is in the texts: by an identifier of a known scheme or the `id` of its line of JSONL, else by how it begins."""
    from kgraph.read import read_papers
    from kgraph.read.duplicates import merge_duplicates
    from kgraph.read.record import known_identifiers

    ids = {identifier: paper.key for paper in gold for identifier in known_identifiers([paper.key])}
    leads = {_words(paper.lead): paper.key for paper in gold if paper.lead}
    strange = {paper.key for paper in gold if not paper.lead} - set(ids.values())
    places = dict(_places(strange, texts)) if strange else {}
    longest = max((len(paper.lead) for paper in gold), default=0)
    keys: dict[tuple[str, int], str] = {}
    sure: set[tuple[str, int]] = set()
    records: list[Paper] = []
    for paper in read_papers(texts, on_problem=on_problem):
        place = (paper.sources[0].path, paper.sources[0].line)
        opening = _words(paper.abstract[: 2 * longest])
        key = next((ids[i] for i in paper.identifiers if i in ids), None) or places.get(place)
        if key is not None:
            sure.add(place)
        else:
            key = next((key for lead, key in leads.items() if opening.startswith(lead)), None)
        if key is not None:
            keys[place] = key
            records.append(paper)
    found: dict[str, Paper] = {}
    told = [(paper, [(source.path, source.line) for source in paper.sources]) for paper in merge_duplicates(records)]
    for paper, sources in sorted(told, key=lambda pair: sure.isdisjoint(pair[1])):  # other papers may begin like one that has an identifier
        for place in sources:
            found.setdefault(keys[place], paper)
    return found


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def _places(wanted: Collection[str], texts: Sequence[str | Path]) -> Iterator[tuple[tuple[str, int], str]]:
    """File, line and id of the lines of JSONL whose `id` is wanted: an id of no known scheme is not kept by the readers."""
    from kgraph.read.files import Input, InputError, find_inputs, open_text, read_lines

    for source in find_inputs(texts):
        if not isinstance(source, Input) or source.path is None:
            continue
        try:
            stream, _ = open_text(source)
            with stream:
                for number, _, line in read_lines(stream):
                    record = _object(line)
                    if record.get("id") in wanted:
                        yield (source.label, number), record["id"]
        except (InputError, OSError):
            continue  # the reader says what is wrong with it


def _object(line: str) -> dict[str, Any]:
    if not line.startswith("{"):
        return {}
    try:
        record = json.loads(line)
    except ValueError:  # the first line of a document, or not JSON
        return {}
    return record if isinstance(record, dict) else {}


def read(papers: Iterable[Paper], model: str) -> tuple[KnowledgeGraph, dict[str, list[str]]]:
    """The graph of distinct papers, and the sentences of each by its node; all in this process."""
    from kgraph.extract.pipeline import read_papers
    from kgraph.resolve import resolve

    papers = sorted({paper.key: paper for paper in papers}.values(), key=lambda paper: paper.key)
    facts = {said.paper: said for said in read_papers(papers, model)}
    graph = build_graph(papers, facts, resolve(facts.values()), {"model": model})
    sentences = {
        f"paper:{paper.key}": [(paper.title if s.field == "title" else paper.abstract)[s.start : s.end] for s in facts[paper.key].sentences] for paper in papers
    }
    return graph, sentences


def asserted(graph: KnowledgeGraph) -> dict[str, list[Fact]]:
    """What each paper (by its node) states itself."""
    nodes = graph.nodes
    names = {node: frozenset(map(fold, (data["label"], *data.get("alt_labels", ())))) for node, data in nodes(data=True) if node.startswith("e:")}
    facts: defaultdict[str, list[Fact]] = defaultdict(list)
    for source, target, said in graph.edges(data=True):
        relation = said["relation"]
        if relation == "introduces":
            facts[source].append(Fact("introduces", nodes[target]["label"], {"object": names[target]}))
        elif "claim" in said and relation in PAIRS and said["polarity"] == "asserted":
            ends: Slots = {"subject": names[source], "object": names[target]}
            says = f"{nodes[source]['label']} -> {nodes[target]['label']}"
            facts[said["paper"]].append(Fact(PAIRS[relation], says, ends, said["confidence"], nodes[said["sentence"]]["text"]))
    for node, data in nodes(data=True):
        if data["type"] == "Paper":
            facts[node] += [Fact("code", url, {"url": frozenset({fold_url(url)})}) for url in data.get("code", ())]
        elif data["type"] in STATEMENTS and data["polarity"] == "asserted":
            things = {slot: target for target, parallel in graph.adj[node].items() for slot in parallel}
            slots: Slots = {slot: names[target] for slot, target in things.items()}
            slots |= {slot: float(data[slot]) for slot in _NUMBERS if slot in data}
            slots |= {"unit": _unit(data.get("unit", "")), "role": frozenset({data.get("role", "")})}
            words = {slot: data[slot] for slot in ("property", "value", "count", "memory_gb", "hours", "role", "unit") if slot in data}
            says = _saying(words | {slot: nodes[target]["label"] for slot, target in things.items()})
            facts[data["paper"]].append(Fact(STATEMENTS[data["type"]], says, slots, data["confidence"], nodes[data["sentence"]]["text"]))
    return facts


def agree(said: Slot | None, wanted: Slot) -> bool:
    """Does what a slot holds agree with the gold: a common name, or the same number?"""
    if isinstance(said, float) or isinstance(wanted, float):
        return isinstance(said, float) and isinstance(wanted, float) and math.isclose(said, wanted, rel_tol=1e-6, abs_tol=1e-6)
    return said is not None and not said.isdisjoint(wanted)


def _meets(fact: Fact, wanted: Wanted) -> bool:
    if all(agree(fact.slots.get(slot), value) for slot, value in wanted.must.items()):
        return True
    turned = {"subject": "object", "object": "subject"}
    return wanted.kind == "compared_with" and all(agree(fact.slots.get(turned[slot]), value) for slot, value in wanted.must.items())


def match(wanted: Sequence[Wanted], facts: Sequence[Fact]) -> tuple[list[Fact | None], list[bool]]:
    """For each gold fact of a paper the found fact that agrees best, and for each found fact whether it is right."""
    right = [False] * len(facts)
    met: list[Fact | None] = []
    for want in wanted:
        hits = [i for i, fact in enumerate(facts) if fact.kind == want.kind and not (want.kind in ONE_TO_ONE and right[i]) and _meets(fact, want)]
        best = max(hits, key=lambda i: filled(facts[i], want), default=None)
        met.append(None if best is None else facts[best])
        for i in hits:
            right[i] = right[i] or i == best or want.kind not in ONE_TO_ONE
    return met, right


def filled(fact: Fact, wanted: Wanted) -> int:
    """How many of the other slots that the gold names are right."""
    return sum(agree(fact.slots.get(slot), value) for slot, value in wanted.more.items())


def evaluate(
    gold: Sequence[GoldPaper], texts: Sequence[str | Path], model: str = "fast", on_problem: Callable[[Problem], None] = lambda problem: None
) -> FactEvaluation:
    """Score the extractor on the gold papers; `texts` are inputs of any kind that kgraph reads, other papers in them are passed over."""
    found = find_papers(gold, texts, on_problem)
    graph, sentences = read(found.values(), model)
    said = asserted(graph)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    judged: list[tuple[str, float, bool]] = []
    errors: list[str] = []
    for paper in gold:
        node = f"paper:{found[paper.key].key}" if paper.key in found else ""
        facts = [fact for fact in said.get(node, ()) if fact.kind in paper.kinds]
        met, right = match(paper.facts, facts)
        for want, fact in zip(paper.facts, met, strict=True):
            for label in (want.kind, "all"):
                counts[label]["gold"] += 1
                if fact is not None:
                    counts[label]["recalled"] += 1
                    counts[label]["slots"] += len(want.more)
                    counts[label]["filled"] += filled(fact, want)
            if fact is None:
                errors.append(f"missed {want.kind}: {want.says} ({paper.key}) in: {_nearest(sentences.get(node, ()), want.must)}")
        for fact, good in zip(facts, right, strict=True):
            if not good and fact.kind == "introduces" and agree(fact.slots["object"], paper.ignored):
                continue
            for label in (fact.kind, "all"):
                counts[label]["predicted"] += 1
                counts[label]["right"] += good
            if fact.confidence is not None:
                judged.append((paper.key, fact.confidence, good))
            if not good:
                sure = "" if fact.confidence is None else f", {fact.confidence:.2f}"
                errors.append(f"false {fact.kind}: {fact.says} ({paper.key}{sure}) in: {fact.sentence or _nearest(sentences[node], fact.slots)}")
    scores = {kind: FactScore(**{"gold": 0, "predicted": 0, "right": 0} | counts[kind]) for kind in (*KINDS, "all") if kind in counts}
    missing = [paper for paper in gold if paper.key not in found]
    return FactEvaluation(len(gold) - len(missing), missing, scores, judged, calibration_table((confidence, good) for _, confidence, good in judged), errors)


def _nearest(sentences: Sequence[str], slots: Slots) -> str:
    """The sentence that shows most of the slots."""
    from kgraph.extract.numbers import find_numbers

    def shows(sentence: str, value: Slot) -> bool:
        if isinstance(value, float):
            return any(agree(float(number.value), value) for number in find_numbers(sentence))
        return any(name in fold(sentence) for name in value)

    return max(sentences, key=lambda sentence: sum(shows(sentence, value) for value in slots.values()), default="no such paper in the texts")


def as_rows(result: FactEvaluation) -> list[dict[str, Any]]:
    """The scores as rows for a table, percentages with one decimal; `slots right` is None where the gold names none."""
    return [
        {"label": kind, **figures(score), "recalled": score.recalled, "slots right": round(100 * score.filled / score.slots, 1) if score.slots else None}
        for kind, score in result.scores.items()
    ]
