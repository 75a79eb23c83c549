"""`kgraph eval`: span precision, recall and F1 of the shipped tagger on a labelled JSONL file, under one corpus' label scheme.

One record a line: `{"id", "text", "entities": [{"start", "end", "label"}], "relations": [{"head", "tail", "label"}]}`, offsets in code
points, ends exclusive (GSAP: the non-overlapping layer `flat`), head and tail indexes into entities, relations optional. Scoring is
strict: a gold span that overlaps another or does not fall on word borders counts like any other, so what a flat tagger cannot find is missed.
Records of one paper (equal ids up to the first `#` or `|`, as in `P19-1001#7`) are read together, as the extractor reads a paper: their
spans agree on types (`kgraph.extract.agreement`).

Relations are scored twice. With labelled entities a relation is right when both ends, their direction and the label are; labels that
have no direction (`SYMMETRIC`: SciER's Compare-With and Synonym-Of, SciERC's COMPARE and CONJUNCTION, ...) are the same both ways. With
found entities the spans and types of both ends have to be right as well (the strict relation score of Bekoulis et al. 2018).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kgraph.extract.agreement import Place

SCORED = {
    "scier": ("Dataset", "Method", "Task"),
    "scierc": ("Task", "Method", "Metric", "Material"),
    "tdmsci": ("TASK", "DATASET", "METRIC"),
    "gsap": ("MLModel", "Method", "Dataset", "Task"),
    "scinlp": ("task", "method", "dataset", "metric", "tool"),
    "kgraph": ("model", "method", "software", "dataset", "metric", "task", "hardware"),
}
"""The labels of each scheme that are scored. GSAP's ModelArchitecture, Datasource and generic mentions, and SciERC's Generic and
OtherScientificTerm, are no entities of kgraph."""


LONGEST = 110
"""Words up to which a record is one sentence where relations are looked for: the corpora cut their texts so, and better than any rule for sentences could."""


class Labelled(NamedTuple):
    """A labelled span in code points."""

    start: int
    end: int
    label: str


class Link(NamedTuple):
    """A labelled relation between two spans; of a symmetric label the head is the one that starts first."""

    head: Labelled
    tail: Labelled
    label: str


class Record(NamedTuple):
    """One labelled text; relations are `(head, tail, label)`, indexes into `entities`; texts of one `paper` belong together, one of "" stands alone."""

    text: str
    entities: list[Labelled]
    relations: list[tuple[int, int, str]]
    paper: str = ""


class Score(msgspec.Struct, frozen=True):
    """Counts of gold, predicted and right spans, with the ratios drawn from them (0 where undefined)."""

    gold: int
    predicted: int
    right: int

    @property
    def precision(self) -> float:
        """Share of the predicted spans that are right."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold spans that were found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.right else 0.0


class Evaluation(msgspec.Struct, frozen=True):
    """Scores by label and `all` (micro), exact and by borders alone; `calibration` rows are (from, to, spans, mean confidence, share right).

    `relations` are the scores by relation label and `all`, between labelled entities; `found_relations` those between the entities that
    the tagger found. Both are empty where the file has no relations or the model none of this scheme.
    """

    scheme: str
    records: int
    exact: dict[str, Score]
    boundary: Score
    calibration: list[tuple[float, float, int, float, float]]
    errors: list[str]
    relations: dict[str, Score] = {}
    found_relations: dict[str, Score] = {}


