"""`kgraph eval`: span precision, recall and F1 of the shipped tagger on a labelled JSONL file, under one corpus' label scheme.

One record a line: `{"id", "text", "entities": [{"start", "end", "label"}]}`, offsets in code points, ends exclusive (GSAP: the
non-overlapping layer `flat`). Scoring is strict: a gold span that overlaps another or does not fall on word borders counts like any other,
so what a flat tagger cannot find is missed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

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


class Labelled(NamedTuple):
    """A labelled span in code points."""

    start: int
    end: int
    label: str


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
    """Scores by label and `all` (micro), exact and by borders alone; `calibration` rows are (from, to, spans, mean confidence, share right)."""

    scheme: str
    records: int
    exact: dict[str, Score]
    boundary: Score
    calibration: list[tuple[float, float, int, float, float]]
    errors: list[str]


def read_labelled(path: Path, scheme: str) -> Iterator[tuple[str, list[Labelled]]]:
    """Yield (text, gold spans) of each record. Raises ValueError with `file:line` when a line is no such record."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                rows = record.get("flat") if scheme == "gsap" and record.get("flat") is not None else record["entities"]
                yield record["text"], [Labelled(r["start"], r["end"], r["label"]) for r in rows]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{path}:{number}: not a labelled record ({error!r}); wanted: text and entities with start, end, label") from error


def predict(texts: Sequence[str], scheme: str, model: str = "fast", batch: int = 64) -> Iterator[list[tuple[Labelled, float]]]:
    """The tagger's spans of each text under a scheme, with their confidence."""
    from kgraph.extract.ner import load_tagger
    from kgraph.extract.pipeline import tokenizer

    tagger = load_tagger(model)
    tokenize = tokenizer()
    for at in range(0, len(texts), batch):
        docs = [[t for t in tokenize(text) if not t.is_space] for text in texts[at : at + batch]]
        for tokens, spans in zip(docs, tagger.spans([[t.text for t in tokens] for tokens in docs], scheme), strict=True):
            yield [(Labelled(tokens[s.start].idx, tokens[s.end - 1].idx + len(tokens[s.end - 1]), s.kind), s.score * s.kinds[s.kind]) for s in spans]


def evaluate(path: Path, scheme: str, model: str = "fast") -> Evaluation:
    """Score the tagger on a labelled file. Raises ValueError for an unknown scheme or a bad record."""
    if scheme not in SCORED:
        raise ValueError(f"{scheme!r} is not one of the label schemes: {', '.join(SCORED)}")
    wanted = set(SCORED[scheme])
    records = list(read_labelled(path, scheme))
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    borders = [0, 0, 0]
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    errors: list[str] = []
    for (text, all_gold), found in zip(records, predict([t for t, _ in records], scheme, model), strict=True):
        gold = {g for g in all_gold if g.label in wanted}
        guess = {g: confidence for g, confidence in found if g.label in wanted}
        for g in gold:
            for label in (g.label, "all"):
                counts[label][0] += 1
                counts[label][2] += g in guess
        for g, confidence in guess.items():
            counts[g.label][1] += 1
            counts["all"][1] += 1
            bins[min(9, int(confidence * 10))].append((confidence, g in gold))
        places, guessed = {g[:2] for g in gold}, {g[:2] for g in guess}
        borders = [borders[0] + len(places), borders[1] + len(guessed), borders[2] + len(places & guessed)]
        errors.extend(_errors(text, gold, set(guess)))
    calibration = [
        (b / 10, (b + 1) / 10, len(rows), round(sum(c for c, _ in rows) / len(rows), 3), round(sum(r for _, r in rows) / len(rows), 3))
        for b, rows in sorted(bins.items())
    ]
    exact = {label: Score(*counts[label]) for label in (*SCORED[scheme], "all") if label in counts}
    return Evaluation(scheme, len(records), exact, Score(*borders), calibration, errors)


def _errors(text: str, gold: Iterable[Labelled], guess: Iterable[Labelled]) -> Iterator[str]:
    gold, guess = set(gold), set(guess)
    for kind, spans in (("missed", gold - guess), ("false", guess - gold)):
        for span in sorted(spans):
            before, after = text[max(0, span.start - 60) : span.start], text[span.end : span.end + 60]
            yield f"{kind} {span.label}: {before}[[{text[span.start : span.end]}]]{after}".replace("\n", " ")


def as_rows(result: Evaluation) -> list[dict[str, Any]]:
    """The scores as rows for a table, percentages with one decimal."""
    rows = [{"label": label, **_figures(score)} for label, score in result.exact.items()]
    return [*rows, {"label": "all, borders only", **_figures(result.boundary)}]


def _figures(score: Score) -> dict[str, Any]:
    ratios = {name: round(100 * value, 1) for name, value in (("precision", score.precision), ("recall", score.recall), ("f1", score.f1))}
    return {"gold": score.gold, "predicted": score.predicted, "right": score.right, **ratios}
