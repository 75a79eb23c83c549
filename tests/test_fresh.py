"""Papers of the seeds' kind drawn by chance, of which everything was labelled before anything was extracted from them: `data/gold/fresh.json`.

Language and vision-language models, their systems, hardware, training, benchmarks; a quarter are hardware papers. The `part` of a paper says what it
serves: `development` (40 papers, seed 31; first score entity recall 0.906, precision 0.931, typed recall 0.854, introduces F1 0.921), of which misses
and false entities were read when rules were written, and `unseen` (20 papers, seed 32), of which none were: entity recall 0.928, precision 0.915, typed
recall 0.838, introduces F1 0.914 after those rules, and 0.915, 0.916, 0.826, 0.914 before them.
"""

import gzip
import importlib.util
import json
from pathlib import Path

import pytest

import kgraph

SHARED = Path(__file__).parents[2] / "shared"
GOLD = Path(__file__).parents[1] / "data" / "gold" / "fresh.json"
pytestmark = pytest.mark.skipif(not (SHARED / "gold" / "score.py").exists(), reason="needs ../shared: the scorer and the abstracts")


RELATIONS = {"evaluated_on": 0.75, "uses": 0.65, "based_on": 0.59, "variant_of": 0.61}
"""Lowest F1 of relations in the part for development; 0.33, 0.38, 0 and 0 when first scored, before the misses led to rules."""
RELATIONS_UNSEEN = {"evaluated_on": 0.33, "uses": 0.52}
"""The same of the unseen part: 0.33 and 0.36 before those rules, 0.33 and 0.53 after; of its 6 basedOn and one variantOf none is found."""


def low(found, floors):
    """The F1 of the rows that fell below their floors."""
    return {row: found[row]["f1"] for row, floor in floors.items() if found[row]["f1"] < floor}


def figures(part, tmp_path):
    """Recall, precision and F1 by row of the scorer of ../shared, over one part."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "gold" / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    gold = [paper for paper in json.loads(GOLD.read_text(encoding="utf-8"))["papers"] if paper["part"] == part]
    wanted = {paper["key"] for paper in gold}
    with gzip.open(SHARED / "papers" / "abstracts-60k.jsonl.gz", "rt", encoding="utf-8") as recent, (SHARED / "papers" / "hardware.jsonl").open() as hardware:
        records = {record["id"]: line for source in (recent, hardware) for line in source if (record := json.loads(line))["id"] in wanted}
    assert set(records) == wanted
    papers = tmp_path / "papers.jsonl"
    papers.write_text("".join(records.values()), encoding="utf-8")
    rows, _ = score.score(kgraph.build([str(papers)]).to_rdflib(), gold)
    return {name: dict(zip(("recall", "precision", "f1"), score.figures(row), strict=True)) for name, row in rows.items()}


def test_the_part_for_development_keeps_its_scores(tmp_path):
    found = figures("development", tmp_path)
    assert found["entity"]["recall"] >= 0.93
    assert found["entity"]["precision"] >= 0.93
    assert found["entity, typed"]["recall"] >= 0.88
    assert found["introduces"]["f1"] >= 0.93
    assert not low(found, RELATIONS)


def test_the_unseen_part_keeps_its_scores(tmp_path):
    found = figures("unseen", tmp_path)
    assert found["entity"]["recall"] >= 0.92
    assert found["entity"]["precision"] >= 0.90
    assert found["entity, typed"]["recall"] >= 0.83
    assert found["introduces"]["f1"] >= 0.90
    assert not low(found, RELATIONS_UNSEEN)