def read_labelled(path: Path, scheme: str) -> Iterator[Record]:
    """Yield each record. Raises ValueError with `file:line` when a line is no such record."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                rows = record.get("flat") if scheme == "gsap" and record.get("flat") is not None else record["entities"]
                entities = [Labelled(r["start"], r["end"], r["label"]) for r in rows]
                relations = [] if rows is record.get("flat") else [(r["head"], r["tail"], r["label"]) for r in record.get("relations") or ()]
                if any(not 0 <= end < len(entities) for head, tail, _ in relations for end in (head, tail)):
                    raise ValueError("a relation names an entity that is not there")
                yield Record(record["text"], entities, relations, re.split("[#|]", str(record.get("id") or ""))[0])
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{path}:{number}: not a labelled record ({error!r}); wanted: text and entities with start, end, label") from error


def predict(records: Sequence[Record], scheme: str, model: str = "fast", batch: int = 64) -> list[list[tuple[Labelled, float]]]:
    """The tagger's spans of each text under a scheme, with their confidence; those of one paper agree on types."""
    from kgraph.extract.agreement import Place, agree
    from kgraph.extract.ner import load_tagger
    from kgraph.extract.pipeline import tokenizer

    tagger, tokenize = load_tagger(model), tokenizer()
    places: list[list[Place]] = []
    for at in range(0, len(records), batch):
        docs = [[t for t in tokenize(record.text) if not t.is_space] for record in records[at : at + batch]]
        for tokens, spans in zip(docs, tagger.spans([[t.text for t in tokens] for tokens in docs], scheme), strict=True):
            places.append([Place(tokens[s.start].idx, tokens[s.end - 1].idx + len(tokens[s.end - 1]), s.kinds, s.score) for s in spans])
    papers: dict[object, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        papers[record.paper or number].append(number)
    for numbers in papers.values():
        for number, agreed in zip(numbers, agree([records[n].text for n in numbers], [places[n] for n in numbers]), strict=True):
            places[number] = agreed
    return [[_best(place) for place in spans] for spans in places]


def _best(place: Place) -> tuple[Labelled, float]:
    kind = max(sorted(place.kinds), key=lambda k: place.kinds[k])
    return Labelled(place.start, place.end, kind), place.score * place.kinds[kind]


def evaluate(path: Path, scheme: str, model: str = "fast") -> Evaluation:
    """Score the tagger on a labelled file; `model` is a name, or the path of the folder of one. Raises ValueError for an unknown scheme or a bad record."""
    if scheme not in SCORED:
        raise ValueError(f"{scheme!r} is not one of the label schemes: {', '.join(SCORED)}")
    wanted = set(SCORED[scheme])
    records = list(read_labelled(path, scheme))
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    borders = [0, 0, 0]
    judged: list[tuple[float, bool]] = []
    errors: list[str] = []
    all_found = predict(records, scheme, model)
    for (text, all_gold, _, _), found in zip(records, all_found, strict=True):
        gold = {g for g in all_gold if g.label in wanted}
        guess = {g: confidence for g, confidence in found if g.label in wanted}
        for g in gold:
            for label in (g.label, "all"):
                counts[label][0] += 1
                counts[label][2] += g in guess
        for g, confidence in guess.items():
            counts[g.label][1] += 1
            counts["all"][1] += 1
            judged.append((confidence, g in gold))
        places, guessed = {g[:2] for g in gold}, {g[:2] for g in guess}
        borders = [borders[0] + len(places), borders[1] + len(guessed), borders[2] + len(places & guessed)]
        errors.extend(_errors(text, gold, set(guess)))
    exact = {label: Score(*counts[label]) for label in (*SCORED[scheme], "all") if label in counts}
    relations: dict[str, Score] = {}
    found_relations: dict[str, Score] = {}
    if any(r.relations for r in records) and scheme in relation_schemes(model):
        relations, wrong = _score_links(records, predict_relations([(r.text, r.entities) for r in records], scheme, model), scheme)
        guessed_ends = [(r.text, sorted({g for g, _ in found})) for r, found in zip(records, all_found, strict=True)]
        found_relations, _ = _score_links(records, predict_relations(guessed_ends, scheme, model), scheme)
        errors += wrong
    return Evaluation(scheme, len(records), exact, Score(*borders), calibration_table(judged), errors, relations, found_relations)


def calibration_table(judged: Iterable[tuple[float, bool]]) -> list[tuple[float, float, int, float, float]]:
    """Rows (from, to, how many, mean confidence, share right) of ten equal bins of confidence, without the empty ones.

    >>> calibration_table([(0.91, True), (0.95, False), (0.3, False)])
    [(0.3, 0.4, 1, 0.3, 0.0), (0.9, 1.0, 2, 0.93, 0.5)]
    """
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in judged:
        bins[min(9, int(confidence * 10))].append((confidence, right))
    return [
        (b / 10, (b + 1) / 10, len(rows), round(sum(c for c, _ in rows) / len(rows), 3), round(sum(r for _, r in rows) / len(rows), 3))
        for b, rows in sorted(bins.items())
    ]


def relation_schemes(model: str = "fast") -> list[str]:
    """The label schemes whose relations a model knows; none where it has no relation network."""
    from kgraph.extract.ner import MODELS
    from kgraph.extract.relation_model import load_relation_model

    return sorted(load_relation_model(model).schemes) if (MODELS / model / "relations.npz").exists() else []


def predict_relations(records: Sequence[tuple[str, Sequence[Labelled]]], scheme: str, model: str = "fast", batch: int = 32) -> Iterator[set[Link]]:
    """The relations between the spans given of each text. A text of more than `LONGEST` words is read sentence by sentence, as the extractor does."""
    from kgraph.extract.ner import load_tagger
    from kgraph.extract.pipeline import tokenizer
    from kgraph.extract.relation_model import load_relation_model
    from kgraph.extract.sentences import sentence_starts

    tokenize, network, tagger = tokenizer(), load_relation_model(model), load_tagger(model)
    for at in range(0, len(records), batch):
        part = records[at : at + batch]
        docs = [[t for t in tokenize(text) if not t.is_space] for text, _ in part]
        sentences, places, owners = [], [], []
        for number, (tokens, (_, spans), vectors) in enumerate(zip(docs, part, tagger.vectors([[t.text for t in d] for d in docs]), strict=True)):
            starts = [0]
            if len(tokens) > LONGEST:
                starts = [i for i, start in enumerate(sentence_starts([t.text for t in tokens], [bool(t.whitespace_) for t in tokens])) if start]
            inside = [(span, [i for i, t in enumerate(tokens) if t.idx < span.end and t.idx + len(t) > span.start]) for span in spans]
            for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
                here = [(span, (words[0] - start, words[-1] + 1 - start)) for span, words in inside if words and start <= words[0] and words[-1] < end]
                sentences.append(vectors[start:end])
                places.append(here)
                owners.append(number)
        found: list[set[Link]] = [set() for _ in part]
        spoken = network.relations(sentences, [[p for _, p in here] for here in places], [[s.label for s, _ in here] for here in places], scheme)
        for owner, here, relations in zip(owners, places, spoken, strict=True):
            found[owner] |= {_link(here[r.head][0], here[r.tail][0], r.label) for r in relations}
        yield from found


def _link(head: Labelled, tail: Labelled, label: str) -> Link:
    from kgraph.extract.relation_model import SYMMETRIC

    return Link(tail, head, label) if label in SYMMETRIC and tail < head else Link(head, tail, label)


def _score_links(records: Sequence[Record], guesses: Iterable[set[Link]], scheme: str) -> tuple[dict[str, Score], list[str]]:
    from kgraph.extract.relation_model import LABELS

    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    errors: list[str] = []
    for record, guess in zip(records, guesses, strict=True):
        gold = {_link(record.entities[h], record.entities[t], label) for h, t, label in record.relations if label in LABELS[scheme]}
        for column, links in enumerate((gold, guess, gold & guess)):
            for link in links:
                counts[link.label][column] += 1
                counts["all"][column] += 1
        for kind, links in (("missed", gold - guess), ("false", guess - gold)):
            text = record.text.replace("\n", " ")
            errors += [f"{kind} {x.label}: [[{text[x.head.start : x.head.end]}]] -> [[{text[x.tail.start : x.tail.end]}]] in: {text}" for x in sorted(links)]
    return {label: Score(*counts[label]) for label in (*LABELS[scheme], "all") if label in counts}, errors


def _errors(text: str, gold: Iterable[Labelled], guess: Iterable[Labelled]) -> Iterator[str]:
    gold, guess = set(gold), set(guess)
    for kind, spans in (("missed", gold - guess), ("false", guess - gold)):
        for span in sorted(spans):
            before, after = text[max(0, span.start - 60) : span.start], text[span.end : span.end + 60]
            yield f"{kind} {span.label}: {before}[[{text[span.start : span.end]}]]{after}".replace("\n", " ")


def as_rows(result: Evaluation) -> list[dict[str, Any]]:
    """The scores as rows for a table, percentages with one decimal."""
    rows = [{"label": label, **figures(score)} for label, score in result.exact.items()]
    rows.append({"label": "all, borders only", **figures(result.boundary)})
    rows += [{"label": f"relation {label}", **figures(score)} for label, score in result.relations.items() if label != "all"]
    for label, scores in (("relations, labelled entities", result.relations), ("relations, found entities", result.found_relations)):
        rows += [{"label": label, **figures(scores["all"])}] if "all" in scores else []
    return rows


def figures(score: Score) -> dict[str, Any]:
    """Counts and ratios as cells of a row, percentages with one decimal."""
    ratios = {name: round(100 * value, 1) for name, value in (("precision", score.precision), ("recall", score.recall), ("f1", score.f1))}
    return {"gold": score.gold, "predicted": score.predicted, "right": score.right, **ratios}
